"""A district in a directory of its own: files of SQLite, one owner, no other service."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import TYPE_CHECKING

from handheld.adapters.clock import ClockSetting, RealClock
from handheld.adapters.keyring import FileKeyring
from handheld.adapters.log import found, open_sqlite
from handheld.adapters.ownership import Ownership
from handheld.adapters.registers_store import StoredRegisters
from handheld.adapters.sqlite_store import Synchronous
from handheld.adapters.views_store import StoredViews, file_of_views
from handheld.application.duties import AllDuties
from handheld.domain.errors import Installation

if TYPE_CHECKING:
    from handheld.adapters.attachments_store import AttachmentStore
    from handheld.adapters.shown_store import FileShown
    from handheld.application.access.core import HasOpenTask
    from handheld.application.access.service import Access

SUFFIXES = ("", "-wal", "-shm", "-journal")

STORES = ("log", "views", "keyring", "access", "attachments", "push", "shown")

OWN_FILES = frozenset(
    {"lock", "attachments", "vapid.pem"}
    | {f"{name}.db{part}" for name in STORES for part in SUFFIXES}
)
"""What a data directory holds and nothing else."""


class Files:
    """A data directory, owned until it is closed.

    Raises Installation (`data.not_found`, `data.in_use`).
    """

    def __init__(self, directory: Path, *, synchronous: Synchronous = "FULL") -> None:
        if not (directory / "log.db").exists():
            raise Installation("data.not_found", path=str(directory))
        self.directory = directory
        self.duties = AllDuties()
        with ExitStack() as opened:
            opened.callback(Ownership(directory).close)
            self.app = open_sqlite(directory / "log.db", synchronous=synchronous)
            opened.callback(self.app.close)
            self._had_keyring = (directory / "keyring.db").exists()
            self.keyring = FileKeyring(directory / "keyring.db")
            opened.callback(self.keyring.close)
            self._opened = opened.pop_all()

    writes = None
    """Nobody else has the views."""

    def push(self) -> None:
        """The notifiers keep it in files of the directory."""

    def close(self) -> None:
        """Let the directory go."""
        self._opened.close()

    def listen_unless(self, woken: Callable[[], bool]) -> None:
        """Nobody else commits here."""

    def sizes(self) -> dict[str, int]:
        """How many bytes each file takes, with what SQLite keeps beside it."""
        return {f"{name}.db": self._size(name) for name in STORES}

    def _size(self, name: str) -> int:
        parts = (self.directory / f"{name}.db{part}" for part in SUFFIXES)
        return sum(part.stat().st_size for part in parts if part.exists())

    def check_keyring(self) -> None:
        """There are people whose names are sealed. Raises Installation (`keyring.missing`)."""
        if not self._had_keyring:
            (self.directory / "keyring.db").unlink(missing_ok=True)
            raise Installation("keyring.missing", path=str(self.directory / "keyring.db"))

    def views(self) -> StoredViews:
        """Where folds keep what they have made."""
        views = file_of_views(self.directory / "views.db", self.app.port)
        self._opened.callback(views.close)
        return views

    def registers(self, views: StoredViews) -> StoredRegisters:
        """The registers, beside the views."""
        return StoredRegisters(views, self.app.port)

    def access(
        self, *, has_open_task: HasOpenTask = lambda _: False, watch: bool = False
    ) -> Access:
        """Who is signed in; see `open_access`."""
        return open_access(self.directory, has_open_task=has_open_task, watch=watch)

    def has_access(self) -> bool:
        """Whether anybody was ever to sign in."""
        return (self.directory / "access.db").exists()

    def attachments(self) -> AttachmentStore:
        """Photos, voice and documents."""
        from handheld.adapters.attachments_store import AttachmentStore

        return AttachmentStore(self.directory, self.keyring)

    def has_attachments(self) -> bool:
        """Whether there were ever any."""
        return (self.directory / "attachments.db").exists()

    def shown(self) -> FileShown:
        """What was shown of boards. Raises Installation (`shown.damaged`)."""
        from handheld.adapters.shown_store import FileShown

        return FileShown(self.directory / "shown.db", self.app.port.log_id)


def open_access(
    directory: Path, *, has_open_task: HasOpenTask = lambda _: False, watch: bool = False
) -> Access:
    """Accounts, sessions and links of a data directory: also beside the process that owns it.

    `watch`: for a server, which goes on while others change the file. Raises Installation
    (`data.not_found`, `access.damaged`, `access.newer`, `access.unwritable`), Busy.
    """
    from handheld.adapters.access_store import FileAccess
    from handheld.adapters.passwords import Argon2Passwords
    from handheld.application.access.service import Access

    if not (directory / "log.db").exists():
        raise Installation("data.not_found", path=str(directory))
    store = FileAccess(directory / "access.db")
    return Access(
        store,
        Argon2Passwords(),
        RealClock(),
        token_bytes,
        has_open_task=has_open_task,
        watch=watch,
    )


def found_home(directory: Path, *, clock: ClockSetting | None = None) -> None:
    """Make a new data directory with an empty log; one that has a log keeps it."""
    if not directory.exists():
        directory.mkdir(parents=True, mode=0o700)
    elif not OWN_FILES.issuperset(path.name for path in directory.iterdir()):
        raise Installation("data.not_empty", path=str(directory))
    with ExitStack() as stack:
        stack.callback(Ownership(directory).close)
        log = open_sqlite(directory / "log.db")
        stack.callback(log.close)
        found(log, token_hex(8), clock or ClockSetting())
    for path in (directory, directory.parent):  # the names of new files, too, must be on disk
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
