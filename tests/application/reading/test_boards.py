"""Boards of a township in a real data directory: what they say, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handheld.application.reading.board_wanted import Rows, Wanted
from handheld.application.reading.boards import BoardReading
from handheld.application.reading.moments import read_at
from handheld.bootstrap import Home
from handheld.domain import task_commands
from handheld.domain.ending import CloseTaskForce
from handheld.domain.errors import HandheldError, Malformed, NotFound
from handheld.domain.joining import PullIn
from handheld.domain.ordering import IssueOrder, Order
from handheld.domain.plan import AdoptPlan
from handheld.domain.register import (
    DivisionRow,
    ErasePerson,
    ImportDivisions,
    ImportPeople,
    PersonRow,
)
from handheld.domain.standing import Viewer
from handheld.domain.warning_commands import TellWarning
from handheld_events.forms import Filled, FormField
from handheld_events.orders import PlanOrder, Target
from handheld_events.plan import Trigger
from handheld_projections.organisation import Post
from tests.support_tasks import (
    DISTRICT,
    DUTY,
    STATIONED,
    TOWN,
    TOWNSHIP,
    VILLAGE,
    WATER,
    A,
    B,
    C,
    Township,
    township,
)

ROWS = Rows()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Township]:
    with township(tmp_path / "data") as opened:
        yield opened


def reading(place: Township) -> BoardReading:
    place.home.caught_up()
    return place.home.board_desk.reading


def board(place: Township, who: str, wanted: Wanted, at: int | datetime | None = None) -> Any:
    made = reading(place).get(Viewer(who), wanted, at)
    made.document()  # it is what is documented
    return made.board


def refusal(place: Township, who: str, wanted: Wanted, at: int | None = None) -> tuple[Any, ...]:
    with pytest.raises(HandheldError) as error:
        reading(place).get(Viewer(who), wanted, at)
    return type(error.value), error.value.code, error.value.params


def test_a_board_tells_all_that_a_desk_needs(place: Township) -> None:
    force, order = place.start(
        Order(
            text="到场",
            people=(A, B),
            steps=("accept", "report", "verify"),
            accept_within=600,
            form=(FormField(key="moved", label="转移人数", kind="number", unit="人"),),
        )
    )
    place.do(TellWarning(event="台风", level="red", divisions=(DISTRICT,), told_by="气象台"), DUTY)
    place.later(seconds=90)
    place.do(task_commands.Accept(task=place.task(order, A)), A)
    place.do(
        task_commands.Report(
            task=place.task(order, A), text="好", filled=Filled(numbers={"moved": 7})
        ),
        A,
    )
    wanted = Wanted(key=DISTRICT, rows=ROWS)
    made = reading(place).get(Viewer(DUTY), wanted)
    seen = made.board
    assert (made.log, made.position) == (place.home.log.log_id, place.home.log.end())
    assert made.at == "2021-07-23T07:01:30Z"
    assert (seen["kind"], seen["name"], seen["tier"], seen["drills"]) == (
        "division",
        DISTRICT,
        "district",
        False,
    )
    assert seen["count"]["waiting"] == seen["count"]["to_verify"] == 1
    assert seen["children"][TOWNSHIP]["count"] == seen["count"]
    assert seen["funnel"]["accepted"] == {
        "tasks": 1,
        "half": 90,
        "nine_in_ten": 90,
        "longest": 90,
    }
    assert seen["sums"] == {"moved": {"label": "转移人数", "unit": "人", "sum": 7}}
    assert seen["rates"]["accepted_in_time"] == 0.5
    assert seen["task_forces"][force]["title"] == "道路抢通"
    (warning,) = seen["warning_order"]
    assert seen["warnings"][warning]["level"] == "red"
    assert set(seen["rows"]["order"]) == {place.task(order, A), place.task(order, B)}
    assert seen["rows"]["tasks"][place.task(order, B)]["due_at"] == "2021-07-23T07:10:00Z"
    assert seen["names"][A] == {
        "number": "SYN-A",
        "synthetic": True,
        "erased": False,
        "name": "合成人员",
        "role": "grid_head",
    }
    assert "grid" not in seen


def test_a_desk_is_told_when_a_start_is_proposed_for_a_warning_that_it_shows(
    place: Township,
) -> None:
    place.do(
        AdoptPlan(
            plan="typhoon",
            title="防台风应急响应",
            division=DISTRICT,
            triggers=(Trigger(event="台风", at_least="orange"),),
            orders=(PlanOrder(key="patrol", text="巡查", to=(Target(role="grid_head"),)),),
        ),
        DUTY,
    )
    place.do(TellWarning(event="台风", level="red", divisions=(DISTRICT,), told_by="气象台"), DUTY)
    told = board(place, DUTY, Wanted(key=DISTRICT))["warnings"]
    place.home.react()
    proposed = board(place, DUTY, Wanted(key=DISTRICT))["warnings"]
    (warning,) = told
    assert proposed[warning]["version"] == told[warning]["version"] + 1


def test_the_past_is_asked_for_by_position_or_by_instant(place: Township) -> None:
    _, order = place.start(Order(text="到场", people=(A, B)))
    wanted = Wanted(key=DISTRICT)
    before = reading(place).get(Viewer(DUTY), wanted)
    then = place.clock.now()
    place.later(minutes=5)
    place.do(task_commands.Accept(task=place.task(order, A)), A)
    now = reading(place).get(Viewer(DUTY), wanted)
    assert now.board["count"]["in_progress"] == 1
    for at in (before.position, then, then + timedelta(minutes=4)):
        again = reading(place).get(Viewer(DUTY), wanted, at)
        assert (again.body, again.digest) == (before.body, before.digest)
    assert reading(place).get(Viewer(DUTY), wanted, 10**9).body == now.body
    assert board(place, DUTY, wanted, 0)["count"]["tasks"] == 0
    with pytest.raises(Malformed, match=r"board\.future"):
        reading(place).get(Viewer(DUTY), wanted, then + timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (None, None),
        ("12", 12),
        ("2021-07-23T16:05:00+08:00", datetime(2021, 7, 23, 8, 5, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_with_its_zone(text: str | None, at: int | datetime | None) -> None:
    assert read_at(text) == at


@pytest.mark.parametrize("text", ["", "16:05", "2021-07-23T16:05:00", "-1", "٣", "9" * 30, "x"])
def test_what_is_neither_a_position_nor_an_instant_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match=r"board\.at"):
        read_at(text)


def test_what_is_hidden_is_answered_as_what_there_is_not(place: Township) -> None:
    force, _ = place.start(Order(text="到场", people=(A, C)))
    absent = "tf-017ad229e980af754a1c9e724d8da500"
    for at in (None, place.home.log.end()):
        for name in (force, absent):
            wanted = Wanted(key=DISTRICT, task_force=name)
            told = (NotFound, "task_force.unknown", {"task_force": name})
            assert refusal(place, C, wanted, at) == told
        for code in (DISTRICT, "330825999"):
            told = (NotFound, "division.unknown", {"division": code})
            assert refusal(place, TOWN, Wanted(key=code), at) == told
        for key in ("water", "fire"):
            wanted = Wanted(kind="department", key=key)
            told = (NotFound, "department.unknown", {"department": key})
            assert refusal(place, STATIONED if key == "fire" else TOWN, wanted, at) == told
    assert refusal(place, "person-NOBODY", Wanted(key=DISTRICT))[1] == "division.unknown"


def test_a_task_force_shows_those_below_their_part_and_a_department_its_own(
    place: Township,
) -> None:
    other = "330825102"
    place.do(ImportDivisions(rows=(DivisionRow(code=other, name=other),)))
    contact_less = PersonRow(
        person=B, contact=None, posts=(Post("grid_head", other),), synthetic=True
    )
    place.do(ImportPeople(rows=(contact_less,)))
    force, order = place.start(Order(text="到场", people=(A, B, WATER)))
    wanted = Wanted(key=DISTRICT, task_force=force, rows=ROWS)
    whole = board(place, DUTY, wanted)
    assert "parts" not in whole
    assert set(whole["children"]) == {TOWNSHIP, other}
    assert whole["departments"]["water"]["count"]["tasks"] == 1
    assert whole["rows"]["total"] == 3
    town = board(place, TOWN, wanted)
    assert list(town["parts"]) == [TOWNSHIP]
    assert set(town["children"]) == {TOWNSHIP}
    assert list(town["rows"]["order"]) == [place.task(order, A)]
    assert set(town["names"]) == {A}
    assert town["departments"] == {}
    serves = board(place, STATIONED, wanted)
    assert list(serves["parts"]) == ["department-water"]
    assert list(serves["rows"]["order"]) == [place.task(order, WATER)]
    assert serves["count"]["tasks"] == serves["departments"]["water"]["count"]["tasks"] == 1
    assert serves["children"] == {}
    assert serves["task_forces"][force]["title"] == "道路抢通"


def test_who_was_pulled_in_from_now_on_sees_no_board_of_the_time_before(place: Township) -> None:
    force, order = place.start(Order(text="到场", people=(A,)))
    before = place.home.log.end()
    place.do(PullIn(task_force=force, person=C, order=order, sees="from_now"), DUTY)
    wanted = Wanted(key=DISTRICT, task_force=force)
    assert board(place, C, wanted)["count"]["tasks"] == 2
    assert refusal(place, C, wanted, before)[1] == "task_force.unknown"
    assert board(place, DUTY, wanted, before)["count"]["tasks"] == 1


def test_a_member_sees_the_counts_of_a_task_force_and_not_its_open_tasks(place: Township) -> None:
    force, order = place.start(Order(text="到场", people=(A,)))
    place.do(PullIn(task_force=force, person=C, order=order), DUTY)
    seen = board(place, C, Wanted(key=DISTRICT, task_force=force, rows=ROWS))
    assert seen["count"]["tasks"] == 2
    assert "rows" not in seen
    assert seen["names"] == {}
    with pytest.raises(NotFound, match=r"task_force\.unknown"):
        reading(place).rows(Viewer(C), Wanted(key=DISTRICT, task_force=force))


def test_rows_alone_come_with_names_and_with_telephone_numbers_only_where_asked_for(
    place: Township,
) -> None:
    place.start(Order(text="到场", people=(A, B)))
    rows = reading(place).rows(Viewer(DUTY), Wanted(key=DISTRICT, rows=Rows(limit=1)))
    assert (rows.rows.total, len(rows.rows.order)) == (2, 1)
    assert rows.names is not None
    assert [name.name for name in rows.names.values()] == ["合成人员"]
    then = reading(place).rows(Viewer(DUTY), Wanted(key=DISTRICT), rows.position, phones=True)
    assert then.rows.total == 2


def test_an_analyst_without_names_sees_no_names(place: Township) -> None:
    place.start(Order(text="到场", people=(A,)))
    wanted = Wanted(key=DISTRICT, rows=ROWS)
    plain = reading(place).get(Viewer(C, "analyst"), wanted)
    named = reading(place).get(Viewer(C, "analyst", True), wanted)
    assert "names" not in plain.board
    assert set(named.board["names"]) == {A}
    assert plain.digest == named.digest
    assert plain.etag != named.etag


def test_a_name_that_was_erased_is_on_no_board_any_more(place: Township) -> None:
    place.start(Order(text="到场", people=(A,)))
    wanted = Wanted(key=DISTRICT, rows=ROWS)
    before = reading(place).get(Viewer(DUTY), wanted)
    assert reading(place).get(Viewer(DUTY), wanted, before.position).body == before.body
    place.do(ErasePerson(person=A, reason="本人申请"))
    place.home.erase_keys(A)
    for at in (None, before.position):
        seen = reading(place).get(Viewer(DUTY), wanted, at)
        assert seen.board["names"][A] == {"number": "SYN-A", "synthetic": True, "erased": True}
        assert "合成人员".encode() not in seen.body
    assert reading(place).get(Viewer(DUTY), wanted, before.position).digest == before.digest


def test_the_board_of_a_department_has_its_people_wherever_they_serve(place: Township) -> None:
    force, order = place.start(Order(text="抢修", people=(WATER,)))
    place.do(IssueOrder(task_force=force, order=Order(text="巡查", people=(STATIONED, A))), DUTY)
    seen = board(place, WATER, Wanted(kind="department", key="water", rows=ROWS))
    assert (seen["kind"], seen["name"]) == ("department", "水利局")
    assert set(seen["people"]) == set(seen["people_order"]) == {WATER, STATIONED}
    assert list(seen["people"][STATIONED]["divisions"]) == [TOWNSHIP]
    assert seen["places"] == {DISTRICT: DISTRICT, TOWNSHIP: TOWNSHIP}
    assert seen["rows"]["total"] == seen["count"]["open"] == 2
    assert place.task(order, WATER) in seen["rows"]["tasks"]
    with pytest.raises(Malformed, match=r"board\.department"):
        board(place, WATER, Wanted(kind="department", key="water", task_force=force))


def test_the_board_of_a_grid_has_the_households_of_that_time(place: Township) -> None:
    grid = f"{VILLAGE}001"
    post = (Post("household_contact", grid),)
    place.do(ImportDivisions(rows=(DivisionRow(code=grid, name="第一网格"),)))

    def link(*numbers: str) -> None:
        row = PersonRow(person=C, contact=None, posts=post, synthetic=True, households=numbers)
        place.do(ImportPeople(rows=(row,)))

    link("2", "10", "3-1")
    _, order = place.start(Order(text="走访", people=(C,)))
    task = place.task(order, C)
    visit = task_commands.Visit(task=task, household="10", done="看过", satisfied=True)
    place.do(visit, C)
    wanted = Wanted(key=grid)
    before = reading(place).get(Viewer(TOWN), wanted)
    seen = before.board["grid"]
    assert list(seen["household_order"]) == ["2", "3-1", "10"]
    assert seen["households"]["10"] == {"contacts": (C,), "visited": True, "satisfied": True}
    assert seen["tasks"][task]["visited"] == 1
    assert set(before.board["names"]) == {C}
    link("2")
    now = board(place, TOWN, wanted)["grid"]
    assert list(now["household_order"]) == ["2", "10"]
    again = reading(place).get(Viewer(TOWN), wanted, before.position)
    assert again.digest == before.digest
    assert refusal(place, C, wanted)[1] == "division.unknown"


def test_a_drill_is_shown_as_a_drill_whoever_asks_how(place: Township) -> None:
    from handheld.domain.starting import StartAdHoc
    from handheld_events.ids import task_force_id

    command = place.home.new_command_id()
    start = StartAdHoc(title="演练", division=DISTRICT, orders=(Order(text="到场", people=(A,)),))
    place.do(start, command_id=command, drill=True)
    force = task_force_id(command)
    assert board(place, DUTY, Wanted(key=DISTRICT))["count"]["tasks"] == 0
    assert board(place, DUTY, Wanted(key=DISTRICT, drills=True))["count"]["tasks"] == 1
    seen = board(place, DUTY, Wanted(key=DISTRICT, task_force=force, rows=ROWS))
    assert (seen["drills"], seen["count"]["tasks"], seen["rows"]["total"]) == (True, 1, 1)


def test_a_board_made_again_after_a_restart_is_the_same(tmp_path: Path) -> None:
    with township(tmp_path / "data") as place:
        force, order = place.start(Order(text="到场", people=(A, B, WATER)))
        place.do(task_commands.Accept(task=place.task(order, A)), A)
        wanted = [
            Wanted(key=DISTRICT, rows=ROWS),
            Wanted(key=DISTRICT, task_force=force),
            Wanted(kind="department", key="water"),
        ]
        shown = [reading(place).get(Viewer(DUTY), each) for each in wanted]
        place.do(task_commands.Accept(task=place.task(order, B)), B)
    with Home(tmp_path / "data") as home:
        home.caught_up()
        for each, made in zip(wanted, shown, strict=True):
            assert home.board_desk.reading.get(Viewer(DUTY), each, made.position).body == made.body


def test_what_is_at_hand_is_what_would_be_made(place: Township) -> None:
    _, order = place.start(Order(text="到场", people=(A,)))
    wanted = Wanted(key=DISTRICT)
    assert reading(place).at_hand(Viewer(DUTY), wanted) is None
    made = reading(place).get(Viewer(DUTY), wanted)
    assert reading(place).at_hand(Viewer(DUTY), wanted) == (made.body, made.etag)
    with pytest.raises(NotFound):
        reading(place).at_hand(Viewer(TOWN), wanted)
    place.do(task_commands.Accept(task=place.task(order, A)), A)
    assert reading(place).at_hand(Viewer(DUTY), wanted) is None


def test_a_task_force_that_is_closed_and_has_left_memory_still_has_its_board(
    place: Township,
) -> None:
    force, order = place.start(Order(text="到场", people=(A, B)))
    for person in (A, B):
        place.do(task_commands.Report(task=place.task(order, person), text="好"), person)
    place.do(CloseTaskForce(task_force=force, outcome="完成"), DUTY)
    wanted = Wanted(key=DISTRICT, task_force=force)
    before = reading(place).get(Viewer(DUTY), wanted)
    assert before.board["task_forces"][force]["status"] == "closed"
    assert before.board["count"]["closed"] == 2
    place.home.boards.checkpoint()
    assert force not in place.home.boards._boards.parts
    place.start(Order(text="另一件", people=(A,)))
    after = reading(place).get(Viewer(DUTY), wanted)
    assert after.position > before.position
    assert (after.digest, after.etag) == (before.digest, before.etag)
    assert reading(place).get(Viewer(DUTY), wanted, before.position).digest == before.digest
    assert board(place, DUTY, Wanted(key=DISTRICT))["count"]["tasks"] == 1
