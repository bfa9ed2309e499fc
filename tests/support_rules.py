"""given(facts).when(command).then(facts): the rules, without a log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import pytest

from handheld.domain import plan, talking, task, task_force
from handheld.domain.answers import Answer, Outcome
from handheld.domain.errors import HandheldError
from handheld_events.base import Event
from handheld_events.examples import ENTRY, META, OFFICIAL, ORDER, PERSON
from handheld_events.orders import Steps
from handheld_events.plan import PlanEvent
from handheld_events.task import TaskDispatched, TaskEvent
from handheld_events.task_force import OrderIssued, TaskForceEvent, TaskForceStarted

S = TypeVar("S")
E = TypeVar("E", bound=Event)

ACCEPT_ONLY: Steps = ("accept",)
REPORTED: Steps = ("accept", "report")
VERIFIED: Steps = ("accept", "report", "verify")
THERE: Steps = ("accept", "on_scene")
ALL_STEPS = (ACCEPT_ONLY, REPORTED, VERIFIED, THERE)

AT = datetime(2021, 7, 23, 7, 0, tzinfo=UTC)
START = META.command
ASSIGNEE = PERSON
SOMEBODY_ELSE = OFFICIAL
COMMANDER = "person-S000007"
MESSAGE = "message-017ad229e98000000000000000000001"


class Outcomes(Generic[S, E]):
    """What came of a command, to be compared with what ought to."""

    def __init__(
        self, state: S | None, evolve: Callable[[S | None, E], S], run: Callable[[], Answer[E]]
    ) -> None:
        self._state = state
        self._evolve = evolve
        self._run = run

    def then(self, *events: E) -> S:
        """These facts follow; gives the state after them."""
        return self._is("accepted", None, events)

    def is_already_done(self, code: str) -> None:
        self._is("already_done", code, ())

    def is_refused(self, code: str) -> None:
        self._is("refused", code, ())

    def is_overtaken(self, code: str, *events: E) -> S:
        return self._is("overtaken", code, events)

    def raises(self, kind: type[HandheldError], code: str, **params: object) -> None:
        with pytest.raises(kind) as caught:
            self._run()
        assert type(caught.value) is kind
        assert caught.value.code == code
        for name, value in params.items():
            assert caught.value.params[name] == value

    def _is(self, outcome: Outcome, code: str | None, events: tuple[E, ...]) -> S:
        answer = self._run()
        assert (answer.outcome, answer.code, answer.events) == (outcome, code, events)
        state = self._state
        for event in events:
            state = self._evolve(state, event)
        assert state is not None
        return state


class Given(Generic[S, E]):
    """A stream with this history."""

    def __init__(
        self,
        evolve: Callable[[S | None, E], S],
        decide: Callable[[S | None, Any, str], Answer[E]],
        usual: str,
        *events: E,
    ) -> None:
        self._evolve = evolve
        self._decide = decide
        self._usual = usual
        self.state: S | None = None
        for event in events:
            self.state = evolve(self.state, event)

    def when(self, command: Any, who: str | None = None) -> Outcomes[S, E]:
        """This is asked for, by the assignee or whoever else is usual."""
        state, actor = self.state, who or self._usual
        return Outcomes(state, self._evolve, lambda: self._decide(state, command, actor))


KNOWN = task.Known(AT)
"""What is looked up for a decision about a task where nothing else matters: the time."""


def given_task(
    *events: TaskEvent, steps: Steps = REPORTED, known: task.Known = KNOWN, **dispatch: Any
) -> Given[task.Task, TaskEvent]:
    """A task that was dispatched (`dispatch`: what else that says), and what happened then."""
    first = dispatched(steps, **dispatch)
    return Given(task.evolve, _deciding(known), ASSIGNEE, first, *events)


def given_no_task() -> Given[task.Task, TaskEvent]:
    return Given(task.evolve, _deciding(KNOWN), ASSIGNEE)


def _deciding(
    known: task.Known,
) -> Callable[[task.Task | None, Any, str], Answer[TaskEvent]]:
    return lambda state, command, who: task.decide(state, command, who, who, known)


def given_task_force(
    *events: TaskForceEvent, entry: str = ENTRY, message: str = MESSAGE
) -> Given[task_force.TaskForce, TaskForceEvent]:
    """A task force that was started with one order, and what happened then.

    `entry` and `message` are the ids that new ones have. Who asks is somebody who does not command.
    """
    deciding = _talking(entry, message)
    return Given(task_force.evolve, deciding, SOMEBODY_ELSE, STARTED, ISSUED, *events)


def given_no_task_force() -> Given[task_force.TaskForce, TaskForceEvent]:
    return Given(task_force.evolve, _talking(ENTRY, MESSAGE), SOMEBODY_ELSE)


def _talking(
    entry: str, message: str
) -> Callable[[task_force.TaskForce | None, Any, str], Answer[TaskForceEvent]]:
    return lambda state, command, who: talking.decide(state, command, entry, message, who)


def given_plan(*events: PlanEvent) -> Given[plan.Plan, PlanEvent]:
    """A plan with this history."""
    return Given(plan.evolve, lambda state, command, _: plan.decide(state, command), "", *events)


def dispatched(steps: Steps = REPORTED, **dispatch: Any) -> TaskDispatched:
    return TaskDispatched(order=ORDER, person=ASSIGNEE, steps=steps, **dispatch)


STARTED = TaskForceStarted(
    title="违法建筑拆除", division="330825", organisation_at=7, commander=COMMANDER
)
ISSUED = OrderIssued(order=ORDER, key="1", text="到现场集合", tasks=3, steps=VERIFIED)
