from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.driving import Terminal, first_task, start
from tests.cli.stories import FORM, flood_county, somebody


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    folder = tmp_path_factory.mktemp("flooded")
    terminal = Terminal(folder / "data")
    flood_county(terminal, folder)
    return terminal


AD_HOC = ("start", "--title", "拆违", "--division", "999901101", "--order", "到场核实")


def test_the_preview_names_stand_ins_departments_and_what_comes_later(flooded: Terminal) -> None:
    planned = flooded.json("start", "--plan", "flood", "--division", "999901", "--preview")
    assert [order["key"] for order in planned["later"]] == ["pump", "round"]
    assert planned["level"] == "III"
    higher = ("start", "--plan", "flood", "--division", "999901", "--level", "II", "--preview")
    assert [order["key"] for order in flooded.json(*higher)["later"]] == ["round"]
    shown = flooded.ok("start", "--plan", "flood", "--division", "999901", "--preview")
    assert "at level II" in shown
    assert "after 2 h, every 2 h" in shown

    words = (*AD_HOC, "--to", "grid_worker@grid", "--to", "grid_head@grid", "--preview")
    seen = flooded.json(*words, "--department", "traffic", "--lead", "演练交通局")
    assert seen["departments"] == {"traffic": "lead"}
    order = seen["orders"][0]
    assert {post["role"] for post in order["vacant"]} == {"grid_worker"}
    stand_ins = order["stand_ins"]
    assert sum(len(one["instead_of"]) for one in stand_ins) == len(order["vacant"]) > 0
    told = flooded.ok(*words, "--department", "traffic", language="zh")
    assert "代接" in told
    assert "部门：演练交通局（协同）" in told


def test_whoever_two_orders_call_is_shown(flooded: Terminal, tmp_path: Path) -> None:
    person = somebody(flooded, "grid_head", "999901101")
    file = tmp_path / "start.json"
    order = {"text": "到场", "to": [{"role": "grid_head"}]}
    wanted = {"title": "两条指令", "division": "999901101", "orders": [order, order]}
    file.write_text(json.dumps(wanted, ensure_ascii=False), "utf-8")
    seen = flooded.json("start", "--file", file, "--preview")
    assert seen["called_twice"][f"person-{person}"] == ["1", "2"]
    assert seen["tasks"] == 2 * seen["people"]
    assert "People called by more than one order: 2." in flooded.ok(
        "start", "--file", file, "--preview"
    )


def test_an_order_with_every_option_says_what_was_typed(flooded: Terminal, tmp_path: Path) -> None:
    form = tmp_path / "form.json"
    form.write_text(json.dumps(FORM, ensure_ascii=False), "utf-8")
    task_force = start(flooded)
    flooded.ok(
        *("order", "issue", task_force, "--text", "转移", "--to", "traffic/执法队员@乡镇街道"),
        *("--to", "值班员@区县", "--on-duty", "--steps", "领办、到场、回单", "--verify"),
        *("--accept-within", "30m", "--report-within", "2小时", "--form", form),
        *("--remind-after", "10", "--remind-every", "15m", "--remind-most", "2"),
    )
    facts = flooded.json("timeline", task_force, "--limit", "0")
    issued = next(f["data"] for f in facts if f["data"].get("text") == "转移")
    assert issued["steps"] == ["accept", "on_scene", "report", "verify"]
    assert issued["to"][0]["department"] == "traffic"
    assert all(target["on_duty"] for target in issued["to"])
    assert [field["key"] for field in issued["form"]] == ["moved", "road"]
    assert issued["remind_accept"] == {"after": 600, "every": 900, "most": 2}
    assert issued["accept_by"] == "2021-07-23T07:30:00Z"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--to", "king"), "role.unknown"),
        (("--to", "nobody/执法队员"), "department.unknown"),
        (("--group", "nobody"), "group.unknown"),
        (("--to", "grid_head", "--steps", "领办,飞行"), "usage.steps"),
        (("--to", "grid_head", "--accept-within", "soon"), "usage.duration"),
        (("--to", "grid_head", "--accept-within", "10s"), "order.deadline"),
        (("--to", "grid_head", "--remind-every", "10m"), "usage.remind"),
        (("--to", "grid_head", "--form", __file__), "form.file"),
        (("--to", "grid_head", "--steps", "回单,领办"), "order.steps"),
        ((), "order.reaches_nobody"),
    ],
)
def test_an_order_that_makes_no_sense_says_why(
    flooded: Terminal, words: tuple[str, ...], code: str
) -> None:
    task_force = start(flooded)
    for language in ("zh", "en"):
        ran = flooded.run("order", "issue", task_force, "--text", "x", *words, "--json")
        assert ran.json["error"]["code"] == code, ran
        said = flooded.run("order", "issue", task_force, "--text", "x", *words, language=language)
        assert said.code in (1, 2)
        assert code not in said.err


def test_an_order_is_amended_and_taken_back(flooded: Terminal) -> None:
    task_force = start(flooded)
    task, head = first_task(flooded, task_force, "grid_head")
    order = flooded.json("task", "show", task)["state"]["order"]
    flooded.ok("task", "accept", task, "--as", head)
    words = ("order", "amend", task_force, order, "--reason", "雨更大")
    nothing = flooded.run(*words, "--json")
    assert nothing.json["error"]["code"] == "order.amended_nothing"
    assert "Tasks to be accepted anew: 6." in flooded.ok(*words, "--text", "巡查并劝离")
    assert flooded.json("task", "show", task)["state"]["status"] == "waiting"
    inbox = flooded.json("inbox", head, "--limit", "0")
    assert [item["order"] for item in inbox][-1] == "巡查并劝离"
    back = flooded.ok("order", "withdraw", task_force, order, "--reason", "不用了")
    assert "Tasks withdrawn with it: 6." in back
    assert flooded.json("force", "show", task_force)["orders"][order]["withdrawn"] is True


def test_the_level_calls_a_wave_and_lets_it_go(flooded: Terminal) -> None:
    task_force = start(flooded)
    up = flooded.ok("force", "level", task_force, "Ⅱ", "--reason", "水位超警", language="zh")
    assert "下一波 4 项任务：排水队待命" in up
    assert "Tasks withdrawn with it: 4." in flooded.ok(
        "force", "level", task_force, "III", "--reason", "水位回落"
    )
    timeline = flooded.ok("timeline", task_force, "--limit", "0", language="zh")
    assert "响应等级由Ⅱ级调为Ⅲ级" in timeline


def test_command_is_handed_over_and_questions_are_answered(flooded: Terminal) -> None:
    task_force = start(flooded)
    commander, head = somebody(flooded, "district_commander"), somebody(flooded, "grid_head")
    refused = flooded.run("force", "hand-over", task_force, "--to", head, "--as", head, "--json")
    assert refused.json["error"]["code"] == "task_force.not_in_command"
    flooded.ok("force", "hand-over", task_force, "--to", commander, "--note", "已封路")
    assert "已封路" not in flooded.ok("inbox", head)
    assert "指挥移交给" in flooded.ok("inbox", commander, language="zh")

    asked = flooded.json("force", "question", task_force, "--text", "水位多少", "--to", "二镇")
    assert flooded.json("force", "show", task_force)["questions"] == [asked["message"]]
    answer = ("force", "answer", task_force, asked["message"], "--text", "3.1米")
    flooded.ok(*answer, "--as", head)
    assert flooded.json("force", "show", task_force)["questions"] == []
    flooded.ok("force", "message", task_force, "--text", "注意安全", "--to", "演练交通局")
    flooded.ok("force", "lead", task_force, "traffic")
    assert flooded.json("force", "show", task_force)["departments"]["traffic"]["part"] == "lead"


def test_a_start_by_mistake_counts_nowhere(flooded: Terminal) -> None:
    before = flooded.json("board")["count"]
    task_force = start(flooded)
    told = flooded.ok("force", "cancel", task_force, "--reason", "误发")
    assert "Tasks that are off: 12" in told
    assert flooded.json("board")["count"] == before
    head = somebody(flooded, "grid_head")
    assert "误发" in flooded.ok("inbox", head, "--limit", "0")


def test_a_closed_task_force_is_rated_evaluated_and_archived(flooded: Terminal) -> None:
    task_force = start(flooded)
    early = flooded.run("force", "rate", task_force, "--satisfied", "--json")
    assert (early.code, early.json["code"]) == (1, "task_force.not_closed")
    flooded.ok("force", "close", task_force, "--outcome", "平安", "--withdraw-open")
    flooded.ok("force", "rate", task_force, "--satisfied", "--text", "很快")
    flooded.ok("force", "evaluate", task_force, "--score", "4")
    flooded.ok("force", "archive", task_force)
    shown = flooded.ok("force", "show", task_force, language="zh")
    for words in ("满意", "4 分", "已归档"):
        assert words in shown
    flooded.ok("force", "reopen", task_force, "--reason", "又下雨了")
    assert flooded.json("force", "show", task_force)["status"] == "active"


def test_who_joins_late_sees_what_they_may(flooded: Terminal) -> None:
    task_force = start(flooded)
    flooded.ok("force", "entry", task_force, "--text", "先前的记事")
    late = somebody(flooded, "village_team_leader")
    stranger = somebody(flooded, "village_official")
    flooded.ok("order", "pull-in", task_force, late, "--from-now")
    flooded.ok("force", "entry", task_force, "--text", "后来的记事")
    seen = flooded.ok("timeline", task_force, "--seen-by", late, "--limit", "0")
    assert "后来的记事" in seen
    assert "先前的记事" not in seen
    refused = flooded.run("timeline", task_force, "--seen-by", stranger, "--json")
    assert refused.json["error"]["code"] == "task_force.not_a_member"


def test_long_lists_come_in_pages_that_meet(flooded: Terminal) -> None:
    task_force = start(flooded)
    whole = flooded.json("timeline", task_force, "--limit", "0")
    first = flooded.json("timeline", task_force, "--limit", "5")
    after = str(first[-1]["position"])
    rest = flooded.json("timeline", task_force, "--limit", "0", "--after", after)
    assert [f["position"] for f in (*first, *rest)] == [f["position"] for f in whole]
    assert f"--after {after}" in flooded.ok("timeline", task_force, "--limit", "5")
    words = ("waiting", "--task-force", task_force)
    everybody = [row["task"] for row in flooded.json(*words)["rows"]]
    assert len(everybody) == 12
    page = flooded.json(*words, "--limit", "7")
    rest = flooded.json(*words, "--limit", "7", "--after", page["next"])
    assert [row["task"] for row in (*page["rows"], *rest["rows"])] == everybody
    assert rest["next"] is None
    bad = flooded.run(*words, "--after", "!!", "--json")
    assert bad.json["error"]["code"] == "usage.cursor"


def test_a_correction_after_the_window_still_marks_the_line_in_it(flooded: Terminal) -> None:
    task, head = first_task(flooded, start(flooded), "grid_head")
    flooded.ok("task", "accept", task, "--as", head)
    flooded.ok("task", "correct", task, "--version", "2", "--reason", "误", "--time", "14:59")
    window = flooded.json("timeline", task, "--limit", "2")
    assert [fact["version"] for fact in window if "corrected" in fact] == [2]


def test_a_start_answers_a_warning_and_a_finding_and_boards_show_both(flooded: Terminal) -> None:
    tell = ("warning", "tell", "--event", "暴雨", "--level", "orange", "--by", "演练气象台")
    warning = flooded.json(*tell, "--division", "999901")["warning"]
    report = ("finding", "report", "--text", "树倒在路上", "--division", "丙村")
    contact = somebody(flooded, "household_contact", "999901101201")
    finding = flooded.json(*report, "--as", contact)["finding"]
    board = flooded.json("board", "999901101201")
    assert [line["warning"] for line in board["warnings"]] == [warning]
    assert board["findings"]["open"] == 1
    shown = flooded.ok("board", "999901101201", language="zh")
    assert "橙色预警 暴雨" in shown
    assert "上报：待处置 1" in shown

    task_force = start(flooded, "--warning", warning, "--finding", finding)
    summary = flooded.json("force", "show", task_force)
    assert (summary["warning"], summary["finding"]) == (warning, finding)
    for stream in (warning, finding):
        assert flooded.json("timeline", stream)[-1]["topic"].endswith(".started.v1")
        assert "a task force was started" in flooded.ok("timeline", stream).lower()
    drill = (*AD_HOC, "--to", "grid_head", "--finding", finding, "--drill", "--yes")
    refused = flooded.run(*drill)
    assert refused.code == 1
    assert "A drill is not started on a real warning or finding." in refused.err
