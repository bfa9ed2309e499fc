"""Our logs as the library's applications, with facts instead of the library's aggregates.

The library's `ExampleApplicationTestCase` and `ApplicationTestCase` do not apply: the first saves
its own `BankAccount` aggregates, with UUID ids, through a transcoder and takes snapshots; the second
tests the library's `Application` class on its own in-memory recorder. Our mapper stores `Recorded`
facts of the published language and nothing else, which is shown here; a log needs no aggregates,
no transcoder and no snapshots. What remains of them is repeated here: what is put into the event
store comes back the same, is seen by the notification log, and is not saved twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import IntegrityError

from handheld.adapters.log import CommandLog, open_memory, open_sqlite
from handheld_events.base import Event
from handheld_events.codec import UnreadableEvent
from handheld_events.envelope import Meta, Recorded
from handheld_events.task import TaskAccepted, TaskDispatched, TaskReported
from tests.support_log import new_command, person

WHEN = datetime(2021, 7, 23, 7, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CommandLog]:
    match request.param:
        case "memory":
            app = open_memory()
        case "sqlite":
            app = open_sqlite(tmp_path / "log.db")
        case _:
            app = request.getfixturevalue("server").log()
    yield app
    app.close()


def fact(stream: str, version: int, event: Event) -> Recorded[Any]:
    meta = Meta(actor=person(1), command=new_command(), occurred_at=WHEN)
    return Recorded(0, stream, version, WHEN, meta, "330825100200", "tf-1", person(1), event)


def facts(stream: str) -> list[Recorded[Any]]:
    return [
        fact(
            stream, 1, TaskDispatched(order="order-1", person=person(1), steps=("accept", "report"))
        ),
        fact(stream, 2, TaskAccepted()),
        fact(stream, 3, TaskReported(text="走访已完成")),
    ]


def test_facts_come_back_as_they_were_put(app: CommandLog) -> None:
    written = facts("task-1")
    app.events.put(written)
    found: list[Any] = list(app.events.get("task-1"))
    recorded = {one.recorded_at for one in found}
    assert len(recorded) == 1
    assert found == [
        msgspec.structs.replace(one, position=place, recorded_at=recorded.copy().pop())
        for place, one in enumerate(written, 1)
    ]


def test_the_notification_log_shows_them_under_their_stable_names(app: CommandLog) -> None:
    app.events.put(facts("task-1"))
    section = app.notification_log["1,10"]
    assert [(n.id, n.originator_id, n.topic) for n in section.items] == [
        (1, "task-1", "task.dispatched.v1"),
        (2, "task-1", "task.accepted.v1"),
        (3, "task-1", "task.reported.v1"),
    ]


def test_a_version_that_is_taken_rolls_all_of_them_back(app: CommandLog) -> None:
    app.events.put(facts("task-1")[:2])
    with pytest.raises(IntegrityError):
        app.events.put([*facts("task-2"), *facts("task-1")])
    assert len(app.notification_log["1,10"].items) == 2


def test_the_librarys_own_aggregates_are_not_stored(app: CommandLog) -> None:
    with pytest.raises(TypeError, match="only Recorded facts"):
        app.save(cast(Any, Aggregate()))
    assert app.recorder.max_notification_id() is None


def test_an_event_of_an_unknown_name_is_named_with_its_position(app: CommandLog) -> None:
    stored = app.mapper.to_stored_event(fact("task-1", 1, TaskAccepted()))
    app.recorder.insert_events(
        [type(stored)(stored.originator_id, 1, "task.levitated.v9", stored.state)]
    )
    with pytest.raises(UnreadableEvent) as caught:
        list(app.events.get("task-1"))
    assert (caught.value.position, caught.value.topic) == (1, "task.levitated.v9")
