"""What the fields of report forms are called: the log holds a form once, with its task force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handheld.application.ports import Log
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.forms import Filled, FormField
from handheld_events.task_force import OrderAmended, OrderIssued


class FormLabels:
    """The fields of the forms of a task force, by their keys."""

    def __init__(self, log: Log | None) -> None:
        self._log = log
        self._fields: dict[str, dict[str, FormField]] = {}

    def told(self, task_force: str, filled: Filled) -> list[str]:
        """What was filled in, as people say it: label, value, unit."""
        answers: dict[str, object] = {**filled.numbers, **filled.choices, **filled.texts}
        if not answers:
            return []
        return list(told(answers, self._of(task_force)))

    def _of(self, task_force: str) -> dict[str, FormField]:
        if self._log is None:
            return {}
        if task_force not in self._fields:
            fields: dict[str, FormField] = {}
            reading = Reading()
            for row in self._log.read_streams([task_force]):
                try:
                    event: Any = reading.fact(*row).event
                except UnreadableEvent:
                    continue
                if isinstance(event, OrderIssued | OrderAmended):
                    fields |= {field.key: field for field in event.form}
            self._fields[task_force] = fields
        return self._fields[task_force]


def told(answers: dict[str, object], fields: dict[str, FormField]) -> Iterable[str]:
    """Each answer with its label and unit; by its key where the form does not ask for it any more."""
    for key, value in answers.items():
        field = fields.get(key)
        label, unit = (field.label, field.unit or "") if field else (key, "")
        yield f"{label} {value}{unit}"
