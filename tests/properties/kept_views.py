"""What is kept beside the log: boards of past instants, indexes, and what verifying says."""

from __future__ import annotations

from typing import Any

from handheld.application.board_keeper import BoardKeeper
from handheld.application.index_keeper import IndexKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Log, Views
from handheld.application.verifying import verify
from handheld_events.envelope import Recorded
from handheld_projections.boards import Boards
from handheld_projections.department_board import department_board
from handheld_projections.inbox import Inbox
from handheld_projections.tier_board import tier_board
from tests.properties.places import CODES, DEPARTMENTS, EVERYBODY

Facts = list[Recorded[Any]]


def check_past(kept: BoardKeeper, facts: Facts, places: int = 6) -> None:
    """The board as of some positions is the one folded from scratch up to them."""
    for position in range(0, len(facts), max(len(facts) // places, 1)):
        boards = Boards()
        boards.apply(facts[:position])
        parts = {name: part for name, part in boards.parts.items() if not part.closed}
        for drills in (False, True):
            for code in CODES[:2]:
                expected = tier_board(parts, code, position, drills=drills)
                assert kept.tier_board(code, at=position, drills=drills) == expected
            key = DEPARTMENTS[0]
            department = department_board(parts, key, position, drills=drills)
            assert kept.department_board(key, at=position, drills=drills) == department


def check_lines(indexes: IndexKeeper, facts: Facts) -> None:
    """What is stored of the inboxes is what the log gives."""
    lines = list(Inbox().lines(facts))
    for who in EVERYBODY:
        assert indexes.inbox(who) == [line for line in lines if line.key == who]


def check_verified(log: Log, views: Views, people: OrganisationKeeper) -> None:
    """Verifying says that all is the same."""
    assert [check for check in verify(log, views, people) if not check.same] == []
