"""The bundled SQLite stands in the place of `sqlite3`, in time and new enough."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest

from handheld.adapters import sqlite_library
from handheld.domain.errors import SqliteTooOld


@pytest.mark.parametrize("version", ["3.51.2", "3.40.1", "3.7.17", "3.51.0"])
def test_a_version_with_the_corruption_bug_is_refused(version: str) -> None:
    with pytest.raises(SqliteTooOld) as caught:
        sqlite_library.check(version)
    assert caught.value.code == "sqlite.too_old"
    assert caught.value.params == {"found": version, "needed": "3.51.3"}


@pytest.mark.parametrize("version", ["3.51.3", "3.52.0", "3.53.4", "4.0.0"])
def test_a_version_without_it_is_taken(version: str) -> None:
    sqlite_library.check(version)


def test_this_process_uses_a_version_without_it() -> None:
    sqlite_library.check(sqlite3.sqlite_version)
    assert sqlite3.connect(":memory:").execute("SELECT sqlite_version()").fetchone() == (
        sqlite3.sqlite_version,
    )


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )


def test_putting_it_in_place_too_late_is_an_error() -> None:
    done = run("import eventsourcing.sqlite\nimport handheld.adapters")
    assert done.returncode != 0
    assert "sqlite.too_late" in done.stderr.splitlines()[-1]


def test_an_earlier_import_of_sqlite3_alone_is_not_too_late() -> None:
    """And the errors are then the library's: facts.md calls the other case silent."""
    done = run(
        "import sqlite3, tempfile, pathlib\n"
        "from handheld.adapters.log import open_sqlite\n"
        "from eventsourcing.persistence import IntegrityError, StoredEvent\n"
        "event = StoredEvent('task-1', 1, 'task.accepted.v1', b'{}')\n"
        "with tempfile.TemporaryDirectory() as d, open_sqlite(pathlib.Path(d) / 'log.db') as log:\n"
        "    log.recorder.insert_events([event])\n"
        "    try:\n"
        "        log.recorder.insert_events([event])\n"
        "    except IntegrityError as error:\n"
        "        print(type(error).__module__)\n"
    )
    assert done.stdout == "eventsourcing.persistence\n", done.stderr


def test_putting_it_in_place_twice_is_no_fault() -> None:
    sqlite_library.install()
