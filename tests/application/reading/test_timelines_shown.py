"""Timelines for whoever looks: whole, in parts, in pages, as they were."""

from __future__ import annotations

import pytest

from handheld.application.reading.facts import FactShown
from handheld.application.reading.seen import Look
from handheld.application.reading.timelines import MOST, Picked, TimelinePage, Timelines
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.seeing import Viewer, visible
from handheld.domain.task_force import MakeEntry
from handheld.texts import Texts
from handheld_events.ids import department_stream
from handheld_events.task_force import MessageSent
from handheld_events.territory import within
from tests.support_reading import ANALYST, ENFORCEMENT, SAID, VILLAGE, Town, encoded, town

ZH, EN = Texts("zh"), Texts("en")


def whole(
    timelines: Timelines, viewer: Viewer, key: str, limit: int = MOST, upto: int | None = None
) -> list[FactShown]:
    """All pages, one after the other."""
    found: list[FactShown] = []
    after: int | None = 0
    while after is not None:
        page = timelines.page(viewer, key, ZH, after=after, limit=limit, upto=upto)
        assert len(page.facts) <= limit
        found += page.facts
        after = page.next
    return found


def of_topic(page: TimelinePage, topic: str) -> list[FactShown]:
    return [fact for fact in page.facts if fact.topic == topic]


def test_who_directs_sees_every_fact_in_log_order(place: Town, timelines: Timelines) -> None:
    for key in (place.workshop, place.flood):
        lines = place.home.indexes.timeline(key)
        shown = whole(timelines, Viewer(place.people.commander), key)
        assert [fact.position for fact in shown] == [line.position for line in lines]
        for fact in shown:
            assert fact.words
            assert fact.recorded_at is not None


def test_pages_of_any_size_hold_the_same_facts_once(place: Town, timelines: Timelines) -> None:
    for viewer in place.viewers():
        for key in (place.flood, place.people.grid_head, place.task(place.people.grid_head)):
            try:
                at_once = whole(timelines, viewer, key)
            except NotFound:
                continue
            for limit in (1, 3, 7):
                assert whole(timelines, viewer, key, limit) == at_once


def test_of_what_lies_above_them_officials_see_their_territory_and_what_has_no_place(
    place: Town, timelines: Timelines
) -> None:
    leader = Viewer(place.people.team_leader)
    page = timelines.page(leader, place.flood, ZH, limit=MOST)
    assert page.part
    every = {f.position: f for f in place.facts() if f.task_force == place.flood}
    hidden = {
        position
        for position, fact in every.items()
        if (fact.stream.startswith("task-") and not within(fact.division or "", VILLAGE))
        or (isinstance(fact.event, MessageSent) and fact.event.to is not None)
    }
    assert len(hidden) > 3
    assert {fact.position for fact in page.facts} == set(every) - hidden


def test_a_department_sees_what_its_own_people_do(place: Town, timelines: Timelines) -> None:
    officer = Viewer(place.people.enforcers[0])
    page = timelines.page(officer, place.flood, ZH, limit=MOST)
    assert page.part
    tasks = {f.stream for f in page.facts if f.stream and f.stream.startswith("task-")}
    order = list(place.home.boards.summary(place.flood).orders)[1]
    assert tasks == {place.task(place.people.stationed[0], order)}
    assert any(f.data.get("to") == department_stream(ENFORCEMENT) for f in page.facts)


def test_who_was_pulled_in_sees_what_came_then(place: Town, timelines: Timelines) -> None:
    newcomer = Viewer(place.newcomer)
    page = timelines.page(newcomer, place.flood, ZH)
    assert page.after == place.joined_at - 1
    assert [f.topic for f in page.facts] == [
        "task_force.person_pulled_in.v1",
        "task_force.message_sent.v1",
    ]
    with pytest.raises(NotFound):  # of the time before they see nothing
        timelines.page(newcomer, place.flood, ZH, upto=place.joined_at - 1)


def test_the_past_is_shown_as_it_was(place: Town, timelines: Timelines) -> None:
    chief = Viewer(place.people.commander)
    every = whole(timelines, chief, place.flood)
    struck = next(f for f in every if f.topic == "task_force.entry_struck.v1")
    then = whole(timelines, chief, place.flood, upto=struck.position - 1)
    assert [f.position for f in then] == [f.position for f in every if f.position < struck.position]
    marks = {f.position: f.marks for f in then if f.topic == "task_force.entry_made.v1"}
    assert set(marks.values()) == {None}
    now = [f for f in every if f.position in marks and f.marks is not None]
    assert [f.data["text"] for f in now] == [SAID["struck"]]


def test_a_correction_is_marked_on_the_fact_that_it_corrects_though_it_stands_on_another_page(
    place: Town, timelines: Timelines
) -> None:
    chief = Viewer(place.people.commander)
    (reported,) = [f for f in whole(timelines, chief, place.flood, 1) if f.topic == REPORTED]
    assert reported.marks is not None
    correction = reported.marks.corrected
    assert correction is not None
    assert (correction.text, correction.reason) == (SAID["right"], SAID["why_right"])
    assert reported.marks.words
    assert reported.data["text"] == SAID["report"]  # nothing is edited


REPORTED = "task.reported.v1"


def test_words_are_in_the_language_of_who_looks(place: Town, timelines: Timelines) -> None:
    chief = Viewer(place.people.commander)
    chinese = timelines.page(chief, place.flood, ZH).facts[0].words
    english = timelines.page(chief, place.flood, EN).facts[0].words
    assert "发起专班" in chinese
    assert english != chinese
    assert "山洪转移" in english


def test_people_are_named_to_those_to_whom_the_policy_names_them(
    place: Town, look: Look, timelines: Timelines
) -> None:
    hidden = named = 0
    for viewer in place.viewers():
        try:
            shown = whole(timelines, viewer, place.flood)
        except NotFound:
            continue
        for fact in shown:
            for person in (fact.actor, fact.person):
                if person is None or not person.person.startswith("person-"):
                    continue
                seen = look.person(person.person, viewer, place.flood)
                assert seen is not None
                is_hidden = visible(viewer, "person.name", seen).extent == "nothing"
                assert (person.name is None) == is_hidden
                hidden, named = hidden + is_hidden, named + (not is_hidden)
    assert hidden > 20
    assert named > 100


def test_a_task_has_its_own_course(place: Town, timelines: Timelines) -> None:
    head = place.people.grid_head
    page = timelines.page(Viewer(head), place.task(head), ZH)
    assert [f.version for f in page.facts] == [1, 2, 3, 4, 5]
    assert page.position == place.home.log.end()


def test_a_person_sees_all_of_their_own_course_and_others_what_is_for_them(
    place: Town, look: Look, timelines: Timelines
) -> None:
    head = place.people.grid_head
    own = whole(timelines, Viewer(head), head)
    assert {"person.registered.v1", "task.dispatched.v1", REPORTED} <= {f.topic for f in own}
    assert own[0].data["name"] == place.home.keyring.open(place.organisation.people[head].name)
    for viewer in place.viewers():
        try:
            theirs = whole(timelines, viewer, head)
        except NotFound:
            continue
        for fact in theirs:
            if fact.stream is not None and fact.stream.startswith("task-"):
                seen = look.task(fact.stream)
                assert seen is not None
                assert visible(viewer, "task.history", seen).extent != "nothing"


def test_the_register_tells_a_telephone_number_only_to_those_who_may_call(
    place: Town, timelines: Timelines
) -> None:
    contact, chief = place.people.contact, place.people.commander
    told = timelines.page(Viewer(chief), contact, ZH).facts[0].data
    assert set(told) == {"synthetic", "name", "phone"}
    analyst = timelines.page(Viewer(ANALYST, "analyst", names=True), contact, ZH).facts[0].data
    assert set(analyst) == {"synthetic", "name"}
    nameless = timelines.page(Viewer(ANALYST, "analyst"), contact, ZH).facts[0].data
    assert nameless == {"synthetic": True}


def test_findings_and_registers_have_their_courses(place: Town, timelines: Timelines) -> None:
    chief = Viewer(place.people.commander)
    finding = timelines.page(chief, place.finding, ZH)
    assert finding.facts[0].topic == "finding.reported.v1"
    assert finding.facts[-1].topic == "finding.dealt_with.v1"
    assert timelines.page(chief, f"division-{VILLAGE}", ZH).facts
    assert timelines.page(chief, f"department-{ENFORCEMENT}", ZH).facts


def test_a_key_that_names_nothing_is_unknown(place: Town, timelines: Timelines) -> None:
    for key in ("", "tf-", "person-nobody", "finding-0", "warning-0", "x-1", "division-999999"):
        with pytest.raises(NotFound) as raised:
            timelines.page(Viewer(place.people.commander), key, ZH)
        assert (raised.value.code, raised.value.params) == ("timeline.unknown", {"key": key})


@pytest.mark.parametrize("limit", [0, MOST + 1])
def test_a_page_that_is_too_large_is_refused(place: Town, timelines: Timelines, limit: int) -> None:
    with pytest.raises(Malformed) as raised:
        timelines.page(Viewer(place.people.commander), place.flood, ZH, limit=limit)
    assert raised.value.code == "timeline.limit"


def test_what_was_said_a_moment_ago_is_in_the_timeline(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with town(tmp_path_factory.mktemp("own") / "data") as place:
        timelines = Timelines(place.home.looking, place.home.indexes)
        chief = place.people.township_head
        for text in ("一", "二", "三"):
            receipt = place.home.execute(MakeEntry(task_force=place.flood, text=text), chief)
            page = timelines.page(Viewer(chief), place.flood, ZH, limit=MOST)
            assert page.facts[-1].position == receipt.first
            assert page.facts[-1].data["text"] == text
            assert page.position >= page.facts[-1].position
            assert f'"text":"{text}"' in encoded(page)


def test_the_newest_first_is_the_same_timeline_turned_round_page_by_page(
    place: Town, timelines: Timelines
) -> None:
    for viewer in place.viewers():
        for key in (place.flood, place.people.grid_head, place.task(place.people.grid_head)):
            try:
                forward = whole(timelines, viewer, key)
            except NotFound:
                continue
            for limit in (3, MOST):
                found, before, more = list[FactShown](), None, True
                while more:
                    picked = Picked(newest=True, before=before)
                    page = timelines.page(viewer, key, ZH, limit=limit, picked=picked)
                    found += page.facts
                    before, more = page.next, page.next is not None
                assert found == forward[::-1]


def test_what_is_picked_out_is_of_those_topics_and_of_that_division_only(
    place: Town, timelines: Timelines
) -> None:
    viewer = Viewer(place.people.commander)
    every = whole(timelines, viewer, place.flood)
    for newest in (False, True):
        topics = Picked(newest=newest, topics=("task.accepted", "task_force.entry_made.v1"))
        page = timelines.page(viewer, place.flood, ZH, limit=MOST, picked=topics)
        wanted = [f for f in every if f.topic in ("task.accepted.v1", "task_force.entry_made.v1")]
        assert len(wanted) > 1
        assert list(page.facts) == (wanted[::-1] if newest else wanted)
        there = Picked(newest=newest, division=VILLAGE)
        page = timelines.page(viewer, place.flood, ZH, limit=MOST, picked=there)
        assert 0 < len(page.facts) < len(every)
        assert all(f.division and within(f.division.code, VILLAGE) for f in page.facts)


def test_after_and_before_bound_the_newest_as_well(place: Town, timelines: Timelines) -> None:
    viewer = Viewer(place.people.commander)
    positions = [fact.position for fact in whole(timelines, viewer, place.flood)]
    picked = Picked(newest=True, before=positions[6])
    page = timelines.page(viewer, place.flood, ZH, after=positions[2], picked=picked)
    assert [fact.position for fact in page.facts] == positions[3:6][::-1]
    assert page.next is None
