"""Which facts may follow in which state: written down here once more, apart from the rules."""

from __future__ import annotations

from handheld_events import finding, task, task_force, warning

_MARKS = (
    task.TaskDelivered,
    task.TaskRead,
    task.TaskCorrected,
    task.TaskNoticeAttempted,
    task.TaskNoticeAnswered,
)
_CHASING = (
    task.TaskExtended,
    task.TaskSupervised,
    task.TaskAmended,
    task.TaskCancelled,
    task.TaskWithdrawn,
)
_WAITING_FOR = (
    *_CHASING,
    task.TaskDeclined,
    task.TaskReassigned,
    task.TaskSuspended,
    task.TaskResumed,
    task.TaskReminded,
    task.TaskEscalated,
    task.TaskOverdue,
)

OF_TASK: dict[str, tuple[type, ...]] = {
    "waiting": (
        *_MARKS,
        *_WAITING_FOR,
        task.TaskAccepted,
        task.TaskOvertaken,
        task.TaskNoticeBegun,
    ),
    "in_progress": (
        *_MARKS,
        *_WAITING_FOR,
        task.TaskEnRoute,
        task.TaskOnScene,
        task.HouseholdVisited,
        task.TaskReported,
        task.TaskClosed,
        task.TaskPassedOn,
    ),
    "to_verify": (
        *_MARKS,
        *_CHASING,
        task.TaskReported,
        task.TaskVerified,
        task.TaskSentBack,
        task.TaskClosed,
        task.TaskOvertaken,
    ),
    "closed": (
        *_MARKS,
        task.TaskOvertaken,
        task.TaskReopened,
        task.TaskRated,
        task.TaskEvaluated,
        task.TaskCancelled,
    ),
    "declined": (
        *_MARKS,
        task.TaskOvertaken,
        task.TaskReopened,
        task.TaskReassigned,
        task.TaskCancelled,
    ),
    "withdrawn": (*_MARKS, task.TaskOvertaken, task.TaskCancelled),
}

_RECORD = (
    task_force.EntryMade,
    task_force.EntryStruck,
    task_force.MessageSent,
    task_force.TaskForceCorrected,
)

OF_TASK_FORCE: dict[str, tuple[type, ...]] = {
    "active": (
        *_RECORD,
        task_force.OrderForeseen,
        task_force.OrderIssued,
        task_force.OrderAmended,
        task_force.OrderWithdrawn,
        task_force.OrderClaimed,
        task_force.OrderUnclaimed,
        task_force.OrderUnfilled,
        task_force.LevelChanged,
        task_force.CommandHandedOver,
        task_force.DepartmentCalled,
        task_force.DepartmentAccepted,
        task_force.PersonPulledIn,
        task_force.StoodDown,
        task_force.TaskForceClosed,
        task_force.TaskForceCancelled,
    ),
    "stood_down": (
        *_RECORD,
        task_force.OrderUnclaimed,
        task_force.OrderWithdrawn,
        task_force.CommandHandedOver,
        task_force.TaskForceClosed,
        task_force.TaskForceCancelled,
        task_force.TaskForceReopened,
    ),
    "closed": (
        *_RECORD,
        task_force.TaskForceRated,
        task_force.TaskForceEvaluated,
        task_force.TaskForceArchived,
        task_force.TaskForceReopened,
    ),
    "cancelled": (*_RECORD, task_force.TaskForceArchived),
}

_HANDED_ON = (
    finding.FindingPassedUp,
    finding.FindingRouted,
    finding.FindingOrdered,
    finding.FindingStarted,
    finding.FindingDealtWith,
    finding.FindingAdded,
    finding.FindingCorrected,
)

OF_FINDING: dict[str, tuple[type, ...]] = {
    "open": (*_HANDED_ON, finding.FindingReturned),
    "returned": (*_HANDED_ON, finding.FindingReturned),
    "ordered": (*_HANDED_ON, finding.FindingPutBack),
    "started": (
        finding.FindingPutBack,
        finding.FindingOrdered,
        finding.FindingStarted,
        finding.FindingDealtWith,
        finding.FindingAdded,
        finding.FindingCorrected,
    ),
    "dealt_with": (finding.FindingAdded, finding.FindingCorrected),
}

_ANYWAY = (
    warning.WarningUpdated,
    warning.WarningCorrected,
    warning.ProposalDeclined,
    warning.StartedOnWarning,
    warning.StartCancelled,
)

OF_WARNING: dict[str, tuple[type, ...]] = {
    "in_force": (
        *_ANYWAY,
        warning.WarningCancelled,
        warning.WarningExpired,
        warning.WarningPlaced,
        warning.StartProposed,
    ),
    "expired": (*_ANYWAY, warning.WarningCancelled),
    "cancelled": (warning.WarningUpdated, warning.WarningCorrected, warning.StartCancelled),
}
