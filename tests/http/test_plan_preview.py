"""A plan while it is written: everything that is wrong with it, and whom it would call."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.support_server import Served, served
from tests.support_tasks import DISTRICT, DUTY, TOWN, township

GRIDS = {"key": "grids", "text": "巡查网格。", "to": [{"role": "grid_head"}]}
PLAN = {"plan": "flood", "title": "防汛", "division": DISTRICT, "orders": [GRIDS]}


@pytest.fixture
def server(tmp_path: Path) -> Generator[Served]:
    with township(tmp_path / "data") as place, served(place.home) as server:
        yield server


def preview(server: Served, plan: dict[str, Any], who: str = DUTY, **query: Any) -> Any:
    with server.client(who, device=f"device-of-{who}") as client:
        answer = client.post("/plans/preview", json=plan, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_it_tells_whom_each_order_would_call_and_records_nothing(server: Served) -> None:
    later = {**GRIDS, "key": "later", "level": "II", "to": [{"role": "household_contact"}]}
    both = {**PLAN, "level": "III", "orders": [GRIDS, later, {**GRIDS, "key": "again"}]}
    end = server.home.log.end()
    shown = preview(server, both)
    assert shown["faults"] == []
    assert [one["at_start"] for one in shown["orders"]] == [True, False, True]
    assert [one["called"]["tasks"] for one in shown["orders"]] == [2, 1, 2]
    assert (shown["people"], shown["tasks"]) == (2, 4)
    assert [one["orders"] for one in shown["called_twice"]] == [["grids", "again"]] * 2
    assert preview(server, both, level="II")["people"] == 3
    assert server.home.log.end() == end


def test_all_that_is_wrong_is_told_at_its_place_and_the_rest_is_counted(server: Served) -> None:
    form = [
        {"key": "moved", "label": "转移人数", "kind": "number", "most": 0},
        {"key": "state", "label": "情况", "kind": "choice", "choices": ["平稳"]},
    ]
    bad = {
        "key": "bad",
        "text": " ",
        "to": [{"department": "none"}, {"role": "king"}],
        "steps": ["accept", "verify"],
        "accept_within": 1,
        "every": 2,
        "form": form,
        "remind_accept": {"after": 60, "every": 1},
    }
    alone = {"key": "alone", "text": "核查。", "to": [], "form": form[:1], "steps": ["accept"]}
    wartime = {**GRIDS, "key": "war", "wartime": {"steps": ["accept", "report", "verify"]}}
    twice = [{"event": "山洪", "at_least": "yellow"}] * 2
    plan = {**PLAN, "title": "", "triggers": twice, "lead": "water", "responding": ["labour"]}
    shown = preview(server, {**plan, "orders": [GRIDS, bad, alone, wartime]})
    assert {one["at"]: one["code"] for one in shown["faults"]} == {
        "title": "words.missing",
        "triggers/1": "plan.trigger_twice",
        "responding": "plan.departments_unknown",
        "orders/1/text": "words.missing",
        "orders/1/to/0": "department.unknown",
        "orders/1/to/1": "role.unknown",
        "orders/1/steps": "order.steps",
        "orders/1/accept_within": "order.deadline",
        "orders/1/every": "order.later",
        "orders/1/form/0": "form.most",
        "orders/1/form/1": "form.choices",
        "orders/1/remind_accept": "order.reminding",
        "orders/2/to": "order.nobody",
        "orders/2/form/0": "form.most",
        "orders/3/wartime": "order.wartime_steps",
    }
    words = {one["at"]: one["wrong"] for one in shown["faults"]}
    # An order goes by its number, a field by its label, a department by its name.
    assert words["orders/1/form/0"] == "指令 2 的数字项 转移人数 的上限是 0。"
    assert "人力资源和社会保障局" in words["responding"]
    assert shown["orders"][0]["called"]["tasks"] == 2
    assert shown["orders"][1]["called"] is None


def test_what_concerns_the_whole_plan_is_told_too(server: Served) -> None:
    shown = preview(server, {**PLAN, "orders": [GRIDS, GRIDS]})
    assert [(one["at"], one["code"]) for one in shown["faults"]] == [("", "plan.order_twice")]
    without = preview(server, {**PLAN, "orders": []})
    assert [(one["at"], one["code"]) for one in without["faults"]] == [("orders", "plan.no_orders")]


def test_only_those_may_look_who_may_adopt_it(server: Served) -> None:
    with server.client(TOWN) as client:
        assert client.post("/plans/preview", json=PLAN).json()["code"] == "plan.not_yours"
    with server.client(DUTY, device="device-0002") as client:
        elsewhere = client.post("/plans/preview", json={**PLAN, "division": "110000"})
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "division.unknown")


def test_the_plans_that_come_with_the_program_can_be_read_and_adopted(server: Served) -> None:
    with server.client(DUTY) as client:
        rows = client.get("/shipped-plans").json()["rows"]
        assert {"typhoon", "matter-dust"} <= {one["plan"] for one in rows}
        dust = next(one for one in rows if one["plan"] == "matter-dust")
        assert {"department": "environment", "name": "生态环境局"} in dust["departments"]
        plan = client.get("/shipped-plans/matter-dust").json()
        assert plan.pop("command") == "plan.adopt"
        assert client.get("/shipped-plans/none").status_code == 404
        plan = {**plan, "division": DISTRICT, "lead": None, "responding": [], "orders": [GRIDS]}
        headers = {"idempotency-key": server.key(), "if-match": "*"}
        assert client.post("/plans", json=plan, headers=headers).status_code == 200
        assert client.get("/plans/matter-dust").json()["may_change"]
    with server.client(TOWN) as client:
        assert not client.get("/plans/matter-dust").json()["may_change"]
