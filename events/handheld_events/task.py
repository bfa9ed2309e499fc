"""Stream `task-<id>`: what one person was asked to do (任务), a short stream of its own."""

from __future__ import annotations

from typing import ClassVar, Literal

from handheld_events.base import Corrected, Event, Instant
from handheld_events.forms import NOTHING_FILLED, Filled, Photos
from handheld_events.orders import DEFAULT_STEPS, Awaited, Steps, Vacancy


class TaskDispatched(Event, frozen=True, kw_only=True, gc=False):
    """The task is queued for its assignee (派单)."""

    TOPIC: ClassVar[str] = "task.dispatched.v1"
    order: str
    person: str
    role: str | None = None
    """The post's role by which the person was chosen; none when chosen by name."""
    steps: Steps = DEFAULT_STEPS
    department: str | None = None
    """The department to which the person's post belongs."""
    unit: bool = False
    """The department itself is called (协同部门): whoever is on duty accepts for it."""
    open: bool = False
    """Open to a group, first to claim (待抢办): it is theirs only once they have claimed it."""
    instead_of: tuple[Vacancy, ...] = ()
    """The vacant posts for which the person stands in, as the duty post above."""
    form: bool = False
    """Whether the order has a form: what it asks is in the task force."""
    passed_on_from: str | None = None
    """The task of the official who passed it on, and stays answerable."""
    replaces: str | None = None
    """The task in place of which this one was dispatched (转派)."""
    accept_by: Instant | None = None
    """Where it differs from the order's."""
    report_by: Instant | None = None


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


class TaskEnRoute(Event, frozen=True, kw_only=True, gc=False):
    """The assignee has set out (出发)."""

    TOPIC: ClassVar[str] = "task.en_route.v1"


class TaskOnScene(Event, frozen=True, kw_only=True, gc=False):
    """The assignee is there (到场)."""

    TOPIC: ClassVar[str] = "task.on_scene.v1"


class HouseholdVisited(Event, frozen=True, kw_only=True, gc=False):
    """The assignee visited a household (走访)."""

    TOPIC: ClassVar[str] = "task.household_visited.v1"
    household: str
    """The number of the household within its grid."""
    done: str
    """What was done there."""
    satisfied: bool | None = None
    """Whether the household was satisfied; none where nobody was asked."""


class TaskReported(Event, frozen=True, kw_only=True, gc=False):
    """The assignee reported back (回单)."""

    TOPIC: ClassVar[str] = "task.reported.v1"
    text: str
    filled: Filled = NOTHING_FILLED
    """The form of the order, filled in."""
    photos: Photos = ()
    reported_by: str | None = None
    """Who entered it, where that was not the assignee."""


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


class TaskReassigned(Event, frozen=True, kw_only=True, gc=False):
    """Somebody else does it (转派)."""

    TOPIC: ClassVar[str] = "task.reassigned.v1"
    to: str
    """The person."""
    task: str
    """Their task."""
    reason: str


class TaskPassedOn(Event, frozen=True, kw_only=True, gc=False):
    """The assignee passed it on to people below, and stays answerable (下派)."""

    TOPIC: ClassVar[str] = "task.passed_on.v1"
    order: str
    """The order that those below were given."""
    tasks: int


class TaskSuspended(Event, frozen=True, kw_only=True, gc=False):
    """Nothing can be done for now: its deadlines wait (挂起)."""

    TOPIC: ClassVar[str] = "task.suspended.v1"
    reason: str
    until: Instant | None = None
    """When it goes on by itself."""
    at: Instant | None = None
    """From when its deadlines wait, by the log's clock."""


class TaskResumed(Event, frozen=True, kw_only=True, gc=False):
    """It goes on; its deadlines have moved by as long as it was suspended."""

    TOPIC: ClassVar[str] = "task.resumed.v1"
    accept_by: Instant | None = None
    report_by: Instant | None = None


class TaskExtended(Event, frozen=True, kw_only=True, gc=False):
    """There is more time (延期)."""

    TOPIC: ClassVar[str] = "task.extended.v1"
    report_by: Instant
    reason: str
    at: Instant | None = None
    """Of a suspended task: from when the new time waits, by the log's clock."""


class TaskReminded(Event, frozen=True, kw_only=True, gc=False):
    """The assignee was reminded (催办), by the system or by somebody."""

    TOPIC: ClassVar[str] = "task.reminded.v1"
    awaited: Awaited
    number: int
    """The how manieth reminder for this step."""
    skipped: int = 0
    """How many due before this one were not sent, because nothing was running then."""
    text: str | None = None


class TaskEscalated(Event, frozen=True, kw_only=True, gc=False):
    """A superior was told that it waits (提级)."""

    TOPIC: ClassVar[str] = "task.escalated.v1"
    awaited: Awaited
    number: int
    """1: the duty post one tier up; 2: the one above it; and so on."""
    to: str | None
    """The person; none where the post is vacant."""
    division: str
    """The division of the post."""
    skipped: int = 0
    """How many tiers due before this one were not told, because nothing was running then."""


class TaskOverdue(Event, frozen=True, kw_only=True, gc=False):
    """A deadline has passed (超期): a mark, not a state."""

    TOPIC: ClassVar[str] = "task.overdue.v1"
    awaited: Awaited
    due_at: Instant


class TaskSupervised(Event, frozen=True, kw_only=True, gc=False):
    """Somebody above watches it from now on, and says so (督办)."""

    TOPIC: ClassVar[str] = "task.supervised.v1"
    text: str


class TaskAmended(Event, frozen=True, kw_only=True, gc=False):
    """The order was changed (变更指令): it must be accepted anew."""

    TOPIC: ClassVar[str] = "task.amended.v1"
    number: int
    """Of the amendment."""
    steps: Steps
    form: bool = False
    accept_by: Instant | None = None
    report_by: Instant | None = None


class TaskReopened(Event, frozen=True, kw_only=True, gc=False):
    """What was done, or declined, is to be done after all (重开)."""

    TOPIC: ClassVar[str] = "task.reopened.v1"
    reason: str
    accept_by: Instant | None = None
    """Of a declined one whose time to accept had passed: by when it is to be accepted now."""


class TaskRated(Event, frozen=True, kw_only=True, gc=False):
    """Whoever asked for it says how it was done (评价). It may come long after the close."""

    TOPIC: ClassVar[str] = "task.rated.v1"
    satisfied: bool
    text: str | None = None


class TaskEvaluated(Event, frozen=True, kw_only=True, gc=False):
    """A superior says how well it was done, apart from the rating (评单)."""

    TOPIC: ClassVar[str] = "task.evaluated.v1"
    score: int
    """1 to 5."""
    text: str | None = None


class TaskCancelled(Event, frozen=True, kw_only=True, gc=False):
    """The task force was started by mistake (误发): this never counted."""

    TOPIC: ClassVar[str] = "task.cancelled.v1"
    reason: str


class TaskOvertaken(Event, frozen=True, kw_only=True, gc=False):
    """Somebody did this, perhaps without signal, when the task had moved on.

    It has no effect, and is kept and shown as what it is: their words are not lost.
    """

    TOPIC: ClassVar[str] = "task.overtaken.v1"
    did: Literal["accept", "decline", "report", "en_route", "on_scene", "visit"]
    because: Literal["reported", "closed", "declined", "withdrawn", "claimed"]
    """What had become of the task."""
    text: str | None = None
    """The report, or the reason for declining."""


Rung = Literal["web_push", "messenger", "sms", "voice", "call_list"]
"""A way to reach somebody whose phone has not stored their task, the gentlest first."""


NoticeResult = Literal["taken", "refused", "failed", "unknown", "skipped", "listed"]


class TaskNoticeBegun(Event, frozen=True, kw_only=True, gc=False):
    """The assignee is about to be told by another way that there is a task (通知).

    Recorded before anything is sent: what was begun and has no outcome may have been sent.
    """

    TOPIC: ClassVar[str] = "task.notice_begun.v1"
    rung: Rung
    """The way by which they are told."""
    number: int
    """The how manieth attempt for this task, over all rungs."""
    repeats: int | None = None
    """The number of the attempt that is made once more, because nobody knows what came of it. Both
    go out under the same id, so that who passes it on can tell that they are one."""


class TaskNoticeAttempted(Event, frozen=True, kw_only=True, gc=False):
    """What came of telling the assignee. None of it says that they were reached."""

    TOPIC: ClassVar[str] = "task.notice_attempted.v1"
    rung: Rung
    """The way by which they were to be told."""
    number: int
    """Of the attempt, over all rungs."""
    result: NoticeResult
    """taken: the other side took it on. refused: it will not. failed: it could not be asked.
    unknown: it was asked and nobody knows what it did. skipped: not needed or not possible any more.
    listed: the assignee is on the call list of the superior."""
    code: str | None = None
    """Why, where it was not taken: a word of ours, or the code of the other side."""
    reference: str | None = None
    """Under which the other side knows it."""


class TaskNoticeAnswered(Event, frozen=True, kw_only=True, gc=False):
    """The other side says later what became of a notice that it took (回执). Delivered it is only
    when a device of the assignee says so.
    """

    TOPIC: ClassVar[str] = "task.notice_answered.v1"
    number: int
    """Of the attempt, over all rungs."""
    arrived: bool
    """Whether the other side says that it reached the telephone or the account."""
    code: str | None = None
    """Why not, in the other side's words."""


class TaskCorrected(Corrected, frozen=True, kw_only=True, gc=False):
    """An earlier fact of this task was wrong (更正)."""

    TOPIC: ClassVar[str] = "task.corrected.v1"


TaskEvent = (
    TaskDispatched
    | TaskDelivered
    | TaskRead
    | TaskAccepted
    | TaskEnRoute
    | TaskOnScene
    | HouseholdVisited
    | TaskReported
    | TaskClosed
    | TaskVerified
    | TaskSentBack
    | TaskDeclined
    | TaskWithdrawn
    | TaskReassigned
    | TaskPassedOn
    | TaskSuspended
    | TaskResumed
    | TaskExtended
    | TaskReminded
    | TaskEscalated
    | TaskOverdue
    | TaskSupervised
    | TaskAmended
    | TaskReopened
    | TaskRated
    | TaskEvaluated
    | TaskCancelled
    | TaskOvertaken
    | TaskNoticeBegun
    | TaskNoticeAttempted
    | TaskNoticeAnswered
    | TaskCorrected
)
