"""An archived page made safe to show: nothing in it runs, and nothing in it leads out of the archive. Pure; run in the sandbox child."""
