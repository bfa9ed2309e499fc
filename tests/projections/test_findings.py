"""What waits at a desk and how many there are, folded from findings that the rules made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, get_args

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from handheld.domain import finding
from handheld.domain.errors import Malformed
from handheld.domain.finding import By, Finding
from handheld.domain.finding_commands import (
    AddToFinding,
    CorrectFinding,
    DealWith,
    PassUp,
    Return,
    Route,
)
from handheld_events.envelope import Recorded
from handheld_events.examples import META, at, examples_of
from handheld_events.finding import (
    FindingCorrected,
    FindingDealtWith,
    FindingEvent,
    FindingOrdered,
    FindingPassedUp,
    FindingReported,
    FindingReturned,
    FindingStarted,
)
from handheld_events.forms import Photo
from handheld_projections.findings import (
    FINDING_STATES,
    Findings,
    count_of,
    take,
    waiting_at,
)
from tests.support_findings import (
    COUNTY,
    GRID,
    NEXT_VILLAGE,
    ORGANISATION,
    OTHER_TOWNSHIP,
    REPORTER,
    TOWNSHIP,
    VILLAGE,
)

FIRST = FindingReported(
    text="大树倒伏", division=VILLAGE, desk=VILLAGE, photos=(Photo(sha256="ab" * 32),)
)
SECOND = FindingReported(text="路灯不亮", division=GRID, desk=VILLAGE)
ELSEWHERE = FindingReported(text="井盖破损", division=NEXT_VILLAGE, desk=NEXT_VILLAGE)


def folded(*told: tuple[str, FindingEvent]) -> Findings:
    findings = Findings()
    for fact in facts(told):
        take(findings, fact)
    return findings


def facts(told: Sequence[tuple[str, FindingEvent]]) -> list[Recorded[Any]]:
    versions: dict[str, int] = {}
    divisions: dict[str, str] = {}
    made = []
    for position, (stream, event) in enumerate(told, 1):
        versions[stream] = versions.get(stream, 0) + 1
        if isinstance(event, FindingReported):
            divisions[stream] = event.division
        made.append(
            Recorded(
                position,
                stream,
                versions[stream],
                at(7) + timedelta(seconds=position),
                META,
                divisions[stream],
                None,
                REPORTER,
                event,
            )
        )
    return made


def counted(findings: Findings, division: str) -> dict[str, int]:
    numbers = zip(FINDING_STATES, count_of(findings, division), strict=True)
    return {state: number for state, number in numbers if number}


def test_a_desk_sees_what_waits_there_the_oldest_first() -> None:
    findings = folded(("finding-2", FIRST), ("finding-1", SECOND), ("finding-3", ELSEWHERE))

    assert [line.text for line in waiting_at(findings, VILLAGE)] == ["大树倒伏", "路灯不亮"]
    line = waiting_at(findings, VILLAGE)[0]
    assert (line.reporter, line.photos, line.division) == (REPORTER, 1, VILLAGE)
    assert line.reported_at == at(7) + timedelta(seconds=1)
    assert waiting_at(findings, TOWNSHIP) == []


def test_what_is_passed_up_waits_at_the_desk_above_and_counts_where_it_is() -> None:
    up = FindingPassedUp(desk=TOWNSHIP, reason="没有吊机", wants_task_force=True)
    findings = folded(("finding-1", FIRST), ("finding-1", up))

    assert waiting_at(findings, VILLAGE) == []
    (line,) = waiting_at(findings, TOWNSHIP)
    assert (line.wants_task_force, line.reason) == (True, "没有吊机")
    assert counted(findings, VILLAGE) == {"open": 1}


def test_counts_sum_up_the_tiers() -> None:
    findings = folded(
        ("finding-1", FIRST),
        ("finding-2", SECOND),
        ("finding-3", ELSEWHERE),
        ("finding-1", FindingReturned(reason="在哪？")),
        ("finding-2", FindingDealtWith(text="换了灯")),
    )

    assert counted(findings, GRID) == {"dealt_with": 1}
    assert counted(findings, VILLAGE) == {"returned": 1, "dealt_with": 1}
    assert counted(findings, COUNTY) == {"open": 1, "returned": 1, "dealt_with": 1}
    assert counted(findings, OTHER_TOWNSHIP) == {}
    assert waiting_at(findings, VILLAGE) == []


def test_what_is_dealt_with_leaves_the_list_and_what_is_said_later_changes_nothing() -> None:
    told: list[tuple[str, FindingEvent]] = [
        ("finding-1", FIRST),
        ("finding-1", FindingDealtWith(text="锯开了")),
    ]
    late: tuple[str, FindingEvent] = (
        "finding-1",
        FindingCorrected(version=1, reason="r", text="别的"),
    )

    assert folded(*told, late) == folded(*told)
    assert folded(*told).open == {}


def test_an_order_or_a_task_force_about_it_is_named() -> None:
    ordered = FindingOrdered(task_force_started="tf-1", order="order-1")
    line = folded(("finding-1", FIRST), ("finding-1", ordered)).open["finding-1"]
    assert (line.state, line.order, line.task_force) == ("ordered", "order-1", "tf-1")
    started = FindingStarted(task_force_started="tf-2")
    line = folded(("finding-1", FIRST), ("finding-1", started), ("finding-1", ordered)).open[
        "finding-1"
    ]
    assert (line.state, line.task_force) == ("started", "tf-1")


def test_the_list_shows_the_right_words_after_a_correction() -> None:
    wrong = FindingCorrected(version=1, reason="听错了", text="电线杆倒伏")
    other = FindingCorrected(version=2, reason="听错了", text="别的")
    findings = folded(("finding-1", FIRST), ("finding-1", wrong), ("finding-1", other))

    assert findings.open["finding-1"].text == "电线杆倒伏"


def test_facts_of_other_streams_change_nothing() -> None:
    findings = Findings()
    for event in examples_of("task.accepted.v1").values():
        take(findings, Recorded(1, "task-1", 2, at(7), META, VILLAGE, None, REPORTER, event))
    assert findings == Findings()


def test_a_drill_is_marked() -> None:
    (fact,) = facts([("finding-1", FIRST)])
    drill = Recorded(
        1,
        fact.stream,
        1,
        fact.recorded_at,
        replace(META, drill=True),
        VILLAGE,
        None,
        REPORTER,
        FIRST,
    )
    findings = Findings()
    take(findings, drill)
    assert findings.open["finding-1"].drill


_ASKS: list[Any] = [
    AddToFinding(finding="f", text="more", photos=(Photo(sha256="cd" * 32),)),
    PassUp(finding="f", reason="up", wants_task_force=True),
    Route(finding="f", desk="department-water", reason="river"),
    Route(finding="f", desk=VILLAGE, reason="yours"),
    Return(finding="f", reason="no"),
    DealWith(finding="f", text="done"),
    CorrectFinding(finding="f", version=1, reason="r", text="right"),
    "order",
    "start",
]
_ASKED = st.sampled_from(_ASKS)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[str, FindingEvent]], dict[str, Finding]]:
    """Facts of some findings, as the rules make them, and the state of each."""
    told: list[tuple[str, FindingEvent]] = []
    states: dict[str, Finding] = {}
    by = By("operator", REPORTER, REPORTER, ORGANISATION)
    for step in range(draw(st.integers(0, 40))):
        stream = f"finding-{draw(st.integers(0, 4))}"
        if stream not in states:
            events: tuple[FindingEvent, ...] = (draw(st.sampled_from([FIRST, SECOND, ELSEWHERE])),)
        else:
            asked = draw(_ASKED)
            if asked == "order":
                done = states[stream].status == "dealt_with"
                order = FindingOrdered(task_force_started="tf-1", order=f"order-{step}")
                events = () if done else (order,)
            elif asked == "start":
                events = finding.started(states[stream], f"tf-{step}").events
            else:
                try:
                    events = finding.decide(states[stream], asked, by).events
                except Malformed:  # routed up or aside
                    events = ()
        for event in events:
            states[stream] = finding.evolve(states.get(stream), event)
            told.append((stream, event))
    return told, states


@given(histories())
def test_the_list_agrees_with_what_the_rules_know(
    history: tuple[list[tuple[str, FindingEvent]], dict[str, Finding]],
) -> None:
    told, states = history
    findings = folded(*told)

    for stream, state in states.items():
        line = findings.open.get(stream)
        if state.status == "dealt_with":
            assert line is None
        else:
            assert line is not None
            assert (line.state, line.desk) == (state.status, state.desk)
            assert line.wants_task_force == state.wants_task_force
    for division in (COUNTY, TOWNSHIP, VILLAGE, NEXT_VILLAGE, GRID):
        here = [s.status for s in states.values() if s.division.startswith(division)]
        assert count_of(findings, division) == [here.count(state) for state in FINDING_STATES]


@given(histories(), st.integers(0, 40))
def test_a_checkpoint_and_the_facts_after_it_give_the_same(
    history: tuple[list[tuple[str, FindingEvent]], dict[str, Finding]], place: int
) -> None:
    made = facts(history[0])
    findings = Findings()
    for fact in made[:place]:
        take(findings, fact)
    resumed = msgspec.msgpack.decode(msgspec.msgpack.encode(findings), type=Findings)
    for fact in made[place:]:
        take(findings, fact)
        take(resumed, fact)

    assert resumed == findings


def test_the_columns_are_the_states_of_the_rules() -> None:
    assert get_args(finding.Status) == FINDING_STATES
