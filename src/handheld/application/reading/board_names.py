"""The people on a board by name, for those who may read names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import structs

from handheld.application.ports import Keyring
from handheld.application.reading.board_documents import PersonName
from handheld_projections.organisation import Organisation, Person

REMEMBERED = 50_000
PREFIX = "person-"


class BoardNames:
    """Names, unsealed once for each state of a person; what was erased is not remembered."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._known: dict[str, tuple[Person, PersonName]] = {}

    def clear(self) -> None:
        """Remember nobody."""
        self._known.clear()

    def of(
        self,
        people: Iterable[str],
        organisation: Organisation,
        phone_of: Callable[[str], bool] | None = None,
    ) -> dict[str, PersonName]:
        """By stream, those who are registered. `phone_of`: whose telephone number is told, too."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        found = {}
        for stream in sorted(people):
            known = organisation.people.get(stream)
            if known is not None:
                found[stream] = self._named(stream, known, phone_of)
        return found

    def _named(
        self, stream: str, known: Person, phone_of: Callable[[str], bool] | None
    ) -> PersonName:
        number = stream.removeprefix(PREFIX)
        if known.erased:
            self._known.pop(stream, None)
            return PersonName(number, known.synthetic, erased=True)
        kept = self._known.get(stream)
        if kept is not None and kept[0] is known:
            made = kept[1]
        else:
            name = self._keyring.open(known.name)
            role = next((post.role for post in known.posts), None)
            made = PersonName(number, known.synthetic, name is None, name, role=role)
            self._known[stream] = (known, made)
        if phone_of is None or known.phone is None or not phone_of(stream):
            return made
        return structs.replace(made, phone=self._keyring.open(known.phone))
