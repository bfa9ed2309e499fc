"""What is left of a fact for those who see no names: no words that people wrote.

Anybody may be named in them. Kept are codes, numbers and times, the title of a task force, and what
plans and registers say. Which fields hold words is told here, field by field: a test asks it of every
event that there is.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from handheld.texts import Texts
from handheld_events.base import Event
from handheld_events.forms import NOTHING_FILLED, Filled
from handheld_events.task_force import OrderAmended, OrderIssued
from handheld_projections.organisation import Organisation

WRITTEN = frozenset({"text", "reason", "note", "outcome", "done", "place", "source", "told_by"})
"""Fields that hold words of people."""
LEFT_OUT = "…"
"""What stands for them in a line."""


def unnamed(event: Event, texts: Texts, published: Collection[str] = ()) -> Event:
    """The same fact with LEFT_OUT for the words of people; not for those of published plans."""
    change: dict[str, Any] = {
        name: LEFT_OUT
        for name in event.__struct_fields__
        if name in WRITTEN and not _is_ours(event, name, texts, published)
    }
    filled = getattr(event, "filled", NOTHING_FILLED)
    if isinstance(filled, Filled) and filled.texts:
        change["filled"] = msgspec.structs.replace(filled, texts={})
    if getattr(event, "photos", ()):
        change["photos"] = ()  # people are seen on them
    return msgspec.structs.replace(event, **change) if change else event


def without_words(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of such a fact without those that were left out."""
    return {name: value for name, value in data.items() if value != LEFT_OUT}


def published_texts(organisation: Organisation) -> frozenset[str]:
    """What the orders of the plans say, as they are now."""
    return frozenset(
        order.text for plan in organisation.plans.values() for order in plan.edition.orders
    )


def _is_ours(event: Event, name: str, texts: Texts, published: Collection[str]) -> bool:
    """There is none, the system itself gave it as a code, or a plan says it."""
    value = getattr(event, name)
    if value is None:
        return True
    if name == "reason" and texts.named("reasons", value, "") != "":
        return True
    return isinstance(event, OrderIssued | OrderAmended) and name == "text" and value in published
