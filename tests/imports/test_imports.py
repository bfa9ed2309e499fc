"""Importing into a real log."""

from __future__ import annotations

from pathlib import Path

import pytest

from handheld.application.importing import ImportRefused, plan_people
from handheld.bootstrap import Home, found_home
from handheld.domain.register import DivisionRow, ImportDivisions, ImportPeople, PersonEntry
from handheld_events.person import (
    PersonContactChanged,
    PersonRegistered,
    PostLeft,
    PostTaken,
)
from handheld_projections.organisation import Post
from tests.support_imports import (
    COUNTY,
    PEOPLE,
    PEOPLE_HEADER,
    facts_after,
    import_divisions,
    import_people,
    organisation,
    planned_divisions,
    planned_people,
    table,
)


def _contact(home: Home, person: str) -> tuple[str | None, str | None]:
    known = organisation(home).people[person]
    phone = None if known.phone is None else home.keyring.open(known.phone)
    return home.keyring.open(known.name), phone


def test_divisions_imported_twice_change_nothing(empty_home: Home, tmp_path: Path) -> None:
    path = table(tmp_path, COUNTY)
    assert import_divisions(empty_home, path).outcome == "accepted"
    end = empty_home.log.end()
    plan = planned_divisions(empty_home, path)
    assert (plan.new, plan.changed, plan.unchanged) == (0, 0, 5)
    receipt = import_divisions(empty_home, path)
    assert (receipt.outcome, receipt.code) == ("already_done", "divisions.unchanged")
    assert empty_home.log.end() == end == 5


def test_people_imported_twice_change_nothing(home: Home, tmp_path: Path) -> None:
    path = table(tmp_path, PEOPLE)
    assert import_people(home, path).outcome == "accepted"
    end, keys = home.log.end(), (home.directory / "keyring.db").read_bytes()
    plan = planned_people(home, path)
    assert plan[:4] == (ImportPeople(rows=()), 0, 0, 3)
    assert import_people(home, path).outcome == "already_done"
    assert home.log.end() == end
    assert (home.directory / "keyring.db").read_bytes() == keys


def test_a_renamed_division_and_a_new_one_are_all_that_is_sent(home: Home, tmp_path: Path) -> None:
    text = COUNTY.replace("湖镇镇", "湖镇新镇") + "330825102,小南海镇,\n"
    plan = planned_divisions(home, table(tmp_path, text))
    assert (plan.new, plan.changed, plan.unchanged) == (1, 1, 4)
    assert plan.command == ImportDivisions(
        rows=(
            DivisionRow(code="330825101", name="湖镇新镇"),
            DivisionRow(code="330825102", name="小南海镇"),
        )
    )
    home.execute(plan.command, "operator")
    assert organisation(home).divisions["330825101"].name == "湖镇新镇"


def test_grids_below_divisions_that_are_known_need_no_whole_list(
    home: Home, tmp_path: Path
) -> None:
    import_divisions(home, table(tmp_path, "code,name\n330825101264002,第二网格\n"))
    assert "330825101264002" in organisation(home).divisions


def test_names_and_phones_are_sealed_and_in_plain_only_in_the_register(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    found_home(directory)
    with Home(directory) as home:
        import_divisions(home, table(tmp_path, COUNTY, name="county.csv"))
        import_people(home, table(tmp_path, PEOPLE))
    # The register of people, in the views, is what names are searched in; it forgets with the keys.
    stored = b"".join(p.read_bytes() for p in directory.iterdir() if "views" not in p.name)
    assert "第一网格".encode() in stored
    for plain in ("演练甲", "演练丙", "000-0000-0001"):
        assert plain.encode() not in stored
    with Home(directory) as home:
        assert _contact(home, "person-S1") == ("演练甲", "000-0000-0001")
        assert _contact(home, "person-S3") == ("演练丙", None)


def test_a_dry_run_says_what_would_change_and_leaves_log_and_keyring_as_they_are(
    home: Home, tmp_path: Path
) -> None:
    import_people(home, table(tmp_path, PEOPLE))
    end, keys = home.log.end(), (home.directory / "keyring.db").read_bytes()
    text = PEOPLE.replace("演练甲", "演练甲甲") + "S9,演练壬,,grid_worker,330825101264001,yes\n"
    plan = planned_people(home, table(tmp_path, text), dry_run=True)
    assert plan[:4] == (None, 1, 1, 2)
    assert home.log.end() == end
    assert (home.directory / "keyring.db").read_bytes() == keys
    assert "person-S9" not in home.keyring.subjects()


def test_moving_to_another_post_leaves_one_and_takes_the_other(home: Home, tmp_path: Path) -> None:
    import_people(home, table(tmp_path, PEOPLE))
    end = home.log.end()
    moved = PEOPLE.replace("village_team_leader,330825101264,", "village_team_leader,330825101265,")
    plan = planned_people(home, table(tmp_path, moved))
    assert (plan.new, plan.changed, plan.unchanged) == (0, 1, 2)
    home.execute(plan.command, "operator")
    facts = facts_after(home, end)
    assert {fact.stream for fact in facts} == {"person-S2"}
    assert [fact.event for fact in facts] == [
        PostLeft(role="village_team_leader", division="330825101264"),
        PostTaken(role="village_team_leader", division="330825101265"),
    ]
    assert organisation(home).holders("village_team_leader", "330825101264") == []
    assert organisation(home).holders("village_team_leader", "330825101265") == ["person-S2"]


def test_a_new_phone_is_one_fact_and_touches_no_post(home: Home, tmp_path: Path) -> None:
    import_people(home, table(tmp_path, PEOPLE))
    end = home.log.end()
    import_people(home, table(tmp_path, PEOPLE.replace("000-0000-0001", "000-0000-0009")))
    facts = facts_after(home, end)
    assert [type(fact.event) for fact in facts] == [PersonContactChanged]
    assert _contact(home, "person-S1") == ("演练甲", "000-0000-0009")


def test_a_blank_phone_removes_it_and_a_table_without_phones_keeps_it(
    home: Home, tmp_path: Path
) -> None:
    import_people(home, table(tmp_path, PEOPLE))
    text = (
        "number,name,role,division,synthetic\nS1,演练甲,grid_head,330825101264001,1\n"
        "S2,演练乙乙,village_team_leader,330825101264,1\n"
    )
    plan = planned_people(home, table(tmp_path, text))
    assert (plan.changed, plan.unchanged) == (1, 1)
    home.execute(plan.command, "operator")
    assert _contact(home, "person-S1") == ("演练甲", "000-0000-0001")
    assert _contact(home, "person-S2") == ("演练乙乙", "000-0000-0002")
    import_people(home, table(tmp_path, PEOPLE.replace("000-0000-0001", "")))
    assert _contact(home, "person-S1") == ("演练甲", None)


def test_several_rows_of_one_person_become_one_person_with_several_posts(
    home: Home, tmp_path: Path
) -> None:
    text = (
        PEOPLE_HEADER + "S1,演练甲,,网格长,330825101264001,是\n"
        "S2,演练乙,,grid_worker,330825101264001,是\n"
        "S1,演练甲,000-0000-0001,村干部,330825101264,是\n"
    )
    plan = planned_people(home, table(tmp_path, text))
    assert plan.new == 2
    home.execute(plan.command, "operator")
    person = organisation(home).people["person-S1"]
    assert person.synthetic
    assert person.posts == (
        Post("grid_head", "330825101264001"),
        Post("village_official", "330825101264"),
    )
    assert _contact(home, "person-S1") == ("演练甲", "000-0000-0001")


def test_people_who_are_not_in_the_file_are_untouched(home: Home, tmp_path: Path) -> None:
    import_people(home, table(tmp_path, PEOPLE))
    before = organisation(home).people["person-S2"]
    import_people(
        home, table(tmp_path, PEOPLE_HEADER + "S8,演练辛,,grid_worker,330825101264001,yes\n")
    )
    assert organisation(home).people["person-S2"] == before


def test_eleven_thousand_people_come_in_one_command_or_not_at_all(home: Home) -> None:
    entries = [
        PersonEntry(
            line=n,
            person=f"person-S{n:07d}",
            name=f"演练{n:05d}",
            phone=f"000-0000-{n:05d}",
            posts=(Post("household_contact", "330825101264001"),),
            synthetic=True,
        )
        for n in range(1, 11_001)
    ]
    end = home.log.end()
    wrong = [*entries, PersonEntry(line=11_001, person="person-S!", name="x", posts=())]
    with pytest.raises(ImportRefused):
        plan_people(wrong, organisation(home), home.keyring)
    assert (home.log.end(), home.keyring.subjects()) == (end, set())

    plan = plan_people(entries, organisation(home), home.keyring)
    receipt = home.execute(plan.command, "operator")
    assert (receipt.first, receipt.last) == (end + 1, end + 22_000)
    facts = facts_after(home, end)
    assert len({fact.meta.command for fact in facts}) == 1
    assert sum(isinstance(fact.event, PersonRegistered) for fact in facts) == 11_000
    assert plan_people(entries, organisation(home), home.keyring).unchanged == 11_000


def test_a_large_county_comes_in_one_command(empty_home: Home, tmp_path: Path) -> None:
    rows = ["code,name", "330825,甲县"]
    for t in range(100, 125):
        rows.append(f"330825{t},乡{t}")
        for v in range(200, 230):
            rows.append(f"330825{t}{v},村{v}")
            rows += [f"330825{t}{v}{g:03d},网格{g}" for g in range(1, 33)]
    path = table(tmp_path, "\n".join(rows))
    receipt = import_divisions(empty_home, path)
    assert receipt.last == len(rows) - 1 == 24_776
    assert planned_divisions(empty_home, path).unchanged == 24_776


def test_two_homes_seal_the_same_person_differently(home: Home, tmp_path: Path) -> None:
    import_people(home, table(tmp_path, PEOPLE))
    found_home(tmp_path / "other")
    with Home(tmp_path / "other") as other:
        import_divisions(other, table(tmp_path, COUNTY, name="county.csv"))
        import_people(other, table(tmp_path, PEOPLE))
        theirs = organisation(other).people["person-S1"].name
        assert theirs != organisation(home).people["person-S1"].name
        assert home.keyring.open(theirs) is None
