"""Lists and examples that come with the program; README.md beside them names their sources."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec
from msgspec.structs import replace

from handheld.domain.errors import NotFound
from handheld.domain.plan import AdoptPlan

_HERE = files(__name__)

NO_DIVISION = "000000"
"""Stands for the division in a plan that is nobody's yet; no county has this code."""


def counties() -> tuple[str, ...]:
    """The codes of the counties whose divisions come with the program."""
    return _names(_HERE, "divisions_", ".csv")


def divisions(county: str) -> Traversable:
    """The list of a county's divisions down to the village tier. Raises NotFound."""
    if county not in counties():
        raise NotFound("data.no_county", county=county, known=", ".join(counties()))
    return _HERE / f"divisions_{county}.csv"


def plans() -> tuple[str, ...]:
    """The keys of the plans that come as examples."""
    return _names(_HERE / "plans", "", ".json")


def plan(key: str) -> Traversable:
    """A plan, as JSON of the command that adopts it. Raises NotFound."""
    if key not in plans():
        raise NotFound("data.no_plan", plan=key, known=", ".join(plans()))
    return _HERE / "plans" / f"{key}.json"


def plan_for(key: str, division: str) -> AdoptPlan:
    """The command that adopts a plan for a division, whatever division its file names.

    Raises NotFound.
    """
    command = msgspec.json.decode(plan(key).read_bytes(), type=AdoptPlan)
    return replace(command, division=division)


def departments() -> Traversable:
    """The departments that the plans name: key and name, to be registered for a division."""
    return _HERE / "departments.csv"


def starts() -> tuple[str, ...]:
    """The names of the examples of a start without a plan."""
    return _names(_HERE / "starts", "", ".json")


def start(name: str) -> Traversable:
    """A start without a plan, as JSON of its command. Raises NotFound."""
    if name not in starts():
        raise NotFound("data.no_start", start=name, known=", ".join(starts()))
    return _HERE / "starts" / f"{name}.json"


def _names(folder: Traversable, before: str, after: str) -> tuple[str, ...]:
    found = (entry.name for entry in folder.iterdir())
    return tuple(
        sorted(
            name.removeprefix(before).removesuffix(after)
            for name in found
            if name.startswith(before) and name.endswith(after)
        )
    )
