"""Inbox items: what a phone gets, checked at that moment; the short ways give what the policy says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from handheld.application.handlers.task_world import giver_of
from handheld.application.pushing.item_orders import ItemOrder
from handheld.application.pushing.items import NEWEST, Item, ItemMaker, reading_of
from handheld.application.reading.named import Named, Naming
from handheld.domain.directing import AmendOrder
from handheld.domain.register import ErasePerson
from handheld.domain.seeing import Viewer, visible
from handheld.domain.task_commands import Remind, Report
from handheld.domain.task_force import MakeEntry
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.forms import Filled
from handheld_events.task import TaskAmended, TaskDispatched, TaskEscalated, TaskReopened
from tests.support_reading import SAID, TOWNSHIP, Town, town

GIVEN = (TaskDispatched, TaskAmended, TaskReopened)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("town") / "data") as found:
        yield found


def maker_of(place: Town) -> ItemMaker:
    return ItemMaker(place.home.looking, place.home.indexes)


def inbox(place: Town, person: str) -> list[tuple[int, int, Recorded[Any] | None]]:
    lines = place.home.indexes.inbox(person)
    rows = place.home.log.read_positions(sorted({line.position for line in lines}))
    facts = {row[0]: Reading().fact(*row) for row in rows}
    return [(line.number, line.position, facts[line.position]) for line in lines]


def items(encoded: list[bytes]) -> list[Item]:
    return [msgspec.json.decode(one, type=Item) for one in encoded]


def order_of(item: Item) -> ItemOrder | None:
    return None if item.order is None else msgspec.convert(item.order, ItemOrder)


def test_every_item_that_there_is_says_what_the_fact_and_the_policy_say(place: Town) -> None:
    look, maker, orders = place.home.looking.look(), maker_of(place), 0
    for person in place.everybody():
        viewer, facts = Viewer(person), inbox(place, person)
        for item, (seq, position, fact) in zip(
            items(maker.make(person, facts)), facts, strict=True
        ):
            assert (item.seq, item.position) == (seq, position)
            assert fact is not None
            reading, seen = reading_of(look, viewer, fact)
            assert seen is not None
            assert item.hidden == (visible(viewer, reading, seen).extent == "nothing")
            if item.hidden:
                assert item == Item(seq=seq, position=position, hidden=True)
                continue
            naming = Naming(look, viewer, fact.task_force)
            assert item.by == naming.of(fact.meta.actor)
            assert item.topic == fact.event.TOPIC
            assert msgspec.convert(item.data, type(fact.event)) == fact.event
            assert (item.order is not None) == isinstance(fact.event, GIVEN)
            given = order_of(item)
            if given is not None:
                known = look.force(fact.task_force)
                assert known is not None
                terms = known.orders[given.order]
                giver = giver_of(terms, look.loaded) or known.commander
                assert given.ordered_by == naming.with_phone(giver)
                assert (given.text, given.form, given.title) == (
                    terms.text,
                    terms.form,
                    known.title,
                )
                orders += 1
    assert orders > 20


def test_the_phone_of_a_contact_gets_what_where_by_when_and_whom_to_call(place: Town) -> None:
    contact = place.people.contact
    first = items(maker_of(place).make(contact, inbox(place, contact)[-2:]))[0]
    assert first.topic == "task.dispatched.v1"
    assert (first.task, first.task_force) == (place.task(contact), place.flood)
    assert first.division is not None
    assert (first.division.code, first.division.name) == ("330803203212001", "第一网格")
    order = order_of(first)
    assert order is not None
    assert order.text == SAID["amended"]  # as it stands when it is sent
    assert (order.title, order.place, order.amended) == ("山洪转移", "双桥溪两岸", 1)
    assert [field.key for field in order.form] == ["moved", "left", "seen"]
    assert order.report_by is not None
    by = order.ordered_by
    assert by is not None
    chief = place.organisation.people[place.people.township_head]
    assert by.name == place.home.keyring.open(chief.name)
    assert by.phone is not None


def test_whoever_was_told_of_a_delay_gets_it_empty_once_it_is_no_longer_theirs(
    place: Town,
) -> None:
    fact = next(f for f in place.facts() if f.stream == place.task(place.people.contact))
    told = msgspec.structs.replace(
        fact,
        event=TaskEscalated(
            awaited="accept", number=1, to=place.people.township_head, division=TOWNSHIP
        ),
    )
    maker, far = maker_of(place), place.organisation.holders("duty_officer", "330803101")[0]
    (theirs,) = items(maker.make(place.people.township_head, [(7, told.position, told)]))
    (hidden,) = maker.make(far, [(7, told.position, told)])
    assert theirs.task == fact.stream
    assert msgspec.json.decode(hidden) == {"seq": 7, "position": told.position, "hidden": True}


def test_whoever_did_it_is_named_where_the_policy_names_them(place: Town) -> None:
    look, maker, contact = place.home.looking.look(), maker_of(place), place.people.contact
    fact = next(f for f in place.facts() if f.stream == place.task(contact))
    naming, shown = Naming(look, Viewer(contact), place.flood), set[bool]()
    for actor in place.viewers():
        by = msgspec.structs.replace(fact.meta, actor=actor.actor, on_behalf_of=actor.actor)
        done = msgspec.structs.replace(fact, meta=by)
        (item,) = items(maker.make(contact, [(1, fact.position, done)]))
        assert item.by == item.on_behalf_of == naming.of(actor.actor)
        assert item.by is not None
        shown.add(item.by.name is None)
    assert shown == {True, False}


def test_what_cannot_be_read_and_all_of_who_was_erased_keeps_its_number(place: Town) -> None:
    maker, lost = maker_of(place), place.erased
    facts = inbox(place, lost)
    assert facts
    assert [msgspec.json.decode(one) for one in maker.make(lost, facts)] == [
        {"seq": seq, "position": at, "hidden": True} for seq, at, _ in facts
    ]
    (empty,) = items(maker.make(place.people.contact, [(3, 9, None)]))
    assert empty == Item(seq=3, position=9, hidden=True)


def test_many_inboxes_at_once_get_what_each_gets_alone(place: Town) -> None:
    maker = maker_of(place)
    inboxes = {person: inbox(place, person) for person in place.everybody()}
    made = maker.make_all(inboxes)
    assert made == {
        person: maker_of(place).make(person, facts) for person, facts in inboxes.items()
    }


def test_a_snapshot_has_all_that_is_open_and_the_newest_of_the_rest(tmp_path: Path) -> None:
    with town(tmp_path / "data") as place:
        head, home = place.people.grid_head, place.home
        lines = home.indexes.inbox(head)
        number, made, undone = maker_of(place).snapshot(head)
        assert number == len(lines)
        assert set(undone) <= {line.note for line in lines}
        assert [item.seq for item in items(made)] == [line.number for line in lines]
        contact, task = place.people.contact, place.task(place.people.contact)
        for n in range(NEWEST + 10):
            remind = Remind(task=task, text=f"第{n}次催")
            home.execute(remind, place.people.township_head)
        home.caught_up()
        number, made, undone = maker_of(place).snapshot(contact)
        assert task in undone
        kept = items(made)
        assert number == len(home.indexes.inbox(contact))
        assert [i.seq for i in kept if i.task == task] == [
            line.number for line in home.indexes.inbox(contact) if line.note == task
        ]
        home.execute(Report(task=task, text="都到了", filled=Filled(numbers={"moved": 3})), contact)
        home.caught_up()
        number, made, undone = maker_of(place).snapshot(contact)
        assert task not in undone
        rest = items(made)
        assert len(rest) == NEWEST
        assert [item.seq for item in rest] == list(range(number - NEWEST + 1, number + 1))


def test_items_after_a_number_are_given_in_pages_without_a_gap(place: Town) -> None:
    head, maker = place.people.grid_head, maker_of(place)
    whole = maker.make(head, inbox(place, head))
    paged: list[bytes] = []
    while True:
        last, page = maker.after(head, len(paged), 2)
        assert last == len(whole)
        if not page:
            break
        paged += page
    assert paged == whole


def test_the_order_is_sent_as_it_stands_and_whom_to_call_as_they_are_now(tmp_path: Path) -> None:
    with town(tmp_path / "data") as place:
        contact, maker = place.people.contact, maker_of(place)
        facts = inbox(place, contact)[-2:]
        before = items(maker.make(contact, facts))[0]
        place.home.execute(MakeEntry(task_force=place.flood, text="又"), place.people.township_head)
        assert items(maker.make(contact, facts))[0] == before
        chief = place.people.township_head
        again = AmendOrder(
            task_force=place.flood, order=place.order, reason="水退了", text="回家吧。"
        )
        place.home.execute(again, chief)
        order = order_of(items(maker.make(contact, facts))[0])
        assert order is not None
        assert (order.text, order.amended) == ("回家吧。", 2)
        place.home.execute(ErasePerson(person=chief, reason="离开"), "operator")
        place.home.erase_keys(chief)
        order = order_of(items(maker.make(contact, facts))[0])
        assert order is not None
        assert order.ordered_by == Named(chief, "erased", synthetic=True)
