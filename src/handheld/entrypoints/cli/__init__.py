"""The command line: `handheld`. docs/reference/cli.md lists every command."""

from handheld.entrypoints.cli.app import app, main

__all__ = ["app", "main"]
