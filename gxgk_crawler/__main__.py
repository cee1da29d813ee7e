"""`python -m gxgk_crawler` is `gxgk`."""

from gxgk_crawler.cli.main import main

main()
