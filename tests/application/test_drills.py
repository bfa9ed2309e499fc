"""A drill never mixes with real figures: whatever is done in it is marked, nothing else is."""

from __future__ import annotations

import msgspec

from handheld.application.requests import Request
from handheld.domain import task
from handheld.domain.ending import CloseTaskForce
from handheld.domain.ordering import IssueOrder, Order
from handheld.domain.task_force import MakeEntry
from handheld_events.codec import Reading
from handheld_events.ids import task_force_id
from tests.support_log import Bench, new_command, person, start_request, started_tasks


def _marked(bench: Bench, after: int) -> set[bool]:
    fact = Reading().fact
    return {fact(*row).meta.drill for row in bench.log.read(after, 10_000)}


def test_all_that_is_done_in_a_drill_is_marked_whatever_its_sender_says(bench: Bench) -> None:
    before = bench.log.end()
    command = new_command()
    real = start_request(command)
    drill = Request(real.command, msgspec.structs.replace(real.meta, drill=True))
    bench.writer.execute(drill)
    task_force = task_force_id(command)
    name = next(row[1] for row in bench.log.read(before, 10_000) if row[1].startswith("task-"))
    assignee = Reading().fact(*bench.log.read_streams([name])[0]).person or ""

    bench.execute(task.Accept(task=name), assignee)
    bench.execute(MakeEntry(task_force=task_force, text="演练记事"), "operator")
    order = Order(text="再查一遍", people=(person(0),))
    bench.execute(IssueOrder(task_force=task_force, order=order), "operator")
    bench.execute(
        CloseTaskForce(task_force=task_force, outcome="演练结束", withdraw_open=True), "operator"
    )

    assert _marked(bench, before) == {True}


def test_a_real_task_cannot_be_done_as_a_drill(bench: Bench) -> None:
    (first, *_) = started_tasks(bench, 1)
    before = bench.log.end()
    request = bench.request(task.Accept(task=first), person(0))
    marked = msgspec.structs.replace(request.meta, drill=True)

    bench.writer.execute(Request(request.command, marked))

    assert _marked(bench, before) == {False}
