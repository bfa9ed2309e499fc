"""Who there is: divisions, people and the posts they hold, as the log knows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from handheld_events.division import DivisionKind, DivisionRegistered, DivisionRenamed
from handheld_events.envelope import Recorded
from handheld_events.person import (
    PersonContactChanged,
    PersonErased,
    PersonEvent,
    PersonRegistered,
    PostLeft,
    PostTaken,
)
from handheld_events.sealed import Sealed
from handheld_events.territory import TIERS, tier_of, within


class Post(NamedTuple):
    """A role tied to a division (岗位)."""

    role: str
    division: str


class Division(msgspec.Struct, frozen=True):
    """A unit of territory as it is now."""

    code: str
    name: str
    kind: DivisionKind | None
    synthetic: bool
    version: int
    """The stream version that this state has."""


class Person(msgspec.Struct, frozen=True):
    """A person as they are now; name and phone stay sealed."""

    stream: str
    name: Sealed
    phone: Sealed | None
    synthetic: bool
    version: int
    """The stream version that this state has."""
    posts: tuple[Post, ...] = ()
    erased: bool = False


class OrganisationState(msgspec.Struct):
    """What a checkpoint holds."""

    divisions: list[Division]
    people: list[Person]
    holders: dict[str, dict[str, list[str]]]
    """Role, division, people: in the order in which they took the post."""


class Organisation:
    """The register of divisions and people; it changes only through `apply`."""

    name = "organisation"
    fold_version = 1
    streams = ("division", "person")

    def __init__(self) -> None:
        self.divisions: dict[str, Division] = {}
        self.people: dict[str, Person] = {}
        self._holders: dict[str, dict[str, list[str]]] = {}

    def apply(self, facts: Iterable[Recorded[Any]]) -> None:
        """Take the facts in, in log order; those of other streams are passed over."""
        for fact in facts:
            match fact.event:
                case DivisionRegistered() as e:
                    self.divisions[e.code] = Division(
                        e.code, e.name, e.kind, e.synthetic, fact.version
                    )
                case DivisionRenamed() as e:
                    code = fact.stream.removeprefix("division-")
                    self.divisions[code] = replace(
                        self.divisions[code], name=e.name, version=fact.version
                    )
                case (
                    PersonRegistered()
                    | PersonContactChanged()
                    | PostTaken()
                    | PostLeft()
                    | PersonErased()
                ) as e:
                    self._person(fact.stream, fact.version, e)
                case _:
                    pass

    def _person(self, stream: str, version: int, event: PersonEvent) -> None:
        person = self.people.get(stream)
        if isinstance(event, PersonRegistered):
            person = Person(stream, event.name, event.phone, event.synthetic, version)
        elif person is None:
            msg = f"{stream} begins with person.registered, not {event.TOPIC}"
            raise TypeError(msg)
        else:
            person = replace(self._changed(person, event), version=version)
        self.people[stream] = person

    def _changed(self, person: Person, event: PersonEvent) -> Person:
        match event:
            case PersonRegistered():
                msg = "a person is registered once"
                raise TypeError(msg)
            case PersonContactChanged():
                return replace(person, name=event.name, phone=event.phone)
            case PostTaken():
                post = Post(event.role, event.division)
                self._hold(person.stream, post)
                return replace(person, posts=(*person.posts, post))
            case PostLeft():
                post = Post(event.role, event.division)
                self._holders[post.role][post.division].remove(person.stream)
                return replace(person, posts=tuple(p for p in person.posts if p != post))
            case PersonErased():
                for post in person.posts:
                    self._holders[post.role][post.division].remove(person.stream)
                return replace(person, erased=True, posts=())

    def _hold(self, stream: str, post: Post) -> None:
        self._holders.setdefault(post.role, {}).setdefault(post.division, []).append(stream)

    def holders(self, role: str, division: str) -> Sequence[str]:
        """The people who hold this post, in the order in which they took it."""
        return self._holders.get(role, {}).get(division, ())

    def posts_of(self, role: str) -> dict[str, list[str]]:
        """Every division where the role is held, with its holders. Not to be changed."""
        return self._holders.get(role, {})

    def children(self, code: str) -> list[Division]:
        """The divisions one tier below, by code."""
        length = len(code) + 3
        return sorted(
            (d for d in self.divisions.values() if len(d.code) == length and within(d.code, code)),
            key=lambda d: d.code,
        )

    def count_by_tier(self) -> dict[str, int]:
        """How many divisions there are of each tier."""
        counts = dict.fromkeys(TIERS.values(), 0)
        for code in self.divisions:
            counts[tier_of(code)] += 1
        return {str(tier): count for tier, count in counts.items()}

    def copy(self) -> Organisation:
        """Another organisation that can go on by itself; what is shared never changes."""
        other = Organisation()
        other.divisions = dict(self.divisions)
        other.people = dict(self.people)
        other._holders = {
            role: {code: list(people) for code, people in posts.items()}
            for role, posts in self._holders.items()
        }
        return other

    def snapshot(self) -> OrganisationState:
        """The state for a checkpoint; it holds no plaintext of a personal field."""
        return OrganisationState(
            list(self.divisions.values()), list(self.people.values()), self._holders
        )

    def restore(self, state: OrganisationState) -> None:
        """Go on from a checkpoint."""
        self.divisions = {d.code: d for d in state.divisions}
        self.people = {p.stream: p for p in state.people}
        self._holders = state.holders
