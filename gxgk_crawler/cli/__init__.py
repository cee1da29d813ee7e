"""The command line `gxgk`."""
