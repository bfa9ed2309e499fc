"""The SQLite library that everything here uses: a bundled one without the WAL-reset bug.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL database that has two or more connections; Debian 12 ships
3.40.1. `install` puts the bundled library in the place of `sqlite3` and must run before
`eventsourcing.sqlite` is imported, or errors would arrive under classes that nothing maps.
"""

from __future__ import annotations

import sys

from handheld.domain.errors import Installation, SqliteTooOld

OLDEST = (3, 51, 3)


def install() -> None:
    """Make `import sqlite3` give the bundled library.

    Raises SqliteTooOld, Installation (`sqlite.too_late`).
    """
    import pysqlite3
    import pysqlite3.dbapi2

    loaded = sys.modules.get("eventsourcing.sqlite")
    if loaded is not None and loaded.sqlite3 is not pysqlite3:
        raise Installation("sqlite.too_late")
    check(pysqlite3.sqlite_version)
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def check(version: str) -> None:
    """Raises SqliteTooOld."""
    if tuple(int(part) for part in version.split(".")) < OLDEST:
        raise SqliteTooOld(version, ".".join(map(str, OLDEST)))
