"""Warnings on a real log: messages that come twice, in the wrong order, in a drill, after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handheld.bootstrap import Home, found_home
from handheld.domain.cap_reading import from_cap, is_drill
from handheld.domain.errors import HandheldError, Malformed, NotFound
from handheld.domain.plan import AdoptPlan
from handheld.domain.register import DivisionRow, ImportDivisions
from handheld.domain.warning_commands import (
    LiftWarning,
    PlaceWarning,
    ProposeStart,
    TellWarning,
)
from handheld_events.plan import Trigger
from handheld_projections.warnings import WarningLine
from tests.domain.warning.support import ORDERS
from tests.support_cap import COUNTY, DIVISIONS, NORTH, about, alert, block, message, moment

FIRST = message("T1", sent=moment(7))
SECOND = message(
    "T2",
    sent=moment(8),
    kind="Update",
    references=about("T1"),
    info=block(headline="台风红色预警"),
)
THIRD = message("T3", sent=moment(9), kind="Cancel", references=about("T2", moment(8)), info="")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as opened:
        rows = tuple(DivisionRow(code=code, name=name) for code, name in DIVISIONS.items())
        opened.execute(ImportDivisions(rows=rows), "operator")
        yield opened


def comes(home: Home, data: bytes, *, drill: bool | None = None) -> tuple[str, str | None]:
    """A message is brought in as whoever watches the feed brings it in."""
    read = alert(data)
    command = from_cap(read, home.organisation.caught_up()[0])
    marked = is_drill(read) if drill is None else drill
    receipt = home.execute(command, "operator", drill=marked)
    return receipt.outcome, receipt.code


def in_force(home: Home, *, drills: bool = False) -> list[WarningLine]:
    home.caught_up()
    return list(home.boards.warnings(drills=drills).open.values())


def test_a_message_is_followed_from_alert_to_cancel(home: Home) -> None:
    assert comes(home, FIRST) == ("accepted", None)
    assert comes(home, FIRST) == ("already_done", "warning.received")
    assert comes(home, SECOND) == ("accepted", None)
    (line,) = in_force(home)
    assert (line.level, line.divisions, line.status) == ("red", (COUNTY,), "updated")

    assert comes(home, THIRD) == ("accepted", None)
    assert in_force(home) == []
    assert comes(home, SECOND) == ("already_done", "warning.received")


def test_a_restart_forgets_no_message(home: Home, tmp_path: Path) -> None:
    comes(home, FIRST)
    comes(home, SECOND)
    home.close()
    with Home(tmp_path / "data") as again:
        assert comes(again, FIRST) == ("already_done", "warning.received")
        assert comes(again, THIRD) == ("accepted", None)
        assert in_force(again) == []


def test_the_first_message_is_late_when_its_update_came_before_it(home: Home) -> None:
    assert comes(home, SECOND) == ("accepted", "warning.update_of_unknown")
    assert comes(home, FIRST) == ("overtaken", "warning.newer_known")
    assert [line.level for line in in_force(home)] == ["red"]


def test_an_exercise_stays_a_drill_and_never_meets_a_real_warning(home: Home) -> None:
    comes(home, FIRST)
    drill = message("D1", sent=moment(7), status="Exercise")
    update = message(
        "D2",
        sent=moment(8),
        kind="Update",
        status="Exercise",
        references=f"{about('D1')} ",
        info=block(headline="台风红色预警"),
    )
    assert comes(home, drill) == ("accepted", None)
    assert comes(home, update) == ("accepted", None)
    assert [(line.level, line.drill) for line in in_force(home)] == [("orange", False)]
    assert [(line.level, line.drill) for line in in_force(home, drills=True)] == [("red", True)]

    of_a_real_one = message(
        "D3", sent=moment(9), kind="Cancel", status="Exercise", references=about("T1"), info=""
    )
    assert comes(home, of_a_real_one) == ("refused", "warning.drill_mixed")
    assert len(in_force(home)) == 1


def test_an_exercise_that_is_not_marked_as_one_is_refused(home: Home) -> None:
    with pytest.raises(Malformed) as caught:
        comes(home, message(status="Exercise"), drill=False)
    assert caught.value.code == "warning.exercise_unmarked"


def test_what_follows_in_a_drill_is_of_the_drill_whoever_asks(home: Home) -> None:
    comes(home, message("D1", status="Exercise"))
    (line,) = in_force(home, drills=True)
    home.execute(PlaceWarning(warning=line.warning, divisions=(NORTH,)), "operator")
    assert [w.divisions for w in in_force(home, drills=True)] == [(NORTH,)]
    assert in_force(home) == []


def test_a_telephoned_warning_is_one_command_and_leads_to_a_start(home: Home) -> None:
    plan = AdoptPlan(
        plan="flood",
        title="防汛应急预案",
        division=COUNTY,
        orders=ORDERS,
        triggers=(Trigger(event="暴雨", at_least="yellow"),),
    )
    home.execute(plan, "operator")
    tell = TellWarning(event="暴雨", level="yellow", divisions=(NORTH,), told_by="县气象台")
    home.execute(tell, "operator")
    (line,) = in_force(home)
    assert (line.source, line.told_by) == ("telephone", "县气象台")

    receipt = home.execute(ProposeStart(warning=line.warning), "operator")
    (line,) = in_force(home)
    assert receipt.outcome == "accepted"
    assert [(p.plan, p.division, p.title) for p in line.proposals] == [
        ("plan-flood", NORTH, "防汛应急预案：暴雨")
    ]
    again = home.execute(ProposeStart(warning=line.warning), "operator")
    assert (again.outcome, again.code) == ("already_done", "warning.nothing_to_propose")

    home.execute(LiftWarning(warning=line.warning, reason="电话解除"), "operator")
    assert in_force(home) == []


def test_only_warnings_are_warnings(home: Home) -> None:
    for name in ("tf-1", "warning-none"):
        with pytest.raises(HandheldError) as caught:
            home.execute(ProposeStart(warning=name), "operator")
        assert type(caught.value) is NotFound
        assert caught.value.code == "warning.unknown"
