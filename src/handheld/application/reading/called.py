"""What people, places and desks in a list are called, for one who looks."""

from __future__ import annotations

import msgspec

from handheld.application.reading.named import Named, Naming, Place, place_of
from handheld.application.reading.seen import Look
from handheld.domain.duty import PERSON
from handheld.domain.seeing import Viewer

_DEPARTMENT = "department-"


class Unit(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A desk, or whom words are for: a division or a department."""

    unit: str
    """A division code, or a department stream."""
    name: str | None = None
    """None where it is not registered."""


class Called:
    """Names in one look, each asked of the policy in the task force in which it is shown."""

    def __init__(self, look: Look, viewer: Viewer) -> None:
        self.look = look
        self.viewer = viewer
        self._naming: dict[str | None, Naming] = {}

    def naming(self, task_force: str | None = None) -> Naming:
        """The names of people as shown in a task force, or by themselves."""
        known = self._naming.get(task_force)
        if known is None:
            known = self._naming[task_force] = Naming(self.look, self.viewer, task_force)
        return known

    def person(self, person: str, task_force: str | None = None) -> Named:
        """Somebody by name, as far as it is for who looks."""
        return self.naming(task_force).of(person)

    def somebody(self, person: str | None, task_force: str | None = None) -> Named | None:
        """The same; None where it is nobody."""
        return None if person is None else self.person(person, task_force)

    def shows(self, person: str, task_force: str | None = None) -> bool:
        """Whether somebody's name is for who looks; what is no person has none to hide."""
        return not person.startswith(PERSON) or self.naming(task_force).shows(person)

    def place(self, code: str) -> Place:
        """A division by name."""
        return place_of(self.look.organisation, code) or Place(code)

    def unit(self, unit: str) -> Unit:
        """A division or a department by name."""
        organisation = self.look.organisation
        if not unit.startswith(_DEPARTMENT):
            known = organisation.divisions.get(unit)
            return Unit(unit, None if known is None else known.name)
        department = organisation.departments.get(unit.removeprefix(_DEPARTMENT))
        return Unit(unit, None if department is None else department.name)
