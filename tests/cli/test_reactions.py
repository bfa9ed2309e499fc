from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from handheld.bootstrap import Home
from handheld.domain.finding_commands import SettleFinding
from tests.cli.driving import Terminal, first_task, program, start
from tests.cli.stories import flood_county, newest_task, somebody


@pytest.fixture
def flooded(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path / "data")
    flood_county(terminal, tmp_path)
    return terminal


def test_from_the_start_over_reminders_and_the_late_list_to_the_rating(flooded: Terminal) -> None:
    task_force = start(flooded)
    task, head = first_task(flooded, task_force, "grid_head")
    flooded.ok("task", "accept", task, "--as", head)

    half = flooded.json("reactions", "run", "--until", "15:45")
    assert half["done"] == {"reminded": 5}
    told = flooded.ok("reactions", "run", "--until", "16:15", language="zh")
    assert "到期的已记录：" in told
    assert "提级 10 项" in told
    assert "超期 5 项" in told
    again = flooded.run("reactions", "run", "--until", "15:00", "--json")
    assert again.json["error"]["code"] == "usage.backwards"

    late = flooded.json("late")
    assert late["count"] == 5
    assert {row["reminded"] for row in late["rows"]} == {1}
    assert all(row["overdue"] for row in late["rows"])
    page = flooded.json("late", "--limit", "2")
    rest = flooded.json("late", "--limit", "0", "--after", page["next"])
    shown = [row["task"] for row in (*page["rows"], *rest["rows"])]
    assert shown == [row["task"] for row in late["rows"]]
    gone = page["rows"][1]
    flooded.ok("task", "accept", gone["task"], "--as", gone["person"])
    following = flooded.json("late", "--limit", "0", "--after", page["next"])
    assert [row["task"] for row in following["rows"]] == [row["task"] for row in rest["rows"]]
    assert flooded.json("late", "--division", "二镇")["count"] == 2
    assert flooded.json("board")["count"]["overdue"] == 4

    official = somebody(flooded, "village_official", "999901001001")
    told = flooded.ok("inbox", official, language="zh")
    assert "还没有领办" in told
    assert "巡查本网格" in told

    words = ("task", "report", task, "--as", head, "--text", "已转移")
    assert flooded.run(*words, "--json").json["error"]["code"] == "report.field_missing"
    flooded.ok(*words, "--number", "moved=12", "--choice", "road=不通")
    flooded.ok("task", "verify", task, "--as", official)
    flooded.ok("task", "rate", task, "--satisfied", "--as", official, "--text", "很快")
    flooded.ok("task", "evaluate", task, "--score", "5", "--as", official)
    own = flooded.run("task", "rate", task, "--dissatisfied", "--as", head, "--json")
    assert own.json["error"]["code"] == "task.own_rating"

    board = flooded.json("board")
    assert board["sums"] == [{"key": "moved", "label": "转移人数", "unit": "人", "sum": 12}]
    assert board["ratings"] == {"satisfied": 1, "dissatisfied": 0}
    shown_task = flooded.ok("task", "show", task, language="zh")
    assert "转移人数 12人、道路 不通" in shown_task
    assert "满意：很快、5 分" in shown_task
    assert all(check["same"] for check in flooded.json("log", "verify"))


def test_what_fell_due_meanwhile_is_recorded_first_and_said_on_stderr(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "data")
    flood_county(terminal, tmp_path, rate="3600000")  # an hour in a thousandth of a second
    start(terminal)
    deadline = time.monotonic() + 60
    told = ""
    while "提级" not in told and time.monotonic() < deadline:
        ran = terminal.run("board", "--json", language="zh")
        assert ran.code == 0
        assert ran.json["position"]
        told += ran.err
    assert "到期的已记录：" in told
    topics = {fact["topic"] for fact in terminal.json("log", "list", "--limit", "0")}
    assert {"task.reminded.v1", "task.escalated.v1", "task.overdue.v1"} <= topics
    before = terminal.json("log", "list", "--limit", "0")
    assert terminal.json("log", "list", "--limit", "0") == before, "looking changes nothing"


def test_the_watch_records_what_falls_due_until_it_is_interrupted(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "data")
    flood_county(terminal, tmp_path, rate="6000")  # a hundred minutes a second
    start(terminal)
    watching = subprocess.Popen(
        program(terminal.data, "reactions", "watch"),
        env={**os.environ, "HANDHELD_LANG": "en", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has them inherit an ignored SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert watching.stdout is not None
    lines: list[str] = []
    for line in watching.stdout:
        lines.append(line)
        if "overdue" in line:
            break
    watching.send_signal(signal.SIGINT)
    out, err = watching.communicate(timeout=30)
    assert (watching.returncode, err) == (0, "")
    assert "reminders 6" in "".join(lines)
    assert "No longer watching." in out
    assert terminal.json("late")["count"] == 6


def test_a_real_clock_is_not_moved_on(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "data")
    terminal.ok("init")
    refused = terminal.run("reactions", "run", "--until", "23:59", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (2, "usage.real_clock")
    assert "Nothing is due" in terminal.ok("reactions", "run")


def test_what_cannot_be_done_is_said_and_stops_nothing(flooded: Terminal) -> None:
    task_force = start(flooded)
    for fact in flooded.json("log", "list", "--topic", "task.dispatched", "--limit", "0"):
        if fact["data"]["role"] == "grid_head":
            flooded.ok("people", "erase", fact["person"], "--reason", "演练")
    ran = flooded.run("reactions", "run", "--until", "17:30", language="zh")
    assert ran.code == 0
    assert "下指令" in ran.out or "提级" in ran.out
    assert flooded.json("force", "show", task_force)["status"] == "active"


def test_a_claimed_order_lets_the_others_go(flooded: Terminal) -> None:
    task_force = start(flooded)
    heads = [p["person"] for p in flooded.json("people", "list", "--role", "grid_head")][:3]
    people = [word for head in heads for word in ("--person", head)]
    order = ("order", "issue", task_force, "--text", "清障", "--open-to", "1", *people)
    assert "tasks: 3." in flooded.ok(*order)
    first, second = newest_task(flooded, heads[0]), newest_task(flooded, heads[1])
    flooded.ok("task", "accept", first, "--as", heads[0])
    late = flooded.json("task", "accept", second, "--as", heads[1])
    assert (late["outcome"], late["code"]) == ("overtaken", "task.claimed_by_others")
    assert flooded.json("reactions", "run")["done"] == {"withdrawn": 2}
    told = flooded.ok("timeline", second, language="zh")
    assert "名额已满" in told
    assert "order.filled" not in told


def test_a_clock_that_was_moved_on_is_where_the_next_command_goes_on(flooded: Terminal) -> None:
    moved = flooded.json("reactions", "run", "--until", "17:30")
    again = flooded.json("reactions", "run")
    assert again["now"] == moved["now"]
    assert again["done"] == {}
    back = flooded.run("reactions", "run", "--until", "17:00", "--json")
    assert back.json["error"]["code"] == "usage.backwards"


def test_what_was_due_and_refused_is_listed_with_its_reason(flooded: Terminal) -> None:
    assert flooded.json("reactions", "refused") == []
    words = ("reactions", "refused")
    assert "Nothing due was refused." in flooded.ok(*words)
    with Home(flooded.data) as home:
        lost = SettleFinding(finding="finding-none", order="order-none")
        assert home.execute(lost, "reactions").outcome == "refused"
    (listed,) = flooded.json("reactions", "refused")
    assert listed["code"] == "finding.unknown"
    assert listed["wrong"] in flooded.ok(*words)
    assert "finding" not in flooded.ok(*words, language="zh")
