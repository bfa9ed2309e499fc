"""What can be asked of one task. docs/rules/task.md says what follows in each state."""

from __future__ import annotations

from handheld.domain.base import BaseCommand
from handheld_events.base import Instant
from handheld_events.forms import NOTHING_FILLED, Filled, Photos


class TaskCommand(BaseCommand, frozen=True, kw_only=True):
    """Something that is done to one task."""

    task: str


class Deliver(TaskCommand, frozen=True, kw_only=True, tag="task.deliver"):
    """A device of the assignee has stored it."""


class Read(TaskCommand, frozen=True, kw_only=True, tag="task.read"):
    """The assignee has opened it."""


class Accept(TaskCommand, frozen=True, kw_only=True, tag="task.accept"):
    """领办. Of a task that is open to a group it claims one of the places (抢办)."""


class Decline(TaskCommand, frozen=True, kw_only=True, tag="task.decline"):
    """退单."""

    reason: str


class GoEnRoute(TaskCommand, frozen=True, kw_only=True, tag="task.go_en_route"):
    """出发. Setting out for what was never accepted accepts it."""


class ReachScene(TaskCommand, frozen=True, kw_only=True, tag="task.reach_scene"):
    """到场. Being there accepts what was never accepted."""


class Visit(TaskCommand, frozen=True, kw_only=True, tag="task.visit"):
    """走访: one household was visited. It accepts what was never accepted."""

    household: str
    """The number of the household within its grid, never a name or a telephone number."""
    done: str
    """What was done there."""
    satisfied: bool | None = None
    """None where nobody was asked."""


class Report(TaskCommand, frozen=True, kw_only=True, tag="task.report"):
    """回单. Reporting what was never accepted accepts it: the work is what counts."""

    text: str
    filled: Filled = NOTHING_FILLED
    """The form of the order, where it has one."""
    photos: Photos = ()


class Verify(TaskCommand, frozen=True, kw_only=True, tag="task.verify"):
    """核查通过."""

    text: str | None = None


class SendBack(TaskCommand, frozen=True, kw_only=True, tag="task.send_back"):
    """退回重办."""

    reason: str


class Withdraw(TaskCommand, frozen=True, kw_only=True, tag="task.withdraw"):
    """撤回."""

    reason: str


class Suspend(TaskCommand, frozen=True, kw_only=True, tag="task.suspend"):
    """挂起: nothing can be done for now, and its deadlines wait."""

    reason: str
    until: Instant | None = None
    """When it goes on by itself (UTC); none: when somebody says so."""


class Resume(TaskCommand, frozen=True, kw_only=True, tag="task.resume"):
    """It goes on; its deadlines move by as long as it was suspended."""


class Extend(TaskCommand, frozen=True, kw_only=True, tag="task.extend"):
    """延期: the report is due later than before."""

    report_by: Instant
    reason: str


class Remind(TaskCommand, frozen=True, kw_only=True, tag="task.remind"):
    """催办, by somebody rather than by the system."""

    text: str | None = None


class Supervise(TaskCommand, frozen=True, kw_only=True, tag="task.supervise"):
    """督办: somebody above watches it from now on."""

    text: str


class Reopen(TaskCommand, frozen=True, kw_only=True, tag="task.reopen"):
    """重开: what was closed goes on; what was declined waits to be accepted again."""

    reason: str


class Rate(TaskCommand, frozen=True, kw_only=True, tag="task.rate"):
    """评价: whoever asked for it says whether they are satisfied. No close waits for it."""

    satisfied: bool
    text: str | None = None


class Evaluate(TaskCommand, frozen=True, kw_only=True, tag="task.evaluate"):
    """评单: a superior says how well it was done, apart from the rating."""

    score: int
    """1 to 5."""
    text: str | None = None


class CorrectTask(TaskCommand, frozen=True, kw_only=True, tag="task.correct"):
    """更正: say what is right of an earlier fact of this task."""

    version: int
    reason: str
    text: str | None = None
    occurred_at: Instant | None = None


Command = (
    Deliver
    | Read
    | Accept
    | Decline
    | GoEnRoute
    | ReachScene
    | Visit
    | Report
    | Verify
    | SendBack
    | Withdraw
    | Suspend
    | Resume
    | Extend
    | Remind
    | Supervise
    | Reopen
    | Rate
    | Evaluate
    | CorrectTask
)
