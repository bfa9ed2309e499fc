"""Boards as they were: from the checkpoint before an instant, and the facts from there on."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from handheld.application.following import batches
from handheld.application.ports import Log, StoredPart, Views
from handheld.domain.errors import NotFound
from handheld_projections.boards import Boards, Part

FOLD = f"{Boards.name}.{Boards.fold_version}"

decode = msgspec.msgpack.Decoder(Part).decode
"""A part as it is stored. Raises msgspec.MsgspecError."""


class PastBoards:
    """What the log and the checkpoints say of any instant; with nothing stored, the log alone."""

    def __init__(self, log: Log, views: Views | None) -> None:
        self._log = log
        self._views = views

    def at(self, task_force: str | None, position: int) -> dict[str, Part]:
        """The parts of all task forces open at a position; or of one, closed or not.

        Raises NotFound (`task_force.unknown`) where that one had not begun.
        """
        begin, stored = self._stored_before(task_force, position)
        boards = Boards(lambda name: self.part(name, begin, begin))
        try:
            boards.restore({part.key: decode(part.state) for part in stored})
        except msgspec.MsgspecError:
            begin = 0  # a checkpoint that cannot be read is only time lost
        for batch in batches(self._log, begin, position):
            if task_force is None:
                boards.apply(batch.facts)
            else:
                boards.apply(f for f in batch.facts if f.task_force == task_force)
        if task_force is None:
            return {name: part for name, part in boards.parts.items() if not part.closed}
        if task_force not in boards.parts:
            raise NotFound("task_force.unknown", task_force=task_force)
        return {task_force: boards.parts[task_force]}

    def part(self, name: str, position: int, checkpointed: int) -> Part | None:
        """A part as it was stored last, at or before a position; none where nothing is stored.

        Where that cannot be read it is made again from the facts up to `checkpointed`.
        """
        if self._views is None:
            return None
        stored = self._views.part(FOLD, name, position)
        try:
            return None if stored is None else decode(stored.state)
        except msgspec.MsgspecError:
            boards = Boards()
            for batch in batches(self._log, 0, checkpointed):
                boards.apply(fact for fact in batch.facts if fact.task_force == name)
            return boards.parts.get(name)

    def _stored_before(
        self, task_force: str | None, position: int
    ) -> tuple[int, Sequence[StoredPart]]:
        if self._views is None:
            return 0, ()
        begin = self._views.checkpoint_before(FOLD, position)
        if task_force is None:
            return begin, self._views.open_parts(FOLD, begin)
        one = self._views.part(FOLD, task_force, begin)
        return begin, () if one is None else (one,)
