"""Which commands who looks may send about what they look at: for the buttons of a screen.

It is the table of who may do what (docs/rules/who-may.md), asked beforehand. Whether the state of things
allows a command is told when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from handheld.application.handlers.task_world import giver_of, reporter_of
from handheld.application.loading import Loaded
from handheld.application.reading.seen import Look
from handheld.domain import (
    directing,
    ending,
    joining,
    ordering,
    policy,
    reassigning,
    task_commands,
    task_force,
    warning_commands,
    waves,
)
from handheld.domain.base import BaseCommand
from handheld.domain.seeing import Viewer
from handheld.domain.task_state import Task

_DONE_FOR: tuple[type[BaseCommand], ...] = (
    task_commands.Accept,
    task_commands.Decline,
    task_commands.GoEnRoute,
    task_commands.ReachScene,
    task_commands.Report,
)
_WITH_TASK: tuple[type[BaseCommand], ...] = (
    *_DONE_FOR,
    task_commands.Verify,
    task_commands.SendBack,
    task_commands.Remind,
    task_commands.Supervise,
    reassigning.Reassign,
    task_commands.Extend,
    task_commands.Suspend,
    task_commands.Resume,
    task_commands.Withdraw,
    task_commands.Reopen,
    task_commands.Rate,
    task_commands.Evaluate,
)
_WITH_FORCE: tuple[type[BaseCommand], ...] = (
    ordering.IssueOrder,
    directing.AmendOrder,
    directing.WithdrawOrder,
    task_force.MakeEntry,
    task_force.StrikeEntry,
    task_force.SendMessage,
    joining.PullIn,
    waves.ChangeLevel,
    directing.HandOver,
    directing.NameLead,
    ending.StandDown,
    ending.CloseTaskForce,
    ending.CancelTaskForce,
    task_force.ReopenTaskForce,
    task_force.RateTaskForce,
    task_force.EvaluateTaskForce,
    task_force.ArchiveTaskForce,
)
_WITH_WARNING: tuple[type[BaseCommand], ...] = (
    warning_commands.UpdateWarning,
    warning_commands.LiftWarning,
    warning_commands.PlaceWarning,
    warning_commands.DeclineProposal,
)


class WithTask(NamedTuple):
    """What somebody may do with a task."""

    may: tuple[str, ...]
    """By themselves."""
    may_for: tuple[str, ...]
    """On behalf of the assignee (代领办, 代回单)."""


def with_task(look: Look, viewer: Viewer, loaded: Loaded) -> WithTask:
    """What somebody may do with a task."""
    state: Task = loaded.state
    known = look.force(loaded.about.task_force)
    terms = known.orders.get(state.order) if known is not None else None
    person = look.organisation.people.get(viewer.actor)
    subject = policy.Subject(
        organisation=look.organisation,
        territory=known.division if known is not None else "",
        task_force=known,
        task=state,
        division=loaded.about.division,
        of_unit=state.unit
        and person is not None
        and any(post.department == state.department for post in person.posts),
        who=viewer.actor,
        giver=lambda: giver_of(terms, look.loaded),
        reporter=reporter_of(terms.finding if terms is not None else None, look.loaded),
    )
    may = _allowed(viewer, _WITH_TASK, subject)
    if viewer.actor == state.person:
        return WithTask(may, ())
    theirs = subject._replace(who=state.person, of_unit=False)
    return WithTask(may, _allowed(viewer, _DONE_FOR, theirs))


def with_task_force(look: Look, viewer: Viewer, name: str) -> tuple[str, ...]:
    """What somebody may do with a task force. Of an order, what they may with any of them."""
    state = look.force(name)
    if state is None:
        return ()
    subject = policy.Subject(
        organisation=look.organisation,
        territory=state.division,
        task_force=state,
        giver=lambda: viewer.actor if _gave_one(look, viewer, name) else None,
        about_finding=any(
            terms.finding is not None and terms.given_by is None for terms in state.orders.values()
        ),
        reporter=reporter_of(state.finding, look.loaded),
        member=lambda person: look.has_task(name, person),
    )
    return _allowed(viewer, _WITH_FORCE, subject)


def with_warning(look: Look, viewer: Viewer, divisions: Iterable[str]) -> tuple[str, ...]:
    """What somebody may do with a warning for these divisions."""
    subject = policy.Subject(look.organisation, "", places=tuple(divisions))
    return _allowed(viewer, _WITH_WARNING, subject)


def _gave_one(look: Look, viewer: Viewer, name: str) -> bool:
    state = look.force(name)
    return state is not None and any(
        giver_of(terms, look.loaded) == viewer.actor for terms in state.orders.values()
    )


def _allowed(
    viewer: Viewer, commands: Iterable[type[BaseCommand]], subject: policy.Subject
) -> tuple[str, ...]:
    return tuple(_name(one) for one in commands if policy.may(viewer.actor, one, subject))


def _name(command: Any) -> str:
    return str(command.__struct_config__.tag)
