"""Who is named to whom: names and telephone numbers, each asked of the policy."""

from __future__ import annotations

import msgspec

from handheld.application.names import Names, PersonName
from handheld.application.reading.seen import Look
from handheld.domain.duty import PERSON
from handheld.domain.seeing import Reading, Viewer, visible
from handheld.texts import Texts
from handheld_projections.organisation import Organisation

ERASED = "erased"
"""What an erased name reads in data; people read it in their language."""


class Named(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A person, or a process such as `operator` or `reactions`."""

    person: str
    """The person stream, or the name of the process."""
    name: str | None = None
    """None where it is not for who looks; "erased" where it was erased."""
    phone: str | None = None
    """None where there is none, or it is not for who looks."""
    synthetic: bool = False
    """Made by a generator; no such person exists."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A division."""

    code: str
    name: str | None = None
    """None where it is not registered."""


def place_of(organisation: Organisation, code: str | None) -> Place | None:
    """A division by its code; None where there is none."""
    if code is None:
        return None
    known = organisation.divisions.get(code)
    return Place(code, known.name if known is not None else None)


class Naming:
    """Names as one who looks may read them, in one look and within one task force."""

    def __init__(self, look: Look, viewer: Viewer, task_force: str | None = None) -> None:
        """`task_force`: the one in which the people are shown; they must belong to it."""
        self._look = look
        self._viewer = viewer
        self._task_force = task_force
        self._names: dict[str, Named] = {}

    def of(self, person: str) -> Named:
        """The person by name, as far as that is for who looks."""
        found = self._names.get(person)
        if found is None:
            found = self._names[person] = self._of(person)
        return found

    def with_phone(self, person: str) -> Named:
        """The same with the telephone number, where that is for who looks."""
        named = self.of(person)
        known = self._look.organisation.people.get(person)
        if known is None or known.phone is None or known.erased or not self.sees_phone(person):
            return named
        phone = self._look.keyring.open(known.phone)
        return Named(named.person, named.name, phone, named.synthetic)

    def shows(self, person: str) -> bool:
        """Whether the name is for who looks; processes have none to hide."""
        return not person.startswith(PERSON) or self.of(person).name is not None

    def sees_phone(self, person: str) -> bool:
        """Whether the telephone number is for who looks."""
        return self._may(person, "person.phone")

    def _of(self, person: str) -> Named:
        known = self._look.organisation.people.get(person)
        if known is None:
            return Named(person)
        if not self._may(person, "person.name"):
            return Named(person, synthetic=known.synthetic)
        name = None if known.erased else self._look.keyring.open(known.name)
        return Named(person, name or ERASED, synthetic=known.synthetic)

    def _may(self, person: str, reading: Reading) -> bool:
        seen = self._look.person(person, self._viewer, self._task_force)
        return seen is not None and visible(self._viewer, reading, seen).extent != "nothing"


class SeenNames(Names):
    """Names for lines of words: whoever may not be named is told by number."""

    def __init__(self, naming: Naming, look: Look, texts: Texts) -> None:
        super().__init__(look.organisation, look.keyring, texts)
        self._naming = naming

    def of(self, person: str) -> PersonName | None:
        """The person of a stream; None where the name is hidden, or nobody is registered so."""
        return super().of(person) if self._naming.shows(person) else None

    def name(self, person: str) -> str:
        """The name alone; the number where the name is hidden."""
        return super().name(person) if self._naming.shows(person) else person.removeprefix(PERSON)

    def label(self, person: str) -> str:
        """Name and number; the number alone where the name is hidden."""
        return super().label(person) if self._naming.shows(person) else person.removeprefix(PERSON)
