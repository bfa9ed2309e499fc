"""Divisions and people, registered through the rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from handheld.domain.register import (
    Contact,
    DivisionRow,
    ErasePerson,
    ImportDivisions,
    ImportPeople,
    PersonRow,
    StreamChange,
    decide_divisions,
    decide_erasure,
    decide_people,
)
from handheld_events.base import Event
from handheld_events.codec import instant
from handheld_events.envelope import Recorded
from handheld_events.examples import META, sealed
from handheld_projections.organisation import Organisation, Post

Posts = Sequence[tuple[str, str]]
"""Role and division."""


def organisation(
    divisions: Iterable[str] = (), people: Mapping[str, Posts] | None = None
) -> Organisation:
    """These divisions, and these people with their posts."""
    made = Organisation()
    import_divisions(made, *(DivisionRow(code=code, name=f"名{code}") for code in divisions))
    for stream, posts in (people or {}).items():
        import_person(made, stream, posts)
    return made


def import_divisions(organisation: Organisation, *rows: DivisionRow) -> None:
    _take(organisation, decide_divisions(ImportDivisions(rows=rows), organisation))


def import_person(organisation: Organisation, stream: str, posts: Posts) -> None:
    _take(organisation, decide_people(ImportPeople(rows=(person(stream, posts),)), organisation))


def person(stream: str, posts: Posts, *, named: bool = True) -> PersonRow:
    """A row for a synthetic person."""
    return PersonRow(
        person=stream,
        contact=Contact(sealed(stream)) if named else None,
        posts=tuple(Post(*post) for post in posts),
        synthetic=True,
    )


def erase(organisation: Organisation, stream: str) -> None:
    answer = decide_erasure(ErasePerson(person=stream, reason="本人申请"), organisation)
    if answer.events:
        known = organisation.people[stream]
        _take(organisation, [StreamChange(stream, known.version, answer.events, None, stream)])


def _take(organisation: Organisation, changes: Sequence[StreamChange]) -> None:
    for change in changes:
        known = organisation.people.get(change.stream) or organisation.divisions.get(
            change.stream.removeprefix("division-")
        )
        assert change.read == (known.version if known else 0)
        organisation.apply(
            _fact(change.stream, change.read + n, event) for n, event in enumerate(change.events, 1)
        )


def _fact(stream: str, version: int, event: Event) -> Recorded[Event]:
    return Recorded(1, stream, version, instant(0), META, None, None, None, event)
