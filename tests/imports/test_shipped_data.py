"""What comes with the program can be imported, adopted and started as it is."""

from __future__ import annotations

import csv

import msgspec
import pytest

from handheld import data, synthetic
from handheld.adapters.table_words import KINDS, ROLE_NAMES
from handheld.adapters.tables import read_divisions
from handheld.application.importing import plan_departments, plan_divisions
from handheld.bootstrap import Home
from handheld.domain import plan
from handheld.domain.errors import NotFound
from handheld.domain.plan import AdoptPlan
from handheld.domain.roles import ROLES
from handheld.domain.starting import StartAdHoc, StartFromPlan, preview
from handheld_events.orders import Target
from handheld_events.plan import PlanAdopted, Trigger
from handheld_events.territory import kind_by_code, tier_of
from tests.support_imports import organisation
from tests.support_organisation import organisation as register


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
    county = plan_divisions(
        read_divisions(data.divisions("330825")), organisation(empty_home)
    ).command
    empty_home.execute(county, "operator")
    departments = plan_departments(
        list(enumerate(synthetic.departments("330825"), 2)), organisation(empty_home)
    ).command
    empty_home.execute(departments, "operator")
    typhoon = msgspec.json.decode(data.plan("typhoon").read_bytes(), type=AdoptPlan)
    assert empty_home.execute(typhoon, "operator").outcome == "accepted"
    assert [(order.key, order.to[0].role) for order in typhoon.orders[:3]] == [
        ("lead", "village_team_leader"),
        ("grids", "grid_head"),
        ("households", "household_contact"),
    ]


MATTERS = [key for key in data.plans() if key.startswith("matter-")]
DEPARTMENTS = {
    row["key"]: row["name"]
    for row in csv.DictReader(data.departments().read_text("utf-8").splitlines())
}


def test_every_plan_and_start_decodes_into_its_command() -> None:
    assert "typhoon" in data.plans()
    for key in data.plans():
        command = msgspec.json.decode(data.plan(key).read_bytes(), type=AdoptPlan)
        assert command.plan == key
        assert command.division == ("330825" if key == "typhoon" else data.NO_DIVISION)
    assert data.starts() == ("illegal-building",)
    for name in data.starts():
        start = msgspec.json.decode(data.start(name).read_bytes(), type=StartAdHoc)
        assert start.division[:6] in data.counties()


@pytest.mark.parametrize("key", data.plans())
def test_every_plan_keeps_the_rules_in_any_county(key: str) -> None:
    command = data.plan_for(key, "330803")
    assert command.division == "330803"
    answer = plan.decide(None, command)
    assert answer.outcome == "accepted"
    (edition,) = answer.events
    assert isinstance(edition, PlanAdopted)
    assert plan.unknown_departments(edition, DEPARTMENTS) == ()
    assert all(order.form for order in edition.orders)


@pytest.mark.parametrize("key", MATTERS)
def test_in_every_matter_one_department_leads_and_others_respond(key: str) -> None:
    command = data.plan_for(key, "330803")
    orders = {order.key: order for order in command.orders}
    assert list(orders) == ["check", "lead", "respond"]
    assert orders["lead"].to == (Target(department=command.lead),)
    assert "verify" in orders["lead"].steps
    assert {target.department for target in orders["respond"].to} == set(command.responding)
    assert len(command.responding) >= 5
    assert all(target.tier in ("village", "grid") for target in orders["check"].to)
    assert all(order.level is None and order.after is None for order in command.orders)


@pytest.mark.parametrize("where", ["330825", "330825101", "330825101264"])
@pytest.mark.parametrize("key", MATTERS)
def test_every_matter_reaches_a_unit_of_each_department_and_somebody_on_the_spot(
    key: str, where: str
) -> None:
    divisions = ("330825", "330825101", "330825101264", "330825101264001")
    heads = {
        f"person-{department}": [("department_head", "330825", department)]
        for department in DEPARTMENTS
    }
    spot = {
        "person-official": [("village_official", divisions[2])],
        "person-grid": [("grid_head", divisions[3])],
    }
    made = register(divisions, {**heads, **spot}, dict.fromkeys(DEPARTMENTS, "330825"))
    command = data.plan_for(key, "330825")
    answer = plan.decide(None, command)
    adopted = plan.evolve(None, answer.events[0])

    seen = preview(StartFromPlan(plan=f"plan-{key}", division=where), adopted, made)

    check, lead, respond = ({a.person for a in found.assignees} for _, found in seen.orders)
    assert check in ({"person-official"}, {"person-grid"})
    assert lead == {f"person-{command.lead}"}
    assert respond == {f"person-{department}" for department in command.responding}
    assert not any(found.vacant for _, found in seen.orders)


def test_the_17_matters_come_along_and_each_department_is_named_once() -> None:
    assert len(MATTERS) == 17
    assert len(set(DEPARTMENTS.values())) == len(DEPARTMENTS) >= 20
    titles = {data.plan_for(key, "330803").title for key in MATTERS}
    assert len(titles) == 17


def test_an_anomaly_in_data_proposes_the_matter_of_unpaid_wages_and_no_other() -> None:
    triggers = {key: data.plan_for(key, "330803").triggers for key in MATTERS}
    assert triggers.pop("matter-unpaid-wages") == (Trigger(event="欠薪风险", at_least="blue"),)
    assert not any(triggers.values())


def test_the_typhoon_plan_calls_three_orders_at_its_start_and_others_at_higher_levels() -> None:
    command = data.plan_for("typhoon", "330825")
    assert command.level == "III"
    assert command.triggers == (Trigger(event="台风", at_least="orange", does="propose"),)
    at_start = [o for o in command.orders if o.level is None and o.after is None]
    assert [order.key for order in at_start] == ["lead", "grids", "households"]
    assert {order.level for order in command.orders} == {None, "II", "I"}
    grids = at_start[1]
    assert grids.remind_accept is not None
    assert grids.remind_accept.after == 65 * 60 < (grids.accept_within or 0)
    assert [f.key for f in at_start[2].form if f.kind == "visits"] == ["visits"]
    assert all(order.wartime is not None for order in at_start)
    synthetic_too = {t.department for o in command.orders for t in o.to if t.department}
    assert synthetic_too | {command.lead, *command.responding} <= set(synthetic.DEPARTMENTS)


def test_what_does_not_come_along_is_not_found() -> None:
    assert data.counties() == ("330803", "330825")
    for get, name in ((data.divisions, "110101"), (data.plan, "../typhoon"), (data.start, "x")):
        with pytest.raises(NotFound):
            get(name)


def test_every_role_and_every_kind_has_a_chinese_name() -> None:
    assert set(ROLE_NAMES.values()) == set(ROLES)
    assert set(KINDS.values()) == {"villagers_committee", "residents_committee", "other"}
