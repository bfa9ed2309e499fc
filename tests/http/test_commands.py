"""Commands over HTTP: durable when answered, repeated without harm, refused with a reason."""

from __future__ import annotations

import logging
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.support_server import Served, served
from tests.support_tasks import DISTRICT, DUTY, TOWN, A, C, Township, township

ORDER = {"text": "巡查本网格", "people": [A]}


class Room:
    """The township, and a server on it."""

    def __init__(self, place: Township, server: Served) -> None:
        self.place = place
        self.server = server

    def post(self, who: str, path: str, body: Any, **headers: str) -> Any:
        with self.server.client(who) as client:
            named = {"idempotency-key": self.server.key()} | {
                name.replace("_", "-"): value for name, value in headers.items()
            }
            return client.post(path, json=body, headers=named)

    def start(self) -> str:
        body = {"title": "道路抢通", "division": DISTRICT, "orders": [ORDER]}
        answer = self.post(DUTY, "/task-forces", body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["made"])

    def task(self, task_force: str) -> str:
        return next(iter(self.place.tasks(task_force)))


@pytest.fixture
def room(tmp_path: Path) -> Generator[Room]:
    with township(tmp_path / "data") as place, served(place.home) as server:
        yield Room(place, server)


def test_a_command_is_durable_when_it_is_answered(room: Room) -> None:
    task = room.task(room.start())
    answer = room.post(A, f"/tasks/{task}/accept", {})
    assert answer.status_code == 200
    said = answer.json()
    assert (said["outcome"], said["first"]) == ("accepted", said["last"])
    (row,) = room.place.home.log.read_positions([said["first"]])
    assert (row[1], row[3]) == (task, "task.accepted.v1")


def test_the_same_key_is_the_same_command_and_another_body_under_it_is_refused(room: Room) -> None:
    task = room.task(room.start())
    key = room.server.key()
    first = room.post(A, f"/tasks/{task}/report", {"text": "已清障"}, idempotency_key=key)
    again = room.post(A, f"/tasks/{task}/report", {"text": "已清障"}, idempotency_key=key)
    other = room.post(A, f"/tasks/{task}/report", {"text": "未清障"}, idempotency_key=key)
    assert again.json() == first.json() | {"repeated": True}
    assert (other.status_code, other.json()["code"]) == (422, "command.reused")


def test_a_command_without_a_key_or_with_one_that_is_none_is_not_taken(room: Room) -> None:
    task = room.task(room.start())
    end = room.place.home.log.end()
    with room.server.client(A) as client:
        missing = client.post(f"/tasks/{task}/accept", json={})
    wrong = room.post(A, f"/tasks/{task}/accept", {}, idempotency_key="1")
    assert (missing.status_code, missing.json()["code"]) == (400, "request.key_missing")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "request.key")
    assert room.place.home.log.end() == end


def test_what_the_state_does_not_allow_is_a_conflict_and_kept_as_the_outcome(room: Room) -> None:
    task = room.task(room.start())
    refused = room.post(TOWN, f"/tasks/{task}/verify", {})
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["outcome"] == "refused"


def test_hidden_and_absent_are_answered_alike(room: Room) -> None:
    task = room.task(room.start())
    absent = task[:-4] + "0000"
    hidden = room.post(C, f"/tasks/{task}/accept", {})
    nothing = room.post(C, f"/tasks/{absent}/accept", {})
    assert hidden.status_code == nothing.status_code == 404
    one, other = hidden.json(), nothing.json()
    assert one.pop("instance") != other.pop("instance")
    assert str(one).replace(task, absent) == str(other)


def test_many_commands_are_each_answered_by_themselves(room: Room) -> None:
    task = room.task(room.start())
    key = room.server.key
    body = {
        "commands": [
            {"id": key(), "command": {"command": "task.accept", "task": task}},
            {"id": key(), "command": {"command": "task.dance", "task": task}},
            {"id": key(), "command": {"command": "task.verify", "task": task}},
            {"id": key(), "command": {"command": "task.report", "task": task, "text": "已清障"}},
        ]
    }
    answer = room.post(A, "/commands", body)
    assert answer.status_code == 200
    done, unknown, forbidden, reported = answer.json()["outcomes"]
    assert done["done"]["outcome"] == "accepted"
    assert unknown["problem"]["code"] == "command.unknown_name"
    assert forbidden["problem"]["status"] == 403
    assert reported["done"]["outcome"] == "accepted"


def test_what_happened_earlier_keeps_its_time_and_says_when_it_was_told(room: Room) -> None:
    task = room.task(room.start())
    earlier = room.place.clock.now()
    room.place.later(minutes=40)
    answer = room.post(
        A, f"/tasks/{task}/accept?occurred_at={earlier.isoformat().replace('+00:00', 'Z')}", {}
    )
    assert answer.status_code == 200, answer.text
    facts = list(room.place.home.log.read_positions([answer.json()["first"]]))
    assert earlier.isoformat().replace("+00:00", "Z").encode()[:19] in facts[0][4]


def test_an_edit_says_what_it_was_made_from(room: Room) -> None:
    force = room.start()
    path = f"/task-forces/{force}/level"
    assert room.post(DUTY, path, {"level": "III", "reason": "雨势增大"}).status_code == 200
    roster = {"division": DISTRICT, "role": "duty_officer", "shifts": []}
    missing = room.post(DUTY, "/duty/roster", roster)
    assert (missing.status_code, missing.json()["code"]) == (428, "request.match_missing")
    stale = room.post(DUTY, "/duty/roster", roster, if_match='"99"')
    assert (stale.status_code, stale.json()["code"]) == (412, "command.stale")


def test_nobody_acts_without_a_session(room: Room) -> None:
    with room.server.client() as client:
        answer = client.post("/commands", json={"commands": []})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["title"] == "尚未登录。"


def test_people_are_told_in_their_language(room: Room) -> None:
    with room.server.client(C, language="en-GB,en;q=0.9,zh;q=0.5") as client:
        answer = client.get("/nothing")
    assert (answer.status_code, answer.headers["content-language"]) == (404, "en")
    assert answer.json()["title"] == "There is nothing at /api/v1/nothing."


def test_each_command_has_a_line_in_the_log_with_its_id_and_facts_and_nothing_that_was_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.INFO, "handheld.commands"),
        township(tmp_path / "data") as place,
        served(place.home) as server,
    ):
        room = Room(place, server)
        task, key = room.task(room.start()), server.key()
        body = {
            "commands": [
                {
                    "id": key,
                    "command": {"command": "task.report", "task": task, "text": "张三家已转移"},
                }
            ]
        }
        done = room.post(A, "/commands", body).json()["outcomes"][0]["done"]
    lines = [vars(one)["fields"] for one in caplog.records if one.name == "handheld.commands"]
    (line,) = [line for line in lines if line["command"] == key]
    assert (line["kind"], line["actor"], line["outcome"]) == ("task.report", A, "accepted")
    assert (line["first"], line["last"]) == (done["first"], done["last"])
    assert "张三" not in str(lines)
