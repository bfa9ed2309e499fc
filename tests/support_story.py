"""Stories: facts in log order, written by hand or told by chance, for the tests of folds.

A story obeys what the log promises (positions, versions and recorded times grow, each stream begins
with its first fact) and nothing else: a fold must bear late facts, repeated marks and wrong claims.
All people are synthetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st

from handheld.application.ports import CommandKey, Decided, Log, Written
from handheld_events import division, person, plan, task, task_force
from handheld_events.base import Event
from handheld_events.codec import Writing, microseconds
from handheld_events.envelope import About, Meta, Recorded
from handheld_events.forms import Filled
from handheld_events.ids import TaskIds, command_id, order_id, task_force_id
from handheld_events.orders import Awaited, PlanOrder, Reminding, Steps, Target
from handheld_events.sealed import Sealed
from handheld_projections.boards import Boards

START = datetime(2021, 7, 23, 7, 0, tzinfo=UTC)
DISTRICT = "330825"
TOWNSHIP = "330825101"
VILLAGE = "330825101264"
GRID = "330825101264001"
CODES = (
    DISTRICT,
    TOWNSHIP,
    "330825102",
    VILLAGE,
    "330825101265",
    "330825102200",
    GRID,
    "330825101264002",
    "330825102200001",
)
ROLES = ("grid_head", "village_team_leader", "household_contact")
PEOPLE = tuple(f"person-S{n}" for n in range(8))
OFFICER = "person-S9"

Fact = Recorded[Any]
Pick = Callable[[int], int]
"""One of so many, by chance: 0 to n - 1."""


class Facts:
    """Writes facts as a log numbers them; the time stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START
        self.facts: list[Fact] = []
        self._versions: dict[str, int] = {}
        self._about: dict[str, About] = {}
        self._commands = 0

    def new_command(self) -> str:
        """A command id; all facts until the next one are of this command."""
        self._commands += 1
        return self.command()

    def command(self) -> str:
        """The id of the command of which the facts are written now."""
        return command_id(self._commands, bytes(10))

    def wait(self, seconds: float) -> None:
        """Time goes on."""
        self.now += timedelta(seconds=seconds)

    def add(
        self,
        stream: str,
        event: Event,
        about: About | None = None,
        actor: str = OFFICER,
        **meta: Any,
    ) -> Fact:
        """One more fact; `about` is that of the stream's first fact."""
        known = self._about.setdefault(stream, about or About())
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        fields: dict[str, Any] = {"occurred_at": self.now, **meta}
        fact = Recorded(
            len(self.facts) + 1,
            stream,
            version,
            self.now,
            Meta(actor=actor, command=self.command(), **fields),
            known.division,
            known.task_force,
            known.person,
            event,
        )
        self.facts.append(fact)
        return fact

    def start(self, *, drill: bool = False, division: str = DISTRICT) -> str:
        """A task force begins; gives its stream."""
        stream = task_force_id(self.new_command())
        event = task_force.TaskForceStarted(
            title="台风", division=division, organisation_at=len(self.facts)
        )
        self.add(stream, event, About(division=division, task_force=stream), drill=drill)
        return stream

    def order(
        self,
        stream: str,
        places: Iterable[tuple[str, str]],
        *,
        steps: Steps = ("accept", "report"),
        drill: bool = False,
        **terms: Any,
    ) -> list[str]:
        """An order and its tasks, for (person, division) each; gives the streams of the tasks.

        `terms`: what else the order says.
        """
        order = order_id(self.new_command(), 0)
        places = list(places)
        event = task_force.OrderIssued(
            order=order, text="走访", tasks=len(places), steps=steps, **terms
        )
        self.add(stream, event, drill=drill)
        is_open = terms.get("open_to") is not None
        return [
            self.dispatch(stream, order, who, where, steps=steps, drill=drill, open=is_open)
            for who, where in places
        ]

    def dispatch(
        self,
        stream: str,
        order: str,
        who: str,
        where: str,
        *,
        steps: Steps = ("accept", "report"),
        drill: bool = False,
        **dispatch: Any,
    ) -> str:
        """A task of an order; gives its stream."""
        name = TaskIds(order).of(who)
        self.add(
            name,
            task.TaskDispatched(order=order, person=who, steps=steps, **dispatch),
            About(division=where, task_force=stream, person=who),
            drill=drill,
        )
        return name


def sealed(subject: str) -> Sealed:
    """A sealed value of the right shape; nothing is in it."""
    return Sealed(subject=subject, key="k1", box=bytes(28))


class Story(Facts):
    """Tells a story by chance."""

    def __init__(self, pick: Pick) -> None:
        super().__init__()
        self._pick = pick
        self.task_forces: list[str] = []
        self.tasks: dict[str, str] = {}
        """Task to task force."""
        self._orders: list[tuple[str, str]] = []
        self._entries: list[tuple[str, str]] = []
        self._closed: set[str] = set()
        self._people: dict[str, list[tuple[str, str]]] = {}
        self._erased: set[str] = set()
        self._divisions: set[str] = set()

    def tell(self, steps: int) -> list[Fact]:
        """So many steps; gives all facts so far."""
        for _ in range(steps):
            self._step()
        return self.facts

    def _one(self, choices: Sequence[Any]) -> Any:
        return choices[self._pick(len(choices))]

    def _step(self) -> None:
        steps = (
            self._time_passes,
            self._task_force_starts,
            self._order_is_issued,
            self._somebody_is_pulled_in,
            *[self._task_goes_on] * 6,
            self._entry,
            self._correction,
            self._stand_down_or_close,
            self._task_force_goes_on,
            self._after_the_end,
            self._register,
            *[self._post] * 4,
            self._plan,
        )
        self._one(steps)()

    def _time_passes(self) -> None:
        self.wait(self._one((0.25, 1, 59, 3600, 90_000)))

    def _task_force_starts(self) -> None:
        drill = self._pick(4) == 0
        stream = self.start(drill=drill, division=self._one(CODES[:3]))
        self.task_forces.append(stream)
        self._issue(stream, drill=drill)

    def _order_is_issued(self) -> None:
        running = [name for name in self.task_forces if name not in self._closed]
        if running:
            self._issue(self._one(running))

    def _issue(self, stream: str, *, drill: bool = False) -> None:
        steps: Steps = self._one(
            (("accept",), ("accept", "report"), ("accept", "report", "verify"))
        )
        first = self._pick(len(PEOPLE))
        people = PEOPLE[first : first + 1 + self._pick(4)]
        places = [(who, self._one(CODES)) for who in people]
        tasks = self.order(stream, places, steps=steps, drill=drill, **self._terms())
        self._orders.append((stream, order_id(self.command(), 0)))
        self.tasks |= dict.fromkeys(tasks, stream)

    def _terms(self) -> dict[str, Any]:
        """What an order says of times, places and findings."""
        reminding = Reminding(after=600, every=300, most=2)
        return {
            "accept_by": self._one((None, self.now + timedelta(minutes=30))),
            "report_by": self._one((None, self.now + timedelta(hours=2))),
            "remind_accept": self._one((None, reminding)),
            "remind_report": self._one((None, reminding)),
            "open_to": self._one((None, None, 1)),
            "finding": self._one((None, None, "finding-1")),
        }

    def _somebody_is_pulled_in(self) -> None:
        if not self._orders:
            return
        stream, order = self._one(self._orders)
        who, where = self._one(PEOPLE), self._one(CODES)
        if stream in self._closed or TaskIds(order).of(who) in self.tasks:
            return
        self.new_command()
        tasked = order if self._pick(2) else None
        event = task_force.PersonPulledIn(person=who, division=where, order=tasked)
        self.add(stream, event)
        if tasked:
            self.tasks[self.dispatch(stream, order, who, where)] = stream

    def _task_goes_on(self) -> None:
        if not self.tasks:
            return
        stream = self._one(list(self.tasks))
        event: task.TaskEvent = self._one(self._task_events())
        first = next(fact for fact in self.facts if fact.stream == stream)
        claim: dict[str, Any] = self._one(
            (
                {},
                {"occurred_at": self.now - timedelta(seconds=90)},
                {"occurred_at": self.now + timedelta(hours=2)},
                {"occurred_at": START - timedelta(days=1)},
                {"clock_offset": 45.5},
                {"reported_at": self.now - timedelta(seconds=5)},
            )
        )
        self.new_command()
        self.add(stream, event, actor=self._one((first.person, OFFICER)), **claim)

    def _task_events(self) -> tuple[task.TaskEvent, ...]:
        later = self.now + timedelta(minutes=45)
        awaited: Awaited = self._one(("accept", "report"))
        number = 1 + self._pick(2)
        household = f"H{self._pick(3)}"
        satisfied = self._one((None, True, False))
        filled = Filled(numbers={self._one(("moved", "trees")): self._pick(9)})
        return (
            task.TaskDelivered(),
            task.TaskRead(),
            *[task.TaskAccepted()] * 3,
            *[task.TaskReported(text="好", filled=filled)] * 3,
            *[task.TaskClosed()] * 2,
            task.TaskVerified(),
            task.TaskSentBack(reason="不清"),
            task.TaskDeclined(reason="在外地"),
            task.TaskWithdrawn(reason="不需要"),
            task.TaskOvertaken(did="report", because="closed", text="晚了"),
            task.TaskNoticeBegun(rung="sms", number=number),
            task.TaskNoticeAttempted(rung="sms", number=number, result="taken"),
            task.TaskNoticeAnswered(number=number, arrived=True),
            task.TaskCorrected(version=1, reason="记错", text="对的"),
            task.TaskEnRoute(),
            task.TaskOnScene(),
            *[task.HouseholdVisited(household=household, done="已告知", satisfied=satisfied)] * 2,
            task.TaskReassigned(to=PEOPLE[0], task="task-x", reason="换人"),
            task.TaskPassedOn(order="order-x", tasks=2),
            task.TaskSuspended(reason="停电", until=self._one((None, later)), at=self.now),
            task.TaskResumed(report_by=later),
            task.TaskExtended(report_by=later, reason="路断"),
            task.TaskReminded(awaited=awaited, number=number),
            task.TaskEscalated(awaited=awaited, number=number, to=PEOPLE[1], division=CODES[0]),
            *[task.TaskOverdue(awaited=awaited, due_at=self.now)] * 2,
            task.TaskSupervised(text="盯紧"),
            task.TaskAmended(number=number, steps=("accept", "report"), accept_by=later),
            task.TaskReopened(reason="没完"),
            task.TaskRated(satisfied=satisfied is True),
            task.TaskEvaluated(score=4),
            task.TaskCancelled(reason="误发"),
        )

    def _task_force_goes_on(self) -> None:
        if not self.task_forces:
            return
        self.new_command()
        stream = self._one(self.task_forces)
        own = [order for of, order in self._orders if of == stream] or ["order-none"]
        order, key = self._one(own), self._one(("rounds", "wave"))
        later = self._one((None, self.now + timedelta(minutes=20)))
        foreseen = PlanOrder(
            key=key, text="巡查", to=(Target(role=ROLES[0]),), level="II", every=600
        )
        events: tuple[task_force.TaskForceEvent, ...] = (
            *[task_force.OrderForeseen(order=foreseen, at=later)] * 3,
            task_force.OrderIssued(
                order="order-later", text="再查", tasks=0, key=key, next_at=later
            ),
            task_force.OrderAmended(order=order, number=1, text="改走北路", reason="塌方", tasks=1),
            task_force.OrderWithdrawn(order=order, reason="不需要", withdrawn=0),
            *[task_force.OrderClaimed(order=order, task="task-x", left=0)] * 2,
            task_force.LevelChanged(level="II", before="IV", reason="雨大"),
            task_force.CommandHandedOver(to=self._one(PEOPLE), handed_by=OFFICER),
            task_force.DepartmentCalled(department="water", part="lead"),
            task_force.DepartmentAccepted(department="water", task="task-x"),
            task_force.MessageSent(message="message-1", text="水位？", question=True),
            task_force.MessageSent(message="message-2", text="退了", answers="message-1"),
        )
        self.add(stream, self._one(events))

    def _after_the_end(self) -> None:
        ended = [name for name in self.task_forces if name in self._closed]
        if not ended:
            return
        self.new_command()
        stream = self._one(ended)
        event = self._one(
            (
                task_force.TaskForceReopened(reason="没完"),
                task_force.TaskForceRated(satisfied=True),
                task_force.TaskForceEvaluated(score=5),
                task_force.TaskForceArchived(),
            )
        )
        self.add(stream, event)
        if isinstance(event, task_force.TaskForceReopened):
            self._closed.discard(stream)

    def _entry(self) -> None:
        self.new_command()
        if self._entries and self._pick(2):
            stream, entry = self._one(self._entries)
            self.add(stream, task_force.EntryStruck(entry=entry, reason="重复"))
        elif self.task_forces:
            stream = self._one(self.task_forces)
            entry = f"entry-{self.command()}"
            self.add(stream, task_force.EntryMade(entry=entry, text="到场"))
            self._entries.append((stream, entry))

    def _correction(self) -> None:
        if self.task_forces:
            self.new_command()
            stream = self._one(self.task_forces)
            event = task_force.TaskForceCorrected(version=1, reason="记错", text="对的")
            self.add(stream, event)

    def _stand_down_or_close(self) -> None:
        running = [name for name in self.task_forces if name not in self._closed]
        if not running:
            return
        stream = self._one(running)
        self.new_command()
        for name, of in self.tasks.items():
            if of == stream and self._pick(3) == 0:
                self.add(name, task.TaskWithdrawn(reason="结束"))
        if self._pick(2):
            self.add(stream, task_force.StoodDown(reason="解除", withdrawn=0))
        else:
            self._closed.add(stream)
            if self._pick(4):
                self.add(stream, task_force.TaskForceClosed(outcome="完成"))
            else:
                self.add(stream, task_force.TaskForceCancelled(reason="误发", tasks=0))

    def _register(self) -> None:
        self.new_command()
        code = self._one(CODES)
        stream = f"division-{code}"
        if code in self._divisions:
            self.add(stream, division.DivisionRenamed(name=f"新{self._pick(9)}"))
        else:
            self._divisions.add(code)
            event = division.DivisionRegistered(code=code, name=code, synthetic=True)
            self.add(stream, event, About(division=code))

    def _post(self) -> None:
        who = self._one(PEOPLE[:3])
        if who in self._erased:
            return
        self.new_command()
        about = About(division=DISTRICT, person=who)
        if who not in self._people:
            self._people[who] = []
            event = person.PersonRegistered(name=sealed(who), synthetic=True)
            self.add(who, event, about)
        held = self._people[who]
        post = (self._one(ROLES[:2]), self._one(CODES[:2]))
        match self._pick(8):
            case 0:
                self._erased.add(who)
                self.add(who, person.PersonErased(reason="本人要求"))
            case 1:
                self.add(who, person.PersonContactChanged(name=sealed(who), phone=sealed(who)))
            case 2 | 3 | 4 if held:
                role, where = held.pop(self._pick(len(held)))
                self.add(who, person.PostLeft(role=role, division=where))
            case _ if post not in held:
                held.append(post)
                self.add(who, person.PostTaken(role=post[0], division=post[1]))
            case _:
                pass

    def _plan(self) -> None:
        self.new_command()
        order = PlanOrder(key="1", text="走访", to=(Target(role=ROLES[0]),))
        event = plan.PlanAdopted(title="防台风", division=DISTRICT, orders=(order,))
        self.add("plan-typhoon", event, About(division=DISTRICT))


@st.composite
def stories(draw: st.DrawFn, max_steps: int = 60) -> list[Fact]:
    """Facts of a whole story, for Hypothesis."""
    story = Story(lambda n: draw(st.integers(0, n - 1)))
    return story.tell(draw(st.integers(0, max_steps)))


def cut(facts: Sequence[Fact], places: Iterable[int]) -> list[Sequence[Fact]]:
    """The facts in batches that end at these places, wherever they lie."""
    ends = sorted({min(place, len(facts)) for place in places} | {len(facts)})
    return [facts[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def folded(facts: Iterable[Fact]) -> Boards:
    """The boards of these facts, from scratch and in one go."""
    boards = Boards()
    boards.apply(facts)
    return boards


def write(log: Log, facts: Sequence[Fact]) -> None:
    """Put the facts into a real log, each command as one decision with its own recorded time."""
    groups: list[list[Fact]] = []
    for fact in facts:
        if groups and groups[-1][0].meta.command == fact.meta.command:
            groups[-1].append(fact)
        else:
            groups.append([fact])
    for group in groups:
        rows = [
            (
                fact.stream,
                fact.version,
                fact.event.TOPIC,
                Writing(fact.meta).state(
                    fact.event,
                    About(division=fact.division, task_force=fact.task_force, person=fact.person),
                ),
            )
            for fact in group
        ]
        key = CommandKey(group[0].meta.actor, group[0].event_id, b"")
        moment = microseconds(group[-1].recorded_at)
        (verdict,) = log.commit([Decided(key, "accepted", None, (), rows)], partial(int, moment))
        assert isinstance(verdict, Written), verdict
