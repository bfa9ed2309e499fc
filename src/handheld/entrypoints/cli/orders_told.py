"""The words of orders: the log holds them once, with the task force, not with each task."""

from __future__ import annotations

from handheld.application.ports import Log
from handheld.entrypoints.cli.facts import Fact, Unreadable, facts_in
from handheld.entrypoints.cli.render import one_line
from handheld_events.task_force import OrderIssued


class OrderTexts:
    """What the order of a task says."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._texts: dict[str, dict[str, str]] = {}

    def of(self, fact: Fact | Unreadable) -> str | None:
        """The words of the order that a dispatch belongs to; None for any other fact."""
        if isinstance(fact, Unreadable) or fact.task_force is None:
            return None
        order = getattr(fact.event, "order", None)
        return None if order is None else self._of_task_force(fact.task_force).get(order)

    def _of_task_force(self, task_force: str) -> dict[str, str]:
        if task_force not in self._texts:
            self._texts[task_force] = {
                fact.event.order: one_line(fact.event.text)
                for fact in facts_in(self._log.read_streams([task_force]))
                if not isinstance(fact, Unreadable) and isinstance(fact.event, OrderIssued)
            }
        return self._texts[task_force]
