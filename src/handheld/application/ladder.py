"""The ladder at work: looks at what is due, records the intention, sends, records what came of it.

Nothing is sent before the log holds that it is about to be. What has no result after a crash counts
as unknown, and goes out once more at most, under the same id. docs/reaching-people.md
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from handheld.application.ladder_keeper import LadderKeeper
from handheld.application.ladder_notes import Notes, together
from handheld.application.ladder_reach import Reach
from handheld.application.notifying import Came, Notice, Notifier
from handheld.application.ports import Clock, Log
from handheld.domain.errors import HandheldError
from handheld.domain.ladder import Ladder, Next, next_notice
from handheld.domain.notice_commands import NoticeAnswer, NoticeDone, NoticeToBegin
from handheld_events.task import Rung
from handheld_projections.notices import Attempt, Reaching

logger = logging.getLogger(__name__)

AT_ONCE = 1_024
"""So many attempts of one rung are under way at most: what was begun is sent soon."""
SOON = timedelta(seconds=1)
LATER = timedelta(seconds=30)
LONGEST_SLEEP = 1.0
ASK_AFTER = (timedelta(seconds=60), timedelta(seconds=600))
"""After so long the other side is asked what became of what it took."""
LOOKED_AT = 2_000
"""So many tasks are read from the log at a time."""

Begun = tuple[Reaching, Next]


class LadderAtWork:
    """One for a log. Runs in an event loop; `step` may be called instead of `run`."""

    def __init__(
        self,
        log: Log,
        clock: Clock,
        keeper: LadderKeeper,
        reach: Reach,
        notes: Notes,
        notifiers: Mapping[Rung, Notifier],
        ladder: Ladder,
    ) -> None:
        self._log = log
        self._clock = clock
        self._keeper = keeper
        self._reach = reach
        self._notes = notes
        self._notifiers = notifiers
        self._ladder = ladder
        self._floor = clock.now()
        """Phones first come back to a server that was down."""
        self._under_way: dict[str, int] = {}
        """Tasks of which an attempt was begun here, with its number."""
        self._busy: Counter[Rung] = Counter()
        self._asked: Counter[tuple[str, int]] = Counter()
        self._sending: set[asyncio.Task[None]] = set()
        self._ending = False
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Go on until `close`."""
        loop = asyncio.get_running_loop()

        def woken() -> None:
            with suppress(RuntimeError):  # the loop has closed
                loop.call_soon_threadsafe(self._wake.set)

        self._keeper.woken = woken
        while not self._ending:
            self._wake.clear()
            try:
                await self.step()
            except HandheldError as error:
                logger.warning("the ladder waits: %s", error.code)
            except Exception as error:  # it outlives whatever reading the log may raise
                logger.warning("the ladder waits: %s", type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._sleep())

    async def close(self, patience: float = 10.0) -> None:
        """Begin nothing more; wait so many seconds for what is being sent, then let it go."""
        self._ending = True
        self._wake.set()
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=patience)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        for notifier in self._notifiers.values():
            await notifier.close()

    async def settled(self) -> None:
        """Wait until what was begun has its result."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def step(self) -> int:
        """Do what is due now; how many attempts were begun. Their results come later."""
        now = self._clock.now()
        due = self._keeper.due(now)
        if not due:
            return 0
        begun = done = 0
        try:
            await asyncio.to_thread(self._reach.refresh)
            for done in range(0, len(due), LOOKED_AT):
                begun += await self._look(due[done : done + LOOKED_AT], now)
        except BaseException:
            for stream in due[done:]:  # told once: it is told again
                self._keeper.look_at(stream, now + SOON)
            raise
        return begun

    async def answered(self, reference: str, *, arrived: bool, code: str | None = None) -> int:
        """Record what the other side says of what it took under a reference; of how many attempts.

        Raises HandheldError where it cannot be recorded.
        """
        answers = [
            NoticeAnswer(task=task, number=number, arrived=arrived, code=code)
            for task, number in self._keeper.taken_as(reference)
        ]
        return await self._note_answers(answers)

    # --- looking --------------------------------------------------------------------------------

    async def _look(self, streams: Sequence[str], now: datetime) -> int:
        known = await asyncio.to_thread(self._keeper.read, streams)
        begin: dict[Rung, list[Begun]] = defaultdict(list)
        lost: list[NoticeDone] = []
        ask: dict[tuple[Rung, str], list[tuple[Reaching, int]]] = defaultdict(list)
        for stream, reaching in known.items():
            if stream in self._under_way:
                continue
            self._look_at_answers(reaching, now, ask)
            unfinished = next((one for one in reaching.attempts if one.result is None), None)
            if unfinished is not None:
                lost.append(_interrupted(stream, unfinished))
            elif reaching.unreached:
                self._plan(reaching, now, begin)
        begun = 0
        for rung, tasks in begin.items():
            begun += await self._begin(rung, tasks)
        for group in together(lost, lambda one: known[one.task].task_force):
            await self._notes.done(group)
        for (rung, reference), tasks_asked in ask.items():
            self._spawn(self._ask(rung, reference, tasks_asked))
        return begun

    def _plan(self, known: Reaching, now: datetime, begin: dict[Rung, list[Begun]]) -> None:
        found = next_notice(
            self._ladder,
            self._reach.rungs(known.person),
            known.since,
            known.attempts,
            numbered=known.numbered,
            drill=known.drill,
            floor=self._floor,
        )
        if found is None:
            return
        if found.at > now:
            self._keeper.look_at(known.task, found.at)
        elif self._busy[found.rung] + len(begin[found.rung]) >= AT_ONCE:
            self._keeper.look_at(known.task, now + SOON)
        else:
            begin[found.rung].append((known, found))

    # --- beginning and sending --------------------------------------------------------------------

    async def _begin(self, rung: Rung, tasks: Sequence[Begun]) -> int:
        by_task = {known.task: (known, found) for known, found in tasks}
        wanted = [NoticeToBegin(known.task, found.number, found.repeats) for known, found in tasks]
        groups = list(together(wanted, lambda one: by_task[one.task][0].task_force))
        if rung != "call_list":
            for one in wanted:
                self._under_way[one.task] = one.number
        results = await asyncio.gather(*(self._begin_group(rung, group) for group in groups))
        begun = [by_task[stream] for streams in results for stream in streams]
        if rung == "call_list":
            return len(begun)
        going = {known.task for known, _ in begun}
        for one in wanted:
            if one.task not in going:
                self._under_way.pop(one.task, None)
        self._busy[rung] += len(begun)
        most = self._notifiers[rung].together
        for start in range(0, len(begun), most):
            self._spawn(self._send(rung, begun[start : start + most]))
        return len(begun)

    async def _begin_group(self, rung: Rung, group: Sequence[NoticeToBegin]) -> list[str]:
        """The tasks of which the log now holds the intention, recorded just now."""
        receipt = await self._notes.begin(rung, group)
        if receipt is None or receipt.repeated or receipt.first is None or receipt.last is None:
            for one in group:
                self._keeper.look_at(one.task, self._clock.now() + LATER)
            return []
        first, last = receipt.first, receipt.last
        rows = await asyncio.to_thread(self._log.read, first - 1, last - first + 1, last)
        streams = {row[1] for row in rows}
        return [one.task for one in group if one.task in streams]

    async def _send(self, rung: Rung, begun: Sequence[Begun]) -> None:
        try:
            results = await self._sent(rung, begun)
            by_task = {known.task: known.task_force for known, _ in begun}
            for group in together(results, lambda one: by_task[one.task]):
                await self._notes.done(group)
        except HandheldError as error:  # without a result: the next process counts it as unknown
            logger.warning("results of %s notices not recorded: %s", len(begun), error.code)
        finally:
            self._busy[rung] -= len(begun)
            for known, _ in begun:
                self._under_way.pop(known.task, None)
                self._keeper.look_at(known.task, self._clock.now())

    async def _sent(self, rung: Rung, begun: Sequence[Begun]) -> list[NoticeDone]:
        still = [(known, found) for known, found in begun if self._keeper.wanted(known.task)]
        numbers = [(known, found.repeats or found.number) for known, found in still]
        notices, not_possible = self._reach.notices(rung, numbers)
        came: dict[str, Came] = {}
        if notices:
            try:
                told = await self._notifiers[rung].send(notices)
            except Exception as error:  # a fault of ours: whether anything went out is not known
                logger.warning("sending by %s failed: %s", rung, type(error).__name__)
                told = {}
            came = {one.task: told.get(one.id, Came("unknown", "no_answer")) for one in notices}
        results = []
        for known, found in begun:
            what = came.get(known.task)
            if what is None:
                what = Came("skipped", not_possible.get(known.task, "not_needed"))
            results.append(
                NoticeDone(
                    task=known.task,
                    number=found.number,
                    rung=rung,
                    result=what.result,
                    code=what.code,
                    reference=what.reference,
                )
            )
        return results

    # --- what the other side says later -------------------------------------------------------------

    def _look_at_answers(
        self,
        known: Reaching,
        now: datetime,
        ask: dict[tuple[Rung, str], list[tuple[Reaching, int]]],
    ) -> None:
        for one in known.attempts:
            notifier = self._notifiers.get(one.rung)
            if notifier is None or not notifier.asks_later:
                continue
            if one.result != "taken" or one.reference is None or one.arrived is not None:
                continue
            key = (known.task, one.number)
            count = self._asked[key]
            if count < len(ASK_AFTER) and one.at + ASK_AFTER[count] <= now:
                self._asked[key] = count = count + 1
                ask[one.rung, one.reference].append((known, one.number))
            if count < len(ASK_AFTER):
                self._keeper.look_at(known.task, max(now, one.at + ASK_AFTER[count]))

    async def _ask(self, rung: Rung, reference: str, tasks: Sequence[tuple[Reaching, int]]) -> None:
        notices: list[Notice] = self._reach.notices(rung, tasks)[0]
        try:
            told = await self._notifiers[rung].ask(reference, notices)
            numbers = {known.task: number for known, number in tasks}
            answers = [
                NoticeAnswer(
                    task=one.task,
                    number=numbers[one.task],
                    arrived=told[one.id].arrived,
                    code=told[one.id].code,
                )
                for one in notices
                if one.id in told
            ]
            await self._note_answers(answers)
        except HandheldError as error:
            logger.warning("answers by %s not recorded: %s", rung, error.code)
        except Exception as error:
            logger.warning("asking by %s failed: %s", rung, type(error).__name__)

    async def _note_answers(self, answers: Sequence[NoticeAnswer]) -> int:
        if not answers:
            return 0
        known = await asyncio.to_thread(self._keeper.read, [one.task for one in answers])
        readable = [one for one in answers if one.task in known]
        noted = 0
        for group in together(readable, lambda one: known[one.task].task_force):
            receipt = await self._notes.answered(group)
            if not receipt.repeated and receipt.first is not None and receipt.last is not None:
                noted += receipt.last - receipt.first + 1
        return noted

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    def _sleep(self) -> float:
        due = self._keeper.next_due()
        if due is None:
            return LONGEST_SLEEP
        left = (due - self._clock.now()).total_seconds()
        return min(LONGEST_SLEEP, max(left, 0.0))


def _interrupted(task: str, attempt: Attempt) -> NoticeDone:
    return NoticeDone(
        task=task, number=attempt.number, rung=attempt.rung, result="unknown", code="interrupted"
    )
