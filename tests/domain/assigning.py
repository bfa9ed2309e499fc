"""Random towns, told twice: as the register knows them, and plainly, for a search by brute force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from handheld.domain.assignment import Assignee
from handheld_events.division import DivisionKind
from handheld_events.orders import Target, Vacancy
from handheld_events.territory import TIERS, kind_by_code
from handheld_projections.organisation import Organisation, Post
from tests.support_organisation import (
    dissolve_department,
    erase,
    form_group,
    import_person,
    on_duty,
    organisation,
)

CODES = (
    "330825",
    "330825100",
    "330825101",
    "330825100001",
    "330825100200",
    "330825100201",
    "330825101200",
    "330825101400",
    "330825100200001",
    "330825100200002",
    "330825101200001",
)
PEOPLE = tuple(f"person-S{n}" for n in range(8))
DEPARTMENTS = {"water": "330825", "police": "330825", "station": "330825100"}
GROUPS = ("rescue", "repair")
ROLES = (
    "duty_officer",
    "village_official",
    "grid_head",
    "enforcement_officer",
    "department_head",
    "department_officer",
)
KINDS: tuple[DivisionKind, ...] = ("villagers_committee", "residents_committee", "other")
OF_DEPARTMENTS = ("department_head", "department_officer")

Held = tuple[str, str, str | None, str]


@st.composite
def _posts(draw: st.DrawFn) -> tuple[str, str, str | None]:
    role = draw(st.sampled_from(ROLES))
    keys = st.sampled_from(list(DEPARTMENTS))
    department = draw(keys if role in OF_DEPARTMENTS else st.none() | keys)
    return role, draw(st.sampled_from(CODES)), department


@st.composite
def _role_targets(draw: st.DrawFn) -> Target:
    kind = draw(st.sampled_from((None, *KINDS)))
    tier = draw(st.sampled_from((None, "village") if kind else (None, *TIERS.values())))
    return Target(
        role=draw(st.sampled_from(ROLES)),
        tier=tier,
        kind=kind,
        department=draw(st.none() | st.sampled_from(list(DEPARTMENTS))),
        on_duty=draw(st.booleans()),
    )


targets = st.lists(
    _role_targets()
    | st.builds(Target, department=st.sampled_from(list(DEPARTMENTS)))
    | st.builds(Target, group=st.sampled_from(GROUPS)),
    max_size=4,
)
posts = st.lists(_posts(), min_size=1, max_size=4, unique=True)


class Town(NamedTuple):
    """An organisation, and the same told plainly: who holds which post, oldest first."""

    organisation: Organisation
    held: list[Held]
    erased: set[str]
    duty: dict[tuple[str, str, str | None], str]
    groups: dict[str, tuple[str, ...]]
    dissolved: set[str]

    # --- what happens -----------------------------------------------------------------------------

    def give(self, stream: str, wanted: Sequence[tuple[str, str, str | None]]) -> None:
        wanted = [post for post in wanted if post[2] not in self.dissolved]
        if stream in self.erased or not wanted:
            return
        import_person(self.organisation, stream, wanted)
        kept = [h for h in self.held if h[3] != stream or h[:3] in wanted]
        self.held[:] = kept
        self.held.extend((*post, stream) for post in wanted if (*post, stream) not in kept)

    def erase(self, stream: str) -> None:
        if stream in self.organisation.people:
            erase(self.organisation, stream)
            self.held[:] = [h for h in self.held if h[3] != stream]
            self.erased.add(stream)

    def on_duty(self, index: int) -> None:
        if self.held:
            role, division, department, stream = self.held[index % len(self.held)]
            if department not in self.dissolved:
                on_duty(self.organisation, stream, Post(role, division, department))
                self.duty[role, division, department] = stream

    def dissolve(self, key: str) -> None:
        dissolve_department(self.organisation, key)
        self.dissolved.add(key)

    def form(self, key: str, members: Sequence[str]) -> None:
        living = [m for m in members if m in self.organisation.people and m not in self.erased]
        if living:
            form_group(self.organisation, key, "330825", *living)
            self.groups[key] = tuple(living)

    # --- who gets an order, by brute force --------------------------------------------------------

    def assigned(
        self, territory: str, wanted: Sequence[Target], people: Sequence[str] = ()
    ) -> tuple[list[Assignee], list[Vacancy]]:
        found: list[Assignee] = []
        vacant: list[Vacancy] = []
        for target in wanted:
            if target.group is not None:
                members = [m for m in self.groups[target.group] if m not in self.erased]
                called = [self.named(member, territory) for member in members]
            elif target.role is None:
                called = self._unit(target, found, vacant)
            else:
                called = self._of_role(target, territory, vacant)
            for one in called:
                if all(one.person != other.person for other in found):
                    found.append(one)
        for person in people:
            if all(person != other.person for other in found):
                found.append(self.named(person, territory))
        vacant = [v for n, v in enumerate(vacant) if v not in vacant[:n]]
        for vacancy in vacant:
            self._stand_in(vacancy, found)
        return found, vacant

    def named(self, person: str, territory: str) -> Assignee:
        posts = [h for h in self.held if h[3] == person]
        order = [tuple(p) for p in self.organisation.people[person].posts]
        posts.sort(key=lambda h: order.index(h[:3]))
        here = [h for h in posts if h[1].startswith(territory)] or posts
        if not here:
            return Assignee(person, territory, None)
        return Assignee(person, here[0][1], None, here[0][2])

    def _of_role(self, target: Target, territory: str, vacant: list[Vacancy]) -> list[Assignee]:
        called: list[Assignee] = []
        for code in sorted(CODES):
            if target.tier not in (None, TIERS[len(code)]):
                continue
            if target.kind not in (None, kind_by_code(code)):
                continue
            inside = code.startswith(territory)
            if target.department is None:
                meant, keys = inside, [None, *sorted(DEPARTMENTS)]
                if target.role == "duty_officer":
                    keys = [None]
            else:
                meant, keys = inside or territory.startswith(code), [target.department]
            if not meant:
                continue
            here: list[Assignee] = []
            for key in keys:
                if key in self.dissolved:
                    continue
                holders = [h[3] for h in self.held if h[:3] == (target.role, code, key)]
                on = self.duty.get((str(target.role), code, key))
                if target.on_duty and on in holders:
                    holders = [on]
                here += [Assignee(holder, code, target.role, key) for holder in holders]
            if target.tier is not None and not here:
                vacant.append(Vacancy(role=str(target.role), division=code))
            called += here
        if target.department is not None and target.tier is None and not called:
            at = DEPARTMENTS[target.department]
            vacant.append(Vacancy(role=str(target.role), division=at))
        return called

    def _unit(self, target: Target, found: list[Assignee], vacant: list[Vacancy]) -> list[Assignee]:
        key = str(target.department)
        at = DEPARTMENTS[key]
        if any(one.unit and one.department == key for one in found):
            return []
        for role, division, person in self._answering(key):
            known = [n for n, one in enumerate(found) if one.person == person]
            if not known:
                return [Assignee(person, division, role, key, True)]
            if not found[known[0]].unit:
                found[known[0]] = found[known[0]]._replace(unit=True, department=key)
                return []
        vacant.append(Vacancy(role="department_head", division=at))
        return []

    def _answering(self, key: str) -> Iterator[tuple[str, str, str]]:
        if key in self.dissolved:
            return
        on = self.duty.get(("duty_officer", DEPARTMENTS[key], key))
        if on is not None and ("duty_officer", DEPARTMENTS[key], key, on) in self.held:
            yield "duty_officer", DEPARTMENTS[key], on
        for role in ("department_head", "department_officer", "duty_officer"):
            for held_role, division, department, person in self.held:
                if (held_role, department) == (role, key):
                    yield role, division, person

    def _stand_in(self, vacancy: Vacancy, found: list[Assignee]) -> None:
        asked = {
            6: ("duty_officer", "district_commander"),
            9: ("duty_officer", "township_commander", "township_official"),
            12: ("village_official", "village_team_leader"),
            15: ("grid_head",),
        }
        code = vacancy.division
        while len(code) >= 6:
            for role in asked[len(code)]:
                holders = [h[3] for h in self.held if h[:3] == (role, code, None)]
                on = self.duty.get((role, code, None))
                if holders:
                    person = on if on in holders else holders[0]
                    assert person is not None
                    for n, one in enumerate(found):
                        if one.person == person:
                            stands = (*one.instead_of, vacancy)
                            found[n] = one._replace(instead_of=stands)
                            return
                    found.append(Assignee(person, code, role, instead_of=(vacancy,)))
                    return
            code = code[:-3]


@st.composite
def towns(draw: st.DrawFn) -> Town:
    town = Town(organisation(CODES, departments=DEPARTMENTS), [], set(), {}, {}, set())
    people = st.sampled_from(PEOPLE)
    happens = st.tuples(people, posts, st.integers(0, 15), st.integers(0, 30))
    for stream, wanted, what, which in draw(st.lists(happens, max_size=25)):
        if what == 0:
            town.erase(stream)
        elif what <= 4:
            town.on_duty(which)
        else:
            town.give(stream, wanted)
    members = st.lists(people, unique=True, max_size=4)
    for key in GROUPS:
        town.form(key, draw(members))
        town.groups.setdefault(key, ())
    if draw(st.integers(0, 4)) == 0:
        town.dissolve(draw(st.sampled_from(list(DEPARTMENTS))))
    if draw(st.booleans()):
        town.erase(draw(people))
    return town


def known_groups(town: Town, wanted: Sequence[Target]) -> list[Target]:
    """The targets, without groups that could not be formed."""
    return [t for t in wanted if t.group is None or t.group in town.organisation.groups]
