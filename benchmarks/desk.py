"""The product's writing side, put together as `bootstrap` does, without the follower."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from handheld.adapters.log import CommandLog, open_sqlite
from handheld.application.board_keeper import BoardKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Log
from handheld.application.world import KeptWorld
from handheld.application.writer import Writer


class Desk(NamedTuple):
    """A log and its writer."""

    log: Log
    organisation: OrganisationKeeper
    writer: Writer


@contextmanager
def desk(directory: Path) -> Generator[Desk]:
    """Open a data directory for writing; organisation and boards are at the log's end."""
    with desk_on(open_sqlite(directory / "log.db")) as opened:
        yield opened


@contextmanager
def desk_on(app: CommandLog) -> Generator[Desk]:
    """The same on any log, which is closed at the end."""
    log: Log = app.port
    organisation = OrganisationKeeper(log, None)
    organisation.caught_up()
    boards = BoardKeeper(log, None)
    boards.catch_up()
    clock = app.clock()
    writer = Writer(log, clock, KeptWorld(log, organisation, boards, clock, followed=False))
    try:
        yield Desk(log, organisation, writer)
    finally:
        writer.close()
        app.close()
