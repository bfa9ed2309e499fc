"""Assignment: targets and named people, held against the organisation, give exact assignees.

A role alone means the posts of that role in the territory, whoever's they are; of a role that runs
a command room only the command rooms of divisions are meant, not those of departments. Posts of a
department are meant where the division that they serve and the territory overlap: an officer of the
whole county serves each township, one stationed in a township serves no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from handheld.domain.duty import above_vacancy, answering
from handheld.domain.errors import Malformed
from handheld.domain.roles import COMMAND_ROLES
from handheld.domain.targets import check_targets
from handheld_events.orders import Target, Vacancy
from handheld_events.territory import tier_of, within
from handheld_projections.organisation import Department, Organisation

__all__ = ["Assignee", "Assignment", "assign", "check_targets", "named"]

STANDS_IN_NAMED = 1000
"""A stand-in's task names so many of the vacant posts, so that the event stays small."""


class Assignee(NamedTuple):
    """One person, at the post that made them be chosen."""

    person: str
    division: str
    role: str | None
    department: str | None = None
    """The department to which the post belongs."""
    unit: bool = False
    """The department itself is called; this person answers for it."""
    instead_of: tuple[Vacancy, ...] = ()
    """The vacant posts for which the person stands in."""


class Assignment(NamedTuple):
    """Who gets the order, and where nobody could be found."""

    assignees: list[Assignee]
    """One entry a person; who stands in for vacant posts and is not called anyway comes last."""
    vacant: list[Vacancy]
    """The posts asked for that nobody holds."""


def assign(
    organisation: Organisation,
    territory: str,
    targets: Iterable[Target],
    people: Sequence[str] = (),
    at: datetime | None = None,
) -> Assignment:
    """Everybody whom the targets mean, then the people named, then stand-ins; nobody twice.

    The order is by target, then division code, then the time at which the post was taken, so that
    the same organisation always gives the same list. The task of a vacant post goes to the duty
    post above it. With a time, whose turn on a roster has begun by then is on duty.

    Raises Malformed as `check_targets` does, and `department.unknown`, `group.unknown`,
    `group.dissolved`; `person.unknown`, `person.erased` for a person named.
    """
    wanted = tuple(targets)
    check_targets(wanted)
    search = _Search(organisation, territory, at)
    for target in wanted:
        search.take(target)
    for person in people:
        if person not in search.chosen:
            search.chosen[person] = named(organisation, person, territory)
    search.stand_in()
    return Assignment(list(search.chosen.values()), list(search.vacant))


def named(organisation: Organisation, person: str, territory: str) -> Assignee:
    """A person chosen by name, at their first post in the territory, else at their first post.

    Raises Malformed (`person.unknown`, `person.erased`).
    """
    known = organisation.people.get(person)
    if known is None:
        raise Malformed("person.unknown", person=person)
    if known.erased:
        raise Malformed("person.erased", person=person)
    here = [post for post in known.posts if within(post.division, territory)]
    for post in here or known.posts:
        return Assignee(person, post.division, None, post.department)
    return Assignee(person, territory, None)


class _Search:
    """One order's assignment while it is made."""

    def __init__(self, organisation: Organisation, territory: str, at: datetime | None) -> None:
        self._organisation = organisation
        self._territory = territory
        self._at = at
        self.chosen: dict[str, Assignee] = {}
        self.vacant: dict[Vacancy, None] = {}

    def take(self, target: Target) -> None:
        if target.group is not None:
            self._group(target.group)
        elif target.department is not None:
            department = self._organisation.departments.get(target.department)
            if department is None:
                raise Malformed("department.unknown", department=target.department)
            if target.role is None:
                self._unit(department)
            else:
                self._department(department, target.role, target)
        elif target.role is not None:
            self._role(target.role, target)

    # --- posts ------------------------------------------------------------------------------------

    def _role(self, role: str, target: Target) -> None:
        own = self._organisation.posts_of(role)
        others: dict[str, list[tuple[str, str]]] = {}
        if role not in COMMAND_ROLES:
            for key, person, code in self._organisation.posts_in_departments(role):
                if not self._organisation.departments[key].dissolved:
                    others.setdefault(code, []).append((person, key))
        territory, chosen = self._territory, self.chosen
        filled: set[str] = set()
        for code in sorted({*own, *others}):
            if not code.startswith(territory) or not self._fits(code, target):
                continue
            held: Sequence[str] = own.get(code, ())
            by_department = others.get(code, ())
            if held or by_department:
                filled.add(code)
            if target.on_duty:
                held = self._on_duty(role, code, None, held)
                by_department = self._by_duty(role, code, by_department)
            for person in held:
                if person not in chosen:
                    chosen[person] = Assignee(person, code, role)
            for person, key in by_department:
                if person not in chosen:
                    chosen[person] = Assignee(person, code, role, key)
        if target.tier is not None:
            self._vacant_of(role, self._divisions(target, overlapping=False), filled)

    def _department(self, department: Department, role: str, target: Target) -> None:
        key = department.key
        posts = self._organisation.department_posts(key).get(role, ())
        by_code: dict[str, list[str]] = {}
        if not department.dissolved:
            for person, code in posts:
                if self._overlaps(code) and self._fits(code, target):
                    by_code.setdefault(code, []).append(person)
        for code in sorted(by_code):
            held: Sequence[str] = by_code[code]
            if target.on_duty:
                held = self._on_duty(role, code, key, held)
            for person in held:
                if person not in self.chosen:
                    self.chosen[person] = Assignee(person, code, role, key)
        if target.tier is not None:
            self._vacant_of(role, self._divisions(target, overlapping=True), by_code)
        elif not by_code:
            self.vacant[Vacancy(role=role, division=department.division)] = None

    def _by_duty(
        self, role: str, code: str, held: Sequence[tuple[str, str]]
    ) -> list[tuple[str, str]]:
        """Of each department's post in a division, whoever is on duty."""
        found: list[tuple[str, str]] = []
        for key in dict.fromkeys(key for _, key in held):
            people = [person for person, other in held if other == key]
            found += [(person, key) for person in self._on_duty(role, code, key, people)]
        return found

    def _on_duty(
        self, role: str, code: str, department: str | None, held: Sequence[str]
    ) -> Sequence[str]:
        person = self._organisation.on_duty(role, code, department, self._at)
        return held if person is None else (person,)

    def _fits(self, code: str, target: Target) -> bool:
        if target.tier is not None and tier_of(code) != target.tier:
            return False
        return target.kind is None or self._organisation.divisions[code].kind == target.kind

    def _overlaps(self, code: str) -> bool:
        return within(code, self._territory) or within(self._territory, code)

    def _divisions(self, target: Target, *, overlapping: bool) -> Iterator[str]:
        for code in self._organisation.divisions:
            here = self._overlaps(code) if overlapping else code.startswith(self._territory)
            if here and self._fits(code, target):
                yield code

    def _vacant_of(self, role: str, codes: Iterator[str], filled: Iterable[str]) -> None:
        for code in sorted(set(codes).difference(filled)):
            self.vacant[Vacancy(role=role, division=code)] = None

    # --- units and groups -------------------------------------------------------------------------

    def _unit(self, department: Department) -> None:
        """Somebody answers for the department; who answers for another one does not."""
        key = department.key
        if any(known.unit and known.department == key for known in self.chosen.values()):
            return
        for person, role, code in answering(self._organisation, key, self._at):
            known = self.chosen.get(person)
            if known is None:
                self.chosen[person] = Assignee(person, code, role, key, unit=True)
            elif not known.unit:
                self.chosen[person] = known._replace(department=key, unit=True)
            else:
                continue
            return
        self.vacant[Vacancy(role="department_head", division=department.division)] = None

    def _group(self, key: str) -> None:
        group = self._organisation.groups.get(key)
        if group is None:
            raise Malformed("group.unknown", group=key)
        if group.dissolved:
            raise Malformed("group.dissolved", group=key)
        for person in group.members:
            if person not in self.chosen and not self._organisation.people[person].erased:
                self.chosen[person] = named(self._organisation, person, self._territory)

    # --- vacant posts -----------------------------------------------------------------------------

    def stand_in(self) -> None:
        """The duty post above gets the task of a vacant post."""
        stands: dict[str, list[Vacancy]] = {}
        for vacancy in self.vacant:
            person, role, code = above_vacancy(self._organisation, vacancy, self._at)
            if person is None:
                continue
            if person not in self.chosen:
                self.chosen[person] = Assignee(person, code, role)
            stands.setdefault(person, []).append(vacancy)
        for person, vacancies in stands.items():
            instead_of = tuple(vacancies[:STANDS_IN_NAMED])
            self.chosen[person] = self.chosen[person]._replace(instead_of=instead_of)
