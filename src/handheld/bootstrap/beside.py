"""What commands look at beside the processes that are at work on a district; the log is not written."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from handheld.adapters.keyring import FileKeyring
from handheld.adapters.log import open_sqlite
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Keyring, Log
from handheld.bootstrap.files import open_access
from handheld.bootstrap.shared import Shared, Where
from handheld.domain.errors import Installation

if TYPE_CHECKING:
    from handheld.application.access.service import Access


class Beside:
    """The people of a district: of a data directory, or in a database.

    Raises Installation (`data.not_found`, `keyring.missing`, `database.unreachable`,
    `database.not_migrated`).
    """

    def __init__(self, place: Path | Where) -> None:
        with ExitStack() as opened:
            log, self.keyring = (
                _shared(place, opened) if isinstance(place, Where) else _files(place, opened)
            )
            self.organisation = OrganisationKeeper(log, None).caught_up()[0]
            self._opened = opened.pop_all()

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()


@contextmanager
def access_beside(place: Path | Where) -> Generator[Access]:
    """Accounts, sessions and links. Raises Installation as `open_access` and `Shared`, Busy."""
    with ExitStack() as opened:
        if isinstance(place, Where):
            shared = Shared(place, ())
            opened.callback(shared.close)
            access = shared.access()
        else:
            access = open_access(place)
        opened.callback(access.close)
        yield access


def _shared(where: Where, opened: ExitStack) -> tuple[Log, Keyring]:
    shared = Shared(where, ())
    opened.callback(shared.close)
    return shared.app.port, shared.keyring


def _files(directory: Path, opened: ExitStack) -> tuple[Log, Keyring]:
    if not (directory / "log.db").exists():
        raise Installation("data.not_found", path=str(directory))
    log = open_sqlite(directory / "log.db")
    opened.callback(log.close)
    if not (directory / "keyring.db").exists():
        raise Installation("keyring.missing", path=str(directory / "keyring.db"))
    keyring = FileKeyring(directory / "keyring.db")
    opened.callback(keyring.close)
    return log.port, keyring
