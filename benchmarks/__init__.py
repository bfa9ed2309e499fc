"""Measurements: each against a floor taken in the same run. docs/performance.md tells the results."""

# Before any module here imports sqlite3: floor and product use the same library.
import handheld.adapters as _adapters

__all__ = ("SQLITE_VERSION",)

import sqlite3

SQLITE_VERSION = sqlite3.sqlite_version
_ = _adapters
