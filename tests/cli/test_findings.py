from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.driving import Terminal, start
from tests.support_terminal import COUNTY, JPEG, somebody


def _reported(county: Terminal, tmp_path: Path, *more: str) -> tuple[str, str, str]:
    """Finding, reporter and the grid where it is."""
    reporter, grid = somebody(county, "grid_head")
    photo = tmp_path / "树.jpg"
    photo.write_bytes(JPEG)
    told = county.json(
        "finding", "report", "--text", "大树倒在主路上", "--division", grid, "--as", reporter,
        "--photo", photo, "--place", "村口", "--location", "28.97,118.95,12", *more,
    )  # fmt: skip
    return told["finding"], reporter, grid


def test_what_is_reported_waits_at_the_village_with_its_photo_known_by_its_content(
    county: Terminal, tmp_path: Path
) -> None:
    finding, reporter, grid = _reported(county, tmp_path)
    village = grid[:12]
    assert [f["finding"] for f in county.json("finding", "list", "--desk", village)] == [finding]
    shown = county.json("finding", "show", finding)
    said = shown["facts"][0]["data"]
    assert said["photos"] == [
        {"sha256": sha256(JPEG).hexdigest(), "media": "image/jpeg", "size": len(JPEG)}
    ]
    assert said["location"] == {"latitude": 28.97, "longitude": 118.95, "accuracy": 12.0}
    assert [f["state"] for f in county.json("finding", "mine", "--person", reporter)] == ["open"]


def test_it_goes_up_and_to_a_department_and_back_and_the_reporter_sees_what_became_of_it(
    county: Terminal, tmp_path: Path
) -> None:
    county.ok("department", "import", "--shipped", "--division", COUNTY)
    finding, reporter, _ = _reported(county, tmp_path)
    county.ok("finding", "pass-up", finding, "--reason", "没有吊车")
    up = county.ok("finding", "pass-up", finding, "--reason", "全县缺", "--wants-task-force")
    assert f"虚拟县 {COUNTY}" in up
    (waiting,) = county.json("finding", "list", "--desk", COUNTY)
    assert waiting["wants_task_force"] is True
    county.ok("finding", "route", finding, "--department", "应急管理局", "--reason", "归口")
    assert county.json("finding", "list", "--desk", COUNTY) == []
    (theirs,) = county.json("finding", "list", "--department", "emergency")
    assert theirs["desk"] == "department-emergency"
    county.ok("finding", "return", finding, "--reason", "请补照片")
    assert county.json("finding", "list", "--department", "emergency") == []
    added = ("finding", "add", finding, "--text", "补一张")
    county.ok(*added, "--on-behalf-of", reporter)
    county.ok("finding", "settle", finding, "--text", "已清开")
    (mine,) = county.json("finding", "mine", "--person", reporter)
    assert mine["state"] == "dealt_with"
    assert county.json("finding", "list") == []
    shown = county.ok("finding", "show", finding)
    for words in ("Passed up to", "Routed to 应急管理局", "Returned to", "补一张", "已清开"):
        assert words in shown, words


def test_an_order_about_it_settles_it_when_its_task_is_done(
    county: Terminal, tmp_path: Path
) -> None:
    task_force = start(county)
    finding, reporter, _ = _reported(county, tmp_path)
    ordered = county.json(
        "finding", "order", finding, task_force, "--text", "清开路面", "--person", reporter
    )
    tasks = county.json("register", "tasks", "--order", ordered["order"])["rows"]
    (task,) = [row["task"] for row in tasks]
    county.ok("task", "accept", task, "--as", reporter)
    county.ok("task", "report", task, "--as", reporter, "--text", "已通车")
    county.ok("reactions", "run")
    settled = county.json("finding", "show", finding)["state"]
    assert (settled["status"], settled["dealt_with"]) == ("dealt_with", "已通车")


def test_what_was_wrong_is_corrected_and_stays_to_be_seen(county: Terminal, tmp_path: Path) -> None:
    finding, _, _ = _reported(county, tmp_path)
    county.ok("finding", "correct", finding, "--version", "1", "--reason", "错字", "--text", "松树")
    assert 'corrected to "松树"' in " ".join(county.ok("finding", "show", finding).split())
    (row,) = county.json("register", "findings", "松树")["rows"]
    assert row["finding"] == finding


def test_findings_of_a_drill_stay_out_of_real_lists(county: Terminal, tmp_path: Path) -> None:
    finding, reporter, _ = _reported(county, tmp_path, "--drill")
    assert county.json("finding", "list") == []
    assert [f["finding"] for f in county.json("finding", "list", "--drills")] == [finding]
    assert county.json("finding", "mine", "--person", reporter) == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ("没有写明是谁上报的", "不是照片", "不是位置", "没有写明转给谁", "没有编号为", "没有登记部门")),
        ("en", ("not said who reports", "is not a photo", "is not a place", "not said whose", "There is no finding", "There is no department")),
    ],
)  # fmt: skip
def test_every_failure_says_what_to_do(
    county: Terminal, tmp_path: Path, language: str, expected: tuple[str, ...]
) -> None:
    finding, reporter, grid = _reported(county, tmp_path)
    text = tmp_path / "words.txt"
    text.write_text("no photo", "utf-8")
    report = ("finding", "report", "--text", "树", "--division", grid)
    runs = [
        report,
        (*report, "--as", reporter, "--photo", str(text)),
        (*report, "--as", reporter, "--location", "here"),
        ("finding", "route", finding, "--reason", "归口"),
        ("finding", "settle", "finding-0", "--text", "好了"),
        ("finding", "route", finding, "--reason", "归口", "--department", "nowhere"),
    ]
    for words, run in zip(expected, runs, strict=True):
        ran = county.run(*run, language=language)
        assert ran.code != 0, run
        assert words in ran.err, (words, ran.err)
        assert ("怎么办：" if language == "zh" else "What to do: ") in ran.err
