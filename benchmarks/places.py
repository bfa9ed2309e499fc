"""Data directories on the real disk: made once, copied for each run, so that all begin alike."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


class Place:
    """A directory for one benchmark, under the current one: /tmp may be memory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def template(self, name: str, make: Callable[[Path], None]) -> Path:
        """A data directory, made when it is first asked for."""
        path = self.root / name
        if not path.exists():
            make(path)
            # The log must be whole in one file, or its copies would not be.
            for wal in path.glob("*-wal"):
                msg = f"{wal} was left behind"
                raise RuntimeError(msg)
        return path

    @contextmanager
    def copy(self, template: Path) -> Generator[Path]:
        """A copy of its own, on the disk already, so that no run pays for writing it."""
        with TemporaryDirectory(dir=self.root) as name:
            path = Path(name) / "data"
            shutil.copytree(template, path)
            for file in path.iterdir():
                handle = os.open(file, os.O_RDONLY)
                os.fsync(handle)
                os.close(handle)
            yield path


@contextmanager
def place() -> Generator[Place]:
    """A place that is removed at the end."""
    with TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as name:
        yield Place(Path(name))


def plain(path: Path) -> sqlite3.Connection:
    """A bare connection to a log file, with the settings of the product's connections."""
    db = sqlite3.connect(path / "log.db", isolation_level=None, check_same_thread=False)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        db.execute(f"PRAGMA {pragma}")
    return db
