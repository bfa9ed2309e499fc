"""The tables of the typhoon story: boards side by side, who is late, the course, the rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from handheld.demo.loop import Figures
from handheld.demo.stage import Board
from handheld.demo.telling import Line
from handheld.entrypoints.cli.render import (
    STATE_STYLES,
    number,
    one_line,
    share,
    table,
)
from handheld.entrypoints.cli.wrapping import Words
from handheld.texts import Texts
from handheld_projections.open_tasks import STATES
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import Count, DepartmentBoard, TierBoard, Waiter

LATE_NAMED = 5
SUMMED = ("moved", "hazards-checked", "hazards-open", "persuaded", "unwilling")
"""The fields of forms whose sums are shown."""
ORDERS = ("lead", "grids", "households", "standby-villages", "rescue", "situation")
"""The orders of the plan that are called in the story, by their names there."""
LONGEST = 56
"""Characters of an order that the course quotes."""


class Tables:
    """Makes them, in one language, with the names of divisions, departments and posts."""

    def __init__(self, texts: Texts, organisation: Organisation) -> None:
        self._texts = texts
        self._organisation = organisation

    def _say(self, key: str, /, **params: object) -> str:
        return self._texts.say(f"cli.typhoon.{key}", **params)

    def words(self, text: str) -> Padding:
        """A paragraph, broken where its language may be broken."""
        return Padding(Words.of(one_line(text)), 0, expand=False)

    def division(self, code: str) -> str:
        """The name of a division; a grid with that of its village."""
        known = self._organisation.divisions.get(code)
        name = known.name if known is not None else code
        return f"{self.division(code[:12])}{name}" if len(code) == 15 else name

    def department(self, key: str) -> str:
        """The name of a department."""
        known = self._organisation.departments.get(key)
        return known.name if known is not None else key

    def board_name(self, board: Board) -> str:
        """Whose board it is."""
        if isinstance(board, DepartmentBoard):
            return self.department(board.department)
        return self.division(board.division)

    def _short(self, board: Board) -> str:
        """The name beneath that of the board above it."""
        if isinstance(board, DepartmentBoard):
            return self.department(board.department)
        known = self._organisation.divisions.get(board.division)
        return known.name if known is not None else board.division

    def who(self, actor: str) -> str:
        """Somebody by their post; a process by its name."""
        known = self._organisation.people.get(actor)
        if known is None or not known.posts:
            return self._say("system") if actor == "reactions" else self._say("process")
        post = known.posts[0]
        words = self._say(
            "post", role=self._texts.role(post.role), place=self.division(post.division)
        )
        alone = len(self._organisation.holders(post.role, post.division, post.department)) == 1
        return words if alone else f"{words} {actor.removeprefix('person-')}"

    # --- boards -------------------------------------------------------------------------------------

    def counts(
        self, title: str, tiers: Sequence[TierBoard], units: Sequence[DepartmentBoard]
    ) -> Table:
        """The tasks of each board by state."""
        heads = [self._texts.state(state).replace(" ", "\n") for state in STATES]
        total = self._texts.say("cli.head.total")
        made = table("", *heads, total, title=title, right=range(1, 8))
        made.padding = 0  # eight columns must fit into eighty characters, in English too
        boards: tuple[TierBoard | DepartmentBoard, ...] = (*tiers, *units)
        for board in boards:
            made.add_row(self._short(board), *_cells(board.count))
        return made

    def funnels(self, tiers: Sequence[TierBoard]) -> Table:
        """How many tasks of each board have reached which step."""
        stages = [self._say(f"stages.{step.stage}") for step in tiers[0].funnel]
        made = table("", *stages, right=range(1, 9))
        made.padding = 0
        for board in tiers:
            made.add_row(self._short(board), *(number(step.tasks) for step in board.funnel))
        return made

    def within(self, board: TierBoard) -> Iterator[Text]:
        """Within what time half and nine in ten had answered."""
        for step in board.funnel:
            if step.within is not None:
                words = self._texts.say(
                    f"within.{step.stage}",
                    half=self._texts.duration(step.within.half),
                    nine=self._texts.duration(step.within.nine_in_ten),
                )
                yield Text(f"{self.board_name(board)} {words}")

    def told(self, board: TierBoard) -> Iterator[Padding]:
        """What reports and visits have counted so far, what was found, which warnings hold."""
        found = {state: count for state, count in board.findings.items() if count}
        sums = [
            self._say(f"sums.{key}", count=number(board.sums[key]))
            for key in SUMMED
            if key in board.sums
        ]
        comma = self._texts.say("cli.list_comma")
        if sums:
            yield self.words(self._say("summed", sums=comma.join(sums)))
        if board.visits.visits:
            yield self.words(
                self._say(
                    "visited",
                    visits=number(board.visits.visits),
                    satisfied=number(board.visits.satisfied),
                    dissatisfied=number(board.visits.dissatisfied),
                )
            )
        if found:
            states = (self._say(f"findings.{s}", count=n) for s, n in found.items())
            yield self.words(self._say("found", states=comma.join(states)))
        yield self.words(self._say("in_force", count=len(board.warnings)))

    def late(self, waiters: Sequence[Waiter]) -> Table:
        """Who is late: all counted, the first named."""
        named = waiters[:LATE_NAMED]
        title = self._say("late.title", count=number(len(waiters)), named=len(named))
        heads = [self._say(f"late.{key}") for key in ("who", "state", "reminded", "escalated")]
        made = table(*heads, title=title, right=(2, 3))
        for waiter in named:
            made.add_row(
                self.who(waiter.person),
                Text(self._texts.state(waiter.state), style=STATE_STYLES[waiter.state]),
                number(waiter.reminded),
                number(waiter.escalated),
            )
        return made

    # --- afterwards ---------------------------------------------------------------------------------

    def course(self, lines: Sequence[Line]) -> Table:
        """The course of the incident, a line each."""
        made = table(
            *(self._say(f"course.{key}") for key in ("time", "what")),
            title=self._say("course.title"),
        )
        day = lines[0].at.date() if lines else None
        for line in lines:
            time = self._texts.time(line.at)
            clock = self._texts.clock(line.at) if line.at.date() == day else time[5:16]
            words = Text(one_line(self._line(line)))
            made.add_row(clock, words)
        return made

    def _line(self, line: Line) -> str:
        values = dict(line.values)
        for key in ("level", "before"):
            if key in values:
                values[key] = self._texts.level(values[key])
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
            values["order"] = self._say(f"orders.{key}")
        for key in ("tasks", "withdrawn"):
            if isinstance(values.get(key), int):
                values[key] = number(values[key])
        if values.get("text") is None:
            values["text"] = ""
        what = line.what
        if what == "rated":
            what = "rated_well" if values["satisfied"] else "rated_badly"
        return self._say(
            f"lines.{what}", who=self.who(line.actor), count=number(line.facts), **values
        )

    def rates(self, by_order: Mapping[str, Figures], whole: Figures) -> Table:
        """The rates of the loop, by order and for all."""
        keys = ("tasks", "accepted", "closed", "in_time", "rework")
        heads = [self._say(f"rates.{key}") for key in keys]
        made = table("", *heads, title=self._say("rates.title"), right=range(1, 6))
        rest = Figures()
        for key, figures in by_order.items():
            if key in ORDERS:
                made.add_row(self._say(f"orders.{key}"), *_rates(figures))
            else:
                rest.add(figures)
        if rest.tasks:
            made.add_row(self._say("orders.others"), *_rates(rest))
        made.add_section()
        made.add_row(Text(self._texts.say("cli.head.total"), style="bold"), *_rates(whole))
        return made

    def satisfaction(self, board: TierBoard) -> Iterator[Text | Padding]:
        """How satisfied people were, and the times and sums of the whole county."""
        yield from self.within(board)
        visits, ratings = board.visits, board.ratings
        yield self.words(
            self._say(
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
