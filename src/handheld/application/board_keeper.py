"""Keeps the boards: follows the log, checkpoints, and answers for now and for any past instant."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from threading import Condition
from typing import TypeVar

import msgspec

from handheld.application.following import Batch, Progress, Stopped, batches
from handheld.application.past_boards import FOLD, PastBoards, decode
from handheld.application.ports import Log, StoredPart, Views, ViewsMoved, ViewsUnwritable
from handheld.application.stored_fold import Writes
from handheld.domain.errors import Busy, NotFound
from handheld_projections.agenda import Agenda, Found
from handheld_projections.boards import FINDINGS, WARNINGS, Boards, Part
from handheld_projections.department_board import DepartmentBoard, department_board
from handheld_projections.findings import Findings
from handheld_projections.open_tasks import (
    TO_VERIFY,
    OpenTask,
)
from handheld_projections.task_forces import Summary
from handheld_projections.tier_board import TierBoard, own_part, tier_board
from handheld_projections.waiters import Waiter, open_tasks
from handheld_projections.warnings import Warnings

logger = logging.getLogger(__name__)

T = TypeVar("T")

CHECKPOINT_EVERY = 10_000
"""Facts between checkpoints: what a board of a past instant replays at most."""

_encode = msgspec.msgpack.Encoder().encode
_decode_summary = msgspec.msgpack.Decoder(Summary).decode
_decode_warnings = msgspec.msgpack.Decoder(Warnings).decode
_decode_findings = msgspec.msgpack.Decoder(Findings).decode


class BoardKeeper:
    """The boards of one log. Safe to use from several threads.

    Every process has its own; checkpoints are stored by the one that `writes`.
    """

    def __init__(
        self,
        log: Log,
        views: Views | None,
        writes: Writes = lambda: True,
        *,
        every: int = CHECKPOINT_EVERY,
    ) -> None:
        self._log = log
        self._views = views
        self._writes = writes
        self._every = every
        self._unstored: set[str] = set()
        """Parts that changed up to `_unstored_at`, which another process has to store."""
        self._unstored_at = 0
        self._past = PastBoards(log, views)
        self._boards = Boards(self._left_memory)
        self._agenda: Agenda | None = None
        self._changed = Condition()
        self._checkpointed = 0
        self._due = every
        self._whole = True
        """Whether the boards show their position: not where a fault has broken off a batch."""
        self.position = 0
        self.stopped: Stopped | None = None
        self.listeners: list[Callable[[], None]] = []
        """Told after every batch, by whoever brings the boards on: they must be quick."""
        if views is not None:
            self._resume(views)

    def _resume(self, views: Views) -> None:
        position = views.cursor(FOLD)
        try:
            parts = {p.key: decode(p.state) for p in views.open_parts(FOLD, position)}
        except msgspec.MsgspecError:
            if self._writes():
                views.drop(FOLD)  # not as this version writes it: fold again from the beginning
            position, parts = 0, {}
        self._boards.restore(parts)
        self._agenda = None
        self._unstored = set()
        self.position = self._checkpointed = self._unstored_at = position
        self._due = position + self._every

    def catch_up(self, upto: int | None = None, progress: Progress | None = None) -> int:
        """Take in what the log has after the position reached; gives the new position.

        Raises Busy, as `take`.
        """
        self.only_follows()
        for batch in batches(self._log, self.position, upto):
            self.take(batch)
            if progress is not None:
                progress(batch.upto)
            if self.stopped is not None:
                break
        return self.position

    def take(self, batch: Batch) -> None:
        """Take in a batch that begins right after the position reached.

        Raises Busy where the views cannot be read: what was folded of it is folded again, then.
        """
        if self.stopped is not None:
            return
        with self._changed:
            start = 0
            facts = batch.facts
            self._whole = False
            while start < len(facts) and self._views is not None:
                room = max(self._due - self.position, 1)
                if len(facts) - start < room:
                    break
                inside = facts[start : start + room]
                self._boards.apply(inside)
                start += len(inside)
                self.position = inside[-1].position
                self._whole = True
                self._checkpoint()
                self._whole = False
            self._boards.apply(facts[start:])
            self._whole = True
            if self._agenda is not None:
                self._agenda.take(facts, self._boards)
            self.position = batch.upto
            if batch.unreadable is not None and batch.unreadable[1] in Boards.streams:
                self.stopped = Stopped.at(FOLD, batch.unreadable[0])
            self._changed.notify_all()
        for tell in tuple(self.listeners):
            tell()

    def checkpoint(self) -> None:
        """Store what has changed since the last checkpoint."""
        with self._changed:
            self._checkpoint()

    def _checkpoint(self) -> None:
        if self._views is None or self.position == self._checkpointed or not self._whole:
            return
        self._due = self.position + self._every
        parts = self._boards.parts
        changed = (self._boards.changed | self._unstored) & parts.keys()
        try:
            known = self._views.cursor(FOLD)
            if known >= self.position or not self._writes():
                self._stored_elsewhere(known)
                return
            self._views.checkpoint(
                FOLD,
                self.position,
                [_stored(name, parts[name]) for name in sorted(changed)],
                after=max(known, self._checkpointed),
            )
        except (ViewsUnwritable, ViewsMoved, Busy) as error:
            logger.warning("boards not stored at position %s: %s", self.position, error)
            return  # what is in memory stands; it is stored next time
        self._boards.stored(changed)
        self._unstored.clear()
        self._checkpointed = self.position

    def _stored_elsewhere(self, known: int) -> None:
        """Let go what another process has stored by its checkpoint at `known`.

        Once that has passed what changed here, and is not ahead of what is shown here, the parts
        that have not changed since are found in it as they are.
        """
        if self._unstored_at <= known <= self.position:
            self._boards.stored(self._unstored - self._boards.changed)
            self._unstored.clear()
            self._checkpointed = max(self._checkpointed, self._unstored_at)
        self._unstored |= self._boards.changed
        self._unstored_at = self.position
        self._boards.changed.clear()

    def only_follows(self) -> bool:
        """No: every process folds its own boards.

        Where the views could not be read in the middle of a batch, it goes back to what is stored.
        Raises Busy where that cannot be read yet.
        """
        with self._changed:
            if not self._whole and self._views is not None:
                self._resume(self._views)
                self._whole = True
        return False

    # --- what is due ----------------------------------------------------------------------------

    def due(self, now: datetime) -> Found:
        """What is due at an instant, told once; from the first call on an agenda is kept."""
        with self._changed:
            return self._kept_agenda().due(now, self._boards)

    def next_due(self) -> datetime | None:
        """The next instant at which to ask what is due (UTC)."""
        with self._changed:
            return self._kept_agenda().next_due()

    def _kept_agenda(self) -> Agenda:
        if self._agenda is None:
            self._agenda = Agenda()
            self._agenda.restore(self._boards.parts)
        return self._agenda

    # --- questions ------------------------------------------------------------------------------

    def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until the boards show a position; False when the time is up or they are stopped."""
        with self._changed:
            return (
                self._changed.wait_for(
                    lambda: self.position >= position or self.stopped is not None, timeout
                )
                and self.position >= position
            )

    def read(
        self,
        make: Callable[[Mapping[str, Part], int], T],
        *,
        task_force: str | None = None,
        at: int | None = None,
    ) -> T:
        """What `make` makes of the parts and their position, now or at a position.

        Of all task forces that are not closed, or of one, closed or not. The parts are not to be
        changed or kept. Raises NotFound (`task_force.unknown`).
        """
        with self._changed:
            position = self.position if at is None else min(at, self.position)
            live = self._live(task_force, position)
            if live is None and task_force is not None and position == self.position:
                part = self._left_memory(task_force)  # closed: it is as it was stored last
                live = None if part is None else {task_force: part}
            if live is not None:
                return make(live, position)
        # The past does not change: a board of it holds up nobody.
        return make(self._past.at(task_force, position), position)

    def tier_board(
        self,
        division: str,
        *,
        task_force: str | None = None,
        at: int | None = None,
        drills: bool = False,
    ) -> TierBoard:
        """The board of a division, now or as it was at a position.

        Over all task forces that are not closed, or over one, closed or not. Raises NotFound
        (`task_force.unknown`).
        """
        return self.read(
            lambda parts, position: tier_board(parts, division, position, drills=drills),
            task_force=task_force,
            at=at,
        )

    def tasks(
        self, task_force: str, *, only_open: bool = False, at: int | None = None
    ) -> Mapping[str, OpenTask]:
        """The tasks of a task force, closed or not, as copies; now, or as they were at a position.

        Raises NotFound (`task_force.unknown`) where it had not begun at that position.
        """
        with self._changed:
            if at is None or at >= self.position:
                part = self._boards.parts.get(task_force) or self._left_memory(task_force)
                return {} if part is None else _copies(part, only_open=only_open)
        return _copies(self._past.at(task_force, at)[task_force], only_open=only_open)

    def warnings(self, *, drills: bool = False) -> Warnings:
        """The warnings, as a copy."""
        with self._changed:
            part = own_part(self._boards.parts, WARNINGS, drills=drills)
            kept = part.warnings if part is not None else None
            return Warnings() if kept is None else _decode_warnings(_encode(kept))

    def findings(self, *, drills: bool = False) -> Findings:
        """The findings, as a copy."""
        with self._changed:
            part = own_part(self._boards.parts, FINDINGS, drills=drills)
            kept = part.findings if part is not None else None
            return Findings() if kept is None else _decode_findings(_encode(kept))

    def department_board(
        self, department: str, *, at: int | None = None, drills: bool = False
    ) -> DepartmentBoard:
        """The board of a department, now or as it was at a position."""
        return self.read(
            lambda parts, position: department_board(parts, department, position, drills=drills),
            at=at,
        )

    def waiters(
        self,
        division: str,
        *,
        task_force: str | None = None,
        at: int | None = None,
        drills: bool = False,
        late: bool = False,
        department: str | None = None,
    ) -> list[Waiter]:
        """Whose tasks are open in a division, now or at a position; drills apart, as on boards.

        `late`: only those overdue. `department`: only its people, wherever they serve.
        """
        chosen = partial(open_tasks, drills=drills, late=late, department=department)
        return self.read(
            lambda parts, _: chosen(parts.values(), division), task_force=task_force, at=at
        )

    def summary(self, task_force: str) -> Summary:
        """A task force at a glance, as a copy, closed or not. Raises NotFound."""
        with self._changed:
            part = self._boards.parts.get(task_force) or self._left_memory(task_force)
            if part is None or part.summary is None:
                raise NotFound("task_force.unknown", task_force=task_force)
            return _decode_summary(_encode(part.summary))

    def running(self, plan: str, division: str, *, drills: bool = False) -> list[str]:
        """The task forces of a plan that are active in a division, those started last at the end."""
        with self._changed:
            found = [part.summary for part in self._boards.parts.values() if part.summary]
            mine = [
                one
                for one in found
                if (one.plan, one.division, one.drill) == (plan, division, drills)
                and one.status == "active"
            ]
        return [one.task_force for one in sorted(mine, key=lambda one: one.started_at)]

    def closed(self) -> list[Summary]:
        """The task forces that are closed, those closed last first."""
        with self._changed:
            parts = self._boards.parts
            found = [p.summary for p in parts.values() if p.summary is not None and p.closed]
            known = set(parts)  # what is in memory is newer than any note, and may be open again
        if self._views is not None:
            notes = self._views.closed_notes(FOLD)
            found += [_decode_summary(note) for key, note in notes if key not in known]
        return sorted(found, key=lambda s: (s.ended_at or s.started_at, s.task_force), reverse=True)

    def _live(self, task_force: str | None, position: int) -> dict[str, Part] | None:
        """The parts in memory, if they show this position; None where the past must be read."""
        if position != self.position:
            return None
        parts = self._boards.parts
        if task_force is None:
            return {name: part for name, part in parts.items() if not part.closed}
        return {task_force: parts[task_force]} if task_force in parts else None

    def _left_memory(self, name: str) -> Part | None:
        return self._past.part(name, self.position, self._checkpointed)


def _copies(part: Part, *, only_open: bool) -> dict[str, OpenTask]:
    return {
        stream: msgspec.structs.replace(task)
        for stream, task in part.tasks.items()
        if not only_open or task.state <= TO_VERIFY
    }


def _stored(name: str, part: Part) -> StoredPart:
    note = _encode(part.summary) if part.closed else b""
    return StoredPart(name, _encode(part), part.closed, note)
