"""Findings that another system has kept are taken in from a file: all checked, then all written."""

from __future__ import annotations

from pathlib import Path

import pytest

from handheld.entrypoints.cli import findings_taken_in
from tests.cli.driving import Terminal, small_county
from tests.support_terminal import VILLAGE, somebody

HEAD = "record,occurred_at,division,text,place\n"


def kept(folder: Path, *rows: str) -> Path:
    file = folder / "kept.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), "utf-8")
    return file


@pytest.fixture
def county(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    small_county(terminal, tmp_path)
    reporter, _ = somebody(terminal, "grid_head")
    register = tmp_path / "systems.toml"
    register.write_text(
        f"""
        [systems.hotline]
        source = "urn:example:hotline"
        may = ["finding"]
        divisions = ["999901101"]
        reporter = "{reporter}"
        [systems.weather]
        source = "urn:example:weather"
        may = ["warning"]
        divisions = ["999901"]
        """,
        "utf-8",
    )
    monkeypatch.setenv("HANDHELD_SYSTEMS", str(register))
    return terminal


def end(terminal: Terminal) -> int:
    return len(terminal.json("log", "list", "--limit", "0"))


@pytest.mark.parametrize("many", [2, 100])
def test_what_was_kept_elsewhere_is_found_on_the_desk_of_its_village(
    county: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    # so many rows have processes of their own, in which they are prepared
    monkeypatch.setattr(findings_taken_in, "MANY", many)
    rows = [f"H{n},2021-07-23T08:0{n}:00+08:00,{VILLAGE},井盖缺失{n}," for n in range(3)]
    before = end(county)
    file = kept(tmp_path, *rows)
    assert county.json("finding", "import", file, "--system", "hotline", "--dry-run")["rows"] == 3
    assert end(county) == before
    done = county.json("finding", "import", file, "--system", "hotline")
    assert (done["new"], done["known"], done["differing"]) == (3, 0, 0)
    facts = county.json("log", "list", "--topic", "finding.reported", "--limit", "0")
    assert [fact["data"]["text"] for fact in facts] == [f"井盖缺失{n}" for n in range(3)]
    assert {fact["actor"] for fact in facts} == {"operator"}
    reporter, _ = somebody(county, "grid_head")
    assert {fact["person"] for fact in facts} == {f"person-{reporter}"}
    assert "井盖缺失2" in county.ok("finding", "list")
    more = kept(tmp_path, rows[0], rows[1].replace("缺失", "破损"), rows[2].replace("H2", "H9"))
    assert "1 new, 1 there already, 1 there already with other words" in " ".join(
        county.ok("finding", "import", more, "--system", "hotline").split()
    )
    assert end(county) == before + 4


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ("no time with its offset", "still to come")), ("zh", ("带时区的时间", "尚未到来"))],
)
def test_every_row_that_is_wrong_is_named_and_none_is_written(
    county: Terminal, tmp_path: Path, language: str, said: tuple[str, str]
) -> None:
    good = f"H1,2021-07-23T08:00:00+08:00,{VILLAGE},好的,"
    file = kept(
        tmp_path,
        good,
        f"H2,2021-07-23T08:00:00,{VILLAGE},没有时区,",
        f"H3,2099-07-23T08:00:00+08:00,{VILLAGE},还没到,",
        "H4,2021-07-23T08:00:00+08:00,999901001,不归它管,",
        "H5,2021-07-23T08:00:00+08:00,999901101999,没有此地,",
        f"H6,2021-07-23T08:00:00+08:00,{VILLAGE},,",
        f",2021-07-23T08:00:00+08:00,{VILLAGE},没有编号,",
    )
    before = end(county)
    refused = county.run("finding", "import", file, "--system", "hotline", "--json")
    assert refused.code != 0
    error = refused.json["error"]
    assert [(row["line"], row["column"], row["code"]) for row in error["rows"]] == [
        (3, "occurred_at", "record.time"),
        (4, "occurred_at", "record.future"),
        (5, "division", "system.elsewhere"),
        (6, "division", "division.unknown"),
        (7, "text", "words.missing"),
        (8, "record", "record.id"),
    ]
    shown = county.run("finding", "import", file, "--system", "hotline", language=language)
    words = "".join((shown.out + shown.err).split())
    assert all(part.replace(" ", "") in words for part in said)
    assert end(county) == before


@pytest.mark.parametrize(
    ("system", "code"), [("weather", "system.not_granted"), ("nobody", "system.unknown")]
)
def test_only_a_system_that_may_report_findings_has_them_taken_in(
    county: Terminal, tmp_path: Path, system: str, code: str
) -> None:
    file = kept(tmp_path, f"H1,2021-07-23T08:00:00+08:00,{VILLAGE},井盖缺失,")
    refused = county.run("finding", "import", file, "--system", system, "--json")
    assert refused.code != 0
    assert refused.json["error"]["code"] == code
