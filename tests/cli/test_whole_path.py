from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from tests.cli.driving import Terminal, first_task, start


def test_from_the_start_to_the_close_and_everything_rebuilds_alike(county: Terminal) -> None:
    preview = county.json("start", "--plan", "flood", "--division", "999901", "--preview")
    assert preview["tasks"] == preview["people"] == 12
    assert [order["tasks"] for order in preview["orders"]] == [6, 6]
    assert county.json("force", "list") == []

    task_force = start(county)
    task, head = first_task(county, task_force, "grid_head")
    assert county.json("inbox", head)[0]["order"] == "巡查本网格"

    for step in (["deliver"], ["read"], ["accept"], ["report", "--text", "沟口已清理"]):
        assert county.json("task", step[0], task, "--as", head, *step[1:])["outcome"] == "accepted"
    board = county.json("board", "999901")
    assert board["count"]["to_verify"] == 1
    assert board["count"]["waiting"] == 11
    assert sum(sum(child["count"].values()) for child in board["children"]) == 12
    assert county.json("task", "send-back", task, "--reason", "照片不清")["outcome"] == "accepted"
    county.ok("task", "report", task, "--as", head, "--text", "已补拍")
    county.ok("task", "verify", task, "--text", "属实")
    assert county.json("task", "show", task)["state"]["status"] == "closed"

    made = county.json("force", "entry", task_force, "--text", "雨势减弱")["entry"]
    county.ok("force", "strike", task_force, made, "--reason", "记错了专班")
    timeline = county.ok("timeline", task_force, "--limit", "0")
    assert "雨势减弱" in timeline
    assert "[struck]" in timeline
    struck = [fact for fact in county.json("timeline", task_force) if fact.get("struck")]
    assert [fact["data"]["entry"] for fact in struck] == [made]

    refused = county.run("force", "close", task_force, "--outcome", "平安")
    assert refused.code == 1
    assert "withdrawn with the close" in refused.err or "一并撤回" in refused.err
    closed = county.ok("force", "close", task_force, "--outcome", "平安", "--withdraw-open")
    assert "Tasks withdrawn with it: 11." in closed
    assert county.json("force", "list") == []
    assert county.json("force", "list", "--all")[0]["status"] == "closed"
    assert county.json("force", "show", task_force)["count"]["closed"] == 1

    checks = county.json("log", "verify")
    assert {check["what"] for check in checks} >= {"history", "boards", "timeline", "inbox"}
    assert all(check["same"] for check in checks)


def test_a_start_without_a_plan_reaches_posts_and_named_people(county: Terminal) -> None:
    officials = county.json("people", "list", "--role", "village_official", "--limit", "0")
    named = officials[0]["person"]
    begun = county.json(
        *("start", "--title", "拆违", "--division", "999901101", "--order", "到场核实"),
        *("--to", "grid_head@grid", "--person", named, "--place", "丙村", "--level", "iv"),
        *("--verify", "--yes"),
    )
    heads = county.json("people", "list", "--role", "grid_head", "--division", "999901101")
    assert begun["tasks"] == len(heads) + 1
    shown = county.json("force", "show", begun["task_force"])
    assert (shown["place"], shown["level"]) == ("丙村", "IV")

    order = county.json(
        "order", "issue", begun["task_force"], "--text", "留守", "--to", "grid_head"
    )
    assert county.json("inbox", heads[0]["person"])[-1]["order"] == "留守"
    late = officials[1]["person"]
    pulled = ("order", "pull-in", begun["task_force"], late, "--order", order["order"])
    assert county.json(*pulled)["outcome"] == "accepted"
    assert county.json(*pulled)["outcome"] == "already_done"
    assert county.json("inbox", late)[0]["order"] == "留守"
    assert county.json("force", "stand-down", begun["task_force"], "--reason", "x")["last"]


def test_somebody_acts_for_another_and_both_are_named(county: Terminal) -> None:
    task, person = first_task(county, start(county), "household_contact")
    actor = county.json("people", "list", "--role", "village_official")[0]["person"]
    before = county.run("task", "accept", task, "--as", actor, "--json")
    assert before.code == 1
    assert before.json["error"]["code"] == "task.not_yours"
    county.ok("task", "accept", task, "--as", actor, "--on-behalf-of", person)
    fact = county.json("task", "show", task)["facts"][-1]
    assert fact["actor"] == actor
    assert fact["on_behalf_of"] == f"person-{person}"
    assert " for " in county.ok("timeline", task)
    assert "代" in county.ok("timeline", task, language="zh")


def test_a_repeated_command_id_acts_once(county: Terminal) -> None:
    identity = "017ad22a842a7aee886807dbfe90b58f"
    words = ("start", "--plan", "flood", "--division", "999901", "--yes", "--command-id", identity)
    first, second = county.json(*words), county.json(*words)
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert first["task_force"] == second["task_force"]
    assert first["last"] == second["last"]
    assert len(county.json("force", "list")) == 1
    other = county.run("force", "entry", "tf-1", "--text", "x", "--command-id", identity)
    assert other.code == 1
    assert "used before for another command" in other.err


def test_a_correction_is_shown_beside_what_it_corrects(county: Terminal) -> None:
    task, head = first_task(county, start(county), "grid_head")
    county.ok("task", "report", task, "--as", head, "--text", "三棵树倒伏")
    county.ok(
        *("task", "correct", task, "--version", "3", "--reason", "数错"),
        *("--text", "四棵树倒伏", "--time", "2021-07-23T14:50"),
    )
    shown = county.ok("timeline", task, language="zh")
    assert "回单：三棵树倒伏" in shown
    assert "已更正，应为“四棵树倒伏”" in shown
    assert "已更正，时间应为 2021-07-23 14:50:00" in shown
    marked = [fact for fact in county.json("timeline", task) if "corrected" in fact]
    assert [fact["version"] for fact in marked] == [3]


def test_a_drill_stays_out_of_the_real_board(county: Terminal) -> None:
    task_force = start(county, "--drill")
    assert county.json("board", "999901")["count"]["waiting"] == 0
    assert county.json("board", "999901", "--waiting", "5")["waiting"]["count"] == 0
    assert county.json("board", "999901", "--drills")["count"]["waiting"] == 12
    assert county.json("board", "--task-force", task_force)["count"]["waiting"] == 12
    assert "[drill]" in county.ok("force", "list")


def test_a_board_of_the_past_shows_what_was_known_then(county: Terminal) -> None:
    task_force = start(county)
    then = county.json("board", "999901")
    task, person = first_task(county, task_force, "household_contact")
    county.ok("task", "accept", task, "--as", person)
    assert county.json("board", "999901")["count"]["in_progress"] == 1
    before = county.json("board", "999901", "--at", str(then["position"]))
    assert before["count"] == then["count"]
    assert county.json("board", "999901", "--at", "2021-07-23T14:59")["position"] == 0


def test_an_erased_person_reads_erased_everywhere(county: Terminal) -> None:
    task_force = start(county)
    task, person = first_task(county, task_force, "household_contact")
    name = county.json("people", "show", person)["name"]
    assert name in county.ok("timeline", task)
    assert "destroyed" in county.ok("people", "erase", person, "--reason", "本人要求")
    for words in (["people", "show", person], ["timeline", task], ["inbox", person]):
        shown = county.ok(*words)
        assert name not in shown
        assert "erased" in shown
    assert "已删除" in county.ok("people", "show", person, language="zh")
    assert county.json("people", "erase", person, "--reason", "再来")["outcome"] == "already_done"


def test_the_export_is_a_cloud_event_a_line(county: Terminal) -> None:
    start(county)
    lines = [json.loads(line) for line in county.ok("log", "export").splitlines()]
    positions = [int(line["position"]) for line in lines]
    assert positions == list(range(1, len(lines) + 1))
    assert {line["specversion"] for line in lines} == {"1.0"}
    rest = county.ok("log", "export", "--after", str(positions[-1] - 1)).splitlines()
    assert [json.loads(line)["position"] for line in rest] == [str(positions[-1])]


def test_one_fact_is_shown_by_position_and_by_id(county: Terminal) -> None:
    by_position = county.json("log", "show", "1")
    assert by_position["event_id"] == "division-999901/1"
    assert county.json("log", "show", "division-999901/1") == by_position
    assert county.json("log", "list", "--topic", "plan.", "--limit", "0")[0]["data"]["title"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ["未领办", "办理中", "半数0秒内领办，九成0秒内"]), ("en", ["accepted", "nine in ten"])],
)
def test_a_board_fits_into_80_columns(county: Terminal, language: str, words: list[str]) -> None:
    task, person = first_task(county, start(county), "household_contact")
    county.ok("task", "accept", task, "--as", person)
    for command in (["board", "--waiting", "5"], ["timeline", task], ["force", "list"]):
        shown = county.ok(*command, language=language)
        assert max(cell_len(line) for line in shown.splitlines()) <= 80
    board = county.ok("board", "--waiting", "3", language=language)
    for word in words:
        assert word in board
    assert "task-" in board
