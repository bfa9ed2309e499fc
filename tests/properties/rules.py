"""The rules of the state machine: everything that anybody may ask for, one by one and together.

Choices are drawn as numbers and fall on what there is at that moment, so that what is drawn never
depends on what came of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from handheld.application.requests import Receipt, Request
from handheld.domain import register, task_force
from handheld.domain.errors import CommandReused, HandheldError
from handheld_events import task_force as facts
from handheld_events.envelope import Meta
from handheld_events.ids import command_id
from tests.properties.asking import CODES, KINDS, OFFICER, Asking, Where
from tests.properties.history import History

ORIGIN = datetime(2021, 7, 23, 7, tzinfo=UTC)

Result = Receipt | HandheldError

number = st.integers(0, 59)
kind = st.sampled_from(KINDS)
together = st.lists(
    st.tuples(kind, number, number, st.sampled_from(("here", "here", "there"))),
    min_size=2,
    max_size=8,
)


class Done(NamedTuple):
    """A request and what came of it."""

    request: Request
    receipt: Receipt


class Rules(Asking, RuleBasedStateMachine):
    """All rules; a subclass brings log and writers."""

    log: Any
    at: datetime

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        Asking.__init__(self)
        self.commands = 0
        self.sound = True
        self.here: list[Request] = []
        self.there: list[Request] = []
        self.done: list[Done] = []
        self.open()
        self.history = History(self.log)
        rows = tuple(register.DivisionRow(code=code, name=code) for code in CODES[:5])
        self.ask(register.ImportDivisions(rows=rows), "here", OFFICER)
        self.all_kept()
        for n in range(4):
            self.person(n, n)
        self.adopt(0, 2)
        self.all_kept()
        self.start(0, 2)
        self.start_ad_hoc(0, 5)
        self.all_kept()

    def open(self) -> None:
        """Make the log and two writers on it."""
        raise NotImplementedError

    def carry_out(self, first: list[Request], second: list[Request]) -> list[Result]:
        """Carry out two lists at once, one at each writer: the answers, the first's first."""
        raise NotImplementedError

    def ask(self, command: Any, where: Where, actor: str, **meta: Any) -> Request:
        """Keep a request, to be asked together with others."""
        self.commands += 1
        fields: dict[str, Any] = {"occurred_at": self.at, **meta}
        unique = self.commands.to_bytes(10, "big")
        about = Meta(actor=actor, command=command_id(self.commands, unique), **fields)
        request = Request(command, about)
        (self.here if where == "here" else self.there).append(request)
        return request

    def send(self, first: list[Request], second: list[Request]) -> list[Result]:
        """Ask, and hold every answer against the log."""
        self.sound = False
        results = self.carry_out(first, second)
        self.history.read_on()
        for request, result in zip([*first, *second], results, strict=True):
            if isinstance(result, Receipt):
                self.check_receipt(request, result)
                self.done.append(Done(request, result))
            else:
                assert result.code not in ("internal", "writer.stopped", "fold.late"), result
        self.tasks = list(self.history.tasks)
        self.sound = True
        return results

    def all_kept(self) -> None:
        """Ask everything that was kept."""
        first, second = self.here, self.there
        self.here, self.there = [], []
        self.send(first, second)

    def check_receipt(self, request: Request, receipt: Receipt) -> None:
        """What is said to be written stands in the log, under this command; nothing else does."""
        key = (request.meta.command, request.meta.actor)
        mine = [f for f in self.history.facts if (f.meta.command, f.meta.actor) == key]
        if receipt.first is None or receipt.last is None:
            assert mine == []
            assert receipt.outcome in ("already_done", "refused")
        else:
            assert [fact.position for fact in mine] == list(range(receipt.first, receipt.last + 1))
            assert {fact.recorded_at for fact in mine} == {receipt.recorded_at}
            assert receipt.outcome in ("accepted", "overtaken")

    # --- the rules --------------------------------------------------------------------------------

    @rule(kind=kind, n=number, m=number)
    def one(self, kind: str, n: int, m: int) -> None:
        """One request."""
        getattr(self, kind)(n, m)
        self.all_kept()

    @rule(kinds=together)
    def many_together(self, kinds: list[tuple[str, int, int, Where]]) -> None:
        """Many at once, each deciding on what those before it will have done; some elsewhere."""
        for kind, n, m, where in kinds:
            getattr(self, kind)(n, m, where)
        self.all_kept()

    @rule(kinds=together, n=number, twice=st.booleans(), where=st.sampled_from(("here", "there")))
    def many_with_a_repeat(
        self, kinds: list[tuple[str, int, int, Where]], n: int, twice: bool, where: Where
    ) -> None:
        """A phone that did not hear the answer sends it again before the next ones."""
        request = self.done[n % len(self.done)].request
        (self.here if where == "here" else self.there).append(request)
        for kind, i, m, place in kinds:
            getattr(self, kind)(i, m, place)
        if twice:
            self.here.append(self.here[n % len(self.here)] if self.here else request)
        self.all_kept()

    @rule(n=number, other_body=st.booleans(), where=st.sampled_from(("here", "there")))
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
            assert (result.first, result.last) == (before.first, before.last)
            assert result.recorded_at == before.recorded_at
        del self.done[known:]

    @rule(seconds=st.sampled_from((1, 60, 3600)))
    def time_passes(self, seconds: int) -> None:
        """Time goes on."""
        self.time_goes_on(seconds)

    def time_goes_on(self, seconds: int) -> None:
        """Move the clock."""
        raise NotImplementedError

    # --- always -------------------------------------------------------------------------------------

    @invariant()
    def orders_and_entries_are_there_once(self) -> None:
        """An id names one thing."""
        every: list[Any] = [fact.event for fact in self.history.facts]
        issued = [event.order for event in every if isinstance(event, facts.OrderIssued)]
        made = [event.entry for event in every if isinstance(event, facts.EntryMade)]
        assert len(set(issued)) == len(issued)
        assert len(set(made)) == len(made)
