from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.driving import Terminal
from tests.support_terminal import COUNTY, TOWNSHIP, VILLAGE, somebody, workbook


def test_departments_come_from_a_file_or_with_the_program(county: Terminal, tmp_path: Path) -> None:
    rows = [("代号", "名称", "区划代码"), ("water", "水务局", int(COUNTY))]
    rows[0] = ("代码", "名称", "区划代码")
    file = workbook(tmp_path / "部门.xlsx", rows)
    assert county.json("department", "import", file, "--dry-run")["new"] == 1
    assert county.json("department", "list") == []
    assert county.json("department", "import", file)["new"] == 1
    shipped = county.json("department", "import", "--shipped", "--division", "虚拟县")
    assert shipped["new"] + shipped["changed"] + shipped["unchanged"] == 22
    assert shipped["changed"] == 1  # 水务局 takes the generic name
    county.ok("department", "dissolve", "water", "--reason", "并入")
    found = {d["department"]: d["dissolved"] for d in county.json("department", "list")}
    assert found["water"] is True
    assert sum(found.values()) == 1


def test_people_of_departments_come_from_a_workbook_and_show_where_they_are_stationed(
    tmp_path: Path, terminal: Terminal
) -> None:
    divisions = tmp_path / "d.csv"
    divisions.write_text(
        f"code,name\n{COUNTY},虚拟县\n{TOWNSHIP},二镇\n{VILLAGE},丙村\n{VILLAGE}001,一格\n", "utf-8"
    )
    terminal.ok("init")
    terminal.ok("divisions", "import", divisions)
    terminal.ok("department", "import", "--shipped", "--division", COUNTY)
    rows = [
        ("编号", "姓名", "电话", "角色", "区划", "部门", "联户", "虚构"),
        ("Q1", "虚构人员甲", 13800000000, "部门负责人", int(COUNTY), "enforcement", None, "是"),
        ("Q2", "虚构人员乙", "000-0001", "执法队员", TOWNSHIP, "enforcement", None, "是"),
        ("Q3", "虚构人员丙", None, "联户党员", f"{VILLAGE}001", None, "001、002 003", "是"),
    ]
    counts = terminal.json("people", "import", workbook(tmp_path / "人员.xlsx", rows))
    assert (counts["new"], counts["unchanged"]) == (3, 0)
    shown = terminal.ok("department", "show", "enforcement")
    assert "(stationed)" in shown
    assert "Who answers" in shown
    posts = terminal.json("department", "show", "综合行政执法局")["posts"]
    assert {(p["person"], p["division"]) for p in posts} == {
        ("person-Q1", COUNTY),
        ("person-Q2", TOWNSHIP),
    }
    contact = terminal.json("people", "show", "Q3")
    assert contact["households"] == ["001", "002", "003"]
    assert terminal.json("people", "show", "Q1")["phone"] == "13800000000"
    theirs = terminal.json("people", "list", "--department", "enforcement", "--division", TOWNSHIP)
    assert [person["person"] for person in theirs] == ["person-Q2"]


def test_a_group_is_formed_changed_and_dissolved(county: Terminal, tmp_path: Path) -> None:
    head, _ = somebody(county, "grid_head")
    contact, _ = somebody(county, "household_contact")
    form = ("group", "form", "rescue", "--name", "救援队", "--division", COUNTY)
    county.ok(*form, "--person", head)
    file = tmp_path / "members.csv"
    file.write_text(f"编号,姓名\n{head},\n{contact},\n", "utf-8")
    assert "members: 2" in county.ok(*form, "--file", file)
    (known,) = county.json("group", "list")
    assert known["members"] == [f"person-{head}", f"person-{contact}"]
    assert contact in county.ok("group", "show", "救援队")
    county.ok("group", "dissolve", "rescue", "--reason", "任务完成")
    assert "dissolved" in county.ok("group", "list")


def test_shipped_matters_are_adopted_for_a_division_once_departments_are_there(
    county: Terminal,
) -> None:
    adopt = ("plan", "adopt", "--shipped", "matters", "--division", "虚拟县")
    refused = county.run(*adopt)
    assert refused.code == 1
    assert "handheld department import" in refused.err
    county.ok("department", "import", "--shipped", "--division", COUNTY)
    adopted = county.json(*adopt)
    assert len(adopted) == 17
    assert {each["outcome"] for each in adopted} == {"accepted"}
    plans = county.json("plan", "list")
    assert sum(plan["division"] == COUNTY for plan in plans) == 18
    shown = county.ok("plan", "show", "matter-unpaid-wages")
    for words in ("Lead department", "Responding", "Answers", "Report form", "Reminds to accept"):
        assert words in shown, words
    assert "matter-dust" in county.ok("plan", "list", "--shipped")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ("没有说清导入什么", "还缺：--division", "没有登记部门", "工作组没有成员", "没有写明是哪个区划的", "没有说清启用哪个")),
        ("en", ("not said what to import", "--division is missing", "There is no department", "needs members", "does not say which division", "not said which plan")),
    ],
)  # fmt: skip
def test_every_failure_says_what_to_do(
    county: Terminal, language: str, expected: tuple[str, ...]
) -> None:
    runs = [
        ("department", "import"),
        ("department", "import", "--shipped"),
        ("department", "show", "nothing"),
        ("group", "form", "g", "--name", "组", "--division", COUNTY),
        ("plan", "adopt", "--shipped", "matter-dust"),
        ("plan", "adopt"),
    ]
    for words, run in zip(expected, runs, strict=True):
        ran = county.run(*run, language=language)
        assert ran.code != 0, run
        assert words in ran.err, (words, ran.err)
        assert ("怎么办：" if language == "zh" else "What to do: ") in ran.err
