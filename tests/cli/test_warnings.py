from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.driving import Terminal, program
from tests.support_terminal import COUNTY, TOWNSHIP, adopt_triggered, cap

TOLD = ("warning", "tell", "--event", "台风", "--level", "橙", "--by", "县气象台")


def test_a_telephoned_warning_is_typed_in_and_started_on_with_the_command_it_shows(
    county: Terminal, tmp_path: Path
) -> None:
    adopt_triggered(county, tmp_path)
    told = county.ok(*TOLD, "--division", "虚拟县")
    shown = next(line for line in told.splitlines() if " start --plan " in line)
    words = shlex.split(shown)
    assert words[:3] == ["handheld", "--data", str(county.data)]
    assert words[words.index("--level") + 1] == "II"
    started = county.json(*words[3:], "--yes")
    assert started["outcome"] == "accepted"
    summary = county.json("force", "show", started["task_force"])
    assert "II" in str(summary)
    warning = county.json("warning", "list")[0]
    assert warning["task_forces"] == [started["task_force"]]
    again = county.run(*words[3:], "--yes")
    assert again.code == 1
    assert "already started in 999901" in again.err
    assert "--again" in again.err


def test_a_plan_that_starts_by_itself_has_started_when_the_answer_comes(
    county: Terminal, tmp_path: Path
) -> None:
    adopt_triggered(county, tmp_path, does="start")
    told = county.ok(*TOLD, "--division", TOWNSHIP)
    forces = county.json("force", "list")
    assert [force["division"] for force in forces] == [TOWNSHIP]
    assert forces[0]["task_force"] in told


def test_each_cap_file_is_answered_and_a_bad_one_holds_up_no_other(
    county: Terminal, tmp_path: Path
) -> None:
    adopt_triggered(county, tmp_path)
    good, late = cap(tmp_path, "good.xml"), cap(tmp_path, "other.xml", identifier="T2")
    bad = tmp_path / "bad.xml"
    bad.write_text("<alert>", "utf-8")
    test = cap(tmp_path, "test.xml", identifier="T3", status="Test")
    ran = county.run("warning", "receive", good, bad, test, good, late, tmp_path / "none.xml")
    assert ran.code == 1
    assert ran.out.count("Plan typhoon-here answers it") == 2
    assert "This warning message came before." in ran.out
    for words in ("The message is not whole", "test message", "There is no file"):
        assert words in ran.err, words
    assert {w["headline"] for w in county.json("warning", "list")} == {"发布台风橙色预警"}
    assert len(county.json("warning", "list")) == 2


def test_a_message_may_be_piped_in(county: Terminal, tmp_path: Path) -> None:
    ran = county.run("warning", "receive", "-", "--json", stdin=cap(tmp_path, "x.xml").read_text())
    assert [found["outcome"] for found in ran.json] == ["accepted"]
    assert county.json("warning", "list")[0]["divisions"] == [COUNTY]


def test_an_update_and_a_cancel_are_followed(county: Terminal, tmp_path: Path) -> None:
    first = cap(tmp_path, "1.xml")
    named = "cap@weather.example,T1,2021-07-23T14:50:00+08:00"
    red = cap(
        tmp_path,
        "2.xml",
        identifier="T2",
        kind="Update",
        sent="2021-07-23T14:55:00+08:00",
        references=named,
        headline="台风预警升级为红色",
    )
    county.ok("warning", "receive", first, red)
    assert [w["level"] for w in county.json("warning", "list")] == ["red"]
    warning = county.json("warning", "list")[0]["warning"]
    lifted = county.run("warning", "lift", warning, "--reason", "过了")
    assert lifted.code == 1
    assert "Only its sender" in lifted.err
    over = cap(
        tmp_path,
        "3.xml",
        identifier="T3",
        kind="Cancel",
        sent="2021-07-23T14:58:00+08:00",
        references=f"{named} cap@weather.example,T2,2021-07-23T14:55:00+08:00",
    )
    county.ok("warning", "receive", over)
    assert county.ok("warning", "list").strip() == "No warning is in force."
    assert [w["status"] for w in county.json("warning", "list", "--ended")] == ["cancelled"]


def test_a_warning_for_nowhere_known_is_placed_by_hand_and_then_answered(
    county: Terminal, tmp_path: Path
) -> None:
    adopt_triggered(county, tmp_path)
    path = cap(tmp_path, "far.xml", code="110101")
    path.write_text(path.read_text("utf-8").replace("虚拟县", "别处"), "utf-8")
    told = county.ok("warning", "receive", path)
    warning = county.json("warning", "list")[0]["warning"]
    assert f"handheld warning place {warning}" in told
    placed = county.ok("warning", "place", warning, "--division", "二镇")
    assert "Plan typhoon-here answers it" in placed
    declined = county.ok(
        "warning", "decline", warning, "--plan", "typhoon-here", "--reason", "已在防范"
    )
    assert "Recorded" in declined
    assert "已在防范" in county.ok("warning", "show", warning)


def test_a_warning_told_is_told_anew_raised_corrected_and_lifted(county: Terminal) -> None:
    told = county.json(*TOLD, "--division", COUNTY, "--expires", "08:00")
    assert told["expires"].startswith("2021-07-24T00:00")  # tomorrow's 08:00 in Beijing
    warning = told["warning"]
    county.ok("warning", "update", warning, "--level", "red", "--headline", "台风红色预警")
    county.ok("warning", "correct", warning, "--version", "1", "--reason", "听错", "--text", "黄色")
    found = county.json(
        "warning", "raise", "--event", "欠薪风险", "--level", "yellow", "--headline", "三家企业欠水电费",
        "--division", TOWNSHIP, "--drill",
    )  # fmt: skip
    assert [w["level"] for w in county.json("warning", "list")] == ["red"]
    assert [w["warning"] for w in county.json("warning", "list", "--drill")] == [found["warning"]]
    county.ok("warning", "lift", warning, "--reason", "台风远离")
    shown = county.ok("warning", "show", warning)
    for words in ("台风红色预警", "corrected to", "台风远离", "lifted"):
        assert words in shown, words


@pytest.mark.parametrize(
    ("language", "level", "past", "nowhere", "unknown", "nothing"),
    [
        ("zh", "不是预警等级", "已经过去", "也没有叫这个名称", "没有编号为", "没有按预案"),
        ("en", "not a warning level", "in the past", "nor the name of a division", "There is no warning", "proposes no start"),
    ],
)  # fmt: skip
def test_every_failure_says_what_to_do(
    county: Terminal, language: str, level: str, past: str, nowhere: str, unknown: str, nothing: str
) -> None:
    told = ("warning", "tell", "--event", "台风", "--by", "气象台")
    known = county.json(*TOLD, "--division", COUNTY)["warning"]
    runs = [
        (level, (*told, "--level", "紫", "--division", COUNTY)),
        (past, (*told, "--level", "red", "--division", COUNTY, "--expires", "2021-07-23T14:00")),
        (nowhere, (*told, "--level", "red", "--division", "无此处")),
        (unknown, ("warning", "show", "warning-0")),
        (nothing, ("warning", "decline", known, "--plan", "flood", "--reason", "不用")),
    ]
    for expected, words in runs:
        ran = county.run(*words, language=language)
        assert ran.code != 0, words
        assert expected in ran.err, (expected, ran.err)
        assert ("怎么办：" if language == "zh" else "What to do: ") in ran.err


def test_a_folder_is_watched_until_ctrl_c_each_file_taken_once_and_left_there(
    county: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "incoming"
    folder.mkdir()
    cap(folder, "a.xml")
    watching = subprocess.Popen(
        program(county.data, "warning", "watch", folder, "--every", "0.1"),
        env={**os.environ, "COLUMNS": "80", "HANDHELD_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        _until(county, 1)
        cap(folder, "b.xml", identifier="T2")
        (folder / "note.txt").write_text("not a message", "utf-8")
        _until(county, 2)  # other commands work on the directory meanwhile
    finally:
        watching.send_signal(signal.SIGINT)
        out, err = watching.communicate(timeout=30)
    assert watching.returncode == 0, err
    assert "messages taken in: 2" in out
    assert sorted(path.name for path in folder.iterdir()) == ["a.xml", "b.xml", "note.txt"]


def _until(terminal: Terminal, count: int) -> None:
    for _ in range(200):
        ran = terminal.run("warning", "list", "--json")
        if ran.code == 0 and len(ran.json) == count:
            return
        time.sleep(0.1)
    raise AssertionError(count)
