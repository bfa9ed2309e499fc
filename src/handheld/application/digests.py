"""Digests for groups: how the task forces of a division stand, told now and then, by nobody's name."""

from __future__ import annotations

from collections.abc import Sequence

from handheld.application.board_keeper import BoardKeeper
from handheld.application.ports import Clock
from handheld.texts import Texts
from handheld_projections.tier_board import TaskForceLine

MOST_LINES = 20
"""Task forces in one digest; those that began last are told."""


class Digests:
    """Puts digests together from the boards."""

    def __init__(self, boards: BoardKeeper, clock: Clock, texts: Texts) -> None:
        self._boards = boards
        self._clock = clock
        self._texts = texts

    def of(self, division: str, *, drills: bool) -> str:
        """The digest of a division as it is now; empty where nothing goes on there."""
        found: list[str] = []
        for drill in (False, True) if drills else (False,):
            board = self._boards.tier_board(division, drills=drill)
            lines = sorted(
                (line for line in board.task_forces if line.status == "active"),
                key=lambda line: line.started_at,
            )
            found += self._told(division, lines[-MOST_LINES:], drill=drill)
        return "\n\n".join(found)

    def _told(self, division: str, lines: Sequence[TaskForceLine], *, drill: bool) -> Sequence[str]:
        if not lines:
            return []
        undelivered: dict[str, int] = {}
        for waiter in self._boards.waiters(division, drills=drill):
            if not waiter.delivered and waiter.state == "waiting":
                undelivered[waiter.task_force] = undelivered.get(waiter.task_force, 0) + 1
        texts = self._texts
        return [
            texts.say(
                "notice.digest",
                drill=texts.say("notice.drill") if drill else "",
                title=line.title,
                time=texts.time(line.started_at),
                waiting=line.count.waiting,
                in_progress=line.count.in_progress,
                to_verify=line.count.to_verify,
                closed=line.count.closed,
                overdue=line.count.overdue,
                undelivered=undelivered.get(line.task_force, 0),
            )
            for line in lines
        ]
