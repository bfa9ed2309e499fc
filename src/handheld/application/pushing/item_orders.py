"""The order in an inbox item: what is to be done, by when, and who ordered it.

It is the same for all who have a task of it, but for what they may know of whoever ordered it: it is
made once for thousands of items.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from handheld.application.handlers.task_world import giver_of
from handheld.application.reading.named import ERASED, Named, Naming, Place, place_of
from handheld.application.reading.seen import Look
from handheld.domain.duty import PERSON
from handheld.domain.seeing import Viewer, visible
from handheld.domain.standing import OVERSEERS
from handheld.domain.task_force import OrderTerms, TaskForce
from handheld.domain.task_state import Task
from handheld_events.envelope import Recorded
from handheld_events.forms import Form
from handheld_events.orders import Level, Steps
from handheld_events.task import TaskDispatched
from handheld_projections.organisation import Post

REMEMBERED = 4_096

Fact = Recorded[Any]
_encode = msgspec.json.Encoder().encode


class ItemOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is to be done."""

    order: str
    title: str
    """Of the task force."""
    place: str | None = None
    """Of the task force, in words."""
    division: Place | None = None
    """Of the task force."""
    level: Level | None = None
    """The response level."""
    text: str
    steps: Steps
    form: Form = ()
    """What a report has to tell besides words."""
    accept_by: datetime | None = None
    """Where the task itself has no other (UTC)."""
    report_by: datetime | None = None
    """The same (UTC)."""
    open_to: int | None = None
    """First to claim: so many of the tasks are enough."""
    amended: int = 0
    """The number of its latest amendment."""
    withdrawn: bool = False
    ordered_by: Named | None = None
    """Who gave it, or commands; with the telephone number where that is for the assignee."""


class OrderParts:
    """Encoded orders, kept as long as nothing in them changes."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], msgspec.Raw] = {}

    def of(self, key: tuple[object, ...]) -> msgspec.Raw | None:
        """What was encoded under a key."""
        return self._kept.get(key)

    def keep(self, key: tuple[object, ...], part: msgspec.Raw) -> None:
        """Keep it; beyond so many all are made anew."""
        if len(self._kept) >= REMEMBERED:
            self._kept.clear()
        self._kept[key] = part


class Giving:
    """Who gave what to whom, at one look."""

    def __init__(self, look: Look, parts: OrderParts) -> None:
        self._look = look
        self._parts = parts
        self._people = look.organisation.people
        self._names: dict[tuple[str, str], Named] = {}
        self._opened: dict[str, Named] = {}
        self._over: dict[str, tuple[str, ...]] = {}
        self._here: dict[tuple[str, Named | None], msgspec.Raw] = {}

    def order(self, person: str, fact: Fact) -> msgspec.Raw | None:
        """The order of a task, encoded for its assignee, or for whoever is told of it."""
        known = self._look.force(fact.task_force)
        order = self._order_of(fact)
        terms = known.orders.get(order) if known is not None and order is not None else None
        if known is None or terms is None or order is None or fact.task_force is None:
            return None
        giver = giver_of(terms, self._look.loaded) or known.commander or None
        by = None if giver is None else self._orderer(person, giver, fact)
        part = self._here.get((order, by))
        if part is None:
            key = (order, known.version, by, self._look.organisation.divisions.get(known.division))
            part = self._parts.of(key)
            if part is None:
                part = msgspec.Raw(_encode(self._made(fact.task_force, order, known, terms, by)))
                self._parts.keep(key, part)
            self._here[order, by] = part
        return part

    def named(self, person: str, actor: str, fact: Fact) -> Named:
        """Who did something, as the owner of the inbox may know them."""
        if not actor.startswith(PERSON):
            return Named(actor)
        if self._is_superior(actor, person) or self._told(person, actor, fact):
            return self._open(actor)
        key = (person, actor)
        found = self._names.get(key)
        if found is None:
            naming = Naming(self._look, Viewer(person), fact.task_force)
            found = self._names[key] = naming.of(actor)
        return found

    def _told(self, person: str, actor: str, fact: Fact) -> bool:
        """Whoever has a task is told who ordered it and who commands: as the policy says."""
        if actor == person:
            return True
        if fact.person != person or not fact.stream.startswith("task-"):
            return False
        known = self._look.force(fact.task_force)
        if known is None:
            return False
        if actor == known.commander:
            return True
        order = self._order_of(fact)
        terms = known.orders.get(order) if order is not None else None
        return giver_of(terms, self._look.loaded) == actor

    def _orderer(self, person: str, giver: str, fact: Fact) -> Named:
        if not giver.startswith(PERSON):
            return Named(giver)
        named = self.named(person, giver, fact)
        if self._is_superior(giver, person):
            return self._with_phone(giver) if named.name is not None else named
        viewer = Viewer(person)
        seen = self._look.person(giver, viewer, fact.task_force)
        if seen is None or visible(viewer, "person.phone", seen).extent == "nothing":
            return named
        return self._with_phone(giver)

    def _is_superior(self, giver: str, person: str) -> bool:
        """Of the officials, team leaders and grid heads of their places and those above: `superior`."""
        over = self._over.get(giver)
        if over is None:
            over = self._over[giver] = tuple(
                {post.division for post in self._posts(giver) if _oversees(post)}
            )
        return (
            any(post.division.startswith(over) for post in self._posts(person)) if over else False
        )

    def _posts(self, person: str) -> tuple[Post, ...]:
        known = self._people.get(person)
        return known.posts if known is not None else ()

    def _open(self, person: str) -> Named:
        found = self._opened.get(person)
        if found is None:
            known = self._people.get(person)
            if known is None:
                found = Named(person)
            else:
                name = None if known.erased else self._look.keyring.open(known.name)
                found = Named(person, name or ERASED, synthetic=known.synthetic)
            self._opened[person] = found
        return found

    def _with_phone(self, person: str) -> Named:
        key = f"{person} with phone"
        found = self._opened.get(key)
        if found is None:
            found, known = self._open(person), self._people.get(person)
            if known is not None and known.phone is not None and not known.erased:
                phone = self._look.keyring.open(known.phone)
                found = Named(found.person, found.name, phone, found.synthetic)
            self._opened[key] = found
        return found

    def _order_of(self, fact: Fact) -> str | None:
        if isinstance(fact.event, TaskDispatched):
            return fact.event.order
        state: Task | None = self._look.task_state(fact.stream)
        return None if state is None else state.order

    def _made(
        self, name: str, order: str, known: TaskForce, terms: OrderTerms, by: Named | None
    ) -> ItemOrder:
        started = self._look.noted(name)
        return ItemOrder(
            order=order,
            title=known.title,
            place=getattr(started[0].event, "place", None) if started else None,
            division=place_of(self._look.organisation, known.division),
            level=known.level,
            text=terms.text,
            steps=terms.steps,
            form=terms.form,
            accept_by=terms.accept_by,
            report_by=terms.report_by,
            open_to=terms.open_to,
            amended=terms.amended,
            withdrawn=terms.withdrawn,
            ordered_by=by,
        )


def _oversees(post: Post) -> bool:
    return post.department is None and post.role in OVERSEERS
