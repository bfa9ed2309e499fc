"""People who do not exist, for demos, drills and tests; every one is marked synthetic."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from handheld.domain.errors import Malformed
from handheld.domain.register import DivisionRow, PersonEntry
from handheld.domain.register_departments import DepartmentRow
from handheld_events.ids import person_stream
from handheld_events.territory import tier_of, within
from handheld_projections.organisation import Department, Division, Organisation, Post

MOST_GRIDS = 999
"""In one village: a grid's code ends in three digits."""

DUTY_OFFICERS = 2
"""In the command room of a district, and in each department."""

DEPARTMENT_OFFICERS = 3
"""In each department."""

STATIONED = 2
"""Officers of the enforcement department who are stationed in each township (派驻)."""

LINKED_HOUSEHOLDS = (3, 6)
"""At least and at most, of one household contact."""

ENFORCEMENT = "enforcement"
"""The key of the department whose officers are stationed."""

DEPARTMENTS = {
    "agriculture": "农业农村局",
    "civil-affairs": "民政局",
    "commerce": "商务局",
    "court": "人民法院（联络）",
    "culture": "文化和广电旅游体育局",
    "development": "发展和改革局",
    "education": "教育局",
    "emergency": "应急管理局",
    ENFORCEMENT: "综合行政执法局",
    "environment": "生态环境局",
    "finance": "财政局",
    "fire": "消防救援大队",
    "health": "卫生健康局",
    "housing": "住房和城乡建设局",
    "justice": "司法局",
    "labour": "人力资源和社会保障局",
    "market": "市场监督管理局",
    "planning": "自然资源和规划局",
    "police": "公安局",
    "tax": "税务局",
    "transport": "交通运输局",
    "water": "水利局",
}
"""The departments of a synthetic county, by key: all that the plans that come along name."""


def grids(villages: Sequence[Division], count: int, seed: int) -> list[DivisionRow]:
    """So many grids (网格): one or more in each division of the village tier, the rest spread by chance.

    Divisions of other tiers are passed over. The same seed gives the same grids. Raises Malformed
    (`synthetic.no_villages`, `synthetic.too_few_grids`, `synthetic.too_many_grids`).
    """
    codes = sorted(village.code for village in villages if tier_of(village.code) == "village")
    if not codes:
        raise Malformed("synthetic.no_villages")
    if count < len(codes):
        raise Malformed("synthetic.too_few_grids", grids=count, villages=len(codes))
    if count > MOST_GRIDS * len(codes):
        raise Malformed("synthetic.too_many_grids", grids=count, most=MOST_GRIDS * len(codes))
    numbers = _spread(count, len(codes), Random(seed), most=MOST_GRIDS)
    return [
        DivisionRow(code=f"{code}{n:03d}", name=f"第{_chinese(n)}网格", synthetic=True)
        for code, number in zip(codes, numbers, strict=True)
        for n in range(1, number + 1)
    ]


def departments(county: str) -> list[DepartmentRow]:
    """The departments of a county (部门), marked synthetic."""
    return [
        DepartmentRow(key=key, name=f"演练{name}", division=county, synthetic=True)
        for key, name in DEPARTMENTS.items()
    ]


def people(organisation: Organisation, seed: int, *, contacts: int) -> list[PersonEntry]:
    """Synthetic people for the posts of an organisation with grids.

    For each district a commander and two duty officers; an official for each township and each
    division of the village tier; a team leader for each villagers' committee; a head for each grid;
    `contacts` household contacts, spread over the grids by chance, each with the households that
    they visit; then a commander and a duty officer for each township; then the staff of each
    department that there is, those of the enforcement department who are stationed in the townships
    included. The same organisation and seed give the same people. Raises Malformed
    (`synthetic.contacts`, `synthetic.no_grids`).
    """
    if contacts < 0:
        raise Malformed("synthetic.contacts", contacts=contacts)
    tiers: dict[str, list[str]] = {"district": [], "township": [], "village": [], "grid": []}
    for code in sorted(organisation.divisions):
        tiers[tier_of(code)].append(code)
    committees = [
        code
        for code in tiers["village"]
        if organisation.divisions[code].kind == "villagers_committee"
    ]
    homes: list[str] = []
    if contacts:
        if not tiers["grid"]:
            raise Malformed("synthetic.no_grids", contacts=contacts)
        numbers = _spread(contacts, len(tiers["grid"]), Random(seed))
        homes = [code for code, n in zip(tiers["grid"], numbers, strict=True) for _ in range(n)]
    crowd = _Crowd()
    crowd.take("district_commander", "演练指挥长", tiers["district"])
    on_duty = [code for code in tiers["district"] for _ in range(DUTY_OFFICERS)]
    crowd.take("duty_officer", "演练值班员", on_duty)
    crowd.take("township_official", "演练乡镇干部", tiers["township"])
    crowd.take("village_official", "演练村干部", tiers["village"])
    crowd.take("village_team_leader", "演练联村团长", committees)
    crowd.take("grid_head", "演练网格长", tiers["grid"])
    crowd.take("household_contact", "演练联户党员", homes, _households(homes, seed))
    crowd.take("township_commander", "演练乡镇指挥长", tiers["township"])
    crowd.take("duty_officer", "演练乡镇值班员", tiers["township"])
    for key, department in sorted(organisation.departments.items()):
        if not department.dissolved:
            crowd.staff(key, department, tiers["township"])
    return crowd.entries


def _households(homes: Sequence[str], seed: int) -> list[tuple[str, ...]]:
    """The households of each contact: numbers within the grid, none of two contacts."""
    chance = Random(f"{seed}/households")
    last: dict[str, int] = {}
    linked: list[tuple[str, ...]] = []
    for grid in homes:
        before = last.get(grid, 0)
        last[grid] = before + chance.randint(*LINKED_HOUSEHOLDS)
        linked.append(tuple(f"{n:03d}" for n in range(before + 1, last[grid] + 1)))
    return linked


class _Crowd:
    """Numbers people in the order in which they take their posts."""

    def __init__(self) -> None:
        self.entries: list[PersonEntry] = []

    def take(
        self,
        role: str,
        called: str,
        codes: Sequence[str],
        households: Sequence[tuple[str, ...]] = (),
        department: str | None = None,
    ) -> None:
        """One person for each code, named by the role and a running number."""
        digits = max(2, len(str(len(codes))))
        for n, code in enumerate(codes, 1):
            number = len(self.entries) + 1
            self.entries.append(
                PersonEntry(
                    line=number,
                    person=person_stream(f"S{number:07d}"),
                    name=f"{called}{n:0{digits}d}",
                    phone=_phone(number),
                    posts=(Post(role, code, department),),
                    synthetic=True,
                    households=households[n - 1] if households else None,
                )
            )

    def staff(self, key: str, department: Department, townships: Sequence[str]) -> None:
        """The people of a department: head, duty officers, officers, and those stationed."""
        at, name = department.division, f"演练{department.name.removeprefix('演练')}"
        self.take("department_head", f"{name}负责人", [at], department=key)
        self.take("duty_officer", f"{name}值班员", [at] * DUTY_OFFICERS, department=key)
        self.take("department_officer", f"{name}干部", [at] * DEPARTMENT_OFFICERS, department=key)
        if key == ENFORCEMENT:
            served = [code for code in townships if within(code, at) for _ in range(STATIONED)]
            self.take("enforcement_officer", f"{name}执法队员", served, department=key)


def _phone(number: int) -> str:
    """A telephone number that can never be anybody's.

    00 is the international prefix, and no country code begins with 0 (ITU-T E.164). A number that
    begins with 100 would not do: an exchange may take its first digits for a service line such as
    10000 or 10086.
    """
    return f"000-{number // 10_000:04d}-{number % 10_000:04d}"


def _spread(count: int, places: int, chance: Random, most: int | None = None) -> list[int]:
    """So many things over the places, one at least in each while they last, the rest by chance."""
    numbers = [1 if place < count else 0 for place in range(places)]
    for _ in range(count - sum(numbers)):
        place = chance.randrange(places)
        while most is not None and numbers[place] >= most:
            place = (place + 1) % places
        numbers[place] += 1
    return numbers


def _chinese(n: int) -> str:
    """A number from 1 to 999 in Chinese numerals: 一, 十一, 二十, 一百零五."""
    figures = "零一二三四五六七八九"
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    text = f"{figures[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if n < 20 else f"{figures[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (figures[ones] if ones else "")
