"""Every bad row is named, all at once, and then nothing at all is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from handheld.adapters.tables import read_divisions
from handheld.application.importing import ImportRefused, plan_people
from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError
from handheld.domain.register import ErasePerson, PersonEntry
from tests.support_imports import (
    COUNTY,
    PEOPLE,
    PEOPLE_HEADER,
    Wrong,
    import_divisions,
    import_people,
    organisation,
    planned_divisions,
    planned_people,
    refused,
    table,
)


def test_three_bad_rows_of_people_are_named_exactly_and_nothing_is_imported(
    home: Home, tmp_path: Path
) -> None:
    rows = PEOPLE.splitlines()
    rows[2] = "S2,演练乙,12,village_team_leader,330825101264,yes"
    rows.insert(3, "S4,演练丁,,mayor,330825101264,yes")
    rows.insert(4, "S5,演练戊,,grid_head,330825101264999,yes")
    path = table(tmp_path, "\n".join(rows))
    end, keys = home.log.end(), (home.directory / "keyring.db").read_bytes()

    with pytest.raises(ImportRefused) as caught:
        import_people(home, path)

    assert refused(caught) == [
        Wrong(3, "phone", "person.phone"),
        Wrong(4, "role", "role.unknown"),
        Wrong(5, "division", "division.unknown"),
    ]
    assert (caught.value.total, caught.value.params) == (3, {"rows": 3})
    assert home.log.end() == end
    assert organisation(home).people == {}
    assert (home.directory / "keyring.db").read_bytes() == keys


def test_three_bad_rows_of_divisions_are_named_exactly_and_nothing_is_imported(
    empty_home: Home, tmp_path: Path
) -> None:
    text = COUNTY + "330825101,湖镇镇,\n330825999200,无主村,\n3.30825E+11,希塘村,\n"
    with pytest.raises(ImportRefused) as caught:
        import_divisions(empty_home, table(tmp_path, text))
    assert refused(caught) == [
        Wrong(7, "code", "division.twice"),
        Wrong(8, "code", "division.no_parent"),
        Wrong(9, "code", "cell.scientific"),
    ]
    assert caught.value.errors[0].params == {"division": "330825101", "first_line": 3}
    assert empty_home.log.end() == 0


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (",无编码,", "code", "cell.missing"),
        ("3.30825E+14,网格,", "code", "cell.scientific"),
        ("330825101264.0,希塘村,", "code", "cell.scientific"),
        ("330825000000,龙游县,", "code", "division.padded"),
        ("330825102000,小南海镇,", "code", "division.padded"),
        ("33082510126,希塘村,", "code", "division.length"),
        ("3308251012640010,网格,", "code", "division.length"),
        ("33082X,龙游县,", "code", "division.code"),
        ("330825102,,", "name", "words.missing"),
        ("330825102,x,町", "kind", "division.kind_unknown"),
        ("330825102,x,村委会", "kind", "division.kind_tier"),
        ("330825101265,溪底杜村,社区", "kind", "division.kind_fixed"),
        ('330825102,"小\n南海",', "name", "cell.control"),
        ("330825102,x,,y", None, "table.too_many_cells"),
    ],
)
def test_a_bad_row_of_divisions_has_its_code(
    home: Home, tmp_path: Path, row: str, column: str | None, code: str
) -> None:
    with pytest.raises(ImportRefused) as caught:
        planned_divisions(home, table(tmp_path, f"code,name,kind\n330825,龙游县,\n{row}\n"))
    assert refused(caught) == [Wrong(3, column, code)]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (",演练甲,,grid_head,330825101264001,yes", "number", "cell.missing"),
        ("1.23E+10,演练甲,,grid_head,330825101264001,yes", "number", "cell.scientific"),
        ("张三,演练甲,,grid_head,330825101264001,yes", "number", "person.number"),
        ("S1,,,grid_head,330825101264001,yes", "name", "words.missing"),
        ("S1,演练甲,1.38E+10,grid_head,330825101264001,yes", "phone", "cell.scientific"),
        ("S1,演练甲,1234,grid_head,330825101264001,yes", "phone", "person.phone"),
        ("S1,演练甲,123456789012345678901,grid_head,330825101264001,yes", "phone", "person.phone"),
        ("S1,演练甲,call me,grid_head,330825101264001,yes", "phone", "person.phone"),
        ("S1,演练甲,,,330825101264001,yes", "role", "cell.missing"),
        ("S1,演练甲,,网格厂,330825101264001,yes", "role", "role.unknown"),
        ("S1,演练甲,,grid_head,,yes", "division", "cell.missing"),
        ("S1,演练甲,,grid_head,3.30825E+14,yes", "division", "cell.scientific"),
        ("S1,演练甲,,grid_head,33082510126,yes", "division", "division.length"),
        ("S1,演练甲,,grid_head,330825101000,yes", "division", "division.padded"),
        ("S1,演练甲,,grid_head,330825102,yes", "division", "division.unknown"),
        ("S1,演练甲,,grid_head,330825101264001,maybe", "synthetic", "cell.yes_no"),
    ],
)
def test_a_bad_row_of_people_has_its_code(
    home: Home, tmp_path: Path, row: str, column: str | None, code: str
) -> None:
    with pytest.raises(ImportRefused) as caught:
        planned_people(home, table(tmp_path, f"{PEOPLE_HEADER}{row}\n"))
    assert refused(caught) == [Wrong(2, column, code)]


@pytest.mark.parametrize(
    "phone", ["12345", "+86 570 123-4567", "０００００－", "00000000000000000000"]
)
def test_phones_of_5_to_20_digits_are_taken(home: Home, tmp_path: Path, phone: str) -> None:
    row = f"{PEOPLE_HEADER}S1,演练甲,{phone},grid_head,330825101264001,yes\n"
    assert planned_people(home, table(tmp_path, row)).new == 1


def test_rows_that_contradict_each_other_name_the_line_that_came_first(
    home: Home, tmp_path: Path
) -> None:
    text = (
        PEOPLE_HEADER + "S1,演练甲,,grid_head,330825101264001,yes\n"
        "S1,演练甲,000-0000-0001,grid_worker,330825101264001,yes\n"
        "S1,演练乙,,village_official,330825101264,yes\n"
        "S1,演练甲,000-0000-0002,village_official,330825101265,yes\n"
        "S1,演练甲,,township_official,330825101,no\n"
        "S1,演练甲,,grid_head,330825101264001,yes\n"
    )
    with pytest.raises(ImportRefused) as caught:
        planned_people(home, table(tmp_path, text))
    assert [(e.line, e.column, e.code, e.params["first_line"]) for e in caught.value.errors] == [
        (4, "name", "person.name_differs", 2),
        (5, "phone", "person.phone_differs", 3),
        (6, "synthetic", "person.synthetic_differs", 2),
        (7, "role", "post.twice", 2),
    ]
    assert {e.params["person"] for e in caught.value.errors} == {"S1"}


def test_several_errors_in_one_row_count_as_one_row(home: Home, tmp_path: Path) -> None:
    text = PEOPLE_HEADER + "S1,,1,mayor,330825101264001,yes\n"
    with pytest.raises(ImportRefused) as caught:
        planned_people(home, table(tmp_path, text))
    assert (caught.value.total, caught.value.params) == (3, {"rows": 1})


def test_a_thousand_errors_are_kept_and_the_rest_are_counted(home: Home, tmp_path: Path) -> None:
    rows = [f"S{n},演练{n},,mayor,330825101264001,yes" for n in range(2_500)]
    with pytest.raises(ImportRefused) as caught:
        planned_people(home, table(tmp_path, PEOPLE_HEADER + "\n".join(rows)))
    assert [error.line for error in caught.value.errors] == list(range(2, 1_002))
    assert (caught.value.total, caught.value.params) == (2_500, {"rows": 2_500})


def test_a_reader_on_its_own_raises_what_it_found(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as caught:
        read_divisions(table(tmp_path, "code,name,kind\n330825,龙游县,\n330825101,x,町\n"))
    assert refused(caught) == [Wrong(3, "kind", "division.kind_unknown")]


def test_an_erased_person_does_not_come_back_by_import(home: Home, tmp_path: Path) -> None:
    path = table(tmp_path, PEOPLE)
    import_people(home, path)
    home.execute(ErasePerson(person="person-S2", reason="调离"), "operator")
    with pytest.raises(ImportRefused) as caught:
        planned_people(home, path)
    assert refused(caught) == [Wrong(3, "number", "person.erased")]


def test_the_real_and_the_synthetic_never_become_each_other(home: Home, tmp_path: Path) -> None:
    path = table(tmp_path, PEOPLE)
    import_people(home, path)
    with pytest.raises(ImportRefused) as people:
        planned_people(home, table(tmp_path, PEOPLE.replace("yes", "no"), name="real.csv"))
    assert [wrong.code for wrong in refused(people)] == ["person.synthetic"] * 3
    with pytest.raises(ImportRefused) as divisions:
        planned_divisions(home, table(tmp_path, "code,name,虚拟\n330825,虚拟县,是\n"))
    assert refused(divisions) == [Wrong(2, "synthetic", "division.synthetic")]


def test_an_entry_without_posts_is_refused(home: Home) -> None:
    entry = PersonEntry(line=1, person="person-S1", name="演练甲", posts=(), synthetic=True)
    with pytest.raises(HandheldError) as caught:
        plan_people([entry], organisation(home), home.keyring)
    assert isinstance(caught.value, ImportRefused)
    assert refused(pytest.ExceptionInfo.from_exception(caught.value)) == [
        Wrong(1, "role", "post.none")
    ]
