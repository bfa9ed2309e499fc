"""What divisions and departments were called, at any position of the log."""

from __future__ import annotations

from bisect import bisect_right
from threading import Lock

from handheld.application.ports import Log
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.department import DepartmentRegistered, DepartmentRenamed
from handheld_events.division import DivisionRegistered, DivisionRenamed

_NAMING = (DivisionRegistered, DivisionRenamed, DepartmentRegistered, DepartmentRenamed)


class PlaceNames:
    """The names of one log, with their history. Safe to use from several threads."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lock = Lock()
        self._reading = Reading()
        self._position = 0
        self._names: dict[str, list[tuple[int, str]]] = {}

    def catch_up(self, position: int) -> None:
        """See to it that all names up to a position are known."""
        if position <= self._position:
            return
        with self._lock:
            end = self._log.end()
            if position <= self._position:
                return
            rows = self._log.read_kinds(self._position, ("division", "department"))
            for row in rows:
                try:
                    fact = self._reading.fact(*row)
                except UnreadableEvent:
                    continue  # it keeps the name it had
                if isinstance(fact.event, _NAMING):
                    known = self._names.setdefault(fact.stream, [])
                    known.append((fact.position, fact.event.name))
            self._position = max(end, rows[-1][0]) if rows else end

    def division(self, code: str, position: int) -> str | None:
        """What a division was called at a position; None where there was none."""
        return self._at(f"division-{code}", position)

    def department(self, key: str, position: int) -> str | None:
        """The same of a department."""
        return self._at(f"department-{key}", position)

    def _at(self, stream: str, position: int) -> str | None:
        known = self._names.get(stream, ())
        index = bisect_right(known, position, key=lambda each: each[0])
        return known[index - 1][1] if index else None
