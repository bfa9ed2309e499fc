"""What is hidden is answered as what there is not; who sees no names meets none, nor words of people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import msgspec
import pytest

from handheld.application.reading import members, talk, task_forces, tasks
from handheld.application.reading.seen import Look
from handheld.application.reading.timelines import Timelines
from handheld.application.reading.unnamed import WRITTEN
from handheld.domain.errors import NotFound
from handheld.domain.seeing import Reading, Seen, Viewer, visible
from handheld.texts import Texts
from handheld_events.catalogue import CATALOGUE
from handheld_events.task_force import MessageSent
from tests.support_reading import ENFORCEMENT, SAID, Town, encoded

ZH, EN = Texts("zh"), Texts("en")
NO_FORCE, NO_TASK = "tf-0179835116400000000000000000dead", "task-0179835116400000000000000000dead"

Ask = Callable[[Viewer, str], object]


def asks(place: Town, look: Look) -> dict[str, tuple[Reading, Ask]]:
    """Every function over a task force, with what it asks the policy first."""
    home, boards = place.home, place.home.boards
    timelines = Timelines(home.looking, home.indexes)
    return {
        "card": ("task_force", lambda v, k: task_forces.task_force_card(look, boards, v, k)),
        "orders": ("task_force", lambda v, k: task_forces.orders(look, boards, v, k)),
        "messages": ("task_force", lambda v, k: talk.messages(look, v, k)),
        "entries": ("entry", lambda v, k: talk.entries(look, v, k)),
        "members": ("task_force.timeline", lambda v, k: members.members(look, boards, v, k)),
        "timeline": ("task_force.timeline", lambda v, k: timelines.page(v, k, ZH, limit=500)),
    }


def outcome(ask: Ask, viewer: Viewer, key: str) -> tuple[str, list[str]] | None:
    """Code of what is raised, and the params that name what was asked; None: there is an answer."""
    try:
        ask(viewer, key)
    except NotFound as error:
        return error.code, [name for name, value in error.params.items() if value == key]
    return None


def hidden(viewer: Viewer, reading: Reading, seen: Seen | None) -> bool:
    return seen is None or visible(viewer, reading, seen).extent == "nothing"


def test_what_is_hidden_of_a_task_force_is_answered_as_one_that_there_is_not(
    place: Town, look: Look
) -> None:
    refused = 0
    for reading, ask in asks(place, look).values():
        for viewer in place.viewers():
            absent = outcome(ask, viewer, NO_FORCE)
            assert absent is not None
            for key in (place.flood, place.workshop):
                found = outcome(ask, viewer, key)
                if hidden(viewer, reading, look.task_force(key, viewer)):
                    assert found == absent, (viewer, key)
                    refused += 1
                else:
                    assert found is None, (viewer, key)
    assert refused > 40


def test_a_hidden_task_and_its_history_are_answered_as_one_that_there_is_not(
    place: Town, look: Look, timelines: Timelines
) -> None:
    for viewer in place.viewers():
        for person in (place.people.grid_head, place.people.contact, place.people.stationed[0]):
            orders = place.home.boards.summary(place.flood).orders
            for task in (place.task(person, order) for order in orders):
                seen = look.task(task)
                if seen is None:
                    continue
                card = outcome(lambda v, k: tasks.task_card(look, v, k), viewer, task)
                course = outcome(lambda v, k: timelines.page(v, k, ZH), viewer, task)
                assert (card is not None) == hidden(viewer, "task", seen)
                assert (course is not None) == hidden(viewer, "task.history", seen)
                assert card in (None, ("task.unknown", ["task"]))
                assert course in (None, ("timeline.unknown", ["key"]))
        assert outcome(lambda v, k: tasks.task_card(look, v, k), viewer, NO_TASK) is not None


def test_an_order_that_is_hidden_is_answered_as_one_that_there_is_not(
    place: Town, look: Look
) -> None:
    boards, contact = place.home.boards, Viewer(place.people.contact)
    own, other = place.home.boards.summary(place.flood).orders
    assert task_forces.order(look, boards, contact, place.flood, own).order == own
    for order in (other, "order-00"):
        with pytest.raises(NotFound) as raised:
            task_forces.order(look, boards, contact, place.flood, order)
        assert (raised.value.code, raised.value.params) == ("order.unknown", {"order": order})


def everything(place: Town, look: Look, viewer: Viewer) -> Iterator[str]:
    """Every answer that somebody gets of all that there is, as it would be sent."""
    home = place.home
    timelines = Timelines(home.looking, home.indexes)
    streams = {fact.stream for fact in place.facts() if fact.position > 2_100}
    people = {*place.people[:11], place.erased, place.newcomer}
    found: list[str | None] = []
    for texts in (ZH, EN) if viewer.role == "analyst" else (ZH,):
        for key in sorted(streams | {str(person) for person in people}):
            found.append(answer(partial(timelines.page, viewer, texts=texts, limit=500), key))
    for key in (place.flood, place.workshop):
        for _, ask in asks(place, look).values():
            found.append(answer(partial(ask, viewer), key))
    for task in sorted(stream for stream in streams if stream.startswith("task-")):
        found.append(answer(partial(tasks.task_card, look, viewer), task))
    yield from (told for told in found if told is not None)


def answer(ask: Callable[[str], object], key: str) -> str | None:
    try:
        return encoded(ask(key))
    except NotFound:
        return None


def written(place: Town) -> set[str]:
    """All words of people that the log has, but for titles."""
    found = set(SAID.values())
    for fact in place.facts():
        for name in fact.event.__struct_fields__:
            value = getattr(fact.event, name)
            if name in WRITTEN and isinstance(value, str) and len(value) > 3:
                found.add(value)
    return {text for text in found if ZH.named("reasons", text, "") == ""}


def test_an_analyst_without_names_meets_no_name_no_number_and_no_words_of_people(
    place: Town, look: Look
) -> None:
    nameless = next(v for v in place.viewers() if v.role == "analyst" and not v.names)
    told = "\n".join(everything(place, look, nameless))
    assert len(told) > 100_000
    secret = place.names_and_phones() | written(place)
    assert len(secret) > 900
    # Their own name is theirs.
    own = place.organisation.people[nameless.actor]
    secret -= {place.home.keyring.open(own.name) or ""}
    assert [text for text in sorted(secret) if text in told] == []
    assert "山洪转移" in told  # the title is what the task force is called


def test_an_analyst_with_names_meets_names_and_words_and_no_telephone_number(
    place: Town, look: Look
) -> None:
    named = next(v for v in place.viewers() if v.names)
    told = "\n".join(everything(place, look, named))
    missing = [text for text in SAID.values() if text not in told]
    assert missing == []
    numbers = {text for text in place.names_and_phones() if text.startswith("000-")}
    assert len(numbers) > 400
    assert [number for number in sorted(numbers) if number in told] == []
    contact = place.organisation.people[place.people.contact]
    assert (place.home.keyring.open(contact.name) or "?") in told


def test_nobody_meets_the_name_of_who_was_erased(place: Town, look: Look) -> None:
    shown = 0
    for viewer in place.viewers():
        told = "\n".join(everything(place, look, viewer))
        assert place.erased_name not in told
        shown += '"name":"erased"' in told
    assert shown > 3


def test_whoever_was_erased_or_is_not_registered_is_answered_nothing(
    place: Town, look: Look
) -> None:
    for nobody in (Viewer("person-nobody"), Viewer(place.erased)):
        assert list(everything(place, look, nobody)) == []


def test_a_message_to_a_unit_is_nowhere_but_with_its_people_and_those_who_direct(
    place: Town, look: Look
) -> None:
    readers = set[str]()
    message = next(
        f
        for f in place.facts()
        if isinstance(f.event, MessageSent)
        and f.event.to is not None
        and f.event.text == SAID["to_unit"]
    )
    for viewer in place.viewers():
        reading, seen = look.message(place.flood, message, viewer)
        told = "\n".join(everything(place, look, viewer))
        is_hidden = hidden(viewer, reading, seen)
        if viewer.role != "analyst":
            assert (SAID["to_unit"] in told) == (not is_hidden), viewer
            if not is_hidden:
                readers.add(viewer.actor)
    assert readers >= {place.people.enforcement_duty, *place.people.enforcers}
    assert place.people.contact not in readers
    assert f"department-{ENFORCEMENT}" == message.event.to


KEPT = """answers code commander department desk division entry finding given_by handed_by household
key lead message name order passed_on_from person plan reference replaces reported_by role taken_from
task task_force task_force_started title to warning"""


def test_it_is_known_of_every_field_of_an_event_whether_people_wrote_it() -> None:
    kept = set(KEPT.split())
    strings = {
        field.name
        for event in CATALOGUE.values()
        for field in msgspec.structs.fields(event)
        if field.type in (str, str | None)
    }
    assert strings - WRITTEN == kept
