"""What is made of a log: the same however it came about."""

from __future__ import annotations

from typing import Any

import msgspec

from handheld.application.board_keeper import BoardKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld_events.envelope import Recorded
from handheld_projections.boards import Boards, Part
from handheld_projections.inbox import Inbox
from handheld_projections.organisation import Organisation, OrganisationState
from handheld_projections.tier_board import tier_board
from tests.properties.asking import CODES, ROLES

Facts = list[Recorded[Any]]


def shown(organisation: Organisation) -> object:
    """All that can be asked of an organisation."""
    holders = {
        (role, code): tuple(organisation.holders(role, code)) for role in ROLES for code in CODES
    }
    return dict(organisation.divisions), dict(organisation.people), holders


def check_live_is_rebuilt(boards: BoardKeeper, facts: Facts) -> None:
    """Boards kept up step by step against boards made of the whole log at once."""
    boards.catch_up()
    whole = Boards()
    whole.apply(facts)
    position = facts[-1].position
    assert boards.position == position
    for code in CODES:
        for drills in (False, True):
            expected = tier_board(
                {name: part for name, part in whole.parts.items() if not part.closed},
                code,
                position,
                drills=drills,
            )
            assert boards.tier_board(code, drills=drills) == expected
    for name, part in whole.parts.items():
        drill = part.summary is not None and part.summary.drill
        expected = tier_board({name: part}, CODES[0], position, drills=drill)
        assert boards.tier_board(CODES[0], task_force=name, drills=drill) == expected
    dispatched = sum(sum(sum(n) for n in part.counts.values()) for part in whole.parts.values())
    assert dispatched == sum(len(part.tasks) for part in whole.parts.values())


def check_organisation(keeper: OrganisationKeeper, facts: Facts) -> None:
    """The organisation at the log's end against the one made of the whole log at once."""
    whole = Organisation()
    whole.apply(facts)
    organisation, position = keeper.caught_up()
    assert position == facts[-1].position
    assert shown(organisation) == shown(whole)


def check_snapshots(facts: Facts, places: int = 5) -> None:
    """Snapshot at N, through msgpack, and the facts after N: as if never interrupted."""
    boards, people = Boards(), Organisation()
    boards.apply(facts)
    people.apply(facts)
    for n in range(0, len(facts) + 1, max(len(facts) // places, 1)):
        early, some = Boards(), Organisation()
        early.apply(facts[:n])
        some.apply(facts[:n])
        stored = msgspec.msgpack.encode(early.parts)
        later, others = Boards(), Organisation()
        later.restore(msgspec.msgpack.decode(stored, type=dict[str, Part]))
        state = msgspec.msgpack.encode(some.snapshot())
        others.restore(msgspec.msgpack.decode(state, type=OrganisationState))
        later.apply(facts[n:])
        others.apply(facts[n:])
        assert later.parts == boards.parts
        assert shown(others) == shown(people)


def check_inboxes(facts: Facts) -> None:
    """Numbers without a gap for each person, the same in two halves as in one."""
    lines = list(Inbox().lines(facts))
    for who in {line.key for line in lines}:
        assert [line.number for line in lines if line.key == who] == list(
            range(1, 1 + sum(line.key == who for line in lines))
        )
    half = len(facts) // 2
    inbox = Inbox()
    assert [*inbox.lines(facts[:half]), *inbox.lines(facts[half:])] == lines
