"""What can be read over HTTP: as the policy has it, as of any instant, with what edits are made from."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from handheld.domain.ordering import Order
from tests.support_server import Served, served
from tests.support_tasks import DISTRICT, DUTY, TOWNSHIP, A, C, Township, township

GO = Order(text="巡查本网格", people=(A,))


class Reading:
    """A task force under way, and a server that shows it."""

    def __init__(self, place: Township, server: Served) -> None:
        self.place = place
        self.server = server
        self.task_force, self.order = place.start(GO)
        self.task = place.task(self.order, A)
        place.home.caught_up()

    def get(self, who: str | None, path: str, **headers: str) -> Any:
        with self.server.client(who) as client:
            return client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.fixture
def reading(tmp_path: Path) -> Generator[Reading]:
    with township(tmp_path / "data") as place, served(place.home) as server:
        yield Reading(place, server)


def test_everything_of_an_incident_can_be_read_by_whoever_commands_it(reading: Reading) -> None:
    force = f"/task-forces/{reading.task_force}"
    for path in (
        f"/boards/divisions/{DISTRICT}",
        f"/boards/divisions/{DISTRICT}/rows?limit=5",
        "/boards/departments/water",
        force,
        f"{force}/orders",
        f"{force}/orders/{reading.order}",
        f"{force}/members",
        f"{force}/entries",
        f"{force}/messages",
        f"{force}/timeline",
        f"/tasks/{reading.task}",
        f"/tasks/{reading.task}/history",
        f"/people/{A}/timeline",
        f"/people/{A}",
        "/task-forces?limit=3",
        "/tasks",
        "/findings",
        "/warnings",
        "/warnings/in-force",
        "/people",
        "/divisions",
        f"/divisions/{TOWNSHIP}",
        "/departments",
        "/departments/water",
        "/groups",
        "/plans",
        "/duty",
        "/me",
        "/me/inbox",
        "/me/sessions",
        "/me/devices",
        "/health",
    ):
        answer = reading.get(DUTY, path)
        assert answer.status_code == 200, (path, answer.text)
        assert answer.headers["content-type"] == "application/json", path
        assert answer.json() is not None


def test_hidden_and_absent_are_answered_alike_wherever_a_name_stands_in_the_path(
    reading: Reading,
) -> None:
    force, task = reading.task_force, reading.task
    for name, path in (
        (force, "/task-forces/{}"),
        (force, "/task-forces/{}/orders"),
        (force, "/task-forces/{}/members"),
        (force, "/task-forces/{}/timeline"),
        (task, "/tasks/{}"),
        (task, "/tasks/{}/history"),
    ):
        absent = f"{name[:-6]}000000"
        hidden, nothing = reading.get(C, path.format(name)), reading.get(C, path.format(absent))
        assert hidden.status_code == nothing.status_code == 404, path
        one, other = hidden.json(), nothing.json()
        assert one.pop("instance") != other.pop("instance")
        assert str(one).replace(name, absent) == str(other), path


def test_a_board_that_has_not_changed_is_not_sent_again(reading: Reading) -> None:
    path = f"/boards/divisions/{DISTRICT}"
    first = reading.get(DUTY, path)
    again = reading.get(DUTY, path, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    with reading.server.client(A) as client:
        done = client.post(
            f"/tasks/{reading.task}/accept",
            json={},
            headers={"idempotency-key": reading.server.key()},
        )
    assert done.status_code == 200
    reading.place.home.caught_up()
    changed = reading.get(DUTY, path, if_none_match=first.headers["etag"])
    assert changed.status_code == 200
    assert changed.json()["position"] == done.json()["last"]
    then = reading.get(DUTY, f"{path}?at={first.json()['position']}")
    assert then.json()["board"] == first.json()["board"]


def test_a_task_force_is_sent_again_when_only_its_tasks_have_moved(reading: Reading) -> None:
    """Its own stream stands still then; a browser that asks whether it has changed is told."""
    path = f"/task-forces/{reading.task_force}"
    first = reading.get(DUTY, path)
    seen = first.headers["etag"]
    assert reading.get(DUTY, path, if_none_match=seen).status_code == 304
    with reading.server.client(A) as client:
        keyed = {"idempotency-key": reading.server.key()}
        assert client.post(f"/tasks/{reading.task}/accept", json={}, headers=keyed).is_success
    changed = reading.get(DUTY, path, if_none_match=seen)
    assert changed.status_code == 200
    assert changed.json()["tasks"] == {"in_progress": 1}
    # For an edit it is the same version still.
    assert changed.json()["version"] == first.json()["version"]
    for tag, status in ((changed.headers["etag"], 200), (seen, 412)):
        with reading.server.client(DUTY) as client:
            keyed = {"idempotency-key": reading.server.key(), "if-match": tag}
            order = f"{path}/orders/{reading.order}"
            words = {"text": f"巡查{status}", "reason": "雨势增大"}
            amended = client.post(f"{order}/amend", json=words, headers=keyed)
        assert amended.status_code == status, amended.text


def test_whoever_may_not_start_sees_no_preview(reading: Reading) -> None:
    body = {
        "command": "task_force.start_ad_hoc",
        "title": "道路抢通",
        "division": DISTRICT,
        "orders": [{"text": "巡查", "to": [{"role": "grid_head"}]}],
    }
    end = reading.place.home.log.end()
    with reading.server.client(DUTY) as client:
        seen = client.post("/task-forces/preview?names=true", json=body)
    with reading.server.client(A) as client:
        refused = client.post("/task-forces/preview", json=body)
    assert (seen.status_code, seen.json()["people"]) == (200, 2)
    assert (refused.status_code, refused.json()["code"]) == (403, "start.ask")
    assert reading.place.home.log.end() == end


def test_only_operators_administer(reading: Reading) -> None:
    assert reading.get(DUTY, "/accounts").json()["code"] == "access.operator_only"
    access = reading.server.home.access
    access.create_account("ops", "correct horse battery")
    with reading.server.client() as client:
        said = {"name": "ops", "password": "correct horse battery"}
        done = client.post("/sign-in", json=said)
        assert done.status_code == 200, done.text
        assert "HttpOnly" in done.headers["set-cookie"]
        # With the cookie alone a page of another site may read nothing into it and do nothing.
        assert client.get("/accounts").json()["rows"][0]["name"] == "ops"
        other = {"origin": "https://elsewhere.example"}
        body = {"name": "desk-1"}
        assert client.post("/accounts", json=body, headers=other).json()["code"] == "request.origin"
        own = {"origin": reading.server.url}
        made = client.post("/accounts", json=body, headers=own)
        assert made.status_code == 201
        assert len(made.json()["password"]) >= 10
        assert client.post("/sign-out", headers=own).status_code == 204
        assert client.get("/accounts").status_code == 401


def test_a_register_is_taken_in_from_a_table_or_told_row_by_row(reading: Reading) -> None:
    access = reading.server.home.access
    access.create_account("ops", "correct horse battery")
    with reading.server.client() as client:
        said = {"name": "ops", "password": "correct horse battery"}
        token = client.post("/sign-in", json=said).json()["token"]
    with reading.server.client() as client:
        headers = {
            "authorization": f"Bearer {token}",
            "content-type": "text/csv",
            "idempotency-key": reading.server.key(),
        }
        table = f"code,name\n{DISTRICT}102,演练二镇\n".encode()
        tried = client.post("/imports/divisions?dry_run=true", content=table, headers=headers)
        assert (tried.status_code, tried.json()["new"], tried.json()["position"]) == (200, 1, None)
        done = client.post("/imports/divisions", content=table, headers=headers)
        assert done.json()["position"] == reading.place.home.log.end()
        wrong = client.post(
            "/imports/divisions",
            content="code,name\n12,无此码\n".encode(),
            headers=headers | {"idempotency-key": reading.server.key()},
        )
    assert (wrong.status_code, wrong.json()["code"]) == (400, "import.bad_rows")
    assert wrong.json()["rows"][0]["line"] == 2
