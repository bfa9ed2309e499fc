"""What is made of a log: the same however it came about, and the same as the naive recount."""

from __future__ import annotations

from typing import Any

import msgspec

from handheld.application.board_keeper import BoardKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld_events.envelope import Recorded
from handheld_projections.boards import Boards, Part
from handheld_projections.department_board import department_board
from handheld_projections.inbox import Inbox
from handheld_projections.organisation import Organisation, OrganisationState
from handheld_projections.tier_board import tier_board
from handheld_projections.warnings import Warnings
from tests.properties import recount
from tests.properties.history import History
from tests.properties.places import CODES, DEPARTMENTS, POSTS

Facts = list[Recorded[Any]]


def shown(organisation: Organisation) -> object:
    """All that can be asked of an organisation, and of its rosters."""
    holders = {post: tuple(organisation.holders(*post)) for post in POSTS}
    duty = {post: (organisation.on_duty(*post), organisation.duty_of(post)) for post in POSTS}
    postures = {code: organisation.posture_of(code) for code in CODES}
    return (
        dict(organisation.divisions),
        dict(organisation.departments),
        dict(organisation.people),
        dict(organisation.groups),
        dict(organisation.plans),
        holders,
        duty,
        postures,
    )


def check_live_is_rebuilt(boards: BoardKeeper, history: History) -> None:
    """Boards kept up step by step against boards made of the whole log at once, and the recount."""
    boards.catch_up()
    facts = history.facts
    whole = Boards()
    whole.apply(facts)
    position = facts[-1].position
    assert boards.position == position
    going = {name: part for name, part in whole.parts.items() if not part.closed}
    for drills in (False, True):
        for code in CODES:
            expected = tier_board(going, code, position, drills=drills)
            assert boards.tier_board(code, drills=drills) == expected
            recount.check_tier_board(expected, history, drills=drills)
        for key in DEPARTMENTS:
            department = department_board(going, key, position, drills=drills)
            assert boards.department_board(key, drills=drills) == department
            recount.check_department(department, history, drills=drills)
        assert boards.warnings(drills=drills) == _warnings(whole, drills=drills)
    for name, force in history.forces.items():
        board = boards.tier_board(CODES[0], task_force=name, drills=force.drill)
        expected = tier_board({name: whole.parts[name]}, CODES[0], position, drills=force.drill)
        assert board == expected
        if force.status != "cancelled":
            own = [told for told in history.tasks.values() if told.task_force == name]
            recount.check_tasks(board, [t for t in own if t.division.startswith(CODES[0])])
        assert boards.tasks(name) == whole.parts[name].tasks
        assert boards.summary(name) == whole.parts[name].summary


def _warnings(whole: Boards, *, drills: bool) -> Warnings:
    part = whole.parts.get("warnings/drill" if drills else "warnings")
    return part.warnings if part is not None and part.warnings is not None else Warnings()


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


def check_inboxes(history: History) -> None:
    """Numbers without a gap for each person, the same in two halves as in one; every task is there."""
    facts = history.facts
    lines = list(Inbox().lines(facts))
    for who in {line.key for line in lines}:
        numbers = [line.number for line in lines if line.key == who]
        assert numbers == list(range(1, len(numbers) + 1))
    half = len(facts) // 2
    inbox = Inbox()
    assert [*inbox.lines(facts[:half]), *inbox.lines(facts[half:])] == lines
    reached = {(line.key, line.position) for line in lines}
    for fact in facts:
        if fact.stream.startswith("task-") and fact.version == 1:
            assert (fact.person, fact.position) in reached, "a task that reaches nobody"
