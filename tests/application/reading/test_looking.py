"""Who looks at what, put together from the log: as the log's end has it, and as the rules say."""

from __future__ import annotations

from pathlib import Path

import pytest

from handheld.application.loading import States
from handheld.application.membership import seen_by
from handheld.application.reading.fresh import Fresh
from handheld.application.reading.seen import Look, must_see
from handheld.domain.errors import NotAllowed, NotFound
from handheld.domain.joining import PullIn
from handheld.domain.seeing import Viewer, visible
from handheld.domain.task_commands import Accept
from handheld.domain.task_force import MakeEntry
from handheld_events.task import TaskDispatched
from handheld_events.task_force import MessageSent
from tests.support_reading import Town, town


def test_who_belongs_to_a_task_force_and_since_when_is_as_the_index_of_its_timeline_has_it(
    place: Town, look: Look
) -> None:
    seen_from = set[int]()
    for task_force in (place.workshop, place.flood):
        lines = place.home.indexes.timeline(task_force)
        for person in place.everybody():
            after = look.sees_after(task_force, person)
            try:
                theirs = seen_by(place.home.log, place.home.indexes, task_force, person)
            except NotAllowed:
                assert after is None, person
                continue
            assert after is not None, person
            assert [line for line in lines if line.position > after] == theirs
            seen_from.add(after)
    assert seen_from == {0, place.joined_at - 1}


def test_who_has_a_task_is_as_the_facts_of_the_tasks_have_it(place: Town, look: Look) -> None:
    had = {
        (fact.event.order, fact.event.person)
        for fact in place.facts()
        if isinstance(fact.event, TaskDispatched)
    }
    orders = [
        order
        for name in (place.workshop, place.flood)
        for order in place.home.boards.summary(name).orders
    ]
    assert len(had) > 10
    for order in orders:
        for person in place.everybody():
            assert look.had_task_of(order, person) == ((order, person) in had)


def test_states_go_on_with_the_log_as_if_they_were_read_anew(tmp_path: Path) -> None:
    with town(tmp_path / "data") as place:
        log, streams = place.home.log, [place.flood, place.workshop, place.finding]
        streams += [place.task(person) for person in place.everybody()]
        fresh = Fresh(log)
        fresh.load(streams)
        for step in range(3):
            place.home.execute(
                MakeEntry(task_force=place.flood, text=f"第{step}批"), place.people.township_head
            )
            if step == 1:
                place.home.execute(
                    Accept(task=place.task(place.people.contact)), place.people.contact
                )
            fresh.catch_up()
            anew = States(log)
            anew.load(streams)
            assert [fresh.get(stream) for stream in streams] == [anew.get(s) for s in streams]


def test_what_was_done_a_moment_ago_is_seen(tmp_path: Path) -> None:
    with town(tmp_path / "data") as place:
        task, home = place.task(place.people.contact), place.home
        before = home.looking.look().task_state(task)
        home.execute(Accept(task=task), place.people.contact)
        after = home.looking.look().task_state(task)
    assert before is not None
    assert after is not None
    assert (before.status, after.status) == ("waiting", "in_progress")


def test_what_there_is_not_is_told_as_what_is_hidden(place: Town, look: Look) -> None:
    stranger = Viewer(place.organisation.holders("household_contact", "330803203217001")[0])
    for name in (place.flood, "tf-00000000000000000000000000000000", "", "finding-1"):
        absent = NotFound("task_force.unknown", task_force=name)
        with pytest.raises(NotFound) as raised:
            must_see(stranger, "task_force", look.task_force(name, stranger), absent)
        assert raised.value is absent


def test_an_order_is_for_who_has_a_task_of_it_and_not_of_another(place: Town, look: Look) -> None:
    contact = Viewer(place.people.contact)
    for order in place.home.boards.summary(place.flood).orders:
        seen = look.order(place.flood, order, contact)
        assert seen is not None
        extent = visible(contact, "order", seen).extent
        assert extent == ("whole" if order == place.order else "nothing")


def test_every_message_is_for_who_wrote_it(place: Town, look: Look) -> None:
    sent = [f for f in place.facts() if isinstance(f.event, MessageSent)]
    assert {f.event.to is None for f in sent} == {True, False}
    for fact in sent:
        author = Viewer(fact.meta.actor)
        reading, seen = look.message(fact.stream, fact, author)
        assert seen is not None
        assert reading == ("message" if fact.event.to is None else "message.unit")
        assert visible(author, reading, seen).extent == "whole"


def test_who_had_a_task_before_they_were_pulled_in_sees_all_of_it(tmp_path: Path) -> None:
    with town(tmp_path / "data") as place:
        home, official = place.home, place.people.grid_worker
        pull = PullIn(task_force=place.flood, person=official, order=place.order, sees="from_now")
        home.execute(pull, place.people.township_head)
        home.caught_up()
        look = home.looking.look()
        known = look.force(place.flood)
        assert known is not None
        assert (official, place.order) in known.pulled_in
        assert look.sees_after(place.flood, official) == 0
        lines = home.indexes.timeline(place.flood)
        assert seen_by(home.log, home.indexes, place.flood, official) == lines
