"""An event that this version cannot read: what is known is shown, with a warning, and all else goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite

from tests.cli.driving import Ran, Terminal, first_task, start

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def levitate(data: Path, stream: str = "task-strange", topic: str = "task.levitated.v1") -> int:
    """What a newer version has written; gives its position."""
    log = sqlite.connect(str(data / "log.db"))
    end, when = log.execute("SELECT max(position), max(recorded_us) FROM stored_events").fetchone()
    row = (end + 1, stream, 1, topic, b'{"meta":{}}', when)
    log.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?, ?, ?)", row)
    log.commit()
    log.close()
    return int(end) + 1


def warned(ran: Ran, position: int, language: str) -> None:
    """Once: which folds stopped where, at which event, and the way out."""
    assert ran.code == 0, ran
    lines = ran.err.strip().splitlines()
    assert len(lines) == 2, ran.err
    folds, way_out = {
        "zh": ("看板、时间线和收件箱", "日志完好。请升级"),
        "en": ("the boards, timelines and inboxes", "The log is unharmed. Upgrade"),
    }[language]
    for word in (folds, str(position), str(position - 1), "task.levitated.v1"):
        assert word in lines[0]
    assert way_out in lines[1]


@LANGUAGES
def test_boards_timelines_and_inboxes_show_what_they_know(county: Terminal, language: str) -> None:
    task_force = start(county)
    task, head = first_task(county, task_force, "grid_head")
    position = levitate(county.data)
    county.ok("task", "accept", task, "--as", head)

    board = county.run("board", "--json", language=language)
    warned(board, position, language)
    assert (board.json["position"], board.json["count"]["waiting"]) == (position - 1, 12)
    timeline = county.run("timeline", task_force, "--json", language=language)
    warned(timeline, position, language)
    assert max(fact["position"] for fact in timeline.json) < position
    inbox = county.run("inbox", head, "--json", language=language)
    warned(inbox, position, language)
    assert [line["order"] for line in inbox.json] == ["巡查本网格"]
    for words in (["board"], ["timeline", task_force], ["inbox", head]):
        warned(county.run(*words, language=language), position, language)


def test_a_board_that_is_stopped_has_the_time_of_its_last_fact(terminal: Terminal) -> None:
    terminal.ok("init", "--simulated-from", "2021-07-23T15:00", "--rate", "100000")
    terminal.ok("divisions", "sample", "longyou")
    position = levitate(terminal.data)
    last = terminal.json("log", "show", str(position - 1))["recorded_at"]
    assert terminal.json("board")["at"] == last


def test_a_task_goes_on_and_is_shown_from_its_own_stream(county: Terminal) -> None:
    task, head = first_task(county, start(county), "grid_head")
    levitate(county.data)
    county.ok("task", "accept", task, "--as", head)
    assert county.json("task", "show", task)["state"]["status"] == "in_progress"


@LANGUAGES
def test_verifying_names_the_event_and_tells_nobody_to_remove_anything(
    county: Terminal, language: str
) -> None:
    levitate(county.data)
    ran = county.run("log", "verify", language=language)
    assert ran.code == 1
    assert "task.levitated.v1" in ran.out
    assert "views.db" not in ran.err
    assert {"zh": "请升级", "en": "Upgrade"}[language] in ran.err
