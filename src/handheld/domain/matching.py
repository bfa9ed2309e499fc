"""Which plans answer a warning, where, and at which response level."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import Literal, NamedTuple

from handheld.domain.placing import outermost
from handheld_events.orders import Level
from handheld_events.plan import PlanAdopted, Trigger
from handheld_events.territory import within
from handheld_events.warning import WARNING_LEVELS, WarningContent
from handheld_projections.organisation import Organisation

LONGEST_TITLE = 60
"""Characters: it is read on a phone."""


class Proposed(NamedTuple):
    """A start that a plan makes ready."""

    plan: str
    """The plan stream."""
    plan_version: int
    division: str
    title: str
    level: Level | None
    does: Literal["propose", "start"]


def proposals(content: WarningContent, organisation: Organisation, at: datetime) -> list[Proposed]:
    """The starts that plans in force make ready for a warning, by plan and division.

    Nothing where its time was over before `at`.
    """
    if content.expires is not None and content.expires <= at:
        return []
    found: list[Proposed] = []
    for stream, plan in sorted(organisation.plans.items()):
        trigger = None if plan.retired else trigger_of(plan.edition, content)
        if trigger is None:
            continue
        found += [
            Proposed(
                stream,
                plan.version,
                division,
                titled(plan.edition.title, content.headline),
                trigger.level or plan.edition.level,
                trigger.does,
            )
            for division in territory(plan.edition.division, content.divisions)
        ]
    return found


def answered_anew(
    content: WarningContent,
    organisation: Organisation,
    at: datetime,
    plans: Container[str],
    known: Container[tuple[str, str]],
) -> list[Proposed]:
    """The starts that these plans, adopted since, make ready for a warning that is in force.

    `known` are the starts, plan and division, that the warning has led to already.
    """
    return [
        found
        for found in proposals(content, organisation, at)
        if found.plan in plans and (found.plan, found.division) not in known
    ]


def trigger_of(edition: PlanAdopted, content: WarningContent) -> Trigger | None:
    """The trigger that a warning pulls: of several the one for the highest level it reaches."""
    reached = [
        trigger
        for trigger in edition.triggers
        if WARNING_LEVELS.index(content.level) >= WARNING_LEVELS.index(trigger.at_least)
        and _is_about(trigger.event, content)
    ]
    return max(reached, key=lambda t: WARNING_LEVELS.index(t.at_least), default=None)


def territory(plan: str, divisions: tuple[str, ...]) -> tuple[str, ...]:
    """Where a plan for one division is started: all of it, or the parts that are warned."""
    if any(within(plan, division) for division in divisions):
        return (plan,)
    return outermost(division for division in divisions if within(division, plan))


def _is_about(hazard: str, content: WarningContent) -> bool:
    words = hazard.casefold()
    return words in content.event.casefold() or words in content.headline.casefold()


def titled(plan: str, headline: str) -> str:
    """What a task force is called that a plan starts on a warning."""
    title = f"{plan}：{headline}"
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
