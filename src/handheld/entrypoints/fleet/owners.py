"""Whose phones they are: people made by a generator, signed in, with what they have to know.

A file of lines, one a person. It holds tokens: whoever has it acts as these people.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from handheld.domain.errors import Malformed
from handheld_events.base import Event
from handheld_events.envelope import Meta, Recorded
from handheld_events.person import HouseholdsLinked, PersonRegistered, PostTaken
from handheld_events.sealed import Sealed
from handheld_projections.organisation import Organisation, Post


class Owner(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody with a phone."""

    person: str
    """A person stream."""
    token: str
    """Of their session on that phone."""
    device: str
    posts: tuple[Post, ...] = ()
    households: tuple[str, ...] = ()
    """Those that they visit."""


_decode = msgspec.json.Decoder(Owner).decode


def write(path: Path, owners: Iterable[Owner]) -> None:
    """Write the file anew, for nobody else to read."""
    lines = b"".join(msgspec.json.encode(owner) + b"\n" for owner in owners)
    fresh = path.with_name(f".{path.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read(path: Path) -> list[Owner]:
    """The people of a file. Raises Malformed (`fleet.file`, `fleet.line`)."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise Malformed("fleet.file", path=str(path), reason=error.strerror or "") from error
    found: list[Owner] = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(_decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Malformed("fleet.line", path=str(path), line=number) from error
    if not found:
        raise Malformed("fleet.nobody", path=str(path))
    return found


def share(owners: Sequence[Owner], number: int, of: int) -> Sequence[Owner]:
    """The share of one process of several: each person is in exactly one."""
    return owners[number - 1 :: of]


def organisation_of(owners: Iterable[Owner]) -> Organisation:
    """What these people know of each other: who holds which post, and who visits whom."""
    made = Organisation()
    for owner in owners:
        nobody = Sealed(subject=owner.person, key="-", box=b"")
        facts: list[Event] = [PersonRegistered(name=nobody, synthetic=True)]
        facts += [
            PostTaken(role=post.role, division=post.division, department=post.department)
            for post in owner.posts
        ]
        if owner.households:
            facts.append(HouseholdsLinked(households=owner.households))
        made.apply(_recorded(owner.person, number, fact) for number, fact in enumerate(facts, 1))
    return made


_META = Meta(actor="fleet", command="0" * 32, occurred_at=datetime(2021, 7, 23, tzinfo=UTC))


def _recorded(stream: str, version: int, fact: Event) -> Recorded[Event]:
    return Recorded(version, stream, version, _META.occurred_at, _META, None, None, stream, fact)
