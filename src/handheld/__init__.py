"""Handheld command (掌上指挥): incident command and dispatch on an append-only log."""

__version__ = "0.1.0"
