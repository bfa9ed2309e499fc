"""The story on a terminal: words and tables, and below them how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from handheld.application.requests import Receipt
from handheld.application.verifying import Check
from handheld.demo.story import CLOSE, START, Shown
from handheld.domain.starting import Preview
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import STATE_STYLES, number, table
from handheld_projections.moves import STATES
from handheld_projections.organisation import Organisation


class Show:
    """Tells the story in the language of the session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._texts = session.texts
        self._names: dict[str, str] = {}
        self._bars: dict[str, TaskID] = {}
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            console=session.out,
            transient=True,
            disable=not session.out.is_terminal,
        )

    def _say(self, key: str, **params: object) -> None:
        self._session.say(f"demo.{key}", **params)

    def _bar(self, key: str, done: float, total: float, /, **params: object) -> None:
        words = self._texts.say(f"cli.demo.{key}", **params)
        if key not in self._bars:
            for bar in self._bars.values():
                self.progress.update(bar, visible=False)
            self._bars[key] = self.progress.add_task(words, total=total)
        self.progress.update(self._bars[key], completed=done, total=total, description=words)

    def preparing(self, step: int, steps: int) -> None:
        """Divisions, people and the plan are put into the log, step by step."""
        if step == 0:
            self._session.show(Text(self._texts.say("cli.demo.title"), style="bold"))
        self._bar("preparing", step, steps)

    def prepared(self, organisation: Organisation) -> None:
        """Divisions, people and the plan are in the log."""
        self._names = {code: d.name for code, d in organisation.divisions.items()}
        tiers = organisation.count_by_tier()
        self._say(
            "prepared",
            townships=tiers["township"],
            villages=tiers["village"],
            grids=tiers["grid"],
            people=number(len(organisation.people)),
        )

    def about_to_start(self, seen: Preview) -> None:
        """The preview: who will be called."""
        self._session.show("", Text(self._texts.say("cli.demo.preview", title=seen.title)))
        heads = [self._texts.say(f"cli.head.{key}") for key in ("role", "people", "vacant", "text")]
        made = table(*heads, right=(1, 2))
        for order, found in seen.orders:
            made.add_row(
                self._texts.role(order.to[0].role),
                number(len(found.assignees)),
                number(len(found.vacant)),
                order.text,
            )
        self._session.show(made)

    def started(self, receipt: Receipt, tasks: int, seconds: float) -> None:
        """The start is durable."""
        facts = (receipt.last or 0) - (receipt.first or 0) + 1
        ms = round(seconds * 1000)
        self._say("started", tasks=number(tasks), facts=number(facts), ms=ms)

    def time(self, now: datetime, deeds_done: int, deeds_all: int) -> None:
        """Simulated time goes on."""
        clock, done = self._texts.clock(now), number(deeds_done)
        self._bar("fleet", deeds_done, deeds_all, clock=clock, done=done)

    def boards(self, shown: Sequence[Shown]) -> None:
        """The boards of this instant: district, township, village, grid."""
        at = shown[0].at
        key = "boards_end" if at == START + CLOSE else "boards"
        title = self._texts.say(f"cli.demo.{key}", clock=self._texts.clock(at))
        heads = [self._texts.state(state).replace(" ", "\n") for state in STATES]
        total = self._texts.say("cli.head.total")
        counts = table("", *heads, total, title=title, right=range(1, 8))
        stages = [self._texts.stage(step.stage) for step in shown[0].board.funnel]
        funnel = table("", *stages, right=range(1, 8))
        for made in (counts, funnel):
            made.padding = 0  # eight columns must fit into eighty characters, in English too
        for each in shown:
            name = self._names[each.board.division]
            count = each.board.count
            cells = []
            for state in STATES:
                tasks: int = getattr(count, state)
                style = STATE_STYLES[state] if tasks else "dim"
                cells.append(Text(number(tasks), style=style))
            counts.add_row(name, *cells, number(count.tasks))
            funnel.add_row(name, *(number(step.tasks) for step in each.board.funnel))
        self._session.show("", counts, funnel)
        for step in shown[0].board.funnel:
            if step.within is not None:
                words = self._texts.say(
                    f"within.{step.stage}",
                    half=self._texts.duration(step.within.half),
                    nine=self._texts.duration(step.within.nine_in_ten),
                )
                self._session.show(Text(f"{self._names[shown[0].board.division]} {words}"))

    def rebuilding(self, position: int, end: int) -> None:
        """Everything is made again from the log."""
        self._bar("rebuilding", position, end)

    def rebuilt(self, compared: Sequence[tuple[Shown, bool]], checks: Sequence[Check]) -> None:
        """Which boards are identical, and what else was compared."""
        title = self._texts.say("cli.demo.rebuilt")
        times = list(dict.fromkeys(self._texts.clock(shown.at) for shown, _ in compared))
        made = table("", *times, title=title)
        for division in dict.fromkeys(shown.board.division for shown, _ in compared):
            marks = [
                self._mark(same) for shown, same in compared if shown.board.division == division
            ]
            made.add_row(self._names[division], *marks)
        self._session.show("", made)
        for check in checks:
            words = self._texts.say(
                "cli.demo.check",
                what=self._texts.say(f"checks.{check.what}"),
                compared=number(check.compared),
            )
            line = Text.assemble(self._mark(check.same), f"  {words}")
            self._session.show(line if check.same else line.append(f"  {check.detail}"))

    def _mark(self, same: bool) -> Text:
        key, style = ("same", "green") if same else ("different", "bold red")
        return Text(self._texts.say(f"cli.demo.{key}"), style=style)

    def farewell(self, data: Path | None, task_force: str) -> None:
        """Where the log is, and what to do with it."""
        self._session.show("")
        if data is None:
            self._say("gone")
        else:
            self._say("kept", path=str(data), task_force=task_force)
