"""Names of people, for those who may read them: unsealed when they are shown, and kept nowhere."""

from __future__ import annotations

from typing import NamedTuple

from handheld.application.ports import Keyring
from handheld.texts import Texts
from handheld_projections.organisation import Organisation

PREFIX = "person-"


class PersonName(NamedTuple):
    """Somebody as people know them."""

    person: str
    """The stream."""
    number: str
    name: str | None
    """None where it was erased, or its key is not in this keyring."""
    phone: str | None
    synthetic: bool
    erased: bool


class Names:
    """The people of an organisation by name, as one keyring opens them."""

    def __init__(self, organisation: Organisation, keyring: Keyring, texts: Texts) -> None:
        self._people = organisation.people
        self._keyring = keyring
        self._texts = texts
        self._known: dict[str, PersonName | None] = {}

    def of(self, person: str) -> PersonName | None:
        """The person of a stream; None where nobody is registered under it."""
        if person not in self._known:
            self._known[person] = self._open(person)
        return self._known[person]

    def _open(self, person: str) -> PersonName | None:
        known = self._people.get(person)
        if known is None:
            return None
        number = person.removeprefix(PREFIX)
        if known.erased:
            return PersonName(person, number, None, None, known.synthetic, erased=True)
        name = self._keyring.open(known.name)
        phone = None if known.phone is None else self._keyring.open(known.phone)
        return PersonName(person, number, name, phone, known.synthetic, erased=name is None)

    def name(self, person: str) -> str:
        """The name alone, marked if synthetic; "erased" where it is, and the id where unknown."""
        known = self.of(person)
        if known is None:
            return self._process(person)
        name = known.name or self._texts.say("cli.erased")
        mark = self._texts.say("cli.synthetic")
        # A generator may have put the mark into the name itself.
        if known.synthetic and mark not in name:
            return name + self._texts.say("cli.aside", text=mark)
        return name

    def label(self, person: str) -> str:
        """Name and number: names are not unique."""
        known = self.of(person)
        if known is None:
            return self._process(person)
        return f"{self.name(person)} {known.number}"

    def actor(self, actor: str, on_behalf_of: str | None = None) -> str:
        """Who did something, and for whom."""
        if on_behalf_of is None or on_behalf_of == actor:
            return self.name(actor)
        return self._texts.say(
            "cli.on_behalf_of", actor=self.name(actor), person=self.name(on_behalf_of)
        )

    def _process(self, actor: str) -> str:
        names = {"operator": "cli.operator", "reactions": "cli.system"}
        return self._texts.say(names[actor]) if actor in names else actor
