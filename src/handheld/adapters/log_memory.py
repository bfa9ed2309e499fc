"""The log in memory: for tests and previews. Same contract, nothing durable."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from time import time_ns
from typing import Any, cast
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)
from eventsourcing.popo import POPOApplicationRecorder, POPOFactory

from handheld.adapters import commit as checks
from handheld.adapters.commit import KnownCommand
from handheld.adapters.subscription import RecordedNotification, SignalledSubscription, Signals
from handheld.application.ports import CommandKey, Decided, Refusal, Row, Verdict


class MemoryLog(POPOApplicationRecorder):
    """A recorder of the library that is also our log port."""

    def __init__(self) -> None:
        super().__init__()
        self.signals = Signals()
        self._rows: list[Row] = []
        self._streams: dict[str, list[Row]] = {}
        self._known: dict[tuple[str, str], KnownCommand] = {}
        self._facts: dict[str, str] = {}
        self._latest = 0

    @property
    def log_id(self) -> str:
        """Names this log; another after a restore."""
        return self._facts.get("log_id", "")

    def fact(self, name: str) -> str | None:
        """A fact about the log itself, such as its id or its clock."""
        return self._facts.get(name)

    def set_facts(self, facts: dict[str, str]) -> None:
        """Set facts about the log, where they are not set yet."""
        self._facts = {**facts, **self._facts}

    def replace_fact(self, name: str, value: str) -> None:
        """Set a fact about the log anew, such as a clock that was moved."""
        self._facts = {**self._facts, name: value}

    def commit(self, decisions: Sequence[Decided], clock: Callable[[], int]) -> list[Verdict]:
        """Write many decisions, all checked first: see the port."""
        with self._database_lock:
            keys = [decision.key for decision in decisions]
            answered = checks.answer_known(keys, self._known)
            streams = checks.streams_of(decisions)
            versions = {s: len(self._streams[s]) for s in streams if s in self._streams}
            verdicts, survivors = checks.check_one_by_one(decisions, versions, answered)
            latest = self._rows[-1][5] if self._rows else 0
            recorded_us = self._latest = max(clock(), latest, self._latest)
            written = checks.spans(decisions, survivors, len(self._rows), recorded_us)
            for index, answer in zip(survivors, written, strict=True):
                decision = decisions[index]
                for stream, version, topic, state in decision.rows:
                    self._append(stream, version, topic, state, recorded_us)
                key = decision.key
                self._known[key.actor, key.command] = KnownCommand(key.body_hash, answer)
                verdicts[index] = answer
        self.signals.notify()
        return cast(list[Verdict], verdicts)

    def _append(self, stream: str, version: int, topic: str, state: bytes, us: int) -> int:
        row = (len(self._rows) + 1, stream, version, topic, state, us)
        self._rows.append(row)
        self._streams.setdefault(stream, []).append(row)
        return row[0]

    def read(self, after: int, limit: int, upto: int | None = None) -> Sequence[Row]:
        """The rows after a position, in order."""
        with self._database_lock:
            last = len(self._rows) if upto is None else max(upto, 0)
            return self._rows[after : min(after + limit, last)]

    def read_kinds(self, after: int, kinds: Collection[str]) -> Sequence[Row]:
        """All rows of these kinds of stream after a position, in order."""
        with self._database_lock:
            return [row for row in self._rows[after:] if row[1].partition("-")[0] in kinds]

    def read_streams(self, streams: Collection[str]) -> Sequence[Row]:
        """All rows of these streams, by stream and version."""
        with self._database_lock:
            return [row for stream in sorted(streams) for row in self._streams.get(stream, ())]

    def read_positions(self, positions: Collection[int]) -> Sequence[Row]:
        """The rows at these positions, in order."""
        with self._database_lock:
            return [self._rows[p - 1] for p in sorted(positions) if 0 < p <= len(self._rows)]

    def known_commands(self, keys: Sequence[CommandKey]) -> dict[tuple[str, str], Verdict]:
        """What was answered to these commands before, by (actor, command id)."""
        with self._database_lock:
            return checks.answer_known(keys, self._known)

    def refusals(self, actor: str, limit: int) -> Sequence[Refusal]:
        """What somebody asked for and was refused, the latest first."""
        with self._database_lock:
            found = [
                Refusal(command, known.written.code or "", known.written.recorded_us)
                for (who, command), known in self._known.items()
                if who == actor and known.written.outcome == "refused"
            ]
        return sorted(found, key=lambda one: (-one.recorded_us, one.command))[:limit]

    def end(self) -> int:
        """The last position; 0 when empty."""
        return len(self._rows)

    def position_at(self, recorded_us: int) -> int:
        """The last position recorded at or before an instant; 0 when there is none."""
        with self._database_lock:
            return bisect_right(self._rows, recorded_us, key=lambda row: row[5])

    def mark(self, position: int) -> str:
        """Names the last fact at or before a position: another log has another one there."""
        with self._database_lock:
            if position > len(self._rows):
                return "beyond"
            rows = self._rows[:position]
        return f"{rows[-1][1]}/{rows[-1][2]}" if rows else ""

    @property
    def stirred(self) -> int:
        """How often this process has committed: see the port."""
        return self.signals.count

    def wait(
        self,
        after: int,
        timeout: float,
        ended: Callable[[], bool] = lambda: False,
        since: int | None = None,
    ) -> bool:
        """Wait until there is something after a position: see the port."""
        return self.signals.wait(lambda: self.end() > after, timeout, ended, since)

    def wake(self) -> None:
        """Let those who wait look again."""
        self.signals.notify()

    # --- as the library's recorder --------------------------------------------------------------

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append, as the library's applications do."""
        with self._database_lock:
            new: set[tuple[str, int]] = set()
            for s in stored_events:
                stream = str(s.originator_id)
                taken = {row[2] for row in self._streams.get(stream, ())}
                if s.originator_version in taken or (stream, s.originator_version) in new:
                    msg = f"{stream} has version {s.originator_version} already"
                    raise IntegrityError(msg)
                new.add((stream, s.originator_version))
            us = max(time_ns() // 1000, self._rows[-1][5] if self._rows else 0)
            positions = [
                self._append(str(s.originator_id), s.originator_version, s.topic, s.state, us)
                for s in stored_events
            ]
        self.signals.notify()
        return positions

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream, with their positions and recorded times."""
        with self._database_lock:
            rows = [
                row
                for row in self._streams.get(str(originator_id), ())
                if (gt is None or row[2] > gt) and (lte is None or row[2] <= lte)
            ]
        rows.sort(key=lambda row: row[2], reverse=desc)
        return [RecordedNotification.of(row) for row in rows[:limit]]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The events from a position on, with their recorded times."""
        after = 0 if start is None else start - (1 if inclusive_of_start else 0)
        with self._database_lock:
            rows = self._rows[max(after, 0) : stop]
        if topics:
            rows = [row for row in rows if row[3] in topics]
        return [RecordedNotification.of(row) for row in rows[:limit]]

    def max_notification_id(self) -> int | None:
        """The last position; None when empty."""
        return self.end() or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Events as they come."""
        return SignalledSubscription(self, gt=gt, topics=topics)


class Factory(POPOFactory):
    """The library's factory, giving our recorder."""

    def application_recorder(self) -> ApplicationRecorder:
        """A log in memory."""
        return MemoryLog()
