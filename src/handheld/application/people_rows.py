"""Rows of people: each is checked, and those of one person become one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handheld.application.division_codes import check_code, is_number_format
from handheld.application.row_errors import RowErrors
from handheld.domain.errors import Malformed
from handheld.domain.households import check_households
from handheld.domain.register import PersonEntry, check_department_of
from handheld.domain.targets import check_roles
from handheld.domain.words import check_words
from handheld_events.ids import is_person_number, is_personal_number
from handheld_projections.organisation import Organisation, Post

PHONE_DIGITS = (5, 20)
"""At least and at most: short numbers of an exchange up to international ones with an extension."""

_PHONE = re.compile(r"\+?[0-9][0-9 -]*")


class Gathered:
    """All that the rows say about one person."""

    def __init__(self, entry: PersonEntry) -> None:
        self.person = entry.person
        self.name = entry.name
        self.phone = entry.phone
        """None where no row says anything about a phone; empty where they say that there is none."""
        self.synthetic = entry.synthetic
        self.households = entry.households
        """None where no row says anything about households."""
        self.posts: list[Post] = []
        self.line = entry.line
        self._phone_line = entry.line
        self._post_lines: dict[Post, int] = {}

    @property
    def number(self) -> str:
        """The staff number, as the file has it."""
        return self.person.removeprefix("person-")

    def join(self, entry: PersonEntry, errors: RowErrors) -> None:
        """One more row of the same person. Adds `person.*_differs`."""
        line, person = entry.line, self.number
        if entry.name != self.name:
            errors.add(line, "name", "person.name_differs", person=person, first_line=self.line)
        if entry.synthetic != self.synthetic:
            errors.add(
                line, "synthetic", "person.synthetic_differs", person=person, first_line=self.line
            )
        if entry.households is not None:
            both = (*(self.households or ()), *entry.households)
            self.households = tuple(dict.fromkeys(both))
        if not entry.phone or entry.phone == self.phone:
            return
        if self.phone:
            errors.add(
                line, "phone", "person.phone_differs", person=person, first_line=self._phone_line
            )
        else:
            self.phone, self._phone_line = entry.phone, line

    def hold(self, post: Post, line: int, errors: RowErrors) -> None:
        """The person holds this post as well. Adds `post.twice`."""
        first = self._post_lines.setdefault(post, line)
        if len(self._post_lines) > len(self.posts):
            self.posts.append(post)
        else:
            errors.add(line, "role", "post.twice", person=self.number, first_line=first)


def gather(
    entries: Iterable[PersonEntry], organisation: Organisation, errors: RowErrors
) -> list[Gathered]:
    """The people whom the entries describe; what is wrong is added to the errors."""
    people: dict[str, Gathered] = {}
    for entry in entries:
        numbered = _check_number(entry, organisation, errors)
        _check_contact(entry, errors)
        for post in entry.posts:
            _check_post(entry, post, organisation, errors)
        if not numbered:
            continue
        person = people.get(entry.person)
        if person is None:
            person = people[entry.person] = Gathered(entry)
        else:
            person.join(entry, errors)
        if not entry.posts:
            errors.add(entry.line, "role", "post.none", person=person.number)
        for post in entry.posts:
            person.hold(post, entry.line, errors)
    for person in people.values():
        _check_households(person, errors)
    return list(people.values())


def _check_households(person: Gathered, errors: RowErrors) -> None:
    try:
        check_households(person.person, person.households, person.posts)
    except Malformed as error:
        errors.add(person.line, "households", error.code, **error.params)


def _check_number(entry: PersonEntry, organisation: Organisation, errors: RowErrors) -> bool:
    number = entry.person.removeprefix("person-")
    if not number:
        errors.add(entry.line, "number", "cell.missing")
        return False
    if is_number_format(number):
        errors.add(entry.line, "number", "cell.scientific", value=number)
        return False
    if not is_person_number(number):
        errors.add(entry.line, "number", "person.number", person=number)
        return False
    if is_personal_number(number):
        errors.add(entry.line, "number", "person.number_personal")
        return False
    known = organisation.people.get(entry.person)
    if known is not None and known.erased:
        errors.add(entry.line, "number", "person.erased", person=entry.person)
        return False
    if known is not None and known.synthetic != entry.synthetic:
        # A drill's synthetic people and the real ones must never become each other.
        errors.add(
            entry.line, "synthetic", "person.synthetic", person=number, known=known.synthetic
        )
    return True


def _check_contact(entry: PersonEntry, errors: RowErrors) -> None:
    try:
        check_words(name=entry.name)
    except Malformed as error:
        errors.add(entry.line, "name", error.code, **error.params)
    phone = entry.phone
    if not phone:
        return
    if is_number_format(phone):
        errors.add(entry.line, "phone", "cell.scientific", value=phone)
        return
    least, most = PHONE_DIGITS
    digits = sum(character.isdigit() for character in phone)
    if _PHONE.fullmatch(phone) is None or not least <= digits <= most:
        errors.add(entry.line, "phone", "person.phone", least=least, most=most)


def _check_post(
    entry: PersonEntry, post: Post, organisation: Organisation, errors: RowErrors
) -> None:
    """Role, division and department, each by itself: one that is wrong does not hide another."""
    line = entry.line
    if not post.role:
        errors.add(line, "role", "cell.missing")
    else:
        try:
            check_roles(post.role)
        except Malformed as error:
            errors.add(line, "role", error.code, **error.params)
    known = post.division in organisation.divisions
    if not known and check_code(line, "division", post.division, errors):
        errors.add(line, "division", "division.unknown", division=post.division)
    try:
        check_department_of(post, organisation)
    except Malformed as error:
        errors.add(line, "department", error.code, **error.params)
