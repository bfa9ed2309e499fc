"""Stream `person-<number>`: somebody who can be given a task. The only stream with names and phones."""

from __future__ import annotations

from typing import ClassVar

from handheld_events.base import Event
from handheld_events.sealed import Sealed


class PersonRegistered(Event, frozen=True, kw_only=True, gc=False):
    """A person entered the register."""

    TOPIC: ClassVar[str] = "person.registered.v1"
    name: Sealed
    phone: Sealed | None = None
    synthetic: bool = False
    """Made by a generator; no such person exists."""


class PersonContactChanged(Event, frozen=True, kw_only=True, gc=False):
    """Name and telephone number from now on."""

    TOPIC: ClassVar[str] = "person.contact_changed.v1"
    name: Sealed
    phone: Sealed | None = None


class PostTaken(Event, frozen=True, kw_only=True, gc=False):
    """The person holds a post (岗位) from now on: a role tied to a division."""

    TOPIC: ClassVar[str] = "person.post_taken.v1"
    role: str
    """A key of the role list, such as `grid_head` (网格长)."""
    division: str
    """Where the post serves."""
    department: str | None = None
    """The department to which the post belongs. One that serves below the department's own division
    is stationed there (派驻): the township dispatches and scores, the department sees."""


class PostLeft(Event, frozen=True, kw_only=True, gc=False):
    """The person no longer holds the post."""

    TOPIC: ClassVar[str] = "person.post_left.v1"
    role: str
    division: str
    department: str | None = None


class HouseholdsLinked(Event, frozen=True, kw_only=True, gc=False):
    """The households that the person visits (联户); they replace those linked before."""

    TOPIC: ClassVar[str] = "person.households_linked.v1"
    households: tuple[str, ...]
    """Numbers of households within the person's grid; never names or telephone numbers."""


class PersonErased(Event, frozen=True, kw_only=True, gc=False):
    """The person's keys are destroyed: name and phone read "erased" from now on, in every copy."""

    TOPIC: ClassVar[str] = "person.erased.v1"
    reason: str


PersonEvent = (
    PersonRegistered | PersonContactChanged | PostTaken | PostLeft | HouseholdsLinked | PersonErased
)
