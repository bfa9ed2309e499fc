"""Synthetic grids and people: the right number, at the right places, and marked as what they are."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from handheld import data, synthetic
from handheld.adapters.tables import read_divisions
from handheld.application.importing import plan_departments, plan_divisions, plan_people
from handheld.bootstrap import Home, found_home
from handheld.domain.errors import Malformed
from handheld.domain.plan import AdoptPlan
from handheld.domain.starting import StartAdHoc, StartFromPlan
from handheld_events.ids import order_id
from handheld_events.task import TaskDispatched
from handheld_projections.organisation import Division, Organisation
from tests.support_imports import facts_after, organisation

VILLAGES = [
    Division(f"330825101{n}", f"村{n}", "villagers_committee", False, 1) for n in range(200, 210)
]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as home:
        yield home


def _county(home: Home, county: str, grids: int) -> Organisation:
    rows = read_divisions(data.divisions(county))
    home.execute(plan_divisions(rows, organisation(home)).command, "operator")
    made = synthetic.grids(list(organisation(home).divisions.values()), grids, 1)
    plan = plan_divisions(list(enumerate(made, 1)), organisation(home))
    home.execute(plan.command, "operator")
    return organisation(home)


def _departments(home: Home, county: str) -> None:
    rows = list(enumerate(synthetic.departments(county), 1))
    home.execute(plan_departments(rows, organisation(home)).command, "operator")


def test_grids_are_as_many_as_asked_with_one_at_least_in_each_village() -> None:
    grids = synthetic.grids(VILLAGES, 37, seed=1)
    villages = Counter(grid.code[:12] for grid in grids)
    assert len(grids) == len({grid.code for grid in grids}) == 37
    assert set(villages) == {village.code for village in VILLAGES}
    assert len(set(villages.values())) > 1
    assert all(grid.synthetic and len(grid.code) == 15 for grid in grids)
    for village, number in villages.items():
        codes = [grid.code for grid in grids if grid.code.startswith(village)]
        assert codes == [f"{village}{n:03d}" for n in range(1, number + 1)]


def test_as_many_grids_as_villages_make_one_in_each() -> None:
    codes = [grid.code for grid in synthetic.grids(VILLAGES, len(VILLAGES), seed=1)]
    assert codes == [f"{village.code}001" for village in VILLAGES]


def test_grids_are_named_in_chinese_numerals() -> None:
    names = [grid.name for grid in synthetic.grids(VILLAGES[:1], 999, seed=1)]
    assert len(set(names)) == 999
    assert {n: names[n - 1] for n in (1, 10, 11, 20, 21, 100, 101, 110, 111, 999)} == {
        1: "第一网格",
        10: "第十网格",
        11: "第十一网格",
        20: "第二十网格",
        21: "第二十一网格",
        100: "第一百网格",
        101: "第一百零一网格",
        110: "第一百一十网格",
        111: "第一百一十一网格",
        999: "第九百九十九网格",
    }


def test_the_same_seed_gives_the_same_grids_and_another_gives_others() -> None:
    assert synthetic.grids(VILLAGES, 37, 1) == synthetic.grids(VILLAGES[::-1], 37, 1)
    assert synthetic.grids(VILLAGES, 37, 1) != synthetic.grids(VILLAGES, 37, 2)


def test_impossible_numbers_are_refused_with_a_code() -> None:
    codes: list[str] = []
    for villages, count in ((VILLAGES, 9), (VILLAGES, 9_991), ([], 1)):
        with pytest.raises(Malformed) as caught:
            synthetic.grids(villages, count, 1)
        codes.append(caught.value.code)
    for contacts in (-1, 1):
        with pytest.raises(Malformed) as caught:
            synthetic.people(Organisation(), 1, contacts=contacts)
        codes.append(caught.value.code)
    assert codes == [
        "synthetic.too_few_grids",
        "synthetic.too_many_grids",
        "synthetic.no_villages",
        "synthetic.contacts",
        "synthetic.no_grids",
    ]


def test_longyou_gets_the_people_of_the_story_and_the_plan_reaches_11124_of_them(
    home: Home,
) -> None:
    known = _county(home, "330825", 561)
    people = synthetic.people(known, 1, contacts=10_300)
    roles = Counter(person.posts[0].role for person in people)
    assert roles == {
        "district_commander": 1,
        "duty_officer": 2 + 15,
        "township_official": 15,
        "village_official": 288,
        "village_team_leader": 263,
        "grid_head": 561,
        "household_contact": 10_300,
        "township_commander": 15,
    }
    _departments(home, "330825")
    known = organisation(home)
    everybody = synthetic.people(known, 1, contacts=10_300)
    assert everybody[: len(people)] == people
    home.execute(plan_people(everybody, known, home.keyring).command, "operator")
    home.execute(msgspec.json.decode(data.plan("typhoon").read_bytes(), type=AdoptPlan), "operator")
    end = home.log.end()
    start = home.request(StartFromPlan(plan="plan-typhoon", division="330825"), "person-S0000002")
    home.writer.execute(start)
    tasks = [
        fact.event for fact in facts_after(home, end) if isinstance(fact.event, TaskDispatched)
    ]
    orders = Counter(task.order for task in tasks)
    ids = [order_id(start.meta.command, n) for n in range(3)]
    assert [orders[order] for order in ids] == [263, 561, 10_300]
    assert len({task.person for task in tasks}) == 11_124


def test_departments_have_a_head_officers_and_duty_officers_and_some_are_stationed(
    home: Home,
) -> None:
    known = _county(home, "330803", 400)
    _departments(home, "330803")
    before = synthetic.people(known, 1, contacts=500)
    known = organisation(home)
    people = synthetic.people(known, 1, contacts=500)
    assert people[: len(before)] == before
    plan = plan_people(people, known, home.keyring)
    home.execute(plan.command, "operator")
    known = organisation(home)
    for key in known.departments:
        counts = {role: len(held) for role, held in known.department_posts(key).items()}
        assert (
            counts.items()
            >= {
                "department_head": 1,
                "duty_officer": 2,
                "department_officer": 3,
            }.items()
        )
    stationed = Counter(
        post.division
        for person in known.people.values()
        for post in person.posts
        if known.stationed(post)
    )
    townships = {code for code in known.divisions if len(code) == 9}
    assert stationed == dict.fromkeys(townships, synthetic.STATIONED)
    assert all(department.synthetic for department in known.departments.values())
    assert known.holders("township_commander", "330803203")
    assert known.holders("duty_officer", "330803203")


def test_every_department_that_a_plan_of_ours_names_is_in_the_synthetic_county() -> None:
    named: set[str] = set()
    for key in data.plans():
        plan = msgspec.json.decode(data.plan(key).read_bytes(), type=AdoptPlan)
        named |= {t.department for order in plan.orders for t in order.to if t.department}
        named |= set(plan.responding) | ({plan.lead} if plan.lead else set())
    assert named <= set(synthetic.DEPARTMENTS)
    listed = csv.DictReader(data.departments().read_text("utf-8").splitlines())
    assert {row["key"]: row["name"] for row in listed} == synthetic.DEPARTMENTS


def test_each_household_contact_visits_three_to_six_households_of_their_own(home: Home) -> None:
    people = synthetic.people(_county(home, "330825", 300), 1, contacts=3_000)
    contacts = [person for person in people if person.posts[0].role == "household_contact"]
    numbers = [len(person.households or ()) for person in contacts]
    assert set(numbers) == {3, 4, 5, 6}
    visited = [(p.posts[0].division, house) for p in contacts for house in p.households or ()]
    assert len(set(visited)) == len(visited) == sum(numbers)
    assert all(person.households is None for person in people if person not in contacts)


def test_qujiang_can_start_the_example_without_a_plan(home: Home) -> None:
    known = _county(home, "330803", 400)
    home.execute(
        plan_people(synthetic.people(known, 1, contacts=0), known, home.keyring).command, "operator"
    )
    start = msgspec.json.decode(data.start("illegal-building").read_bytes(), type=StartAdHoc)
    assert home.execute(start, "person-S0000002").outcome == "accepted"


def test_people_are_distinct_numbered_with_s_and_marked(home: Home) -> None:
    known = _county(home, "330803", 300)
    people = synthetic.people(known, 1, contacts=700)
    assert all(person.synthetic for person in people)
    assert [p.person for p in people] == [f"person-S{n:07d}" for n in range(1, len(people) + 1)]
    assert len({person.name for person in people}) == len(people)
    assert all(person.name.startswith("演练") for person in people)
    phones = [person.phone or "" for person in people]
    assert len(set(phones)) == len(people)
    # 00 is the international prefix, and no country code begins with 0.
    assert all(phone.startswith("000") for phone in phones)
    plan = plan_people(people, known, home.keyring)
    home.execute(plan.command, "operator")
    assert all(person.synthetic for person in organisation(home).people.values())


def test_household_contacts_are_spread_over_all_grids(home: Home) -> None:
    known = _county(home, "330825", 300)
    people = synthetic.people(known, 1, contacts=3_000)
    grids = Counter(p.posts[0].division for p in people if p.posts[0].role == "household_contact")
    assert len(grids) == 300
    assert min(grids.values()) < 10 < max(grids.values()) < 40


def test_the_same_seed_gives_the_same_people_and_another_gives_others(home: Home) -> None:
    known = _county(home, "330825", 300)
    assert synthetic.people(known, 1, contacts=900) == synthetic.people(known, 1, contacts=900)
    assert synthetic.people(known, 1, contacts=900) != synthetic.people(known, 2, contacts=900)
