"""The story on a terminal: words and tables, and below them how far it has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from handheld.application.requests import Receipt
from handheld.demo.loop import Figures
from handheld.demo.scene import END, START
from handheld.demo.stage import Compared, Shown
from handheld.demo.telling import Line
from handheld.domain.starting import Preview
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.demo_tables import Tables
from handheld.entrypoints.cli.render import clean, number, table
from handheld_projections.department_board import DepartmentBoard
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import TierBoard
from handheld_projections.waiters import Waiter
from handheld_projections.warnings import WarningLine


class Show:
    """Tells the story in the language of the session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._texts = session.texts
        self._tables = Tables(session.texts, Organisation())
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

    # --- before -----------------------------------------------------------------------------------

    def preparing(self, step: int, steps: int) -> None:
        """Divisions, departments, people and the plan are put into the log, step by step."""
        if step == 0:
            self._session.show(Text(self._texts.say("cli.demo.title"), style="bold"))
        self._bar("preparing", step, steps)

    def prepared(self, organisation: Organisation) -> None:
        """All that is there before the warning comes."""
        self._tables = Tables(self._texts, organisation)
        tiers = organisation.count_by_tier()
        self._say(
            "prepared",
            townships=tiers["township"],
            villages=tiers["village"],
            grids=tiers["grid"],
            people=number(len(organisation.people)),
        )

    def warned(self, warning: WarningLine) -> None:
        """The warning has come, and a plan answers it: a start is proposed."""
        clock = self._texts.clock(warning.received_at)
        words = self._texts.say("cli.typhoon.warned", clock=clock, headline=warning.headline)
        self._session.show("", self._tables.words(words))
        for proposal in warning.proposals:
            words = self._texts.say(
                "cli.typhoon.proposed",
                clock=self._texts.clock(proposal.proposed_at),
                title=proposal.title,
                level=self._texts.level(proposal.level),
            )
            self._session.show(self._tables.words(words))

    def about_to_start(self, seen: Preview) -> None:
        """The preview: who will be called."""
        self._session.show(
            "", self._tables.words(self._texts.say("cli.demo.preview", title=seen.title))
        )
        heads = [self._texts.say(f"cli.head.{key}") for key in ("role", "people", "vacant", "text")]
        made = table(*heads, right=(1, 2))
        for order, found in seen.orders:
            made.add_row(
                self._texts.role(order.to[0].role),
                number(len(found.assignees)),
                number(len(found.vacant)),
                clean(order.text),
            )
        self._session.show(made)

    def started(self, receipt: Receipt, tasks: int, seconds: float) -> None:
        """The start is durable."""
        facts = (receipt.last or 0) - (receipt.first or 0) + 1
        ms = round(seconds * 1000)
        self._say("started", tasks=number(tasks), facts=number(facts), ms=ms)

    # --- as it goes on ------------------------------------------------------------------------------

    def time(self, now: datetime, deeds_done: int) -> None:
        """Simulated time goes on."""
        clock, done = self._texts.clock(now), number(deeds_done)
        whole = (END - START).total_seconds()
        gone = min((now - START).total_seconds(), whole)
        self._bar("fleet", gone, whole, clock=clock, done=done)

    def boards(self, shown: Sequence[Shown], late: Sequence[Waiter]) -> None:
        """The boards of this instant: district, township, village, grid, a department; who is late."""
        at = shown[0].at
        key = "boards_end" if at == END else "boards"
        title = self._texts.say(f"cli.demo.{key}", clock=self._texts.clock(at))
        tiers = [each.board for each in shown if isinstance(each.board, TierBoard)]
        units = [each.board for each in shown if isinstance(each.board, DepartmentBoard)]
        tables = self._tables
        self._session.show("", tables.counts(title, tiers, units), tables.funnels(tiers))
        self._session.show(*tables.within(tiers[0]))
        self._session.show(*tables.told(tiers[0]))
        if late:
            self._session.show("", tables.late(late))

    # --- afterwards ---------------------------------------------------------------------------------

    def course(self, lines: Sequence[Line]) -> None:
        """The course of it, in its most telling lines."""
        self._session.show("", self._tables.course(lines))

    def figures(self, by_order: Mapping[str, Figures], whole: Figures, end: Shown) -> None:
        """What came of it: rates by order, and the county's board at the end."""
        self._session.show("", self._tables.rates(by_order, whole))
        if isinstance(end.board, TierBoard):
            self._session.show(*self._tables.satisfaction(end.board))

    def rebuilding(self, position: int, end: int) -> None:
        """Everything is made again from the log."""
        self._bar("rebuilding", position, end)

    def rebuilt(self, compared: Compared) -> None:
        """Which boards are identical, and what else was compared."""
        title = self._texts.say("cli.demo.rebuilt")
        times = list(dict.fromkeys(self._texts.clock(shown.at) for shown, _ in compared.boards))
        made = table("", *times, title=title)
        rows: dict[str, dict[str, bool]] = {}
        for shown, same in compared.boards:
            row = rows.setdefault(self._tables.board_name(shown.board), {})
            clock = self._texts.clock(shown.at)
            row[clock] = row.get(clock, True) and same
        for name, row in rows.items():
            made.add_row(name, *(self._mark(row[time]) if time in row else "" for time in times))
        self._session.show("", made)
        for check in compared.checks:
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
