"""Boards on a log in memory that is told a story piece by piece. All people are synthetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from handheld.adapters.clock import SimulatedClock
from handheld.adapters.keyring import FileKeyring
from handheld.adapters.log_memory import MemoryLog
from handheld.application.board_keeper import BoardKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.reading.board_wanted import Rows, Sight, Wanted
from handheld.application.reading.boards import BoardReading
from handheld.application.reading.seen import Looking
from tests.support_story import CODES, DISTRICT, START, TOWNSHIP, VILLAGE, Fact, write

_folder = TemporaryDirectory(prefix="boards-")
KEYRING = FileKeyring(Path(_folder.name) / "keyring.db")
"""Of nobody: what stories seal cannot be opened."""


class Room:
    """A log, its boards, and who reads them."""

    def __init__(self, log: MemoryLog | None = None) -> None:
        self.log = log or MemoryLog()
        self.log.set_facts({"log_id": "0123456789abcdef"})
        self.boards = BoardKeeper(self.log, None)
        looking = Looking(self.log, OrganisationKeeper(self.log, None), KEYRING)
        clock = SimulatedClock(START + timedelta(days=365), 0)
        self.reading = BoardReading(self.log, self.boards, looking, clock)

    def tell(self, facts: Sequence[Fact]) -> None:
        """The log goes on, and the boards with it."""
        write(self.log, facts)
        self.boards.catch_up()


def commands(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """The facts in log order, those of one command together."""
    group: list[Fact] = []
    for fact in facts:
        if group and group[-1].meta.command != fact.meta.command:
            yield group
            group = []
        group.append(fact)
    if group:
        yield group


def boards_of(facts: Iterable[Fact]) -> list[tuple[Wanted, Sight]]:
    """Boards of every kind that a story has, whole and in part."""
    whole, part = Sight(), Sight(parts=(TOWNSHIP, "department-water"), row_parts=(TOWNSHIP,))
    found: list[tuple[Wanted, Sight]] = [(Wanted(key=code), whole) for code in CODES[:4]]
    found += [
        (Wanted(key=CODES[6], rows=Rows(limit=3)), whole),
        (Wanted(key=DISTRICT, rows=Rows(offset=1, limit=4, late=True)), whole),
        (Wanted(key=DISTRICT, drills=True, rows=Rows()), whole),
        (Wanted(kind="department", key="water", rows=Rows(limit=2)), whole),
    ]
    forces = sorted({fact.stream for fact in facts if fact.stream.startswith("tf-")})[:2]
    for force in forces:
        found += [
            (Wanted(key=DISTRICT, task_force=force, rows=Rows()), whole),
            (Wanted(key=DISTRICT, task_force=force, rows=Rows()), part),
            (Wanted(key=VILLAGE, task_force=force), part),
        ]
    return found


def json_of(value: Any) -> bytes:
    """The same JSON text for the same JSON value."""
    import msgspec

    return msgspec.json.Encoder(order="sorted").encode(value)
