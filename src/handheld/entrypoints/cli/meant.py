"""What somebody may have meant who named what is not there: it is said beside the error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from handheld.application.names import Names
from handheld.application.nearest import near_divisions, near_keys, near_people, path_of
from handheld.application.row_errors import ImportRefused
from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError
from handheld.entrypoints.cli.plan_reading import all_plans
from handheld.texts import Texts
from handheld_projections.organisation import Organisation

ROWS = 20
"""Wrong rows of a table that are shown; only for these is it looked up what was meant."""

_KINDS: Mapping[str, str] = {
    "division.unnamed": "division",
    "division.unknown": "division",
    "division.code": "division",
    "division.length": "division",
    "division.namesakes": "division",
    "department.unknown": "department",
    "department.key": "department",
    "department.namesakes": "name",
    "group.unknown": "group",
    "person.unknown": "person",
    "person.number": "person",
    "plan.unknown": "plan",
}
"""The errors that name something, and the value that does."""


class Meant(NamedTuple):
    """Something that is there, and may have been meant."""

    key: str
    """The code, number or key to write."""
    name: str


def tell_near(error: HandheldError, home: Home, texts: Texts) -> None:
    """Add to an error, as `near`, what is there and is called or numbered nearly so."""
    near = _Near(home, texts)
    if isinstance(error, ImportRefused):
        for row in error.errors[:ROWS]:
            _add(near, row.code, row.params)
    _add(near, error.code, error.params)


def _add(near: _Near, code: str, params: dict[str, object]) -> None:
    text = params.get(_KINDS.get(code, ""))
    if not isinstance(text, str):
        return
    found = near.of(code.partition(".")[0], text)
    if found:
        params["near"] = found


class _Near:
    """Looks things up in one data directory, each kind when it is asked for first."""

    def __init__(self, home: Home, texts: Texts) -> None:
        self._home = home
        self._texts = texts
        self._organisation: Organisation | None = None
        self._people: dict[str, str] | None = None

    @property
    def organisation(self) -> Organisation:
        if self._organisation is None:
            self._organisation = self._home.organisation.known()
        return self._organisation

    def of(self, kind: str, text: str) -> list[Meant]:
        looked_up: dict[str, Callable[[str], list[Meant]]] = {
            "division": self._divisions,
            "person": self._persons,
            "department": self._departments,
            "group": self._groups,
            "plan": self._plans,
        }
        return looked_up[kind](text)

    def _divisions(self, text: str) -> list[Meant]:
        slash = self._texts.say("cli.path")
        organisation = self.organisation
        codes = near_divisions(text, organisation)
        return [Meant(code, slash.join(path_of(code, organisation))) for code in codes]

    def _persons(self, text: str) -> list[Meant]:
        organisation = self.organisation
        names = Names(organisation, self._home.keyring, self._texts)
        if self._people is None:
            known = ((person, names.of(person)) for person in organisation.people)
            self._people = {person: (found.name or "") if found else "" for person, found in known}
        found = []
        for person in near_people(text, self._people):
            words = [names.name(person)]
            words += [
                f"{self._texts.role(post.role)} {where.name}"
                for post in organisation.people[person].posts
                if (where := organisation.divisions.get(post.division)) is not None
            ]
            name = self._texts.say("cli.comma").join(words)
            found.append(Meant(person.removeprefix("person-"), name))
        return found

    def _departments(self, text: str) -> list[Meant]:
        known = {key: unit.name for key, unit in self.organisation.departments.items()}
        return [Meant(key, known[key]) for key in near_keys(text, known)]

    def _groups(self, text: str) -> list[Meant]:
        known = {key: group.name for key, group in self.organisation.groups.items()}
        return [Meant(key, known[key]) for key in near_keys(text, known)]

    def _plans(self, text: str) -> list[Meant]:
        known = {key: plan.edition.title for key, (plan, _) in all_plans(self._home).items()}
        return [Meant(key, known[key]) for key in near_keys(text, known)]
