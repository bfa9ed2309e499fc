"""Real parts behind the ports: SQLite, files, clocks. docs/architecture.md shows which is which.

Importing this package puts the bundled SQLite in the place of `sqlite3`, before any module of it
can import `eventsourcing.sqlite`.
"""

from handheld.adapters import sqlite_library

sqlite_library.install()
