"""What operators do: the first account, samples, tables looked at before they are written, sheets."""

from __future__ import annotations

import io
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from handheld.adapters.codes import code_svg
from handheld.bootstrap import Home, found_home
from tests.support_server import Served, served

PASSWORD = "three blind mice run"
DISTRICT = "330825"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Place:
    """A server on a new data directory, and its operator."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.client = server.client()

    def set_up(self) -> None:
        address = self.server.server.set_up_address
        assert address is not None
        done = self.client.post("/setup", json=said(address.partition("#setup=")[2]))
        assert done.status_code == 201, done.text
        self.client.headers["authorization"] = f"Bearer {done.json()['token']}"
        self.client.cookies.clear()

    def post(self, path: str, body: Any) -> Any:
        headers = {"idempotency-key": self.server.key()}
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    def take_in(self, what: str, table: str, **query: Any) -> httpx.Response:
        headers = {"content-type": "text/csv", "idempotency-key": self.server.key()}
        return self.client.post(
            f"/imports/{what}", content=table.encode(), headers=headers, params=query
        )

    def small(self) -> None:
        table = f"code,name\n{DISTRICT},演练县\n{DISTRICT}101,演练镇\n{DISTRICT}101201,演练村\n"
        assert self.take_in("divisions", table).status_code == 200

    def sample(self) -> None:
        self.post("/samples/divisions", {"county": DISTRICT})
        self.post("/samples/departments", {"division": DISTRICT})
        self.post("/samples/people", {"division": DISTRICT})
        self.post("/samples/plans", {"division": DISTRICT})


def said(secret: str, password: str = PASSWORD) -> dict[str, str]:
    return {"secret": secret, "name": "ops", "password": password}


@pytest.fixture
def place(tmp_path: Path) -> Generator[Place]:
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as home, served(home) as server:
        place = Place(server)
        try:
            yield place
        finally:
            place.client.close()


def test_the_first_account_is_made_once_and_with_the_secret_alone(place: Place) -> None:
    address = place.server.server.set_up_address
    assert address is not None
    secret = re.fullmatch(re.escape(place.server.url) + "/admin#setup=([0-9a-f]{48})", address)
    assert secret is not None
    post = place.client.post
    assert place.client.get("/setup").json() == {"open": True}
    wrong = post("/setup", json=said("0" * 48))
    assert (wrong.status_code, wrong.json()["code"]) == (401, "setup.secret")
    assert post("/setup", json=said(secret[1], "12345678910")).json()["code"] == "password.common"
    other = post("/setup", json=said(secret[1]), headers={"origin": "https://elsewhere.example"})
    assert other.json()["code"] == "request.origin"
    assert place.client.get("/setup").json() == {"open": True}
    done = post("/setup", json=said(secret[1]))
    assert done.status_code == 201
    assert "HttpOnly" in done.headers["set-cookie"]
    assert place.client.get("/me").json()["role"] == "operator"
    assert place.client.get("/setup").json() == {"open": False}
    assert place.server.server.set_up_address is None
    again = post("/setup", json=said(secret[1]))
    assert (again.status_code, again.json()["code"]) == (409, "setup.closed")
    assert [note.by for note in place.server.home.access.audit() if note.by] == ["setup"]


def test_an_account_made_on_the_command_line_closes_the_set_up(place: Place) -> None:
    address = place.server.server.set_up_address or ""
    place.server.home.access.create_account("ops", PASSWORD)
    assert place.client.get("/setup").json() == {"open": False}
    late = place.client.post("/setup", json=said(address.partition("#setup=")[2]))
    assert late.json()["code"] == "setup.closed"


def test_the_sample_is_taken_in_once_and_all_its_people_are_marked(place: Place) -> None:
    place.set_up()
    place.sample()
    there = place.client.get("/samples").json()["registered"]
    assert there["divisions"] == {"district": 1, "township": 15, "village": 288, "grid": 288}
    assert there["people"] == there["synthetic"] > 1_000
    assert (there["departments"], there["plans"]) == (22, 1)
    end = place.server.home.log.end()
    for path in ("departments", "people", "plans"):
        assert place.post(f"/samples/{path}", {"division": DISTRICT})["new"] == 0
    assert place.server.home.log.end() == end
    body = {"command": "task_force.start", "plan": "plan-typhoon", "division": DISTRICT}
    assert place.client.post("/task-forces/preview?drill=true", json=body).json()["people"] > 500


def test_made_up_people_are_never_mixed_with_real_ones(place: Place) -> None:
    place.set_up()
    place.small()
    people = f"number,name,role,division\nA1,真人,duty_officer,{DISTRICT}\n"
    assert place.take_in("people", people).status_code == 200
    headers = {"idempotency-key": place.server.key()}
    refused = place.client.post("/samples/people", json={"division": DISTRICT}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "sample.real_people")
    divisions = place.client.get("/samples").json()["registered"]["divisions"]
    assert divisions["grid"] == 0


def test_a_table_does_what_its_preview_showed_or_nothing(place: Place) -> None:
    place.set_up()
    place.small()
    first = f"number,name,phone,role,division\nA1,甲,13800000001,duty_officer,{DISTRICT}\n"
    assert place.take_in("people", first).status_code == 200
    second = (
        "number,name,phone,role,division\n"
        f"A1,甲二,13800000002,district_commander,{DISTRICT}\n"
        f"A2,乙,,duty_officer,{DISTRICT}\n"
    )
    end = place.server.home.log.end()
    seen = place.take_in("people", second, dry_run=True).json()
    assert place.server.home.log.end() == end
    assert (seen["new"], seen["changed"], seen["unchanged"], seen["absent"]) == (1, 1, 0, 0)
    changed, new = seen["changes"]
    assert (changed["what"], changed["key"], new["what"]) == ("changed", "person-A1", "new")
    assert [field["field"] for field in changed["fields"]] == ["name", "phone", "posts"]
    assert "1380000000" not in str(seen)
    # Somebody else registers A2 meanwhile: what was seen is not what would be done.
    other = f"number,name,role,division\nA2,乙,duty_officer,{DISTRICT}\n"
    assert place.take_in("people", other).status_code == 200
    end = place.server.home.log.end()
    late = place.take_in("people", second, as_previewed=seen["tag"])
    assert (late.status_code, late.json()["code"]) == (412, "import.overtaken")
    assert place.server.home.log.end() == end
    again = place.take_in("people", second, dry_run=True).json()
    assert (again["new"], again["changed"]) == (0, 1)
    done = place.take_in("people", second, as_previewed=again["tag"])
    assert (done.status_code, done.json()["changed"]) == (200, 1)
    assert place.client.get("/people/person-A1").json()["person"]["name"] == "甲二"
    nothing = place.take_in("people", first.replace("A1,甲", "A3,丙"), dry_run=True).json()
    assert (nothing["new"], nothing["absent"]) == (1, 2)


def test_the_forms_are_taken_back_in_as_they_were_given_out(place: Place) -> None:
    place.set_up()
    for what in ("divisions", "departments", "people"):
        sheet = place.client.get(f"/imports/{what}/template")
        assert sheet.headers["content-type"] == XLSX
        book = openpyxl.load_workbook(io.BytesIO(sheet.content))
        heads = [cell.value for cell in book.worksheets[0][1]]
        assert book.worksheets[0].column_dimensions["A"].number_format == "@"
        told = [row[0].value for row in book.worksheets[1].rows]
        assert heads == told
        plain = place.client.get(f"/imports/{what}/template?format=csv")
        assert plain.content.startswith("\ufeff".encode())
        assert plain.content.decode("utf-8-sig").strip() == ",".join(str(head) for head in heads)
    divisions = place.client.get("/imports/divisions/template").content
    book = openpyxl.load_workbook(io.BytesIO(divisions))
    book.worksheets[0].append([DISTRICT, "演练县"])
    out = io.BytesIO()
    book.save(out)
    headers = {"content-type": XLSX, "idempotency-key": place.server.key()}
    done = place.client.post("/imports/divisions", content=out.getvalue(), headers=headers)
    assert done.json()["new"] == 1, done.text


def test_a_sheet_is_issued_drawn_used_and_ended(place: Place) -> None:
    place.set_up()
    place.sample()
    where = f"{DISTRICT}101"
    whom = place.client.get("/links/whom", params={"division": where}).json()
    heads = next(one for one in whom["roles"] if one["role"] == "grid_head")
    body = {"division": where, "role": "grid_head", "missing": True}
    made = place.client.post("/links/sheets", json=body)
    assert made.headers["cache-control"] == "no-store"
    cards = made.json()["cards"]
    assert len(cards) == heads["people"] > 10
    assert cards[0]["person"]["synthetic"]
    link = f"https://command.example/s#{cards[0]['secret']}"
    drawn = place.client.post("/links/codes", json={"texts": [link]}).json()["svgs"]
    assert drawn == [code_svg(link)]
    with place.server.client() as phone:
        device = {"id": "device-0001", "kind": "phone"}
        used = phone.post("/sign-in/link", json={"secret": cards[0]["secret"], "device": device})
    assert used.status_code == 200
    assert used.json()["actor"] == cards[0]["person"]["person"]
    (batch,) = place.client.get("/links/batches").json()["rows"]
    assert (batch["open"], batch["redeemed"]) == (len(cards) - 1, 1)
    # Whoever is signed in gets no second card, unless that is asked for.
    again = place.client.get("/links/whom", params={"division": where}).json()
    assert again["missing"] == whom["missing"] - 1
    ended = place.client.post("/links/batches/revoke", json={"issued_at": batch["issued_at"]})
    assert ended.json()["count"] == len(cards) - 1
    with place.server.client() as phone:
        device = {"id": "device-0002", "kind": "phone"}
        late = phone.post("/sign-in/link", json={"secret": cards[1]["secret"], "device": device})
    assert late.json()["code"] == "link.revoked"
    found = place.client.get("/sessions", params={"words": cards[0]["number"]}).json()
    assert (found["count"], found["rows"][0]["who"]["name"]) == (1, cards[0]["person"]["name"])


def test_whoever_is_no_operator_takes_in_issues_and_ends_nothing(place: Place) -> None:
    place.set_up()
    place.small()
    people = f"number,name,role,division,synthetic\nSYN-1,演练甲,district_commander,{DISTRICT},是\n"
    assert place.take_in("people", people).status_code == 200
    end = place.server.home.log.end()
    with place.server.client("person-SYN-1") as commander:
        for path, body in (
            ("/samples/divisions", {"county": "330803"}),
            ("/samples/people", {"division": DISTRICT}),
            ("/samples/plans", {"division": DISTRICT}),
            ("/links/sheets", {"division": DISTRICT}),
            ("/links/codes", {"texts": ["https://command.example"]}),
            ("/links/batches/revoke", {"issued_at": "2026-05-01T08:00:00Z"}),
        ):
            answer = commander.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "access.operator_only")
    assert place.server.home.log.end() == end


def test_the_condition_says_how_far_everything_is(place: Place) -> None:
    place.set_up()
    place.small()
    place.server.home.caught_up()
    found = place.client.get("/condition").json()
    assert (found["status"], found["problems"]) == ("ok", [])
    assert found["log"]["position"] == place.server.home.log.end()
    assert {one["view"]: one["lag"] for one in found["views"]} == dict.fromkeys(
        ("boards", "timeline", "inbox", "registers", "mentions", "organisation"), 0
    )
    assert found["disk_size"] >= found["disk_free"] > 0
