"""The tables of the typhoon story: boards side by side, who is late, the course, the rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from handheld.demo.loop import Figures
from handheld.demo.telling import Line
from handheld.entrypoints.cli.demo_naming import Naming
from handheld.entrypoints.cli.render import (
    STATE_STYLES,
    number,
    one_line,
    share,
    table,
)
from handheld_projections.department_board import DepartmentBoard
from handheld_projections.open_tasks import STATES
from handheld_projections.tier_board import Count, TierBoard
from handheld_projections.waiters import Waiter

LATE_NAMED = 5
SUMMED = ("moved", "hazards-checked", "hazards-open", "persuaded", "unwilling")
"""The fields of forms whose sums are shown."""
ORDERS = ("lead", "grids", "households", "standby-villages", "rescue", "situation")
"""The orders of the plan that are called in the story, by their names there."""
LONGEST = 56
"""Characters of an order that the course quotes."""


class Tables(Naming):
    """Makes them, in one language, with the names of divisions, departments and posts."""

    # --- boards -------------------------------------------------------------------------------------

    def counts(
        self, title: str, tiers: Sequence[TierBoard], units: Sequence[DepartmentBoard]
    ) -> Table:
        """The tasks of each board by state."""
        heads = [self.texts.state(state).replace(" ", "\n") for state in STATES]
        total = self.texts.say("cli.head.total")
        made = table("", *heads, total, title=title, right=range(1, 8))
        made.padding = 0  # eight columns must fit into eighty characters, in English too
        boards: tuple[TierBoard | DepartmentBoard, ...] = (*tiers, *units)
        for board in boards:
            made.add_row(self.short(board), *_cells(board.count))
        return made

    def funnels(self, tiers: Sequence[TierBoard]) -> Table:
        """How many tasks of each board have reached which step."""
        stages = [self.say(f"stages.{step.stage}") for step in tiers[0].funnel]
        made = table("", *stages, right=range(1, 9))
        made.padding = 0
        for board in tiers:
            made.add_row(self.short(board), *(number(step.tasks) for step in board.funnel))
        return made

    def within(self, board: TierBoard) -> Iterator[Text]:
        """Within what time half and nine in ten had answered."""
        for step in board.funnel:
            if step.within is not None:
                words = self.texts.say(
                    f"within.{step.stage}",
                    half=self.texts.duration(step.within.half),
                    nine=self.texts.duration(step.within.nine_in_ten),
                )
                yield Text(f"{self.board_name(board)} {words}")

    def told(self, board: TierBoard) -> Iterator[Padding]:
        """What reports and visits have counted so far, what was found, which warnings hold."""
        found = {state: count for state, count in board.findings.items() if count}
        sums = [
            self.say(f"sums.{key}", count=number(board.sums[key]))
            for key in SUMMED
            if key in board.sums
        ]
        comma = self.texts.say("cli.list_comma")
        if sums:
            yield self.words(self.say("summed", sums=comma.join(sums)))
        if board.visits.visits:
            yield self.words(
                self.say(
                    "visited",
                    visits=number(board.visits.visits),
                    satisfied=number(board.visits.satisfied),
                    dissatisfied=number(board.visits.dissatisfied),
                )
            )
        if found:
            states = (self.say(f"findings.{s}", count=n) for s, n in found.items())
            yield self.words(self.say("found", states=comma.join(states)))
        yield self.words(self.say("in_force", count=len(board.warnings)))

    def late(self, waiters: Sequence[Waiter]) -> Table:
        """Who is late: all counted, the first named."""
        named = waiters[:LATE_NAMED]
        title = self.say("late.title", count=number(len(waiters)), named=len(named))
        heads = [self.say(f"late.{key}") for key in ("who", "state", "reminded", "escalated")]
        made = table(*heads, title=title, right=(2, 3))
        for waiter in named:
            made.add_row(
                self.who(waiter.person),
                Text(self.texts.state(waiter.state), style=STATE_STYLES[waiter.state]),
                number(waiter.reminded),
                number(waiter.escalated),
            )
        return made

    # --- afterwards ---------------------------------------------------------------------------------

    def course(self, lines: Sequence[Line]) -> Table:
        """The course of the incident, a line each."""
        made = table(
            *(self.say(f"course.{key}") for key in ("time", "what")),
            title=self.say("course.title"),
        )
        day = lines[0].at.date() if lines else None
        for line in lines:
            time = self.texts.time(line.at)
            clock = self.texts.clock(line.at) if line.at.date() == day else time[5:16]
            words = Text(one_line(self._line(line)))
            made.add_row(clock, words)
        return made

    def _line(self, line: Line) -> str:
        values = dict(line.values)
        for key in ("level", "before"):
            if key in values:
                values[key] = self.texts.level(values[key])
        for key in ("person", "to"):
            if isinstance(values.get(key), str):
                values[key] = self.who(values[key])
        if "department" in values:
            values["department"] = self.department(values["department"])
        if line.what in ("ordered", "amended"):
            text = str(values["text"])
            values["text"] = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        if "key" in values:
            key = values["key"] if values["key"] in ORDERS else "others"
            values["order"] = self.say(f"orders.{key}")
        for key in ("tasks", "withdrawn"):
            if isinstance(values.get(key), int):
                values[key] = number(values[key])
        if values.get("text") is None:
            values["text"] = ""
        what = line.what
        if what == "rated":
            what = "rated_well" if values["satisfied"] else "rated_badly"
        return self.say(
            f"lines.{what}", who=self.who(line.actor), count=number(line.facts), **values
        )

    def rates(self, by_order: Mapping[str, Figures], whole: Figures) -> Table:
        """The rates of the loop, by order and for all."""
        keys = ("tasks", "accepted", "closed", "in_time", "rework")
        heads = [self.say(f"rates.{key}") for key in keys]
        made = table("", *heads, title=self.say("rates.title"), right=range(1, 6))
        rest = Figures()
        for key, figures in by_order.items():
            if key in ORDERS:
                made.add_row(self.say(f"orders.{key}"), *_rates(figures))
            else:
                rest.add(figures)
        if rest.tasks:
            made.add_row(self.say("orders.others"), *_rates(rest))
        made.add_section()
        made.add_row(Text(self.texts.say("cli.head.total"), style="bold"), *_rates(whole))
        return made

    def satisfaction(self, board: TierBoard) -> Iterator[Text | Padding]:
        """How satisfied people were, and the times and sums of the whole county."""
        yield from self.within(board)
        visits, ratings = board.visits, board.ratings
        yield self.words(
            self.say(
                "satisfied",
                share=share(visits.satisfied, visits.satisfied + visits.dissatisfied),
                asked=number(visits.satisfied + visits.dissatisfied),
                rated=number(ratings.satisfied + ratings.dissatisfied),
                pleased=number(ratings.satisfied),
            )
        )
        yield from islice(self.told(board), 1)


def _cells(count: Count) -> list[Text]:
    cells = []
    for state in STATES:
        tasks: int = getattr(count, state)
        cells.append(Text(number(tasks), style=STATE_STYLES[state] if tasks else "dim"))
    return [*cells, Text(number(count.tasks))]


def _rates(figures: Figures) -> list[str]:
    return [
        number(figures.tasks),
        share(figures.accepted_in_time, figures.tasks),
        share(figures.closed, figures.tasks),
        share(figures.closed_in_time, figures.tasks),
        share(figures.sent_back, figures.reported),
    ]
