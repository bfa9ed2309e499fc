"""Workbooks (XLSX): read as the same table in CSV would be, no digit lost, and nothing hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from handheld.adapters.tables import read_departments, read_divisions, read_people
from handheld.application.importing import ImportRefused, plan_departments
from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError
from handheld.domain.register import DivisionRow, PersonEntry
from handheld.domain.register_departments import DepartmentRow
from handheld_projections.organisation import Post
from tests.support_imports import (
    Wrong,
    import_people,
    organisation,
    planned_people,
    refused,
    table,
)

HEADER = ("工号", "姓名", "电话", "岗位", "区划代码", "部门", "联户", "虚拟")
GRID = 330825101264001


def workbook(
    tmp_path: Path, rows: Sequence[Sequence[object]], *, formats: dict[str, str] | None = None
) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    for column, number_format in (formats or {}).items():
        for cell in sheet[column]:
            cell.number_format = number_format
    path = tmp_path / "table.xlsx"
    book.save(path)
    return path


def test_numbers_stored_as_numbers_or_as_text_are_the_same_numbers(tmp_path: Path) -> None:
    rows = [
        HEADER,
        (1001, "演练甲", 13000000000, "联户党员", GRID, None, "001、002", True),
        ("1001", "演练甲", "13000000000", "联户党员", str(GRID), "", "001 002", "是"),
        (1001.0, "演练甲", 1.3e10, "联户党员", float(GRID), None, "001，002", 1),
    ]
    read = read_people(workbook(tmp_path, rows))

    assert read == [
        PersonEntry(
            line=line,
            person="person-1001",
            name="演练甲",
            phone="13000000000",
            posts=(Post("household_contact", str(GRID)),),
            synthetic=True,
            households=("001", "002"),
        )
        for line in (2, 3, 4)
    ]


def test_numbers_shown_with_zeros_in_front_keep_them(tmp_path: Path) -> None:
    rows = [HEADER[:5], (42, "演练甲", 5701234567, "网格长", GRID)]
    path = workbook(tmp_path, rows, formats={"A": "00000", "C": "00000000000"})

    (entry,) = read_people(path)

    assert (entry.person, entry.phone) == ("person-00042", "05701234567")


def test_divisions_and_departments_come_in_workbooks_too(tmp_path: Path) -> None:
    divisions = workbook(tmp_path, [("编码", "名称"), (330825, "龙游县"), ("330825101", "湖镇镇")])
    assert read_divisions(divisions) == [
        (2, DivisionRow(code="330825", name="龙游县")),
        (3, DivisionRow(code="330825101", name="湖镇镇")),
    ]
    departments = workbook(
        tmp_path, [("部门编码", "部门名称", "区划代码"), ("Water", "水利局", 330825)]
    )
    assert read_departments(departments) == [
        (2, DepartmentRow(key="water", name="水利局", division="330825"))
    ]


def test_blank_rows_hidden_sheets_and_titles_do_not_move_the_lines(
    home: Home, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    hidden = book.active
    assert isinstance(hidden, Worksheet)
    hidden.append(["hidden"])
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("人员")
    sheet.append([])
    sheet.append(["number", "name", "role", "division", "synthetic"])
    sheet.append([])
    sheet.append(["S1", "演练甲", "grid_head", GRID, 1])
    sheet.append(["S2", "演练乙", "grid_head", 3.30825e20, 1])
    sheet.append(["S3", "演练丙", "grid_head", 330825101264.5, 1])
    sheet.append(["S4", "演练丁", "grid_head", date(2021, 7, 23), 1])
    sheet.append(["S5", "演练戊", "grid_head", "3.3E+10", 1])
    path = tmp_path / "people.xlsx"
    book.save(path)

    with pytest.raises(ImportRefused) as caught:
        planned_people(home, path)

    assert refused(caught) == [
        Wrong(5, "division", "cell.scientific"),
        Wrong(6, "division", "cell.scientific"),
        Wrong(7, "division", "division.code"),
        Wrong(8, "division", "cell.scientific"),
    ]


def test_people_of_departments_come_with_their_households(home: Home, tmp_path: Path) -> None:
    rows = table(tmp_path, "key,name,division\nwater,水利局,330825\n", name="departments.csv")
    home.execute(plan_departments(read_departments(rows), organisation(home)).command, "operator")
    path = workbook(
        tmp_path,
        [
            HEADER,
            ("S1", "演练甲", None, "部门负责人", 330825, "water", None, 1),
            ("S2", "演练乙", None, "联户党员", GRID, None, "003", 1),
            ("S2", "演练乙", None, "网格长", GRID, None, "004", 1),
        ],
    )
    import_people(home, path)

    known = organisation(home)
    assert known.people["person-S1"].posts == (Post("department_head", "330825", "water"),)
    assert known.people["person-S2"].households == ("003", "004")
    assert planned_people(home, path).unchanged == 2

    without = table(tmp_path, f"number,name,role,division,synthetic\nS2,演练乙,网格长,{GRID},1\n")
    import_people(home, without)
    assert organisation(home).people["person-S2"].households == ("003", "004")


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("S1,演练甲,department_head,330825,,", "department", "post.no_department"),
        ("S1,演练甲,department_head,330825,fire,", "department", "department.unknown"),
        ("S1,演练甲,grid_head,330825101264001,,001 001", "households", "household.twice"),
        (
            "S1,演练甲,grid_head,330825101264001,,13800000000",
            "households",
            "household.number_personal",
        ),
        ("S1,演练甲,grid_head,330825101264001,,张三家", "households", "household.number"),
        ("S1,演练甲,village_official,330825101264,,001", "households", "household.no_grid"),
    ],
)
def test_a_bad_department_or_household_is_named_by_its_line(
    home: Home, tmp_path: Path, row: str, column: str, code: str
) -> None:
    text = f"number,name,role,division,department,households\n{row}\n"
    with pytest.raises(ImportRefused) as caught:
        planned_people(home, table(tmp_path, text))
    assert refused(caught) == [Wrong(2, column, code)]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("Water Board,水利局,330825", "key", "department.key"),
        (",水利局,330825", "key", "cell.missing"),
        ("water,,330825", "name", "words.missing"),
        ("water,水利局,330899", "division", "division.unknown"),
        ("water,水利局,33", "division", "division.length"),
        ("fire,消防,330825\nfire,消防,330825", "key", "department.twice"),
    ],
)
def test_a_bad_row_of_departments_has_its_code(
    home: Home, tmp_path: Path, row: str, column: str, code: str
) -> None:
    rows = read_departments(table(tmp_path, f"key,name,division\n{row}\n"))
    with pytest.raises(ImportRefused) as caught:
        plan_departments(rows, organisation(home))
    assert refused(caught) == [Wrong(2 + row.count("\n"), column, code)]


# What is hostile or damaged


def altered(tmp_path: Path, part: str, change: bytes, by: bytes) -> Path:
    """A good workbook with one part changed."""
    good = workbook(tmp_path, [HEADER[:5], ("S1", "演练甲", None, "网格长", GRID)])
    path = tmp_path / "altered.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as target:
        assert part in source.namelist()
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                assert change in data
                data = data.replace(change, by, 1)
            target.writestr(name, data)
    return path


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


@pytest.mark.parametrize(
    ("part", "root"), [(SHEET, b"<worksheet"), ("xl/workbook.xml", b"<workbook")]
)
def test_entities_are_refused_wherever_they_are_declared(
    tmp_path: Path, part: str, root: bytes
) -> None:
    path = altered(tmp_path, part, root, BOMB + root)

    with pytest.raises(HandheldError) as caught:
        read_people(path)

    assert (caught.value.code, caught.value.params["reason"]) == (
        "table.workbook",
        "EntitiesForbidden",
    )


def test_entities_are_refused_in_shared_strings(tmp_path: Path) -> None:
    listed = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + STRINGS + b'"/></Types>'
    path = altered(tmp_path, "[Content_Types].xml", b"</Types>", listed)
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    good = b'<sst xmlns="' + space + b'"><si><t>x</t></si></sst>'
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", good)
    assert len(read_people(path)) == 1

    path = altered(tmp_path, "[Content_Types].xml", b"</Types>", listed)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", BOMB + good.replace(b"x<", b"&c;<"))
    with pytest.raises(HandheldError) as caught:
        read_people(path)

    assert caught.value.params["reason"] == "EntitiesForbidden"


def test_a_sheet_that_lies_about_its_size_is_read_whole(tmp_path: Path) -> None:
    path = altered(tmp_path, SHEET, b'ref="A1:E2"', b'ref="A1:A1"')

    assert [entry.person for entry in read_people(path)] == ["person-S1"]


def test_a_row_far_away_costs_nothing(tmp_path: Path) -> None:
    path = altered(tmp_path, SHEET, b'<row r="2"', b'<row r="2000000000"')

    with pytest.raises(HandheldError) as caught:
        read_people(path)

    assert caught.value.code == "table.no_rows"


def test_an_archive_that_unpacks_to_more_than_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(257):
            part.write(bytes(1_048_576))

    with pytest.raises(HandheldError) as caught:
        read_people(path)

    assert (caught.value.code, caught.value.params["limit"]) == ("table.too_large", 256)


def test_every_damaged_workbook_gets_an_error_with_a_code(tmp_path: Path) -> None:
    good = workbook(tmp_path, [HEADER[:5], ("S1", "演练甲", None, "网格长", GRID)]).read_bytes()
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    path = tmp_path / "damaged.xlsx"
    codes: set[str] = set()
    for data in (
        empty.getvalue(),
        *(good[:size] for size in range(4, len(good), 97)),
        *(good[:at] + b"\xff\xff" + good[at + 2 :] for at in range(4, len(good), 97)),
    ):
        path.write_bytes(data)
        try:
            read_people(path)
        except HandheldError as error:
            codes.add(error.code.partition(".")[0])
    assert codes == {"table"}


def test_a_workbook_without_rows_is_empty(tmp_path: Path) -> None:
    with pytest.raises(HandheldError) as nothing:
        read_people(workbook(tmp_path, []))
    with pytest.raises(HandheldError) as header:
        read_people(workbook(tmp_path, [HEADER]))
    assert (nothing.value.code, header.value.code) == ("table.empty", "table.no_rows")
