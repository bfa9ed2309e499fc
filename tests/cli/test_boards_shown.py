from __future__ import annotations

from handheld.application.reading.board_wanted import Rows, Wanted
from handheld.bootstrap import Home
from handheld.domain.seeing import Viewer
from tests.cli.driving import Terminal, first_task, start


def watched(county: Terminal, *boards: Wanted) -> None:
    """A server shows these boards for a moment."""
    with Home(county.data) as home:
        home.caught_up()
        for wanted in boards:
            home.board_desk.reading.get(Viewer("operator"), wanted)


def test_what_was_shown_can_be_compared_with_the_log(county: Terminal) -> None:
    task_force = start(county)
    watched(county, Wanted(key="999901"), Wanted(key="999901", rows=Rows(limit=20)))
    task, person = first_task(county, task_force, "household_contact")
    county.ok("task", "accept", task, "--as", person)
    found = county.json("board", "999901", "--shown")["shown"]
    assert [one["verdict"] for one in found] == ["identical", "identical"]
    assert found[0]["digest"] != found[1]["digest"]
    told = county.ok("board", "999901", "--shown")
    assert "the log gives the same" in told
    assert found[0]["digest"][:20] in told.replace("\n", "")
    assert "与日志重算一致" in county.ok("board", "999901", "--shown", "--lang", "zh")


def test_a_board_that_nobody_watched_has_no_notes(county: Terminal) -> None:
    start(county)
    watched(county, Wanted(key="999901001"))
    assert county.json("board", "999901", "--shown")["shown"] == []
    assert "no note" in county.ok("board", "999901", "--shown")
    assert county.json("board", "999901", "--shown", "--at", "14:00")["shown"] == []
    assert len(county.json("board", "999901001", "--shown")["shown"]) == 1


def test_a_damaged_file_of_notes_is_told_and_stops_no_board(county: Terminal) -> None:
    start(county)
    (county.data / "shown.db").write_bytes(b"not a database at all " * 500)
    ran = county.run("board", "999901", "--shown")
    assert ran.code != 0
    assert "shown.db" in ran.err
    county.ok("board", "999901")
