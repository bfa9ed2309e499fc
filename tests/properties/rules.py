"""The rules of the state machine: everything that anybody may ask for, one by one and together, and
everything that reactions ask for, whenever they run.

Choices are drawn as numbers and fall on what there is at that moment, so that what is drawn never
depends on what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from handheld.application.reacting import ACTOR
from handheld.application.requests import Receipt, Request
from handheld.domain import register, task_force
from handheld.domain.errors import CommandReused, HandheldError
from handheld.domain.register_departments import DepartmentRow, ImportDepartments
from handheld.domain.waves import CallForeseen
from handheld_events.envelope import Meta
from handheld_projections.department_board import department_board
from handheld_projections.organisation import Post
from handheld_projections.tier_board import tier_board
from handheld_projections.waiters import open_tasks
from tests.properties import recount
from tests.properties.history import History, Key
from tests.properties.nothing_forgotten import forgotten
from tests.properties.picks import Picks
from tests.properties.places import (
    CODES,
    DEPARTMENTS,
    DISTRICT,
    OFFICER,
    PEOPLE,
    POSTS,
    TOWN,
    TOWNSHIP,
    Where,
)
from tests.properties.ways import KINDS, Ways

Result = Receipt | HandheldError
Which = Literal["here", "there", "both"]

ENDED = ("task_force.stood_down", "task_force.closed", "task_force.cancelled")
BROKEN = ("internal", "writer.stopped", "fold.late", "fold.stopped", "stream.unreadable")

_half = st.integers(0, 2**24 - 1)
number = st.tuples(_half, _half).map(lambda halves: halves[0] | halves[1] << 24)
kind = st.sampled_from(KINDS)
place = st.sampled_from(("here", "there"))
together = st.lists(
    st.tuples(kind, number, st.sampled_from(("here", "here", "there"))), min_size=2, max_size=8
)
JUMPS = (1, 60, 300, 600, 3600, 86_400, 3 * 86_400, -3600)
"""Seconds; a clock that is asked to go back stands."""


class Done(NamedTuple):
    """A request and what came of it."""

    request: Request
    receipt: Receipt


class Rules(Ways, RuleBasedStateMachine):
    """All rules; a subclass brings log and writers."""

    log: Any

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        Ways.__init__(self)
        self.commands = 0
        self.sound = True
        self.here: list[Request] = []
        self.there: list[Request] = []
        self.done: list[Done] = []
        self.receipts: dict[Key, Receipt] = {}
        self.called: set[tuple[str, str, datetime]] = set()
        """Task force, key and time of what reactions called, or could not: nobody was there."""
        self.asked: list[type] = []
        """The kinds of command, in the order in which they were asked for."""
        self.open()
        self.history = History(self.log)
        self.populate()

    def populate(self) -> None:
        """Territory, departments, some people."""
        rows = tuple(register.DivisionRow(code=code, name=code) for code in CODES)
        self.ask(register.ImportDivisions(rows=rows), "here", "operator")
        self.all_kept()
        departments = tuple(
            DepartmentRow(key=key, name=key, division=DISTRICT, synthetic=True)
            for key in DEPARTMENTS
        )
        self.ask(ImportDepartments(rows=departments), "here", "operator")
        self.all_kept()
        held = {who: (POSTS[n],) for n, who in enumerate(PEOPLE[:5])}
        held[OFFICER] = (Post("duty_officer", DISTRICT),)
        held[TOWN] = (Post("township_commander", TOWNSHIP),)
        people = tuple(
            register.PersonRow(
                person=who, contact=register.Contact(self.sealed(who)), posts=posts, synthetic=True
            )
            for who, posts in held.items()
        )
        self.ask(register.ImportPeople(rows=people), "here", "operator")
        self.all_kept()

    # --- what a subclass brings ---------------------------------------------------------------------

    def open(self) -> None:
        """Make the log and two writers on it."""
        raise NotImplementedError

    @property
    def at(self) -> datetime:  # type: ignore[override]
        """The time by the first clock."""
        raise NotImplementedError

    def carry_out(self, first: list[Request], second: list[Request]) -> list[Result]:
        """Carry out two lists at once, one at each writer: the answers, the first's first."""
        raise NotImplementedError

    def let_react(self, which: Which) -> list[tuple[Request, Result]]:
        """Let the reactions run: what they asked for, and the answers."""
        raise NotImplementedError

    def let_react_meanwhile(self, asked: list[Request]) -> list[tuple[Request, Result]]:
        """Let the reactions run here while this is asked elsewhere: all that was asked for."""
        raise NotImplementedError

    def jump(self, seconds: int) -> None:
        """Move the clocks."""
        raise NotImplementedError

    def begin_anew(self, where: Where) -> None:
        """As after a restart of one of the processes."""
        raise NotImplementedError

    # --- asking -------------------------------------------------------------------------------------

    def ask(self, command: Any, where: Where, actor: str, **meta: Any) -> Request:
        """Keep a request, to be asked together with others."""
        self.commands += 1
        self.asked.append(type(command))
        fields: dict[str, Any] = {"occurred_at": self.at, **meta}
        about = Meta(actor=actor, command=self.command(self.commands), **fields)
        request = Request(command, about)
        (self.here if where == "here" else self.there).append(request)
        return request

    def send(self, first: list[Request], second: list[Request]) -> list[Result]:
        """Ask, and hold every answer against the log."""
        self.sound = False
        results = self.carry_out(first, second)
        self.take_in(zip([*first, *second], results, strict=True))
        self.sound = True
        return results

    def take_in(self, answered: Iterable[tuple[Request, Result]]) -> None:
        """Read on, and hold the answers against what stands in the log."""
        before = len(self.history.facts)
        self.history.read_on()
        failed: set[Key] = set()
        for request, result in answered:
            key = (request.meta.actor, request.meta.command)
            if isinstance(result, Receipt):
                self.check_receipt(request, result)
                self.done.append(Done(request, result))
            else:
                assert result.code not in BROKEN, (result, request)
                failed.add(key)
        assert not failed & (self.history.of_command.keys() - self.receipts.keys())
        new = {(f.meta.actor, f.meta.command) for f in self.history.facts[before:]}
        assert new <= self.receipts.keys(), "a fact without a command"

    def all_kept(self) -> list[Result]:
        """Ask everything that was kept."""
        first, second = self.here, self.there
        self.here, self.there = [], []
        return self.send(first, second)

    def check_receipt(self, request: Request, receipt: Receipt) -> None:
        """What is said to be written stands in the log, under this command; nothing else does."""
        key = (request.meta.actor, request.meta.command)
        mine = self.history.of_command.get(key, [])
        if receipt.first is None or receipt.last is None:
            assert mine == []
            # Of a CAP message that a newer one has replaced nothing is kept: its sender has it.
            nothing_new = receipt.code == "warning.newer_known"
            assert receipt.outcome in ("already_done", "refused") or nothing_new
        else:
            assert [fact.position for fact in mine] == list(range(receipt.first, receipt.last + 1))
            assert {fact.recorded_at for fact in mine} == {receipt.recorded_at}
            assert receipt.outcome in ("accepted", "overtaken")
        known = self.receipts.setdefault(key, receipt)
        assert (known.outcome, known.code, known.first, known.last) == (
            receipt.outcome,
            receipt.code,
            receipt.first,
            receipt.last,
        )
        assert known.recorded_at == receipt.recorded_at

    # --- the rules --------------------------------------------------------------------------------

    @rule(kind=kind, n=number, where=place)
    def one(self, kind: str, n: int, where: Where) -> None:
        """One request."""
        getattr(self, kind)(Picks(n), where)
        self.all_kept()

    @rule(kinds=together)
    def many_together(self, kinds: list[tuple[str, int, Where]]) -> None:
        """Many at once, each deciding on what those before it will have done; some elsewhere."""
        for kind, n, where in kinds:
            getattr(self, kind)(Picks(n), where)
        self.all_kept()

    @rule(kinds=together, n=number, twice=st.booleans(), where=place)
    def many_with_a_repeat(
        self, kinds: list[tuple[str, int, Where]], n: int, twice: bool, where: Where
    ) -> None:
        """A phone that did not hear the answer sends it again before the next ones."""
        request = self.done[n % len(self.done)].request
        (self.here if where == "here" else self.there).append(request)
        for kind, i, other in kinds:
            getattr(self, kind)(Picks(i), other)
        if twice:
            self.here.append(self.here[n % len(self.here)] if self.here else request)
        self.all_kept()

    @rule(n=number, other_body=st.booleans(), where=place)
    def repeat(self, n: int, other_body: bool, where: Where) -> None:
        """What was asked and answered before changes nothing, and gets the same answer."""
        request, before = self.done[n % len(self.done)]
        end, known = self.log.end(), len(self.done)
        if other_body:
            other = task_force.MakeEntry(task_force="tf-none", text="另一条")
            request = Request(other, request.meta)
        (result,) = self.send(*([request], []) if where == "here" else ([], [request]))
        assert self.log.end() == end
        if other_body:
            assert isinstance(result, CommandReused)
        else:
            assert isinstance(result, Receipt)
            assert result.repeated
            assert (result.outcome, result.code) == (before.outcome, before.code)
        del self.done[known:]

    @rule(seconds=st.sampled_from(JUMPS))
    def time_passes(self, seconds: int) -> None:
        """Time goes on."""
        self.jump(seconds)

    @rule(seconds=st.sampled_from((0, *JUMPS)), which=st.sampled_from(("here", "there", "both")))
    def react(self, seconds: int, which: Which) -> None:
        """What is due is asked for: by one process, by the other, by both at once."""
        self.sound = False
        self.jump(seconds)
        self.take_reactions(self.let_react(which))
        if which != "there":
            left = forgotten(self.history, self.at)
            assert left == [], left
            active = {name for name, f in self.history.forces.items() if f.status == "active"}
            due = {one for one in self.history.foreseen() if one[0] in active and one[2] <= self.at}
            # Who cannot be reached when the time comes is not called again and again.
            assert due <= self.called, due - self.called
            assert self.let_react("here") == [], "nothing is left to be asked for"
        self.sound = True

    @rule(kinds=together, seconds=st.sampled_from(JUMPS))
    def react_meanwhile(self, kinds: list[tuple[str, int, Where]], seconds: int) -> None:
        """What people do at that moment overtakes what is due, and nothing is lost by it."""
        for kind, n, _ in kinds:
            getattr(self, kind)(Picks(n), "there")
        asked, self.there = self.there, []
        self.sound = False
        self.jump(seconds)
        self.take_reactions(self.let_react_meanwhile(asked))
        self.react(0, "here")

    def take_reactions(self, answered: list[tuple[Request, Result]]) -> None:
        """Hold the answers against the log, and note what was called."""
        self.take_in(answered)
        for request, result in answered:
            assert not isinstance(result, CommandReused), request
            call = request.command
            # What an end refused is to be called after all when the task force goes on.
            refused = isinstance(result, Receipt) and result.code in ENDED
            if isinstance(call, CallForeseen) and request.meta.actor == ACTOR and not refused:
                self.called.add((call.task_force, call.key, call.at))

    @rule(where=place)
    def restart(self, where: Where) -> None:
        """A process begins anew: it knows what the log says, and nothing else."""
        self.begin_anew(where)

    # --- always -------------------------------------------------------------------------------------

    @invariant()
    def boards_are_the_recount(self) -> None:
        """Each tier is what its tasks are, counted one by one."""
        parts = self.history.boards.parts
        going = {name: part for name, part in parts.items() if not part.closed}
        for drills in (False, True):
            for code in (DISTRICT, TOWNSHIP):
                shown = tier_board(going, code, self.history.end, drills=drills)
                recount.check_tier_board(shown, self.history, drills=drills)
                waiters = open_tasks(going.values(), code, drills=drills, late=True)
                expected = recount.late(self.history, code, drills=drills)
                assert {waiter.task for waiter in waiters} == expected
            for key in DEPARTMENTS:
                board = department_board(going, key, self.history.end, drills=drills)
                recount.check_department(board, self.history, drills=drills)
