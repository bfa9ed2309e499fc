"""The fold of the registers: sliced in any way it comes to the same rows, and to those of the boards."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from handheld_events import finding, task, task_force, warning
from handheld_events.codec import microseconds
from handheld_projections.findings import Findings, take
from handheld_projections.open_tasks import (
    OPEN,
    STATES,
)
from handheld_projections.register import Register, Rows
from handheld_projections.register_rows import COLUMNS, FINDING_MARKS, Table
from handheld_projections.warning_lines import WarningLine, change, new_line
from tests.support_registers import Incidents
from tests.support_story import PEOPLE, VILLAGE, Fact, Facts, cut, folded


def rows_of(*batches: Any) -> Rows:
    rows, register = Rows(), Register()
    for batch in batches:
        rows.apply(register.changes(batch))
    return rows


def row(facts: list[Fact], table: Table, key: str) -> dict[str, object]:
    return dict(zip(COLUMNS[table], rows_of(facts).of(table)[key], strict=True))


@st.composite
def incidents(draw: st.DrawFn) -> list[Fact]:
    return Incidents(lambda n: draw(st.integers(0, n - 1))).tell(draw(st.integers(0, 80)))


@given(incidents(), st.lists(st.integers(0, 200), max_size=8))
def test_rows_made_in_any_slices_are_those_made_at_once(
    facts: list[Fact], places: list[int]
) -> None:
    whole = rows_of(facts)
    assert rows_of(*cut(facts, places)).tables == whole.tables
    assert rows_of(*[[fact] for fact in facts]).tables == whole.tables


def test_every_event_of_every_register_occurs_in_the_stories_or_changes_nothing() -> None:
    told = {type(fact.event) for seed in range(8) for fact in a_story(seed)}
    assert told >= set(get_args(task.TaskEvent)) | set(get_args(finding.FindingEvent))
    quiet = {
        warning.StartProposed,
        warning.ProposalDeclined,
        warning.StartedOnWarning,
        warning.StartCancelled,
    }
    assert told >= set(get_args(warning.WarningEvent)) - quiet


def a_story(seed: int, steps: int = 400) -> list[Fact]:
    return Incidents(random.Random(seed).randrange).tell(steps)


def test_states_and_overdue_marks_are_those_of_the_boards() -> None:
    for seed in range(20):
        facts = a_story(seed)
        tasks = {s: t for part in folded(facts).parts.values() for s, t in part.tasks.items()}
        made = rows_of(facts).tables["tasks"]
        assert made.keys() == tasks.keys()
        for stream, known in tasks.items():
            mine = made[stream]
            late = bool(mine["accept_overdue"] or mine["report_overdue"])
            shown = (mine["state"], late and known.state <= 2, mine["delivered"] == 1)
            assert shown == (known.state, known.overdue, known.delivered)
            if known.state <= 2:
                assert mine["open"] == bool(known.marks & OPEN)
            assert (mine["reminded"], mine["escalated"]) == (known.reminded, known.escalated)
            assert mine["person"] == known.person


def one_task(*events: task.TaskEvent) -> dict[str, object]:
    facts = Facts()
    stream = facts.start()
    (name,) = facts.order(stream, [(PEOPLE[0], VILLAGE)])
    for event in events:
        facts.wait(60)
        facts.add(name, event)
    found = row(facts.facts, "tasks", name)
    assert found["last_at"] == microseconds(facts.now)
    assert found["position"] == len(facts.facts)
    return found


def test_a_declined_task_that_is_reopened_waits_and_a_closed_one_goes_on() -> None:
    reopened = task.TaskReopened(reason="没完")
    assert (
        STATES[int(str(one_task(task.TaskDeclined(reason="病"), reopened)["state"]))] == "waiting"
    )
    assert STATES[int(str(one_task(task.TaskClosed(), reopened)["state"]))] == "in_progress"


def test_what_was_declined_again_after_it_was_reopened_waits_when_it_is_reopened_again() -> None:
    """The dispatch was stored before: what the task was then is not known to the fold."""
    facts = Facts()
    (name,) = facts.order(facts.start(), [(PEOPLE[0], VILLAGE)])
    stored = len(facts.facts)
    reopened = task.TaskReopened(reason="没完")
    for event in (reopened, task.TaskDeclined(reason="病"), reopened):
        facts.add(name, event)
    rows = rows_of(facts.facts[:stored], facts.facts[stored:])
    assert STATES[int(str(rows.tables["tasks"][name]["state"]))] == "waiting"


def test_a_task_cancelled_with_its_task_force_is_marked() -> None:
    found = one_task(task.TaskCancelled(reason="误发"))
    assert (found["cancelled"], STATES[int(str(found["state"]))]) == (1, "withdrawn")


def test_more_time_clears_the_mark_of_a_late_report_but_not_of_a_late_acceptance() -> None:
    facts = Facts()
    report = task.TaskOverdue(awaited="report", due_at=facts.now)
    accept = task.TaskOverdue(awaited="accept", due_at=facts.now)
    extended = task.TaskExtended(report_by=facts.now, reason="路断")
    found = one_task(report, accept, extended)
    assert (found["report_overdue"], found["accept_overdue"]) == (0, 1)


def finding_state(found: Mapping[str, object]) -> str:
    return next((mark for mark in FINDING_MARKS if found[mark]), "open")


def test_states_of_findings_and_warnings_are_those_of_the_desks() -> None:
    met = set()
    for seed in range(20):
        facts = a_story(seed)
        made = rows_of(facts)
        # Those of drills are kept apart on the desks; here it is their state that counts.
        desks = Findings({}, {})
        lines: dict[str, WarningLine] = {}
        for fact in facts:
            take(desks, fact)
            if fact.stream.startswith("warning-"):
                known = lines.get(fact.stream)
                if known is None:
                    said = fact.event
                    lines[fact.stream] = new_line(fact, said.source, said.content, None)
                else:
                    change(known, fact, fact.event)
        for stream, found in made.tables["findings"].items():
            line = desks.open.get(stream)
            state = "dealt_with" if line is None else line.state
            assert finding_state(found) == state
            met.add(state)
            if line is not None:
                shown = (found["desk"], found["text"], found["wants_task_force"] == 1)
                assert shown == (line.desk, line.text, line.wants_task_force)
                assert (found["order_id"], found["task_force"]) == (line.order, line.task_force)
        for stream, found in made.tables["warnings"].items():
            status, divisions = lines[stream].status, lines[stream].divisions
            assert (found["status"], found["divisions"]) == (status, divisions)
    assert met == {"open", "returned", "ordered", "started", "dealt_with"}


def test_a_task_force_started_by_mistake_stays_cancelled_when_it_is_archived() -> None:
    facts = Facts()
    stream = facts.start()
    facts.add(stream, task_force.TaskForceCancelled(reason="误发", tasks=0))
    facts.add(stream, task_force.TaskForceArchived())
    shown = row(facts.facts, "task_forces", stream)
    assert (shown["status"], shown["archived"]) == ("cancelled", 1)


def test_who_takes_over_commands_and_an_end_that_is_taken_back_is_no_end() -> None:
    facts = Facts()
    stream = facts.start()
    facts.add(stream, task_force.CommandHandedOver(to=PEOPLE[2], handed_by=PEOPLE[1]))
    facts.add(stream, task_force.TaskForceClosed(outcome="完成"))
    closed = row(facts.facts, "task_forces", stream)
    ended = microseconds(facts.now)
    assert (closed["status"], closed["ended_at"], closed["commander"]) == (
        "closed",
        ended,
        PEOPLE[2],
    )
    facts.add(stream, task_force.TaskForceReopened(reason="没完"))
    again = row(facts.facts, "task_forces", stream)
    assert (again["status"], again["ended_at"]) == ("active", None)
