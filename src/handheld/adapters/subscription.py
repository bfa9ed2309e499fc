"""Waking those who follow a log: a signal in the process, and a poll for other processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition, Event, Lock
from time import monotonic
from typing import Any

from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription, Notification

from handheld.application.ports import Row

POLL_SECONDS = 0.5
"""A wake-up that was lost, or a commit of another process, is seen after this long."""


class Signals:
    """Tells waiting threads that something was committed."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._listeners: set[Event] = set()
        self._lock = Lock()
        self.count = 0
        """How often something was."""

    def notify(self) -> None:
        """Something was committed."""
        with self._condition:
            self.count += 1
            self._condition.notify_all()
        with self._lock:
            for listener in self._listeners:
                listener.set()

    def wait(
        self,
        there: Callable[[], bool],
        timeout: float,
        ended: Callable[[], bool] = lambda: False,
        since: int | None = None,
    ) -> bool:
        """Wait until `there()` holds; False when the time is up or `ended()`.

        Whoever has looked after `since` signals need not look again before the next one, or the poll.
        """
        deadline = monotonic() + timeout
        looked = since is not None
        while True:
            with self._condition:
                if since is not None and self.count != since:
                    return True
                if not looked and there():
                    return True
                looked = False
                left = deadline - monotonic()
                if left <= 0 or ended():
                    return False
                self._condition.wait(min(left, POLL_SECONDS))

    def listen(self, event: Event) -> None:
        """Set this event at each commit from now on."""
        with self._lock:
            self._listeners.add(event)

    def unlisten(self, event: Event) -> None:
        """No longer."""
        with self._lock:
            self._listeners.discard(event)


@dataclass(frozen=True)
class RecordedNotification(Notification):
    """The library's notification, with the time at which it was recorded."""

    recorded_us: int = 0

    @classmethod
    def of(cls, row: Row) -> RecordedNotification:
        """From a row of the log."""
        position, stream, version, topic, state, recorded_us = row
        return cls(stream, version, topic, state, position, recorded_us)


class SignalledSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """The library's subscription, woken by signals, and by a poll that no lost wake-up outlives."""

    def __init__(self, recorder: Any, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        self._signals: Signals = recorder.signals
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._signals.listen(self._has_been_notified)

    def stop(self) -> None:
        """End the iteration."""
        super().stop()
        self._signals.unlisten(self._has_been_notified)

    def _loop_on_pull(self) -> None:
        try:
            self._pull()
            while not self._has_been_stopped:
                self._has_been_notified.wait(POLL_SECONDS)
                self._pull()
        except BaseException as error:
            if self._thread_error is None:
                self._thread_error = error
            self.stop()
