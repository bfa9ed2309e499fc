"""The writer: one queue, one thread, many commands a commit.

What is acknowledged is on disk. The queue is bounded; a repeated command is answered as the first
time; a decision that was overtaken is made again, five times at most. After a failed write nothing
is acknowledged any more. docs/architecture.md#the-writer
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import perf_counter

import msgspec
from msgspec.structs import replace

from handheld.application.deciding import Case, Failed, Ready, decide_all
from handheld.application.handlers.base import World
from handheld.application.loading import Append, States
from handheld.application.ports import (
    Clock,
    CommandKey,
    Conflict,
    Decided,
    Log,
    LogAway,
    LogBroken,
    LogBusy,
    LogFull,
    Reused,
    Verdict,
    Written,
)
from handheld.application.requests import REACTIONS, Receipt, Request
from handheld.domain.errors import (
    Away,
    Busy,
    CommandReused,
    Contended,
    HandheldError,
    Malformed,
    NotAllowed,
    NotFound,
    Unconfirmed,
    WriterStopped,
)
from handheld_events.codec import instant, microseconds

logger = logging.getLogger(__name__)

ATTEMPTS = 5
CAPACITY = 20_000
BATCH = 2_048
"""So many commands at most share a commit: enough to make a flush cheap, few enough to be quick."""

Result = Receipt | HandheldError
Told = Callable[[Result], object]
_Waiting = Future[Receipt] | asyncio.Future[Receipt] | Told
ANSWERED = 128
"""So many answers are given in one turn of an event loop."""


class _Item(msgspec.Struct, frozen=True):
    request: Request
    key: CommandKey
    waiting: _Waiting
    loop: asyncio.AbstractEventLoop | None


class Writer:
    """Takes requests from any thread or event loop, and answers when they are durable."""

    def __init__(
        self, log: Log, clock: Clock, world: World, *, capacity: int = CAPACITY, batch: int = BATCH
    ) -> None:
        self._log = log
        self._clock = clock
        self._world = world
        self._states = States(log)
        self._batch = batch
        self._capacity = capacity
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._stopped: str | None = None
        self._door = Lock()
        self._closing = False
        self.committed: Callable[[int, float], None] = lambda facts, seconds: None
        """Told of each commit: how many facts, and how long it took in seconds."""
        self.wrote: Callable[[int, Sequence[Append]], None] | None = None
        """Told of each commit: its last position, and what was appended."""
        self.answered: Callable[[Request, Result], None] | None = None
        """Told of each request and its answer, once the sender has it."""
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @property
    def stopped(self) -> str | None:
        """Why nothing is written any more; None where all is well."""
        return self._stopped

    @property
    def queued(self) -> int:
        """How many requests wait."""
        return self._queue.qsize()

    def submit(self, request: Request) -> Future[Receipt]:
        """Queue a request from a thread. Raises Malformed, Busy, WriterStopped."""
        waiting: Future[Receipt] = Future()
        self._put(_Item(request, request.key(), waiting, None))
        return waiting

    def execute(self, request: Request) -> Receipt:
        """Carry out a request; durable when it returns. Raises HandheldError."""
        return self.submit(request).result()

    def submit_soon(self, request: Request) -> asyncio.Future[Receipt]:
        """Queue a request from an event loop, to be awaited there."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Receipt] = loop.create_future()
        self._put(_Item(request, request.key(), waiting, loop))
        return waiting

    def submit_and_tell(self, request: Request, told: Told) -> None:
        """The same; `told` is called in the event loop, at the price of no future.

        For thousands at once. Raises Malformed, Busy, WriterStopped.
        """
        self._put(_Item(request, request.key(), told, asyncio.get_running_loop()))

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._door:
            if not self._closing:
                self._closing = True
                self._queue.put(None)
        self._thread.join()

    def _put(self, item: _Item) -> None:
        with self._door:  # nothing is queued behind the end, where nobody would answer it
            if self._closing or self._stopped is not None:
                raise WriterStopped(self._stopped or "closed")
            if self._queue.qsize() >= self._capacity:
                raise Busy(retry_after=1)
            self._queue.put(item)

    def _run(self) -> None:
        ended = False
        while not ended:
            items: list[_Item] = []
            item = self._queue.get()
            while item is not None and len(items) < self._batch - 1:
                items.append(item)
                try:
                    item = self._queue.get_nowait()
                except Empty:
                    break
            else:
                if item is None:
                    ended = True
                else:
                    items.append(item)
            if items:
                self._answer(items, self._carry_out(items))

    def _carry_out(self, items: Sequence[_Item]) -> list[Result]:
        """One answer for each item, in order."""
        if self._stopped is not None:
            return [WriterStopped(self._stopped)] * len(items)
        first: dict[tuple[str, str], int] = {}
        results: dict[int, Result] = {}
        again: list[tuple[int, int]] = []
        cases: dict[int, Case] = {}
        for index, item in enumerate(items):
            earlier = first.setdefault((item.key.actor, item.key.command), index)
            if earlier == index:
                cases[index] = Case(item.request, item.key, 0)
            else:
                again.append((index, earlier))
        try:
            self._answer_replayed(cases, results)
            self._until_answered(cases, results)
        except LogFull as error:
            self._fail(items, results, HandheldError("log.full", reason=str(error)))
        except LogAway:
            self._fail(items, results, Away())
        except LogBusy:
            self._fail(items, results, Busy(retry_after=1))
        except LogBroken as error:
            self._stopped = str(error)
            self._fail(items, results, WriterStopped(self._stopped))
        except Exception as error:
            self._stopped = f"{type(error).__name__}: {error}"
            self._fail(items, results, WriterStopped(self._stopped))
        for index, earlier in again:
            if index not in results:
                results[index] = self._repeated(items[index], items[earlier], results[earlier])
        return [results[index] for index in range(len(items))]

    def _repeated(self, item: _Item, earlier: _Item, result: Result) -> Result:
        """An error is not kept: under its id anything may be asked, in the same batch too."""
        if isinstance(result, HandheldError) and item.key.body_hash != earlier.key.body_hash:
            return self._carry_out([item])[0]
        return _as_repeated(item, earlier, result)

    def _fail(self, items: Sequence[_Item], results: dict[int, Result], error: Result) -> None:
        self._states = States(self._log)
        for index in range(len(items)):
            results.setdefault(index, error)

    def _answer_replayed(self, cases: dict[int, Case], results: dict[int, Result]) -> None:
        """Answer first what was done before it was sent, and has come before.

        Decided once more it would seem to change things, and what follows it in the batch would be
        written later than what was done after that: offline work stays in order.
        """
        replayed = [case for case in cases.values() if case.request.meta.reported_at is not None]
        known = self._log.known_commands([case.key for case in replayed]) if replayed else {}
        if known:
            for index, case in tuple(cases.items()):
                verdict = known.get((case.key.actor, case.key.command))
                if verdict is not None:
                    results[index] = _result(verdict, case)
                    del cases[index]

    def _until_answered(self, cases: dict[int, Case], results: dict[int, Result]) -> None:
        while cases:
            indexes = {id(case): index for index, case in cases.items()}
            ready, failed, later = decide_all(list(cases.values()), self._states, self._world)
            again, kept = self._failed(failed, indexes, results)
            again |= self._write([*ready, *kept], indexes, results)
            again |= {indexes[id(case)]: case for case in later}
            cases = dict(sorted(again.items()))

    def _failed(
        self,
        failed: Sequence[Failed],
        indexes: Mapping[int, int],
        results: dict[int, Result],
    ) -> tuple[dict[int, Case], list[Ready]]:
        """An error is final when it was decided on what the log holds; until then, once again.

        The state kept may be older than the log, or rest on what the commit will refuse. What is an
        error today may also be a repeat of what was carried out before. Gives the cases to be
        decided again, and errors that are outcomes to be kept: those of reactions that follow from
        the facts, since nobody reads the error and mends the command.
        """
        if not failed:
            return {}, []
        again: dict[int, Case] = {}
        kept: list[Ready] = []
        known = self._log.known_commands([case.key for case, _, _ in failed])
        for case, error, reads in failed:
            index = indexes[id(case)]
            verdict = known.get((case.key.actor, case.key.command))
            if verdict is not None:
                results[index] = _result(verdict, case)
            elif case.attempts and _follows_from_facts(case, error):
                decided = Decided(case.key, "refused", error.code, self._versions(reads), ())
                kept.append(Ready(case, decided, ()))
            elif case.attempts or error.code in ("fold.late", "fold.stopped"):
                results[index] = error
            else:
                self._states.forget(reads)
                again[index] = replace(case, attempts=1)
        return again, kept

    def _versions(self, streams: Collection[str]) -> list[tuple[str, int]]:
        """What an error rests on; it is no error any more when one of these moves on."""
        return [(stream, self._states.get(stream).version) for stream in streams]

    def _write(
        self, ready: list[Ready], indexes: Mapping[int, int], results: dict[int, Result]
    ) -> dict[int, Case]:
        """Commit; gives back the cases to be decided again."""
        if not ready:
            return {}
        began = perf_counter()
        verdicts = self._log.commit([r.decided for r in ready], self._now_us)
        self.committed(sum(len(r.decided.rows) for r in ready), perf_counter() - began)
        if self.wrote is not None:
            self._tell_wrote(ready, verdicts)
        again: dict[int, Case] = {}
        for one, verdict in zip(ready, verdicts, strict=True):
            case = one.case
            index = indexes[id(case)]
            if isinstance(verdict, Written) and not verdict.repeated:
                results[index] = _receipt(verdict)
                continue
            self._states.forget(append.stream for append in one.appends)
            self._states.forget(stream for stream, _ in one.decided.reads)
            if isinstance(verdict, Conflict):
                self._states.forget([verdict.stream])
                if case.attempts + 1 < ATTEMPTS:
                    again[index] = replace(case, attempts=case.attempts + 1)
                else:
                    results[index] = Contended(ATTEMPTS)
            else:
                results[index] = _result(verdict, case)
        self._states.trim()
        return again

    def _tell_wrote(self, ready: Sequence[Ready], verdicts: Sequence[Verdict]) -> None:
        new = [
            (verdict.last, one.appends)
            for one, verdict in zip(ready, verdicts, strict=True)
            if isinstance(verdict, Written) and not verdict.repeated and verdict.last is not None
        ]
        if new and self.wrote is not None:
            appended = [append for _, appends in new for append in appends]
            self.wrote(max(last for last, _ in new), appended)

    def _now_us(self) -> int:
        return microseconds(self._clock.now())

    def _answer(self, items: Sequence[_Item], results: Sequence[Result]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Waiting, Result]]] = {}
        for item, result in zip(items, results, strict=True):
            if item.loop is not None:
                by_loop.setdefault(item.loop, []).append((item.waiting, result))
            else:
                _settle(item.waiting, result)
        for loop, answers in by_loop.items():
            try:
                loop.call_soon_threadsafe(_settle_all, loop, answers)
            except RuntimeError:
                continue  # the loop has closed: nobody waits any more
        if self.answered is not None:
            for item, result in zip(items, results, strict=True):
                self.answered(item.request, result)


def _settle_all(
    loop: asyncio.AbstractEventLoop, answers: Sequence[tuple[_Waiting, Result]]
) -> None:
    for waiting, result in answers[:ANSWERED]:
        _settle(waiting, result)
    if len(answers) > ANSWERED:
        loop.call_soon(_settle_all, loop, answers[ANSWERED:])


def _settle(waiting: _Waiting, result: Result) -> None:
    try:
        if not isinstance(waiting, Future | asyncio.Future):
            _tell(waiting, result)
        elif isinstance(result, HandheldError):
            waiting.set_exception(result)
        else:
            waiting.set_result(result)
    except (asyncio.InvalidStateError, InvalidStateError):
        return  # given up in the meantime


def _tell(told: Told, result: Result) -> None:
    try:
        told(result)
    except Exception:  # one that fails keeps no other from its answer
        logger.exception("an answer was not taken")


def _follows_from_facts(case: Case, error: HandheldError) -> bool:
    return case.request.meta.actor == REACTIONS and isinstance(
        error, (Malformed, NotAllowed, NotFound, Unconfirmed)
    )


def _receipt(written: Written) -> Receipt:
    return Receipt(
        written.outcome,
        written.code,
        written.first,
        written.last,
        instant(written.recorded_us),
        written.repeated,
    )


def _result(verdict: Verdict, case: Case) -> Result:
    match verdict:
        case Written():
            return _receipt(verdict)
        case Reused():
            return CommandReused(case.key.command)
        case Conflict():
            return Contended(case.attempts)


def _as_repeated(item: _Item, earlier: _Item, result: Result) -> Result:
    if item.key.body_hash != earlier.key.body_hash:
        return CommandReused(item.key.command)
    if isinstance(result, Receipt):
        return Receipt(
            result.outcome,
            result.code,
            result.first,
            result.last,
            result.recorded_at,
            repeated=True,
        )
    return result
