"""A county in the shape of Longyou, with synthetic people, as the benchmarks need it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from handheld.adapters.clock import ClockSetting
from handheld.bootstrap import Home, found_home
from handheld.domain.plan import AdoptPlan
from handheld.domain.register import Contact, DivisionRow, ImportDivisions, ImportPeople, PersonRow
from handheld_events.orders import PlanOrder, Target
from handheld_projections.organisation import Post

DISTRICT = "330825"
PLAN = "plan-typhoon"
OPENED = datetime(2021, 7, 23, 6, 0, tzinfo=UTC)
"""Before the warning of that afternoon; 14:00 in Longyou."""
CLOCK = ClockSetting(origin=OPENED, rate=0)


class Shape(NamedTuple):
    """How many divisions and people there are."""

    townships: int
    committees: int
    """Villagers' committees: each has a village-team leader."""
    communities: int
    grids: int
    """Each has a grid head."""
    contacts: int
    """Household contacts, spread over the villages."""

    @property
    def tasks(self) -> int:
        """How many people a start reaches."""
        return self.committees + self.grids + self.contacts


LONGYOU = Shape(townships=15, committees=263, communities=25, grids=561, contacts=10_300)
ELEVEN_THOUSAND = LONGYOU._replace(contacts=10_176)
TINY = Shape(townships=2, committees=5, communities=1, grids=10, contacts=45)


def divisions(shape: Shape) -> Iterator[DivisionRow]:
    """District, townships, villages, grids: parents first."""
    yield DivisionRow(code=DISTRICT, name="龙游县")
    for n in range(shape.townships):
        yield DivisionRow(code=_township(n), name=f"乡镇{n}", synthetic=True)
    for n in range(shape.communities):
        code = f"{_township(n % shape.townships)}{1 + n // shape.townships:03}"
        yield DivisionRow(code=code, name=f"社区{n}", synthetic=True)
    villages = [_village(shape, n) for n in range(shape.committees)]
    for n, code in enumerate(villages):
        yield DivisionRow(code=code, name=f"村{n}", synthetic=True)
    for code in _grids(shape):
        yield DivisionRow(code=code, name=f"网格{code[-3:]}", synthetic=True)


def posts(shape: Shape) -> Iterator[tuple[str, Post]]:
    """Every person with their post."""
    for n in range(shape.committees):
        yield f"person-L{n:05}", Post("village_team_leader", _village(shape, n))
    for n, grid in enumerate(_grids(shape)):
        yield f"person-G{n:05}", Post("grid_head", grid)
    for n in range(shape.contacts):
        village = _village(shape, n % shape.committees)
        yield f"person-C{n:05}", Post("household_contact", village)


def settle(directory: Path, shape: Shape) -> None:
    """Make a data directory with the county's register and a plan that calls all of them."""
    found_home(directory, clock=CLOCK)
    with Home(directory) as home:
        fill(home, shape)


def fill(home: Home, shape: Shape) -> None:
    """The same in what is open already."""
    home.execute(ImportDivisions(rows=tuple(divisions(shape))), "operator")
    people = list(posts(shape))
    names = home.keyring.seal([(person, f"演示{person[-5:]}") for person, _ in people])
    rows = tuple(
        PersonRow(person=person, contact=Contact(name), posts=(post,), synthetic=True)
        for (person, post), name in zip(people, names, strict=True)
    )
    home.execute(ImportPeople(rows=rows), "operator")
    home.execute(
        AdoptPlan(plan="typhoon", title="防台风应急", division=DISTRICT, orders=orders()),
        "operator",
    )
    home.caught_up()


def orders() -> tuple[PlanOrder, ...]:
    village = Target(role="village_team_leader", tier="village", kind="villagers_committee")
    grid = Target(role="grid_head", tier="grid")
    contact = Target(role="household_contact", tier="village", kind="villagers_committee")
    return (
        PlanOrder(key="lead", text="到联系村坐镇指挥。", to=(village,), accept_within=3600),
        PlanOrder(key="grid", text="排查网格内隐患。", to=(grid,), accept_within=7200),
        PlanOrder(key="visit", text="走访联系户，查看安全。", to=(contact,), report_within=14_400),
    )


def _township(number: int) -> str:
    return f"{DISTRICT}{100 + number}"


def _village(shape: Shape, number: int) -> str:
    return f"{_township(number % shape.townships)}{200 + number // shape.townships:03}"


def _grids(shape: Shape) -> list[str]:
    return sorted(
        f"{_village(shape, n % shape.committees)}{1 + n // shape.committees:03}"
        for n in range(shape.grids)
    )
