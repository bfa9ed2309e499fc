"""The words of orders: the log holds them once, with the task force, not with each task."""

from __future__ import annotations

from handheld.application.ports import Log
from handheld.application.telling.facts import Fact, Unreadable, facts_in
from handheld.entrypoints.cli.render import one_line
from handheld_events.envelope import Recorded
from handheld_events.finding import FindingOrdered
from handheld_events.task import (
    TaskAmended,
    TaskDispatched,
    TaskEscalated,
    TaskReminded,
    TaskSupervised,
)
from handheld_events.task_force import OrderAmended, OrderIssued

_ABOUT_AN_ORDER = (TaskDispatched, TaskAmended, TaskReminded, TaskEscalated, TaskSupervised)
"""Facts of tasks that say little to whoever does not see the words of the order beside them."""


class OrderTexts:
    """What the order of a task says."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._texts: dict[str, dict[str, list[str]]] = {}
        self._orders: dict[str, str | None] = {}

    def of(self, fact: Fact | Unreadable) -> str | None:
        """The words of the order that a fact is about, as they were then; None for any other fact."""
        if isinstance(fact, Unreadable):
            return None
        event = fact.event
        if isinstance(event, FindingOrdered):
            told = self._of_task_force(event.task_force_started).get(event.order)
            return told[0] if told else None
        if fact.task_force is None or not isinstance(event, _ABOUT_AN_ORDER):
            return None
        order = event.order if isinstance(event, TaskDispatched) else self._order(fact.stream)
        texts = self._of_task_force(fact.task_force).get(order or "")
        if not texts:
            return None
        if isinstance(event, TaskDispatched):
            return texts[0]
        return texts[event.number] if isinstance(event, TaskAmended) else texts[-1]

    def _order(self, task: str) -> str | None:
        if task not in self._orders:
            first = next(facts_in(self._log.read_streams([task])), None)
            event = first.event if isinstance(first, Recorded) else None
            self._orders[task] = event.order if isinstance(event, TaskDispatched) else None
        return self._orders[task]

    def _of_task_force(self, task_force: str) -> dict[str, list[str]]:
        if task_force not in self._texts:
            found: dict[str, list[str]] = {}
            for fact in facts_in(self._log.read_streams([task_force])):
                if isinstance(fact, Unreadable):
                    continue
                if isinstance(fact.event, OrderIssued | OrderAmended):
                    found.setdefault(fact.event.order, []).append(one_line(fact.event.text))
            self._texts[task_force] = found
        return self._texts[task_force]
