"""The workshop story on a terminal: what happens, the boards, the record with its three times."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from handheld.application.names import Names
from handheld.application.ports import Keyring, Log
from handheld.application.telling.facts import Describer, Fact
from handheld.demo.stage import Compared, Shown
from handheld.demo.workshop import Record
from handheld.demo.workshop_orders import BUILT, DEMOLISHED
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import STATE_STYLES, number, table
from handheld.entrypoints.cli.wrapping import Words
from handheld_projections.department_board import DepartmentBoard
from handheld_projections.open_tasks import STATES
from handheld_projections.organisation import Organisation


class WorkshopShow:
    """Tells the story in the language of the session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._texts = session.texts
        self._organisation = Organisation()
        self._bars: dict[str, TaskID] = {}
        self._describer: Describer | None = None
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            console=session.out,
            transient=True,
            disable=not session.out.is_terminal,
        )

    def _say(self, key: str, **params: object) -> str:
        return self._texts.say(f"cli.workshop.{key}", **params)

    def _bar(self, key: str, done: int, total: int) -> None:
        if key not in self._bars:
            for bar in self._bars.values():
                self.progress.update(bar, visible=False)
            self._bars[key] = self.progress.add_task(self._say(key), total=total)
        self.progress.update(self._bars[key], completed=done, total=total)

    def preparing(self, step: int, steps: int) -> None:
        """Divisions, departments, people and rosters are put into the log, step by step."""
        if step == 0:
            self._session.show(_words(self._say("title"), style="bold"))
        self._bar("preparing", step, steps)

    def prepared(self, organisation: Organisation, keyring: Keyring, log: Log) -> None:
        """They are in the log, with their names."""
        self._organisation = organisation
        names = Names(organisation, keyring, self._texts)
        self._describer = Describer(self._texts, names, organisation, log)
        tiers = organisation.count_by_tier()
        self._session.say(
            "workshop.prepared",
            townships=tiers["township"],
            villages=tiers["village"],
            grids=tiers["grid"],
            departments=len(organisation.departments),
            people=number(len(organisation.people)),
        )

    def scene(self, key: str) -> None:
        """This has happened."""
        self._session.show("", _words(self._say(f"scene.{key}")))

    def boards(self, key: str, shown: Sequence[Shown]) -> None:
        """The boards after a scene: of divisions, and of departments."""
        title = self._say("boards", clock=self._texts.time(shown[0].at))
        heads = [self._texts.state(state).replace(" ", "\n") for state in STATES]
        total = self._texts.say("cli.head.total")
        made = table("", *heads, total, title=title, right=range(1, 8))
        made.padding = 0  # eight columns must fit into eighty characters, in English too
        for each in shown:
            count = each.board.count
            cells = []
            for state in STATES:
                tasks: int = getattr(count, state)
                cells.append(Text(number(tasks), style=STATE_STYLES[state] if tasks else "dim"))
            made.add_row(self._name(each), *cells, number(count.tasks))
        self._session.show(made)

    def _name(self, shown: Shown) -> str:
        board = shown.board
        if isinstance(board, DepartmentBoard):
            known = self._organisation.departments[board.department]
            return self._say("department", name=known.name)
        return self._organisation.divisions[board.division].name

    def record(self, record: Record) -> None:
        """The whole course."""
        self._figures(record)
        describer = self._describer
        if describer is None:
            msg = "nothing happens before the people are there"
            raise RuntimeError(msg)
        self._session.show("", Text(self._say("inbox"), style="bold"))
        for fact in record.reached:
            time = self._texts.time(fact.recorded_at)
            self._session.show(_words(f"{time}  {describer.line(fact)}"))
        times = ("occurred", "reported", "recorded")
        heads = [self._texts.say("cli.head.position"), *map(self._say, (*times, "what"))]
        made = table(*heads, title=self._say("record", count=number(len(record.facts))), right=(0,))
        clock = self._texts.clock
        for day, facts in groupby(record.facts, self._day):
            made.add_row("", "", "", "", Text(day, style="bold"))
            for fact in facts:
                words = Text(describer.line(fact))
                if fact.meta.actor != fact.person:  # else the line names them already
                    words.append(f"\n{describer.actor(fact)}", style="dim")
                moments = (fact.occurred_at, fact.reported_at, fact.recorded_at)
                made.add_row(str(fact.position), *map(clock, moments), words)
        self._session.show("", made)

    def _day(self, fact: Fact) -> str:
        return self._texts.time(fact.recorded_at).partition(" ")[0]

    def _figures(self, record: Record) -> None:
        board, summary = record.board, record.summary
        title = Text(self._say("figures"), style="bold")
        dealt_with = record.findings.get("dealt_with", 0)
        rating = "satisfied" if summary.satisfied else "dissatisfied"
        lines = [
            self._say("area", built=board.sums[BUILT], demolished=board.sums[DEMOLISHED]),
            self._say(
                "visits",
                visits=board.visits.visits,
                households=board.visits.households,
                satisfied=board.visits.satisfied,
            ),
            self._say(
                "ratings",
                satisfied=board.ratings.satisfied,
                dissatisfied=board.ratings.dissatisfied,
            ),
            self._say(
                "findings",
                dealt_with=dealt_with,
                open=sum(record.findings.values()) - dealt_with,
            ),
            self._say("overall", satisfied=self._say(rating), score=summary.score),
        ]
        for step in board.funnel:
            if step.within is not None:
                half = self._texts.duration(step.within.half)
                nine = self._texts.duration(step.within.nine_in_ten)
                lines.append(self._texts.say(f"within.{step.stage}", half=half, nine=nine))
        self._session.show("", title, *lines)

    def rebuilding(self, position: int, end: int) -> None:
        """Everything is made again from the log."""
        self._bar("rebuilding", position, end)

    def rebuilt(self, compared: Compared) -> None:
        """Which boards are identical, and what else was compared."""
        times = list(dict.fromkeys(self._texts.clock(shown.at) for shown, _ in compared.boards))
        made = table("", *times, title=self._say("rebuilt"))
        for name in dict.fromkeys(self._name(shown) for shown, _ in compared.boards):
            marks = [
                self._mark(same) for shown, same in compared.boards if self._name(shown) == name
            ]
            made.add_row(name, *marks)
        self._session.show("", made)
        for check in compared.checks:
            words = self._say(
                "check",
                what=self._texts.say(f"checks.{check.what}"),
                compared=number(check.compared),
            )
            line = Text.assemble(self._mark(check.same), f"  {words}")
            self._session.show(line if check.same else line.append(f"  {check.detail}"))

    def _mark(self, same: bool) -> Text:
        key, style = ("same", "green") if same else ("different", "bold red")
        return Text(self._say(key), style=style)

    def farewell(self, data: Path | None, task_force: str) -> None:
        """Where the log is, and what to do with it."""
        self._session.show("")
        if data is None:
            self._session.say("workshop.gone")
        else:
            self._session.say("workshop.kept", path=str(data), task_force=task_force)


def _words(text: str, style: str = "") -> Padding:
    """A paragraph. Printed bare it would be broken at spaces only."""
    return Padding(Words(text, style=style), 0, expand=False)
