"""The workshop story while it is played: what has been begun so far, and short ways to go on with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from handheld.application.requests import Receipt
from handheld.demo.stage import Stage
from handheld.demo.workshop_cast import Cast
from handheld.domain import task
from handheld.domain.errors import NotFound
from handheld_events.ids import order_id
from handheld_projections.open_tasks import STAGES, TO_VERIFY

READ = 1 << STAGES.index("read")
SECONDS_TO_A_PHONE = 3
SECONDS_OF_TRANSIT = 2
"""Between the time when a phone says something and the time when the log takes it."""


class Play:
    """What the acts share. Every deed happens at the time of the stage's clock."""

    def __init__(self, stage: Stage, people: Cast) -> None:
        self.stage = stage
        self.people = people
        self.finding = ""
        self.task_force = ""
        self.orders: dict[str, str] = {}
        """The orders given so far, by what the story calls them."""
        self.without_signal: set[str] = set()
        """People whose phones nothing reaches now."""

    def at(self, moment: datetime) -> None:
        """Time goes on to this instant."""
        self.stage.move_to(moment)

    def do(self, actor: str, command: Any, **about: Any) -> Receipt:
        """Somebody does something, and it is accepted. Raises HandheldError."""
        return self.stage.do(command, actor, **about)

    def without(self, actor: str, command: Any, occurred: datetime, **about: Any) -> str:
        """Somebody did something without signal: their phone says so now. Gives the command's id."""
        said = self.stage.now()
        self.later(SECONDS_OF_TRANSIT)
        request = self.stage.request(
            command, actor, occurred_at=occurred, reported_at=said, **about
        )
        self.stage.send(request)
        return request.meta.command

    def order(self, name: str, actor: str, command: Any) -> str:
        """A command that gives one order; gives the id of the command."""
        request = self.stage.request(command, actor)
        self.stage.send(request)
        self.orders[name] = order_id(request.meta.command, 0)
        self.phones()
        return request.meta.command

    def task(self, person: str, order: str) -> str:
        """The task that somebody has of an order and has not done. Raises NotFound."""
        self.stage.home.caught_up()
        known = self.stage.home.boards.tasks(self.task_force)
        wanted = self.orders[order]
        for stream, one in known.items():
            if (one.person, one.order) == (person, wanted) and one.state <= TO_VERIFY:
                return stream
        raise NotFound("task.unknown", task=f"{order} / {person}")

    def accept(self, person: str, *orders: str) -> None:
        """Somebody reads their tasks of these orders, and accepts them."""
        for order in orders:
            stream = self.task(person, order)
            if not self._read(stream):
                self.do(person, task.Read(task=stream))
            self.do(person, task.Accept(task=stream))

    def phones(self) -> None:
        """Every phone with a signal stores what it has not stored yet."""
        self.later(SECONDS_TO_A_PHONE)
        self.stage.home.caught_up()
        for stream, one in self.stage.home.boards.tasks(self.task_force, only_open=True).items():
            if not one.delivered and one.person not in self.without_signal:
                self.do(one.person, task.Deliver(task=stream))

    def later(self, seconds: int) -> None:
        """Some seconds go by."""
        self.at(self.stage.now() + timedelta(seconds=seconds))

    def _read(self, stream: str) -> bool:
        self.stage.home.caught_up()
        return bool(self.stage.home.boards.tasks(self.task_force)[stream].reached & READ)
