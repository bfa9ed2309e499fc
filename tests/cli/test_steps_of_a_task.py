from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.driving import Terminal, first_task, start
from tests.cli.stories import flood_county, newest_task, somebody

JPEG = b"\xff\xd8\xff\xe0 not much of a photo"


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    folder = tmp_path_factory.mktemp("flooded")
    terminal = Terminal(folder / "data")
    flood_county(terminal, folder)
    return terminal


def test_the_way_there_visits_and_a_report_with_a_photo(flooded: Terminal, tmp_path: Path) -> None:
    task, head = first_task(flooded, start(flooded), "grid_head")
    flooded.ok("task", "en-route", task, "--as", head)
    flooded.ok("task", "on-scene", task, "--as", head)
    visit = ("task", "visit", task, "--as", head, "--household", "12", "--done", "已劝离")
    flooded.ok(*visit, "--dissatisfied")
    assert flooded.json(*visit, "--dissatisfied")["outcome"] == "already_done"
    photo = tmp_path / "photo.bin"
    photo.write_bytes(JPEG)
    report = ("task", "report", task, "--as", head, "--text", "完成", "--number", "moved=3")
    flooded.ok(*report, "--choice", "road=通", "--photo", photo)
    shown = flooded.json("task", "show", task)
    state = shown["state"]
    assert (state["en_route"], state["on_scene"], state["status"]) == (True, True, "to_verify")
    assert state["visits"] == {"12": ["已劝离", False]}
    told = shown["facts"][-1]["data"]
    assert told["photos"] == [
        {"sha256": sha256(JPEG).hexdigest(), "media": "image/jpeg", "size": len(JPEG)}
    ] or told["photos"] == [{"sha256": sha256(JPEG).hexdigest(), "size": len(JPEG)}]
    line = flooded.ok("timeline", task, language="zh")
    assert all(words in line for words in ("走访 12 户", "不满意", "已劝离"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--number", "moved"), "usage.pair"),
        (("--number", "moved=1", "--number", "moved=2"), "usage.pair_twice"),
        (("--number", "moved=many"), "usage.number"),
        (("--number", "moved=3", "--choice", "road=也许"), "report.choice"),
        (("--number", "moved=300", "--choice", "road=通"), "report.too_large"),
        (("--number", "moved=3", "--choice", "road=通", "--answer", "x=y"), "report.field_unknown"),
        (("--photo", "nowhere.jpg"), "file.not_found"),
        (("--photo", __file__), "photos.not_one"),
    ],
)
def test_a_report_that_does_not_fill_the_form_is_refused(
    flooded: Terminal, words: tuple[str, ...], code: str
) -> None:
    task, head = first_task(flooded, start(flooded), "grid_head")
    ran = flooded.run("task", "report", task, "--as", head, "--text", "完成", *words, "--json")
    assert ran.json["error"]["code"] == code
    for language in ("zh", "en"):
        said = flooded.run(
            *("task", "report", task, "--as", head, "--text", "完成", *words), language=language
        )
        assert said.code in (1, 2)
        assert said.err.count("\n") >= 2


def test_deadlines_wait_move_and_somebody_watches(flooded: Terminal) -> None:
    task, _ = first_task(flooded, start(flooded), "grid_head")
    flooded.ok("task", "suspend", task, "--reason", "等水退", "--until", "18:00")
    refused = flooded.run("task", "remind", task, "--json")
    assert (refused.code, refused.json["code"]) == (1, "task.suspended")
    flooded.ok("task", "resume", task)
    flooded.ok("task", "extend", task, "--by", "23:00", "--reason", "路断")
    past = flooded.run("task", "extend", task, "--by", "2021-07-23T09:00", "--reason", "路断")
    assert "2021-07-23 09:00:00" in past.err
    flooded.ok("task", "remind", task, "--text", "请快些")
    flooded.ok("task", "supervise", task, "--text", "今晚办完")
    shown = flooded.ok("task", "show", task, language="zh")
    assert "2021-07-23 23:00:00" in shown
    assert "已催办、督办" in shown


def test_a_task_is_reassigned_reopened_and_passed_on(flooded: Terminal) -> None:
    task_force = start(flooded)
    task, head = first_task(flooded, task_force, "grid_head")
    officer = "D2"
    made = flooded.json("task", "reassign", task, "--to", officer, "--reason", "生病")
    assert made["new_task"] == newest_task(flooded, officer)
    assert flooded.json("task", "show", task)["state"]["reassigned_to"] == f"person-{officer}"
    flooded.ok("task", "decline", made["new_task"], "--as", officer, "--reason", "在外地")
    flooded.ok("task", "reopen", made["new_task"], "--reason", "无人可替")
    assert flooded.json("task", "show", made["new_task"])["state"]["status"] == "waiting"

    order = flooded.json("order", "issue", task_force, "--text", "封路", "--department", "traffic")
    unit = newest_task(flooded, "D1")
    passed = flooded.json("task", "pass-on", unit, "--as", "D1", "--person", officer)
    assert passed["order"] != order["order"]
    below = flooded.json("task", "show", newest_task(flooded, officer))
    assert below["facts"][0]["data"]["passed_on_from"] == unit
    assert flooded.run("task", "pass-on", unit, "--as", "D1", "--person", head, "--json").code == 1
    departments = flooded.json("force", "show", task_force)["departments"]
    assert departments["traffic"]["accepted_at"] is not None
    board = flooded.json("board", "--department", "演练交通局")
    assert board["count"]["waiting"] >= 1
    assert "演练交通局" in flooded.ok("board", "--department", "traffic", "--waiting", "3")


def test_an_unlikely_time_is_marked_and_what_was_claimed_stays(flooded: Terminal) -> None:
    task, head = first_task(flooded, start(flooded), "grid_head")
    flooded.ok("task", "accept", task, "--as", head, "--occurred-at", "09:30")
    shown = flooded.ok("timeline", task, language="zh")
    assert "[所称时间不可能，按 2021-07-23 15:00:00 计]" in shown
    assert "发生 2021-07-23 09:30:00" in shown
    marked = [fact["claim"] for fact in flooded.json("timeline", task) if "claim" in fact]
    assert marked == ["impossible"]


def test_the_board_of_a_grid_shows_its_households(flooded: Terminal) -> None:
    task, contact = first_task(flooded, start(flooded), "household_contact")
    post = flooded.json("people", "show", contact)["posts"][0]["division"]
    done = ("--household", "001", "--done", "检查门窗", "--satisfied")
    flooded.ok("task", "visit", task, "--as", contact, *done)
    grid = flooded.json("board", post)["grid"]
    household = next(h for h in grid["households"] if h["household"] == "001")
    assert household == {
        "household": "001",
        "contacts": [f"person-{contact}"],
        "visited": True,
        "satisfied": True,
    }
    assert not next(h for h in grid["households"] if h["household"] == "002")["visited"]
    assert {t["task"] for t in grid["tasks"]} >= {task}
    assert "走访到" in flooded.ok("board", post, language="zh")


def test_somebody_reached_by_telephone_sets_out_by_another_s_hand(flooded: Terminal) -> None:
    task, head = first_task(flooded, start(flooded), "grid_head")
    official = somebody(flooded, "village_official")
    alone = flooded.run("task", "en-route", task, "--as", official, "--json")
    assert alone.json["error"]["code"] == "task.not_yours"
    flooded.ok("task", "en-route", task, "--as", official, "--on-behalf-of", head)
    fact = flooded.json("task", "show", task)["facts"][-1]
    assert (fact["topic"], fact["on_behalf_of"]) == ("task.en_route.v1", f"person-{head}")
