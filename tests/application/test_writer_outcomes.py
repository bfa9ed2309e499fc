"""What is kept of a command and what is not; and what one faulty command does to the others."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent

from handheld.adapters.log import open_sqlite
from handheld.adapters.log_sqlite import SQLiteLog
from handheld.application.requests import Receipt, Request
from handheld.domain import task
from handheld.domain.errors import (
    CommandReused,
    HandheldError,
    Malformed,
    NotAllowed,
    NotFound,
    WriterStopped,
)
from handheld.domain.joining import PullIn
from handheld_events.ids import task_force_id
from tests.support_log import (
    Bench,
    held,
    history,
    new_command,
    person,
    start_request,
    started_tasks,
)


def test_a_refusal_is_kept_and_repeated_even_when_it_would_be_allowed_by_now(bench: Bench) -> None:
    (mine, *_) = started_tasks(bench, 1)
    command, verify = new_command(), task.Verify(task=mine)
    refusal = bench.execute(verify, "operator", command)
    assert (refusal.outcome, refusal.code) == ("refused", "task.nothing_to_verify")
    assert refusal.first is None
    bench.execute(task.Decline(task=mine, reason="外出"), person(0))
    again = bench.execute(verify, "operator", command)
    assert (again.outcome, again.code, again.repeated) == (refusal.outcome, refusal.code, True)
    assert again.recorded_at == refusal.recorded_at
    assert bench.execute(verify, "operator").code == "task.declined"


def test_already_done_is_kept_and_repeated(bench: Bench) -> None:
    (mine, *_) = started_tasks(bench, 1)
    accept, command = task.Accept(task=mine), new_command()
    bench.execute(accept, person(0))
    done = bench.execute(accept, person(0), command)
    assert (done.outcome, done.code, done.first) == ("already_done", "task.accepted", None)
    bench.execute(task.Withdraw(task=mine, reason="误发"), "operator")
    again = bench.execute(accept, person(0), command)
    assert (again.outcome, again.code, again.repeated) == ("already_done", "task.accepted", True)


def test_what_came_too_late_is_kept_as_a_fact_once(bench: Bench) -> None:
    (mine, *_) = started_tasks(bench, 1)
    bench.execute(task.Withdraw(task=mine, reason="误发"), "operator")
    command = new_command()
    late = bench.execute(task.Accept(task=mine), person(0), command)
    assert (late.outcome, late.code) == ("overtaken", "task.withdrawn")
    again = bench.execute(task.Accept(task=mine), person(0), command)
    assert (again.outcome, again.first, again.repeated) == ("overtaken", late.first, True)
    assert [row[3] for row in bench.log.read_streams([mine])].count("task.overtaken.v1") == 1


def test_a_start_sent_again_starts_nothing_again(bench: Bench) -> None:
    command = new_command()
    first = bench.writer.execute(start_request(command))
    end = bench.log.end()
    again = bench.writer.execute(start_request(command))
    assert (again.outcome, again.first, again.last, again.repeated) == (
        "accepted",
        first.first,
        first.last,
        True,
    )
    assert bench.log.end() == end


def test_what_is_malformed_not_allowed_or_not_found_is_not_kept(bench: Bench) -> None:
    first, second = started_tasks(bench, 2)
    command = new_command()
    before = bench.log.end()
    attempts: list[tuple[type[HandheldError], Any]] = [
        (Malformed, task.Decline(task=first, reason=" ")),
        (NotAllowed, task.Accept(task=second)),
        (NotFound, task.Accept(task="task-none")),
    ]
    for error, wrong in attempts:
        for _ in range(2):
            with pytest.raises(error):
                bench.execute(wrong, person(0), command)
    assert bench.log.end() == before
    # The id is free: what is meant may still come under it.
    receipt = bench.execute(task.Accept(task=first), person(0), command)
    assert (receipt.outcome, receipt.repeated) == ("accepted", False)
    with pytest.raises(CommandReused):
        bench.execute(task.Accept(task=second), person(0), command)


def test_a_command_id_of_another_form_is_malformed(bench: Bench) -> None:
    request = bench.request(task.Accept(task="task-none"), person(0), "not-an-id")
    with pytest.raises(Malformed) as caught:
        bench.writer.submit(request)
    assert caught.value.code == "command.id"


def test_words_that_are_no_text_are_malformed(bench: Bench) -> None:
    """Bytes of a terminal that are not UTF-8 arrive as lone surrogates."""
    (mine, *_) = started_tasks(bench, 1)
    with pytest.raises(Malformed):
        bench.execute(task.Decline(task=mine, reason="\udcff"), person(0))
    assert bench.execute(task.Accept(task=mine), person(0)).outcome == "accepted"


class Unknown:
    """No command of ours."""


def faulty(bench: Bench, name: str) -> Request:
    """A command that no sender of ours makes."""
    command = new_command()
    bench.writer.execute(start_request(command))
    task_force = task_force_id(command)
    commands: dict[str, Any] = {
        "a person's stream": task.Accept(task=person(0)),
        "a division's stream": task.Accept(task="division-330825"),
        "a plan's stream": task.Accept(task="plan-storm"),
        "a task force's stream": task.Accept(task=task_force),
        "a stream of no kind": task.Accept(task="whatever"),
        "no stream at all": task.Accept(task=""),
        "not a text": task.Accept(task=None),  # type: ignore[arg-type]
        "nobody": PullIn(task_force=task_force, person=None, order="order-1"),  # type: ignore[arg-type]
        "no command": Unknown(),
        "an unreadable stream": task.Accept(task="task-unreadable"),
        "a stream that begins in the middle": task.Accept(task="task-middle"),
    }
    if name == "an unreadable stream":
        event = StoredEvent("task-unreadable", 1, "task.levitated.v9", b"{}")
        bench.app.recorder.insert_events([event])
    if name == "a stream that begins in the middle":
        (mine, *_) = started_tasks(bench, 1)
        bench.execute(task.Accept(task=mine), person(0))
        (_, accepted) = bench.log.read_streams([mine])
        event = StoredEvent("task-middle", 1, accepted[3], accepted[4])
        bench.app.recorder.insert_events([event])
    return bench.request(commands[name], person(0))


def submitted(bench: Bench, request: Request) -> Future[Receipt]:
    """A wait, also for one that is refused at the door."""
    try:
        return bench.writer.submit(request)
    except Exception as error:
        refused: Future[Receipt] = Future()
        refused.set_exception(error)
        return refused


@pytest.mark.parametrize(
    "name",
    [
        "a person's stream",
        "a division's stream",
        "a plan's stream",
        "a task force's stream",
        "a stream of no kind",
        "no stream at all",
        "not a text",
        "nobody",
        "no command",
        "an unreadable stream",
        "a stream that begins in the middle",
    ],
)
def test_a_faulty_command_fails_alone(bench: Bench, name: str) -> None:
    first, second = started_tasks(bench, 2)
    wrong = faulty(bench, name)
    before = bench.log.end()
    with held(bench) as arrived:
        blocker = bench.writer.submit(bench.request(task.Deliver(task=first), person(0)))
        arrived()
        failed = submitted(bench, wrong)
        healthy = bench.writer.submit(bench.request(task.Accept(task=second), person(1)))
    assert blocker.result(10).outcome == "accepted"
    assert healthy.result(10).outcome == "accepted"
    error = failed.exception(10)
    assert not isinstance(error, WriterStopped)
    assert isinstance(error, HandheldError)
    assert bench.log.end() == before + 2
    assert bench.execute(task.Accept(task=first), person(0)).outcome == "accepted"


def test_after_a_broken_log_nothing_is_acknowledged(sqlite_bench: Bench, tmp_path: Path) -> None:
    tasks = started_tasks(sqlite_bench, 20)
    requests = [sqlite_bench.request(task.Accept(task=t), person(n)) for n, t in enumerate(tasks)]
    before = history(sqlite_bench.log)
    with open_sqlite(tmp_path / "log.db") as other:
        assert isinstance(other.port, SQLiteLog)
        with other.port.datastore.transaction(commit=True) as c:
            c.execute("ALTER TABLE stored_events RENAME COLUMN recorded_us TO lost")
        waiting = [sqlite_bench.writer.submit(request) for request in requests[:10]]
        for one in waiting:
            assert isinstance(one.exception(10), WriterStopped)
        with other.port.datastore.transaction(commit=True) as c:
            c.execute("ALTER TABLE stored_events RENAME COLUMN lost TO recorded_us")
    # Even though it would work now: what was lost at the failure is not known to this process.
    for request in requests:
        with pytest.raises(WriterStopped) as caught:
            sqlite_bench.writer.execute(request)
        assert caught.value.code == "writer.stopped"
    assert history(sqlite_bench.log) == before
    # A new process carries out what was never acknowledged.
    restarted = Bench(open_sqlite(tmp_path / "log.db"), tmp_path / "keyring.db")
    assert {restarted.writer.execute(r).repeated for r in requests} == {False}
    restarted.close()
