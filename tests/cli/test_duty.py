from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.driving import Terminal
from tests.support_terminal import COUNTY, TOWNSHIP, VILLAGE, somebody, workbook


def _officers(county: Terminal) -> list[str]:
    found = county.json("people", "list", "--role", "duty_officer", "--division", COUNTY)
    held = [p["person"] for p in found if p["posts"][0]["division"] == COUNTY]
    assert len(held) >= 2
    return [person.removeprefix("person-") for person in held[:2]]


def _times(*hours: int) -> list[datetime]:
    """Cells of a spreadsheet, which knows no zones."""
    return [datetime.fromisoformat(f"2021-07-23T{hour:02}:00") for hour in hours]


def test_a_roster_from_a_workbook_puts_somebody_on_by_itself_and_duty_is_handed_over(
    county: Terminal, tmp_path: Path
) -> None:
    day, night = _officers(county)
    rows = [
        ("编号", "姓名", "开始", "结束", "角色", "区划"),
        (day, "看不看都行", *_times(8, 20), "值班员", int(COUNTY)),
        (night, "", "2021-07-23 20:00", "2021-07-24T08:00", "duty_officer", COUNTY),
    ]  # fmt: skip
    county.ok("duty", "roster", workbook(tmp_path / "值班表.xlsx", rows))
    (post,) = county.json("duty", "show", COUNTY)
    assert (post["role"], post["on_duty"]) == ("duty_officer", f"person-{day}")
    assert len(post["shifts"]) == 2
    shown = county.ok("duty", "show")
    assert "2021-07-23 20:00:00" in " ".join(shown.split())
    told = county.ok(
        "duty", "hand-over", "--division", COUNTY, "--role", "值班员", "--to", night,
        "--note", "二镇水库在泄洪", "--as", day,
    )  # fmt: skip
    assert "is on duty now" in told
    assert county.json("duty", "show", COUNTY)[0]["on_duty"] == f"person-{night}"
    same = county.ok("duty", "roster", tmp_path / "值班表.xlsx")
    assert "like this already" in same


def test_wrong_rows_of_a_roster_are_named_line_by_line_and_nothing_is_set(
    county: Terminal, tmp_path: Path
) -> None:
    day, _ = _officers(county)
    path = tmp_path / "roster.csv"
    path.write_text(
        "number,begins,ends,role,division\n"
        f"{day},2021-07-23 08:00,2021-07-23 20:00,duty_officer,{COUNTY}\n"
        f"NOBODY,soon,2021-07-23 20:00,duty_officer,{COUNTY}\n"
        f"{day},2021-07-24 20:00,2021-07-24 08:00,chef,999902\n",
        "utf-8",
    )
    ran = county.run("duty", "roster", path, "--json")
    assert ran.code == 1
    found = {(row["line"], row["column"], row["code"]) for row in ran.json["error"]["rows"]}
    assert found == {
        (3, "number", "person.unknown"),
        (3, "begins", "usage.time"),
        (4, "ends", "roster.shift"),
        (4, "role", "role.unknown"),
        (4, "division", "division.unknown"),
    }
    assert county.json("duty", "show") == []


def test_a_roster_of_one_post_is_set_by_options(county: Terminal) -> None:
    day, night = _officers(county)
    shifts = ("--shift", f"{day},08:00,16:00", "--shift", f"{night},16:00,23:00")
    county.ok("duty", "set", "--division", COUNTY, "--role", "duty_officer", *shifts)
    (post,) = county.json("duty", "show")
    assert post["running"]["person"] == f"person-{day}"
    county.ok("duty", "set", "--division", COUNTY, "--role", "duty_officer")
    assert county.json("duty", "show")[0]["shifts"] == []


def test_wartime_goes_down_and_peacetime_comes_back(county: Terminal) -> None:
    told = county.ok("posture", "switch", "虚拟县", "战时", "--reason", "台风", language="zh")
    assert "现在是" not in told
    assert "战时" in told
    assert county.json("posture", "show", VILLAGE)["posture"] == "wartime"
    county.ok("posture", "switch", TOWNSHIP, "peacetime", "--reason", "无险情")
    assert county.json("posture", "show", VILLAGE)["posture"] == "peacetime"
    county.ok("posture", "switch", COUNTY, "wartime", "--reason", "升级")
    assert county.json("posture", "show", VILLAGE)["posture"] == "wartime"
    again = county.json("posture", "switch", COUNTY, "wartime", "--reason", "再说一次")
    assert (again["outcome"], again["code"]) == ("already_done", "posture.as_asked")
    codes = [known["division"] for known in county.json("posture", "show")]
    assert COUNTY in codes


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ("不是平时或战时", "不是一个班次", "没有 999901 的 值班员 岗位", "不由你交接")),
        ("en", ("neither wartime nor peacetime", "is not a shift", "does not hold the post duty officer", "not yours to hand over")),
    ],
)  # fmt: skip
def test_every_failure_says_what_to_do(
    county: Terminal, language: str, expected: tuple[str, ...]
) -> None:
    contact, _ = somebody(county, "household_contact")
    day, _ = _officers(county)
    duty = ("--division", COUNTY, "--role", "duty_officer")
    runs = [
        ("posture", "switch", COUNTY, "truce", "--reason", "无"),
        ("duty", "set", *duty, "--shift", "tomorrow"),
        ("duty", "hand-over", *duty, "--to", contact),
        ("duty", "hand-over", *duty, "--to", day, "--as", contact),
    ]
    for words, run in zip(expected, runs, strict=True):
        ran = county.run(*run, language=language)
        assert ran.code != 0, run
        assert words in ran.err, (words, ran.err)
        assert ("怎么办：" if language == "zh" else "What to do: ") in ran.err
