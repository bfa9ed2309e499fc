"""What comes with the program can be imported, adopted and started as it is."""

from __future__ import annotations

import msgspec
import pytest

from handheld import data
from handheld.adapters.table_words import KINDS, ROLE_NAMES
from handheld.adapters.tables import read_divisions
from handheld.application.importing import plan_divisions
from handheld.bootstrap import Home
from handheld.domain.errors import NotFound
from handheld.domain.plan import AdoptPlan
from handheld.domain.roles import ROLES
from handheld.domain.starting import StartAdHoc
from handheld_events.territory import kind_by_code, tier_of
from tests.support_imports import organisation


@pytest.mark.parametrize(
    ("county", "name", "townships", "villages", "committees"),
    [("330825", "龙游县", 15, 288, 263), ("330803", "衢江区", 20, 295, 279)],
)
def test_a_county_that_comes_along_is_whole(
    empty_home: Home, county: str, name: str, townships: int, villages: int, committees: int
) -> None:
    rows = read_divisions(data.divisions(county))
    empty_home.execute(plan_divisions(rows, organisation(empty_home)).command, "operator")
    known = organisation(empty_home)
    assert known.divisions[county].name == name
    assert known.count_by_tier() == {
        "district": 1,
        "township": townships,
        "village": villages,
        "grid": 0,
    }
    kinds = [division.kind for division in known.divisions.values()]
    assert kinds.count("villagers_committee") == committees


@pytest.mark.parametrize("county", ["330825", "330803"])
def test_the_kinds_in_the_lists_agree_with_codes_and_with_names(county: str) -> None:
    for _, row in read_divisions(data.divisions(county)):
        assert row.kind == kind_by_code(row.code)
        if tier_of(row.code) == "village":
            named_so = row.name.endswith(("村民委员会", "村委会"))
            assert (row.kind == "villagers_committee") == named_so, row


def test_longyou_has_25_communities_and_the_village_of_the_story() -> None:
    rows = {row.code: row for _, row in read_divisions(data.divisions("330825"))}
    villages = [row for row in rows.values() if tier_of(row.code) == "village"]
    assert sum(row.kind != "villagers_committee" for row in villages) == 25
    assert rows["330825101264"].name.startswith("希塘村")


def test_the_typhoon_plan_is_adopted_as_it_is(empty_home: Home) -> None:
    command = plan_divisions(
        read_divisions(data.divisions("330825")), organisation(empty_home)
    ).command
    empty_home.execute(command, "operator")
    plan = msgspec.json.decode(data.plan("typhoon").read_bytes(), type=AdoptPlan)
    assert empty_home.execute(plan, "operator").outcome == "accepted"
    assert [(order.key, order.to[0].role) for order in plan.orders] == [
        ("lead", "village_team_leader"),
        ("grids", "grid_head"),
        ("households", "household_contact"),
    ]


def test_every_plan_and_start_decodes_into_its_command() -> None:
    assert data.plans() == ("typhoon",)
    for key in data.plans():
        plan = msgspec.json.decode(data.plan(key).read_bytes(), type=AdoptPlan)
        assert plan.plan == key
    assert data.starts() == ("illegal-building",)
    for name in data.starts():
        start = msgspec.json.decode(data.start(name).read_bytes(), type=StartAdHoc)
        assert start.division[:6] in data.counties()


def test_what_does_not_come_along_is_not_found() -> None:
    assert data.counties() == ("330803", "330825")
    for get, name in ((data.divisions, "110101"), (data.plan, "../typhoon"), (data.start, "x")):
        with pytest.raises(NotFound):
            get(name)


def test_every_role_and_every_kind_has_a_chinese_name() -> None:
    assert sorted(ROLE_NAMES.values()) == sorted(ROLES)
    assert set(KINDS.values()) == {"villagers_committee", "residents_committee", "other"}
