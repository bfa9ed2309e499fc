"""The agenda: what is due when, kept up as facts come or begun from the boards, is the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handheld_events import task, task_force, warning
from handheld_events.ids import warning_id
from handheld_events.orders import PlanOrder, Reminding, Target
from handheld_projections.agenda import (
    Agenda,
    Calls,
    Filled,
    Found,
    Freed,
    LateTask,
    Settled,
    Unfilled,
    WarningDue,
)
from handheld_projections.boards import Boards, Part
from tests.support_registers import Incidents
from tests.support_story import GRID, PEOPLE, START, VILLAGE, Fact, Facts, Pick, Story, cut

REMIND = Reminding(after=600, every=300, most=2)
MINUTES = st.lists(st.integers(0, 12_000), min_size=1, max_size=4).map(sorted)
places = st.lists(st.integers(0, 250), max_size=6)


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Of task forces and tasks; or of findings and warnings too."""
    tell: Callable[[Pick], Story | Incidents] = draw(st.sampled_from((Story, Incidents)))
    source = random.Random(draw(st.integers(0, 2**32)))
    return tell(source.randrange).tell(draw(st.integers(0, 120)))


class Live:
    """Boards and agenda as the keeper has them: closed parts leave memory with a checkpoint."""

    def __init__(self) -> None:
        self._left: dict[str, Part] = {}
        self.boards = Boards(self._left.get)
        self.agenda = Agenda()
        self.agenda.restore({})

    def take(self, facts: Sequence[Fact]) -> None:
        self.boards.apply(facts)
        self.agenda.take(facts, self.boards)

    def checkpoint(self) -> None:
        self._left |= {name: part for name, part in self.boards.parts.items() if part.closed}
        self.boards.stored()

    def again(self) -> Live:
        """The same in a new process: the agenda is begun anew from the boards."""
        other = Live()
        other.boards, other.agenda = self.boards, self.rebuilt()
        return other

    def rebuilt(self) -> Agenda:
        agenda = Agenda()
        agenda.restore(self.boards.parts)
        return agenda


def told(found: Found) -> set[tuple[Any, ...]]:
    """What is due, told apart by task."""
    late = {(*what, *one) for what, tasks in found.late.items() for one in tasks}
    others = {
        (what.due.what, what.due.cause) if isinstance(what, WarningDue) else tuple(what)
        for what in found.others
    }
    return late | {("other", *other) for other in others}


def unnumbered(what: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """The same, but for how many reminders collapse into one: nobody answers while it is told."""
    return {one if one[0] == "other" else (*one[:4], *one[6:]) for one in what}


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


@settings(derandomize=True, deadline=None, max_examples=250)
@given(histories(), places, st.sets(st.integers(0, 6)), MINUTES)
def test_an_agenda_kept_up_is_the_one_begun_from_the_boards(
    facts: list[Fact], ends: list[int], checkpoints: set[int], minutes: list[int]
) -> None:
    live = Live()
    for number, batch in enumerate(cut(facts, ends)):
        live.take(batch)
        if number in checkpoints:
            live.checkpoint()
    rebuilt = live.rebuilt()
    for minute in minutes:
        kept, begun = (a.due(at(minute), live.boards) for a in (live.agenda, rebuilt))
        assert told(kept) == told(begun)
    last = at(1_000_000)
    assert told(live.agenda.due(last, live.boards)) == told(rebuilt.due(last, live.boards))


@settings(derandomize=True, deadline=None, max_examples=250)
@given(histories(), places, st.lists(st.integers(0, 12_000), min_size=6, max_size=6).map(sorted))
def test_what_a_rebuilt_agenda_tells_besides_was_told_before_and_nothing_is_told_twice(
    facts: list[Fact], ends: list[int], minutes: list[int]
) -> None:
    live, before = Live(), set[tuple[Any, ...]]()
    for batch, minute in zip(cut(facts, ends), minutes, strict=False):
        live.take(batch)
        rebuilt = told(live.rebuilt().due(at(minute), live.boards))
        now = told(live.agenda.due(at(minute), live.boards))
        assert now <= rebuilt
        assert unnumbered(rebuilt - now) <= unnumbered(before)
        assert told(live.agenda.due(at(minute), live.boards)) == set()
        before |= now


@settings(derandomize=True, deadline=None, max_examples=150)
@given(histories())
def test_nothing_is_due_before_the_next_instant_that_the_agenda_names(facts: list[Fact]) -> None:
    live = Live()
    live.take(facts)
    for _ in range(12):
        due = live.agenda.next_due()
        if due is None:
            assert told(live.agenda.due(at(10**7), live.boards)) == set()
            return
        early = live.agenda.due(due - timedelta(microseconds=1), live.boards)
        assert told(early) == set()
        live.agenda.due(due, live.boards)


def one_task(**terms: Any) -> tuple[Facts, Live, str, str]:
    """A task force, an agenda that follows it, and one task in a grid."""
    story = Facts()
    force = story.start()
    (stream,) = story.order(force, [(PEOPLE[0], GRID)], **terms)
    live = Live()
    live.take(story.facts)
    return story, live, force, stream


def then(story: Facts, live: Live, stream: str, event: Any) -> Fact:
    fact = story.add(stream, event)
    live.take([fact])
    return fact


def test_tasks_that_wait_alike_share_what_is_due() -> None:
    story = Facts()
    tasks = story.order(story.start(), [(who, VILLAGE) for who in PEOPLE[:3]], remind_accept=REMIND)
    live = Live()
    live.take(story.facts)

    found = live.agenda.due(at(10), live.boards)

    (what,) = found.late
    assert (what.kind, what.awaited, what.number, what.skipped) == ("remind", "accept", 1, 0)
    assert sorted(found.late[what]) == [LateTask(name, 1) for name in sorted(tasks)]


def test_those_reminded_within_the_same_minute_share_a_command_too() -> None:
    story = Facts()
    tasks = story.order(story.start(), [(who, VILLAGE) for who in PEOPLE[:2]], remind_report=REMIND)
    story.wait(7)
    story.add(tasks[0], task.TaskAccepted())
    story.wait(20)
    story.add(tasks[1], task.TaskAccepted())
    live = Live()
    live.take(story.facts)

    assert [len(found) for found in live.agenda.due(at(12), live.boards).late.values()] == [2]


def test_overdue_says_to_the_second_when_it_was_due() -> None:
    due = START + timedelta(minutes=5, seconds=17)
    _, live, _, _ = one_task(accept_by=due)

    assert live.agenda.due(due - timedelta(seconds=1), live.boards).late == {}
    (what,) = live.agenda.due(due, live.boards).late
    assert (what.kind, what.at) == ("overdue", due)


def test_a_task_that_waits_no_longer_is_not_due() -> None:
    story, live, _, stream = one_task(accept_by=at(5), remind_accept=REMIND)
    then(story, live, stream, task.TaskAccepted())

    assert told(live.agenda.due(at(600), live.boards)) == set()
    assert live.agenda.next_due() is None


def test_an_open_task_of_a_reopened_task_force_is_due_again() -> None:
    """It was reopened, or only declined, while its task force was over."""
    story, live, force, stream = one_task(report_by=at(90))
    then(story, live, stream, task.TaskClosed())
    then(story, live, force, task_force.TaskForceClosed(outcome="完成"))
    live.checkpoint()
    then(story, live, stream, task.TaskReopened(reason="没完"))
    assert told(live.agenda.due(at(100), live.boards)) == set()

    then(story, live, force, task_force.TaskForceReopened(reason="没完"))

    (what,) = live.agenda.due(at(100), live.boards).late
    assert (what.kind, what.awaited, what.at) == ("overdue", "report", at(90))


def test_a_recurring_order_is_due_at_its_time_while_the_task_force_is_active() -> None:
    story = Facts()
    force = story.start()
    issued = task_force.OrderIssued(order="order-1", text="巡查", tasks=0, key="r", next_at=at(60))
    from_plan = task_force.OrderForeseen(order=_foreseen("r"), at=START)
    live = Live()
    story.add(force, from_plan)
    story.add(force, issued)
    live.take(story.facts)
    then(story, live, force, task_force.StoodDown(reason="解除", withdrawn=0))
    assert live.agenda.due(at(61), live.boards).others == []

    then(story, live, force, task_force.TaskForceReopened(reason="没完"))

    assert live.agenda.due(at(61), live.boards).others == [Calls(force, "r", at(60), 1)]


def test_what_is_due_of_a_task_force_is_due_once_more_each_time_it_is_reopened() -> None:
    """Its end may have refused it: the time at which people would have been called is past."""
    story = Facts()
    force = story.start()
    story.order(force, [(PEOPLE[0], GRID)], open_to=1, accept_by=at(5))
    (order,) = (e.event.order for e in story.facts if isinstance(e.event, task_force.OrderIssued))
    live = Live()
    live.take(story.facts)
    for times in (0, 1, 2):
        due = live.agenda.due(at(9), live.boards).others
        assert due == [Unfilled(force, order, at(5), times)]
        then(story, live, force, task_force.StoodDown(reason="解除", withdrawn=0))
        assert live.agenda.due(at(9), live.boards).others == []
        then(story, live, force, task_force.TaskForceReopened(reason="没完"))


def _foreseen(key: str) -> PlanOrder:
    return PlanOrder(key=key, text="巡查", to=(Target(role="grid_head"),), every=3600)


def test_an_open_order_with_no_place_left_releases_those_who_still_wait() -> None:
    story = Facts()
    force = story.start()
    tasks = story.order(force, [(who, VILLAGE) for who in PEOPLE[:3]], open_to=1)
    order = next(f.event.order for f in story.facts if f.stream == tasks[0])
    live = Live()
    live.take(story.facts)
    assert live.agenda.due(at(1), live.boards).others == []
    story.add(force, task_force.OrderClaimed(order=order, task=tasks[0], left=0))
    live.take([story.facts[-1], story.add(tasks[0], task.TaskAccepted())])

    assert live.agenda.due(at(1), live.boards).others == [Filled(force, order)]
    assert live.agenda.due(at(2), live.boards).others == []


def test_an_open_order_is_nobodys_delay_but_is_told_of_when_its_time_to_be_claimed_passes() -> None:
    story, live, force, _ = one_task(open_to=1, accept_by=at(5), report_by=at(9))
    order = next(e.order for e in (f.event for f in story.facts) if hasattr(e, "open_to"))
    assert told(live.agenda.due(at(4), live.boards)) == set()

    found = live.agenda.due(at(60), live.boards)

    assert found.late == {}
    assert found.others == [Unfilled(force, order, at(5))]
    live.take([story.add(force, task_force.OrderUnfilled(order=order, left=1, due_at=at(5)))])
    assert live.rebuilt().due(at(70), live.boards).others == []


def test_a_place_that_becomes_free_again_is_offered_once_each_time() -> None:
    story = Facts()
    force = story.start()
    tasks = story.order(force, [(who, VILLAGE) for who in PEOPLE[:2]], open_to=1)
    order = next(f.event.order for f in story.facts if f.stream == tasks[0])
    live = Live()
    live.take(story.facts)

    for times in (1, 2):
        live.take(
            [
                story.add(force, task_force.OrderClaimed(order=order, task=tasks[0], left=0)),
                story.add(force, task_force.OrderUnclaimed(order=order, task=tasks[0], left=1)),
            ]
        )
        assert live.agenda.due(at(times), live.boards).others == [Freed(force, times, order)]
        assert live.agenda.due(at(times), live.boards).others == []


def test_an_order_about_a_finding_settles_it_each_time_the_last_task_is_done() -> None:
    """Nothing was done when the first declined: whoever does it in their place settles it."""
    story, live, force, first = one_task(finding="finding-1")
    order = story.facts[-1].event.order
    assert live.agenda.due(at(1), live.boards).others == []
    declined = then(story, live, first, task.TaskDeclined(reason="在外地"))
    found = live.agenda.due(at(1), live.boards).others
    assert found == [Settled(force, order, "finding-1", declined.position, first)]
    story.new_command()
    second = story.dispatch(force, order, PEOPLE[1], VILLAGE)
    live.take([story.facts[-1]])
    assert live.agenda.due(at(2), live.boards).others == []

    closed = then(story, live, second, task.TaskClosed())

    found = live.agenda.due(at(3), live.boards).others
    assert found == [Settled(force, order, "finding-1", closed.position, second)]


def test_what_has_been_closed_is_looked_at_no_more() -> None:
    story, live, force, _ = one_task(accept_by=at(5), remind_accept=REMIND)
    then(story, live, force, task_force.TaskForceCancelled(reason="误发", tasks=1))

    assert told(live.agenda.due(at(600), live.boards)) == set()


def test_what_was_asked_for_is_forgotten_when_its_task_force_has_ended() -> None:
    story, live, force, _ = one_task(accept_by=at(5), remind_accept=REMIND)
    live.agenda.due(at(60), live.boards)
    assert live.agenda._tried
    then(story, live, force, task_force.TaskForceCancelled(reason="误发", tasks=1))

    assert not live.agenda._tried


def test_of_a_warning_that_has_ended_nothing_is_kept() -> None:
    story, live = Facts(), Live()
    stream = warning_id(story.command())
    content = warning.WarningContent(
        event="台风", level="red", headline="台风红色预警", expires=at(60)
    )
    proposal = warning.StartProposed(
        plan="plan-x", plan_version=1, division=GRID, title="防台风", at_once=True
    )

    def tell(event: warning.WarningEvent) -> None:
        story.wait(60)
        story.add(stream, event)
        live.take(story.facts[-1:])

    for end in (
        warning.WarningCancelled(reason="解除"),
        warning.WarningExpired(due_at=at(60)),
    ):
        first = not story.facts
        tell(
            warning.WarningReceived(source="telephone", content=content)
            if first
            else warning.WarningUpdated(content=content)
        )
        assert told(live.agenda.due(story.now, live.boards)) != set()
        tell(proposal)
        assert told(live.agenda.due(story.now, live.boards)) != set()
        assert kept(live.agenda)
        tell(end)
        assert live.agenda.next_due() is None
        assert told(live.agenda.due(at(10_000), live.boards)) == set()
        assert not kept(live.agenda)


def kept(agenda: Agenda) -> set[Any]:
    """All that the agenda remembers of anything."""
    return {key for names in vars(agenda).values() if isinstance(names, dict) for key in names}
