"""Cards and lists of a task force: what it is, its orders, who is in it, what was said."""

from __future__ import annotations

import pytest

from handheld.application.reading import members, talk, task_forces, tasks
from handheld.application.reading.seen import Look
from handheld.application.reading.talk import Window
from handheld.domain.errors import Malformed
from handheld.domain.seeing import Viewer
from handheld_events.territory import within
from tests.support_reading import ANALYST, GRID, PHOTO, SAID, VILLAGE, Town


def test_a_card_says_what_it_is_to_all_who_are_called_and_the_rest_to_those_inside(
    place: Town, look: Look
) -> None:
    boards = place.home.boards
    chief = task_forces.task_force_card(look, boards, Viewer(place.people.commander), place.flood)
    assert (chief.title, chief.place, chief.level, chief.status) == (
        "山洪转移",
        "双桥溪两岸",
        "III",
        "active",
    )
    assert (chief.inside, chief.part, chief.members) == (True, False, 8)
    assert chief.tasks == {"waiting": 4, "closed": 1, "declined": 1}
    assert chief.commander is not None
    assert chief.commander.phone is not None
    called = Viewer(place.people.grid_worker)
    card = task_forces.task_force_card(look, boards, called, place.flood)
    assert (card.title, card.level, card.inside) == (chief.title, chief.level, False)
    assert card.commander is not None
    assert card.commander.name == chief.commander.name
    for told in ("members", "tasks", "orders", "entries", "started_by", "posture", "outcome"):
        assert getattr(card, told) is None


def test_a_closed_task_force_says_how_it_ended(place: Town, look: Look) -> None:
    chief = Viewer(place.people.commander)
    card = task_forces.task_force_card(look, place.home.boards, chief, place.workshop)
    assert card.status == "closed"
    assert card.archived
    assert card.outcome
    assert card.ended_at is not None
    assert card.satisfied is True
    assert card.finding == place.finding
    assert {d.department.key for d in card.departments} == {"enforcement", "planning"}
    assert all(d.accepted_at is not None for d in card.departments)
    assert card.lead is not None


def test_the_finding_behind_it_is_named_to_those_who_may_see_it(place: Town, look: Look) -> None:
    member = Viewer(place.people.surveyors[0])
    card = task_forces.task_force_card(look, place.home.boards, member, place.workshop)
    assert card.inside
    assert card.finding is None


def test_orders_stand_with_their_texts_forms_and_counts(place: Town, look: Look) -> None:
    chief = Viewer(place.people.commander)
    found = task_forces.orders(look, place.home.boards, chief, place.flood)
    first, second = found.orders
    assert (first.text, first.amended, first.tasks) == (SAID["amended"], 1, 5)
    assert [field.key for field in first.form] == ["moved", "left", "seen"]
    assert first.states == {"waiting": 3, "closed": 1, "declined": 1}
    assert second.given_by is not None
    assert second.given_by.person == place.people.township_official
    assert first.version == second.version == 11


def test_who_came_later_sees_no_order_of_the_time_before(place: Town, look: Look) -> None:
    newcomer = Viewer(place.newcomer)
    assert task_forces.orders(look, place.home.boards, newcomer, place.flood).orders == ()


def test_members_are_listed_in_windows_that_leave_nobody_out(place: Town, look: Look) -> None:
    chief, boards = Viewer(place.people.commander), place.home.boards
    every = members.members(look, boards, chief, place.flood)
    assert every.count == len(every.members) == 8
    hows = {one.person.person: one.how for one in every.members}
    assert hows[place.people.township_head] == ("commands",)
    assert hows[place.newcomer] == ("pulled_in",)
    assert hows[place.people.contact] == ("task",)
    walked = list[members.Member]()
    after: str | None = ""
    while after is not None:
        page = members.members(look, boards, chief, place.flood, after=after, limit=3)
        walked += page.members
        after = page.next
    assert tuple(walked) == every.members


def test_members_are_chosen_by_the_state_of_their_task(place: Town, look: Look) -> None:
    chief, boards = Viewer(place.people.commander), place.home.boards
    declined = members.members(look, boards, chief, place.flood, states=frozenset({"declined"}))
    assert [one.person.person for one in declined.members] == [place.people.grid_worker]
    assert declined.count == 1


def test_of_the_members_officials_below_see_those_of_their_territory(
    place: Town, look: Look
) -> None:
    head, boards = Viewer(place.people.grid_head), place.home.boards
    page = members.members(look, boards, head, place.flood)
    assert page.part
    assert {task.division.code for one in page.members for task in one.tasks} == {GRID}
    leader = members.members(look, boards, Viewer(place.people.team_leader), place.flood)
    places = {task.division.code for one in leader.members for task in one.tasks}
    assert places == {GRID, VILLAGE}
    assert all(within(code, VILLAGE) for code in places)


def test_a_task_card_has_all_that_a_phone_shows(place: Town, look: Look) -> None:
    head = place.people.grid_head
    card = tasks.task_card(look, Viewer(head), place.task(head))
    assert card.status == "closed"
    assert card.division is not None
    assert card.division.name == "第一网格"
    assert card.order.title == "山洪转移"
    assert card.order.ordered_by is not None
    assert card.order.ordered_by.phone is not None  # the chief of the township above: to be called
    assert card.report_by is not None
    assert card.report is not None
    assert card.report.text == SAID["report"]
    assert card.report.filled is not None
    assert card.report.filled.numbers == {"moved": 31}
    assert card.history
    declined = tasks.task_card(
        look, Viewer(place.people.grid_worker), place.task(place.people.grid_worker)
    )
    assert (declined.status, declined.declined) == ("declined", SAID["declined"])
    visited = tasks.task_card(look, Viewer(place.people.contact), place.task(place.people.contact))
    assert [(v.household, v.done) for v in visited.visits] == [("H001", SAID["done"])]
    assert visited.households
    assert visited.amended == 1


def test_a_photo_is_awaited_until_its_bytes_are_there(place: Town, look: Look) -> None:
    head = place.people.grid_head
    for stored in (set[str](), {PHOTO}):
        card = tasks.task_card(look, Viewer(head), place.task(head), stored.__contains__)
        assert card.report is not None
        (photo,) = card.report.photos
        assert (photo.sha256, photo.size, photo.awaited) == (PHOTO, 12_345, not stored)


def test_entries_stay_visible_when_they_are_struck(place: Town, look: Look) -> None:
    page = talk.entries(look, Viewer(place.people.commander), place.flood)
    first, second = page.entries
    assert (first.entry, first.text, first.struck) == (place.entry, SAID["entry"], None)
    assert (second.entry, second.text) == (place.struck, SAID["struck"])
    assert second.struck is not None
    assert second.struck.reason == SAID["why_struck"]
    assert second.struck.by.person == place.people.township_head


def test_an_analyst_without_names_learns_that_there_was_an_entry(place: Town, look: Look) -> None:
    page = talk.entries(look, Viewer(ANALYST, "analyst"), place.flood)
    assert [(one.text, one.by.name) for one in page.entries] == [(None, None)] * 2
    assert [one.struck is not None for one in page.entries] == [False, True]


def test_a_question_is_answered_by_the_message_that_answers_it(place: Town, look: Look) -> None:
    chief = Viewer(place.people.commander)
    asked, answer = talk.messages(look, chief, place.workshop).messages
    assert (asked.question, asked.answered, asked.to_name) == (True, True, "双桥乡")
    assert answer.answers == asked.message
    assert [photo.awaited for photo in answer.photos] == [True]


def test_talk_is_read_forwards_and_backwards(place: Town, look: Look) -> None:
    chief = Viewer(place.people.commander)
    every = talk.messages(look, chief, place.flood).messages
    assert len(every) == 3
    first = talk.messages(look, chief, place.flood, Window(limit=2))
    assert (first.messages, first.next, first.previous) == (every[:2], every[1].position, None)
    rest = talk.messages(look, chief, place.flood, Window(after=first.next or 0))
    assert (rest.messages, rest.next, rest.previous) == (every[2:], None, every[2].position)
    end = place.home.log.end() + 1
    last = talk.messages(look, chief, place.flood, Window(before=end, limit=2))
    assert (last.messages, last.next, last.previous) == (every[1:], None, every[1].position)
    before = talk.messages(look, chief, place.flood, Window(before=last.previous, limit=2))
    assert (before.messages, before.previous) == (every[:1], None)
    with pytest.raises(Malformed):
        talk.messages(look, chief, place.flood, Window(limit=0))


def test_who_came_later_reads_what_was_said_since(place: Town, look: Look) -> None:
    newcomer = Viewer(place.newcomer)
    found = talk.messages(look, newcomer, place.flood)
    assert [one.text for one in found.messages] == [SAID["later"]]
    assert found.previous is None
    assert talk.entries(look, newcomer, place.flood).entries == ()
