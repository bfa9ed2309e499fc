"""Membership: who belongs to a task force, and how much of its history they may see.

Whoever was given a task, commands it or was pulled in belongs to it. Those pulled in later see all
that happened, unless it was said that they see it from then on (拉入).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handheld_events.envelope import Recorded
from handheld_events.task import TaskDispatched
from handheld_events.task_force import CommandHandedOver, PersonPulledIn, TaskForceStarted


def sees_after(facts: Iterable[Recorded[Any]], person: str) -> int | None:
    """The position after which a person may see what a task force recorded.

    `facts` are those of the task force that concern the person, in log order. 0: from the
    beginning. None: they do not belong to it.
    """
    after: int | None = None
    for fact in facts:
        match fact.event:
            case PersonPulledIn(person=who, sees="from_now") if who == person:
                # A task that comes with it is no leave to see more.
                after = fact.position - 1 if after is None else after
            case PersonPulledIn(person=who) if who == person:
                after = 0
            case TaskForceStarted() if person in (fact.meta.actor, fact.event.commander):
                after = 0
            case CommandHandedOver(to=who) if who == person:
                after = 0
            case TaskDispatched(person=who) if who == person:
                after = 0 if after is None else after
            case _:
                pass
    return after
