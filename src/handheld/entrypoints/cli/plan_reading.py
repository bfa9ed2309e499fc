"""Plans, as their streams tell them."""

from __future__ import annotations

from handheld.application.loading import States
from handheld.bootstrap import Home
from handheld.domain.errors import NotFound
from handheld.domain.plan import Plan, evolve
from handheld_events.codec import Reading
from handheld_events.ids import plan_stream


def load_plan(home: Home, key: str) -> tuple[Plan, int]:
    """A plan, and the version of its stream. Raises NotFound (`plan.unknown`)."""
    stream = plan_stream(key)
    states = States(home.log)
    states.load((stream,))
    loaded = states.get(stream)
    if loaded.state is None:
        raise NotFound("plan.unknown", plan=key)
    return loaded.state, loaded.version


def all_plans(home: Home) -> dict[str, tuple[Plan, int]]:
    """Every plan by its key, each with the version of its stream."""
    reading = Reading()
    plans: dict[str, tuple[Plan, int]] = {}
    for row in home.log.read_kinds(0, ("plan",)):
        fact = reading.fact(*row)
        key = fact.stream.removeprefix("plan-")
        before = plans[key][0] if key in plans else None
        plans[key] = (evolve(before, fact.event), fact.version)
    return dict(sorted(plans.items()))
