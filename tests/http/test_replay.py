"""Looking back over HTTP: how densely facts lie, where a task force waited, what a search finds."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from handheld.domain.ordering import Order
from handheld.domain.task_commands import Accept, Report
from tests.support_server import Served, served
from tests.support_tasks import DUTY, TOWN, VILLAGE, A, B, C, Township, township


class Course:
    """A task force of two people, of whom one has accepted and reported."""

    def __init__(self, place: Township, server: Served) -> None:
        self.place, self.server = place, server
        self.force, order = place.start(Order(text="巡查本网格", people=(A, B)))
        self.begin = place.clock.now()
        self.task = place.task(order, A)
        place.later(minutes=10)
        place.do(Accept(task=self.task), A)
        place.later(minutes=50)
        place.do(Report(task=self.task, text="水沟已清理"), A)
        place.home.caught_up()

    def get(self, path: str, who: str = DUTY) -> Any:
        with self.server.client(who) as client:
            answer = client.get(f"/task-forces/{self.force}{path}")
            return answer.json() | {"status": answer.status_code}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Generator[Course]:
    data: Path = tmp_path_factory.mktemp("replay") / "data"
    with township(data) as place, served(place.home) as server:
        yield Course(place, server)


def test_facts_are_counted_in_equal_parts_of_the_time_with_the_main_steps_beside(
    course: Course,
) -> None:
    found = course.get("/density?buckets=6")
    assert found["topics"]["task.dispatched"] == [2, 0, 0, 0, 0, 0]
    assert found["topics"]["task.accepted"] == [0, 1, 0, 0, 0, 0]
    assert found["topics"]["task.reported"] == [0, 0, 0, 0, 0, 1]
    assert found["total"] == len(course.get("/timeline")["facts"])
    assert [mark["topic"] for mark in found["marks"]] == [
        "task_force.started.v1",
        "task_force.order_issued.v1",
    ]


def test_the_density_of_the_past_and_of_the_time_between_two_instants(course: Course) -> None:
    early = course.get("/density?at=2021-07-23T07:15:00Z")
    assert "task.reported" not in early["topics"]
    between = course.get("/density?since=2021-07-23T07:15:00Z&buckets=1")
    assert between["topics"]["task.reported"] == [1]
    assert "task.dispatched" not in between["topics"]
    only = course.get(f"/density?buckets=1&person={B}")
    assert only["topics"] == {"task.dispatched": [1]}
    assert "topics" not in course.get("/density?buckets=1&division=330825102")


def test_waits_are_ranked_with_place_post_and_person(course: Course) -> None:
    found = course.get("/waits?step=delivered")
    assert [step["step"] for step in found["steps"]] == ["delivered", "reported", "verified"]
    first = found["steps"][0]
    assert (first["tasks"], first["open"], first["longest"]) == (2, 1, 3600)
    assert [one["division"]["code"] for one in found["places"]] == ["330825101"]
    assert [one["person"]["person"] for one in found["longest"]] == [B, A]
    assert [one["seconds"] for one in found["longest"]] == [3600, 600]
    assert found["longest"][1]["task"] == course.task
    assert course.get("/waits?step=delivered&open=false")["total"] == 1
    then = course.get("/waits?at=2021-07-23T07:05:00Z")
    assert [(one["step"], one["open"], one["longest"]) for one in then["steps"]] == [
        ("delivered", 2, 300)
    ]


def test_who_may_not_see_the_course_is_told_neither(course: Course) -> None:
    for path in ("/density", "/waits"):
        assert course.get(path, C)["status"] == 404
        assert course.get(path, TOWN)["status"] == 200


def test_too_many_parts_or_rows_are_refused_in_words(course: Course) -> None:
    assert course.get("/density?buckets=0")["code"] == "density.buckets"
    assert course.get("/density?buckets=1001")["code"] == "density.buckets"
    assert course.get("/waits?limit=2001")["code"] == "waits.window"
    assert course.get("/waits?offset=-1")["code"] == "waits.window"


def test_a_timeline_is_searched_for_words_and_for_a_person(course: Course) -> None:
    def topics(query: str) -> list[str]:
        return [fact["topic"] for fact in course.get(f"/timeline?{query}").get("facts", [])]

    assert topics("words=水沟") == ["task.reported.v1"]
    assert topics("words=水沟%20没有的词") == []
    assert set(topics(f"words={VILLAGE}")) >= {"task.accepted.v1", "task.dispatched.v1"}
    assert topics(f"person={B}") == ["task.dispatched.v1"]
    assert topics(f"person={A}&newest=true&topics=task.reported,task.accepted") == [
        "task.reported.v1",
        "task.accepted.v1",
    ]
