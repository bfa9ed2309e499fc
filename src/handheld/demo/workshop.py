"""The workshop story: an illegal building in Qujiang, from the finding to the complete record.

An afternoon, a night and a morning of May 2021, as field-notes tell it: what the grid could see and
not settle is dealt with by everybody whom it concerns, in a task force started ad hoc. All people
are synthetic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from handheld.application.following import batches
from handheld.application.ports import Keyring, Log
from handheld.demo import workshop_beginning, workshop_day, workshop_morning
from handheld.demo.parts import Where
from handheld.demo.stage import Compared, Shown, Stage
from handheld.demo.workshop_cast import (
    DISTRICT,
    ENFORCEMENT,
    GRID,
    PLANNING,
    SEED,
    TOWNSHIP,
    VILLAGE,
    at,
    cast,
    prepare,
)
from handheld.demo.workshop_play import Play
from handheld_events.envelope import Recorded
from handheld_projections.organisation import Organisation
from handheld_projections.task_forces import Summary
from handheld_projections.tier_board import TierBoard

ORIGIN = at(0, "13:00")
DIVISIONS = (DISTRICT, TOWNSHIP, VILLAGE, GRID)
DEPARTMENTS = (ENFORCEMENT, PLANNING)
STEPS = 4

SCENES: Sequence[tuple[str, Callable[[Play], None], bool]] = (
    ("found", workshop_beginning.found, False),
    ("started", workshop_beginning.started, True),
    ("named", workshop_beginning.named, False),
    ("afternoon", workshop_day.afternoon, True),
    ("night", workshop_day.night, True),
    ("demolition", workshop_morning.demolition, False),
    ("reported", workshop_morning.reported, True),
    ("ended", workshop_morning.ended, True),
)
"""What happens in which order, and after what the boards are shown."""


class Record(NamedTuple):
    """The complete record of the story."""

    facts: list[Recorded[Any]]
    """Everything after the register was put in, in log order."""
    reached: list[Recorded[Any]]
    """What reached the phone of whoever reported it."""
    board: TierBoard
    """Of the district, at the end."""
    summary: Summary
    findings: dict[str, int]
    """How many findings of the district are in each state."""


class Teller(Protocol):
    """Shows the story. Every call comes in the order of the story."""

    def preparing(self, step: int, steps: int) -> None:
        """Divisions, departments, people and rosters are put into the log, step by step."""
        ...

    def prepared(self, organisation: Organisation, keyring: Keyring, log: Log) -> None:
        """They are in the log; the keyring opens their names."""
        ...

    def scene(self, key: str) -> None:
        """This has happened."""
        ...

    def boards(self, key: str, shown: Sequence[Shown]) -> None:
        """The boards after a scene: of divisions, and of departments."""
        ...

    def record(self, record: Record) -> None:
        """The whole course."""
        ...

    def rebuilding(self, position: int, end: int) -> None:
        """Everything is made again from the log."""
        ...

    def rebuilt(self, compared: Compared) -> None:
        """Which boards are identical, and what else was compared."""
        ...


class Workshop:
    """Plays the workshop story on a new log in a directory."""

    where = Where(DISTRICT, TOWNSHIP, VILLAGE, ENFORCEMENT)

    def __init__(self, directory: Path, teller: Teller) -> None:
        """Raises Installation (`data.*`)."""
        self.stage = Stage(directory, origin=ORIGIN, seed=SEED)
        self.home = self.stage.home
        self._teller = teller
        self._begins = 0
        self.task_force = ""
        self.finding = ""

    def play(self) -> bool:
        """From the empty log to the rebuilt one; whether all was identical. Raises HandheldError."""
        play = self._prepare()
        for key, scene, shown in SCENES:
            scene(play)
            self.task_force, self.finding = play.task_force, play.finding
            self._teller.scene(key)
            if shown:
                # A department's board shows what is not closed.
                departments = DEPARTMENTS if key != "ended" else ()
                boards = self.stage.show(DIVISIONS, play.task_force, departments)
                # A board of the past then rests on a checkpoint, not on the whole log.
                self.home.boards.checkpoint()
                self._teller.boards(key, boards)
        self._teller.record(self.record(play))
        compared = self.stage.compare(self._teller.rebuilding)
        self._teller.rebuilt(compared)
        return compared.same

    def _prepare(self) -> Play:
        self._teller.preparing(0, STEPS)
        for step in prepare(self.stage):
            self._teller.preparing(step, STEPS)
        organisation = self.stage.organisation()
        self._teller.prepared(organisation, self.home.keyring, self.home.log)
        self._begins = self.home.log.end()
        return Play(self.stage, cast(organisation))

    def record(self, play: Play) -> Record:
        """What the log says of the story."""
        self.home.caught_up()
        facts = [
            fact for batch in batches(self.home.log, self._begins, None) for fact in batch.facts
        ]
        lines = self.home.indexes.inbox(play.people.grid_worker)
        items = {line.position for line in lines if line.note == play.finding}
        return Record(
            facts,
            [fact for fact in facts if fact.position in items],
            self.home.boards.tier_board(DISTRICT, task_force=play.task_force),
            self.home.boards.summary(play.task_force),
            self.home.boards.tier_board(DISTRICT).findings,
        )
