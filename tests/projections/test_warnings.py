"""The duty officer's list of warnings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from handheld_events.envelope import Recorded
from handheld_events.examples import META
from handheld_events.warning import (
    Cap,
    ProposalDeclined,
    StartedOnWarning,
    StartProposed,
    WarningCancelled,
    WarningContent,
    WarningCorrected,
    WarningEvent,
    WarningExpired,
    WarningPlaced,
    WarningReceived,
    WarningUpdated,
)
from handheld_projections.warnings import (
    ENDED_KEPT,
    WarningLine,
    Warnings,
    due,
    dues,
    next_due,
    reference,
    take,
    touching,
    unplaced,
)
from tests.support_cap import COUNTY, FAR, NORTH, SENDER, SOUTH, moment

PLAN = "plan-typhoon"


def content(**given: object) -> WarningContent:
    fields: dict[str, object] = {
        "event": "台风",
        "level": "orange",
        "headline": "台风橙色预警",
        "divisions": (COUNTY,),
        "expires": moment(18),
    }
    return WarningContent(**(fields | given))  # type: ignore[arg-type]


def cap(identifier: str, hour: int = 6) -> Cap:
    return Cap(sender=SENDER, identifier=identifier, sent=moment(hour))


def received(name: str = "T1", **given: object) -> WarningReceived:
    return WarningReceived(source="cap", content=content(**given), cap=cap(name))


def proposed(*, at_once: bool = False, division: str = COUNTY) -> StartProposed:
    return StartProposed(
        plan=PLAN, plan_version=2, division=division, title="防台风", level="III", at_once=at_once
    )


class Listed:
    """The list as facts of some warnings make it, each recorded a minute after the one before."""

    def __init__(self) -> None:
        self.warnings = Warnings()
        self._versions: dict[str, int] = {}
        self._at = moment(7)

    def take(self, *events: WarningEvent, stream: str = "warning-1", drill: bool = False) -> Listed:
        for event in events:
            self._at += timedelta(minutes=1)
            take(self.warnings, self._fact(event, stream, drill))
        return self

    def _fact(self, event: WarningEvent, stream: str, drill: bool) -> Recorded[Any]:
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        meta = replace(META, drill=drill)
        return Recorded(0, stream, version, self._at, meta, None, None, None, event)

    @property
    def line(self) -> WarningLine:
        (line,) = (*self.warnings.open.values(), *self.warnings.ended.values())
        return line


def minute(number: int) -> datetime:
    """When the n-th fact was recorded."""
    return moment(7, number)


def test_a_line_shows_what_the_warning_says() -> None:
    line = Listed().take(received()).line

    assert (line.event, line.level, line.headline) == ("台风", "orange", "台风橙色预警")
    assert (line.divisions, line.source, line.drill) == ((COUNTY,), "cap", False)
    assert (line.sent_at, line.received_at, line.expires) == (moment(6), minute(1), moment(18))
    assert line.status == "received"


def test_a_telephoned_one_names_who_told_it() -> None:
    told = WarningReceived(source="telephone", content=content(), told_by="县气象台")
    line = Listed().take(told).line
    assert (line.told_by, line.sent_at) == ("县气象台", None)


def test_an_update_replaces_what_was_said() -> None:
    later = content(level="red", headline="台风红色预警", divisions=(NORTH,), expires=moment(20))
    line = Listed().take(received(), WarningUpdated(content=later, cap=cap("T2", 7))).line

    assert (line.level, line.divisions, line.expires) == ("red", (NORTH,), moment(20))
    assert (line.status, line.sent_at, line.received_at) == ("updated", moment(7), minute(1))


def test_all_messages_lead_to_the_warning_they_belong_to() -> None:
    listed = Listed().take(received(), WarningUpdated(content=content(), cap=cap("T2", 7)))
    listed.take(WarningCancelled(reason="解除", cap=cap("T3", 8)))

    assert {reference(cap(n), drill=False) for n in ("T1", "T2", "T3")} == set(listed.warnings.refs)
    assert set(listed.warnings.refs.values()) == {"warning-1"}


def test_a_message_that_never_came_leads_to_the_one_that_replaced_it() -> None:
    event = WarningReceived(
        source="cap", content=content(), cap=cap("T2", 7), references=(cap("T1"),)
    )
    refs = Listed().take(event).warnings.refs
    assert refs[reference(cap("T1"), drill=False)] == "warning-1"


def test_messages_of_a_drill_never_lead_to_a_real_warning() -> None:
    refs = Listed().take(received(), drill=True).warnings.refs
    assert reference(cap("T1"), drill=False) not in refs
    assert refs[reference(cap("T1"), drill=True)] == "warning-1"


def test_of_several_lifted_by_one_update_its_name_leads_to_the_one_that_goes_on() -> None:
    listed = Listed().take(received("T1")).take(received("U1"), stream="warning-2")
    listed.take(WarningCancelled(reason="合并", cap=cap("T2", 8)), stream="warning-2")
    listed.take(WarningUpdated(content=content(), cap=cap("T2", 8)), stream="warning-1")
    assert listed.warnings.refs[reference(cap("T2"), drill=False)] == "warning-1"


def test_what_has_ended_leaves_the_list_of_those_in_force() -> None:
    for end, status in (
        (WarningCancelled(reason="解除"), "cancelled"),
        (WarningExpired(due_at=moment(18)), "expired"),
    ):
        listed = Listed().take(received(), proposed(), end)
        assert listed.warnings.open == {}
        assert (listed.line.status, listed.line.ended_at) == (status, minute(3))
        assert listed.line.proposals == []
        assert dues(listed.line) == []
        assert touching(listed.warnings, COUNTY) == []


def test_what_is_told_anew_after_its_end_is_in_force_again() -> None:
    listed = Listed().take(received(), WarningExpired(due_at=moment(18)))
    listed.take(WarningUpdated(content=content(expires=moment(22)), cap=cap("T2", 17)))
    assert listed.warnings.ended == {}
    assert listed.line.status == "updated"
    assert next_due(listed.line) == minute(3)


def test_only_the_latest_that_ended_are_kept_and_one_left_out_may_come_back() -> None:
    listed = Listed()
    for number in range(ENDED_KEPT + 1):
        stream = f"warning-{number}"
        listed.take(received(f"T{number}"), WarningCancelled(reason="解除"), stream=stream)
    assert len(listed.warnings.ended) == ENDED_KEPT
    assert "warning-0" not in listed.warnings.ended

    listed.take(WarningUpdated(content=content(level="red"), cap=cap("X")), stream="warning-0")
    line = listed.warnings.open["warning-0"]
    assert (line.level, line.source, line.status) == ("red", "cap", "updated")


def test_proposals_and_what_became_of_them_are_shown() -> None:
    line = Listed().take(received(), proposed(), proposed(division=NORTH)).line
    assert [(p.division, p.plan_version, p.waits) for p in line.proposals] == [
        (COUNTY, 2, True),
        (NORTH, 2, True),
    ]

    listed = Listed().take(received(), proposed(), proposed(division=NORTH))
    listed.take(ProposalDeclined(plan=PLAN, division=NORTH, reason="不必"))
    listed.take(StartedOnWarning(task_force="tf-1", division=COUNTY, plan=PLAN))
    listed.take(StartedOnWarning(task_force="tf-2", division=SOUTH))
    assert [(p.task_force, p.declined) for p in listed.line.proposals] == [
        ("tf-1", None),
        (None, "不必"),
    ]
    assert listed.line.task_forces == ["tf-1", "tf-2"]


def test_a_start_proposed_anew_takes_the_place_of_the_one_before() -> None:
    line = Listed().take(received(), proposed(), proposed(at_once=True)).line
    assert [p.at_once for p in line.proposals] == [True]


def test_plans_are_held_against_it_as_soon_as_it_comes_and_whenever_it_changes() -> None:
    listed = Listed().take(received())
    assert [(d.what, d.at, d.cause) for d in due(listed.line, minute(1))] == [
        ("propose", minute(1), "warning-1/1")
    ]
    listed.take(proposed())
    assert next_due(listed.line) == moment(18)
    changes: list[WarningEvent] = [
        WarningPlaced(divisions=(NORTH,)),
        WarningUpdated(content=content()),
    ]
    for number, event in enumerate(changes, 3):
        listed.take(event)
        assert [d.cause for d in due(listed.line, moment(9))] == [f"warning-1/{number}"]


def test_what_the_plan_starts_at_once_is_due_until_it_is_started() -> None:
    listed = Listed().take(received(), proposed(at_once=True))
    (first,) = due(listed.line, moment(9))
    assert (first.what, first.at, first.cause) == ("start", minute(2), "warning-1/2")
    assert first.proposal is not None
    assert first.proposal.plan == PLAN

    listed.take(StartedOnWarning(task_force="tf-1", division=COUNTY, plan=PLAN))
    assert due(listed.line, moment(9)) == []


def test_it_is_over_when_its_time_is() -> None:
    line = Listed().take(received(), proposed()).line
    assert due(line, moment(18) - timedelta(microseconds=1)) == []
    assert [d.what for d in due(line, moment(18))] == ["expire"]
    assert next_due(Listed().take(received(expires=None), proposed()).line) is None


def test_a_correction_changes_nothing_but_the_version() -> None:
    before = Listed().take(received()).line
    after = Listed().take(received(), WarningCorrected(version=1, reason="x", text="y")).line
    assert replace(after, version=1) == before


def test_a_division_sees_what_is_for_it_above_it_or_in_it() -> None:
    listed = Listed()
    for number, divisions in enumerate([(COUNTY,), (NORTH,), (SOUTH + "200",), (FAR,), ()]):
        event = received(f"T{number}", divisions=divisions)
        listed.take(event, stream=f"warning-{number}")

    def seen(division: str) -> set[str]:
        return {line.warning for line in touching(listed.warnings, division)}

    assert seen(COUNTY) == {"warning-0", "warning-1", "warning-2"}
    assert seen(NORTH) == {"warning-0", "warning-1"}
    assert seen(NORTH + "200") == {"warning-0", "warning-1"}
    assert seen(SOUTH) == {"warning-0", "warning-2"}
    assert seen(FAR) == {"warning-3"}
    assert [line.warning for line in unplaced(listed.warnings)] == ["warning-4"]


def test_the_gravest_stands_first_and_then_the_latest() -> None:
    listed = Listed()
    for number, level in enumerate(["blue", "red", "orange", "red"]):
        listed.take(received(f"T{number}", level=level), stream=f"warning-{number}")
    order = [line.warning for line in touching(listed.warnings, COUNTY)]
    assert order == ["warning-3", "warning-1", "warning-2", "warning-0"]


def test_facts_of_other_streams_are_passed_over() -> None:
    listed = Listed().take(received(), stream="tf-1")
    assert listed.warnings == Warnings()


LATER = st.sampled_from(
    [
        WarningUpdated(content=content(level="red"), cap=cap("T2", 7)),
        WarningCancelled(reason="解除", cap=cap("T3", 8)),
        WarningExpired(due_at=moment(18)),
        WarningPlaced(divisions=(NORTH,)),
        proposed(),
        proposed(at_once=True),
        ProposalDeclined(plan=PLAN, division=COUNTY, reason="不必"),
        StartedOnWarning(task_force="tf-1", division=COUNTY, plan=PLAN),
        WarningCorrected(version=1, reason="x", text="y"),
    ]
)
HISTORIES = st.lists(st.tuples(st.sampled_from(["warning-1", "warning-2"]), LATER), max_size=12)


@settings(max_examples=60, deadline=None)
@given(HISTORIES, st.integers(0, 12))
def test_a_stored_list_and_the_facts_after_it_give_the_same_list(
    history: list[tuple[str, WarningEvent]], at: int
) -> None:
    live, resumed = Listed(), Listed()
    for listed in (live, resumed):
        for stream in ("warning-1", "warning-2"):
            listed.take(received(stream), stream=stream)
    for number, (stream, event) in enumerate(history):
        if number == at:
            stored = msgspec.msgpack.encode(resumed.warnings)
            resumed.warnings = msgspec.msgpack.decode(stored, type=Warnings)
        live.take(event, stream=stream)
        resumed.take(event, stream=stream)
    assert resumed.warnings == live.warnings
