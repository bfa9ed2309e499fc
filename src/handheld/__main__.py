"""`python -m handheld`: the command `handheld`."""

from handheld.entrypoints.cli import main

main()
