"""The starts that a warning leads to: proposed, once for each plan and place, or declined."""

from __future__ import annotations

from datetime import datetime

from handheld.domain import matching
from handheld.domain.answers import Answer, accepted, already_done, refused
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.warning_commands import DeclineProposal
from handheld.domain.warning_state import WarningState, existing
from handheld.domain.words import check_words
from handheld_events.orders import LEVELS, Level
from handheld_events.territory import within
from handheld_events.warning import (
    WARNING_LEVELS,
    ProposalDeclined,
    StartCancelled,
    StartedOnWarning,
    StartProposed,
    WarningContent,
    WarningEvent,
)
from handheld_projections.organisation import Organisation


def propose(known: WarningState, organisation: Organisation, at: datetime) -> Answer[WarningEvent]:
    """The starts that are not yet proposed, declined or made, of a warning in force.

    A higher warning level proposes anew what was declined, or what was proposed at a lower
    response level.
    """
    facts = [
        StartProposed(
            plan=found.plan,
            plan_version=found.plan_version,
            division=found.division,
            title=found.title,
            level=found.level,
            at_once=found.does == "start",
        )
        for found in matching.proposals(known.content, organisation, at)
        if _is_new(known, found)
    ]
    return accepted(*facts) if facts else already_done("warning.nothing_to_propose")


def asked(
    plan: str, content: WarningContent, organisation: Organisation
) -> tuple[StartProposed, ...]:
    """The starts of a plan that whoever told of the warning asks for, wherever its triggers stand.

    Nothing is started by it: a command room decides. Raises NotFound (`plan.unknown`), Malformed
    (`plan.retired`, `plan.elsewhere`).
    """
    key = plan.removeprefix("plan-")
    known = organisation.plans.get(plan)
    if known is None:
        raise NotFound("plan.unknown", plan=key)
    if known.retired:
        raise Malformed("plan.retired", plan=key)
    edition = known.edition
    divisions = matching.territory(edition.division, content.divisions)
    if not divisions:
        raise Malformed(
            "plan.elsewhere",
            plan=key,
            territory=edition.division,
            division=content.divisions[0],
        )
    return tuple(
        StartProposed(
            plan=plan,
            plan_version=known.version,
            division=division,
            title=matching.titled(edition.title, content.headline),
            level=edition.level,
        )
        for division in divisions
    )


def started(
    state: WarningState | None,
    task_force: str,
    division: str,
    plan: str | None,
    warning: str = "-",
) -> Answer[WarningEvent]:
    """A task force is started because of it.

    Already done where this plan was started for this division: two officers press at once.
    Raises NotFound (`warning.unknown`).
    """
    known = existing(state, warning)
    if known.status == "cancelled":
        return refused("warning.cancelled")
    if task_force in known.started or (
        plan is not None and (plan, division) in known.started.values()
    ):
        return already_done("warning.started")
    return accepted(StartedOnWarning(task_force=task_force, division=division, plan=plan))


def start_cancelled(known: WarningState, task_force: str, reason: str) -> tuple[WarningEvent, ...]:
    """What it means for the warning that a task force was started on it by mistake.

    People can start the same again; by itself it is proposed only when the warning rises.
    """
    if task_force not in known.started:
        return ()
    return (StartCancelled(task_force=task_force, reason=reason),)


def decline(known: WarningState, command: DeclineProposal) -> Answer[WarningEvent]:
    """The start is not made. Raises NotFound (`proposal.unknown`), Malformed."""
    check_words(reason=command.reason)
    key = (command.plan, command.division)
    if key in known.started.values():
        return refused("warning.started")
    if key in known.declined:
        return already_done("warning.declined")
    if key not in known.proposed:
        raise NotFound("proposal.unknown", plan=command.plan, division=command.division)
    return accepted(
        ProposalDeclined(plan=command.plan, division=command.division, reason=command.reason)
    )


def _is_new(known: WarningState, found: matching.Proposed) -> bool:
    key = (found.plan, found.division)
    if any(_covers(start, found) for start in known.started.values()):
        return False
    declined = known.declined.get(key)
    if declined is not None:
        return WARNING_LEVELS.index(known.content.level) > WARNING_LEVELS.index(declined)
    return key not in known.proposed or _height(found.level) > _height(known.proposed[key])


def _covers(start: tuple[str | None, str], found: matching.Proposed) -> bool:
    """Whether a start of the same plan reaches all who would be called."""
    plan, division = start
    return plan == found.plan and within(found.division, division)


def _height(level: Level | None) -> int:
    return -1 if level is None else LEVELS.index(level)
