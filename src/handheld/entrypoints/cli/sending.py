"""Commands that are sent to the log: the options that all of them have, and one way to send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.requests import Receipt
from handheld.application.telling.facts import own_facts
from handheld.bootstrap import Home
from handheld.domain.base import BaseCommand
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import As, CommandId, Drill, Json, OccurredAt, OnBehalfOf
from handheld.entrypoints.cli.receipts import report
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.spreading import Spread, option
from handheld_events.ids import finding_id, task_force_id, warning_id
from handheld_projections.organisation import Organisation

B = TypeVar("B", bound=Callable[..., BaseCommand])


class Sender(NamedTuple):
    """What whoever sends a command says of it, besides the command."""

    actor: str = arguments.OPERATOR
    on_behalf_of: str | None = None
    occurred_at: str | None = None
    command_id: str | None = None
    drill: bool = False


class Act:
    """A command while it is made and sent: what it is made from, and what is said of it."""

    def __init__(self, session: Session, home: Home, identity: str, sender: Sender) -> None:
        self.session = session
        self.home = home
        self.sender = sender
        self.identity = identity
        """The command id, from which the ids of all that it makes follow."""
        self.ids: dict[str, str | None] = {}
        """What the answer names for scripts."""
        self.told: Callable[[Any], None] | None = None
        """Asked for each fact that it added to the task force, or to its own task, once recorded."""
        self._lines: list[tuple[str, dict[str, object]]] = []

    @cached_property
    def organisation(self) -> Organisation:
        """The register as it is now."""
        return self.session.organisation(self.home)

    @property
    def now(self) -> datetime:
        """The time by the log's clock (UTC)."""
        return self.home.clock.now()

    def person(self, text: str) -> str:
        """The stream of somebody registered. Raises Malformed, NotFound."""
        return arguments.known_person(text, self.organisation)

    def division(self, text: str) -> str:
        """The code of a division. Raises Malformed, NotFound."""
        return arguments.known_division(text, self.organisation)

    def department(self, text: str) -> str:
        """The key of a department. Raises NotFound."""
        return arguments.known_department(text, self.organisation)

    def moment(self, text: str | None) -> datetime | None:
        """An instant; a time of day alone is of today. Raises Malformed."""
        return arguments.moment(text, self.now)

    def past(self, text: str | None) -> datetime | None:
        """An instant that is not still to come. Raises Malformed."""
        return arguments.past(text, self.now, self.session.texts)

    def name(self, person: str) -> str:
        """Name and number of somebody."""
        return self.session.names(self.home).label(person)

    def makes_task_force(self) -> str:
        """The stream of the task force that the command starts."""
        return task_force_id(self.identity)

    def makes_finding(self) -> str:
        """The stream of the finding that the command reports."""
        return finding_id(self.identity)

    def makes_warning(self) -> str:
        """The stream of the warning that the command brings in."""
        return warning_id(self.identity)

    def say(self, key: str, **params: object) -> None:
        """A line for people once it is accepted; said after the outcome."""
        self._lines.append((key, params))

    def say_all(self) -> None:
        """Say the lines."""
        for key, params in self._lines:
            self.session.say(key, **params)


def send(session: Session, make: Callable[[Act], BaseCommand], sender: Sender) -> Receipt:
    """Make a command, carry it out, and say what became of it.

    The answer is printed when the data directory is free again, so that whoever waits for it can
    go on at once. Raises HandheldError, typer.Exit (1) where it was refused.
    """
    with session.home() as home:
        act = Act(session, home, sender.command_id or home.new_command_id(), sender)
        receipt = session.execute(
            home,
            make(act),
            sender.actor,
            command_id=act.identity,
            on_behalf_of=sender.on_behalf_of,
            occurred_at=sender.occurred_at,
            drill=sender.drill,
        )
        session.catch_up(home)
        if act.told is not None and receipt.outcome == "accepted":
            for fact in own_facts(home.log, receipt.first, receipt.last, act.ids.get("task")):
                act.told(fact.event)
    report(session, receipt, **act.ids)
    if receipt.outcome == "accepted":
        act.say_all()
    return receipt


def sends(
    app: typer.Typer, name: str, key: str, *, earlier: bool = True, drill: bool = False
) -> Callable[[B], B]:
    """A command of a group that sends what the function makes from its own options.

    The function takes an `Act` first. The shared options (who, for whom, which command id, JSON)
    are added here; `earlier`: it may have occurred before; `drill`: it may be a drill.
    """

    def add(make: B) -> B:
        command(app, name, key)(_Sending(make, earlier=earlier, drill=drill))
        return make

    return add


class _Sending:
    """What the command line calls: the function that makes a command, with the shared options."""

    def __init__(self, make: Callable[..., BaseCommand], *, earlier: bool, drill: bool) -> None:
        after = [
            option("actor", As, arguments.OPERATOR),
            option("on_behalf_of", OnBehalfOf, None),
            *([option("occurred_at", OccurredAt, None)] if earlier else []),
            *([option("drill", Drill, False)] if drill else []),
            option("command_id", CommandId, None),
            option("as_json", Json, False),
        ]
        self._make = Spread(make, before=[option("ctx", typer.Context)], after=after, passed=1)
        self.__name__ = self._make.__name__
        self.__doc__ = self._make.__doc__
        self.__signature__ = self._make.__signature__
        self.__annotations__ = self._make.__annotations__

    def __call__(self, **given: Any) -> None:
        session = session_of(given.pop("ctx"), given.pop("as_json"))
        sender = Sender(
            given.pop("actor"),
            given.pop("on_behalf_of"),
            given.pop("occurred_at", None),
            given.pop("command_id"),
            given.pop("drill", False),
        )
        send(session, lambda act: self._make(act, **given), sender)
