"""Stream `task-<id>`: what one person was asked to do (任务), a short stream of its own."""

from __future__ import annotations

from typing import ClassVar, Literal

from handheld_events.base import Corrected, Event
from handheld_events.orders import DEFAULT_STEPS, Steps


class TaskDispatched(Event, frozen=True, kw_only=True, gc=False):
    """The task is queued for its assignee (派单)."""

    TOPIC: ClassVar[str] = "task.dispatched.v1"
    order: str
    person: str
    role: str | None = None
    """The post's role by which the person was chosen; none when chosen by name."""
    steps: Steps = DEFAULT_STEPS


class TaskDelivered(Event, frozen=True, kw_only=True, gc=False):
    """A device of the assignee confirmed that the task is stored on it (送达)."""

    TOPIC: ClassVar[str] = "task.delivered.v1"


class TaskRead(Event, frozen=True, kw_only=True, gc=False):
    """The assignee opened it (已读)."""

    TOPIC: ClassVar[str] = "task.read.v1"


class TaskAccepted(Event, frozen=True, kw_only=True, gc=False):
    """The assignee took it on (领办)."""

    TOPIC: ClassVar[str] = "task.accepted.v1"


class TaskDeclined(Event, frozen=True, kw_only=True, gc=False):
    """The assignee cannot do it, and says why (退单)."""

    TOPIC: ClassVar[str] = "task.declined.v1"
    reason: str


class TaskReported(Event, frozen=True, kw_only=True, gc=False):
    """The assignee reported back (回单)."""

    TOPIC: ClassVar[str] = "task.reported.v1"
    text: str


class TaskVerified(Event, frozen=True, kw_only=True, gc=False):
    """The report was checked and holds (核查通过)."""

    TOPIC: ClassVar[str] = "task.verified.v1"
    text: str | None = None


class TaskSentBack(Event, frozen=True, kw_only=True, gc=False):
    """The report does not hold: do it again (退回重办)."""

    TOPIC: ClassVar[str] = "task.sent_back.v1"
    reason: str


class TaskClosed(Event, frozen=True, kw_only=True, gc=False):
    """The last step is done (办结)."""

    TOPIC: ClassVar[str] = "task.closed.v1"


class TaskWithdrawn(Event, frozen=True, kw_only=True, gc=False):
    """Nobody need do it any more (撤回)."""

    TOPIC: ClassVar[str] = "task.withdrawn.v1"
    reason: str


class TaskOvertaken(Event, frozen=True, kw_only=True, gc=False):
    """Somebody did this, perhaps without signal, when the task had moved on.

    It has no effect, and is kept and shown as what it is: their words are not lost.
    """

    TOPIC: ClassVar[str] = "task.overtaken.v1"
    did: Literal["accept", "decline", "report"]
    because: Literal["reported", "closed", "declined", "withdrawn"]
    """What had become of the task."""
    text: str | None = None
    """The report, or the reason for declining."""


class TaskCorrected(Corrected, frozen=True, kw_only=True, gc=False):
    """An earlier fact of this task was wrong (更正)."""

    TOPIC: ClassVar[str] = "task.corrected.v1"


TaskEvent = (
    TaskDispatched
    | TaskDelivered
    | TaskRead
    | TaskAccepted
    | TaskReported
    | TaskClosed
    | TaskVerified
    | TaskSentBack
    | TaskDeclined
    | TaskWithdrawn
    | TaskOvertaken
    | TaskCorrected
)
