"""Which board is wanted, and how much of it somebody sees."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import msgspec

MOST_ROWS = 200
"""Rows of one window."""


class Rows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A window on the open tasks of a board."""

    offset: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0
    """How many come before the window."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = 50
    late: bool = False
    """Only those overdue, those due first first."""
    state: Literal["waiting", "in_progress", "to_verify"] | None = None
    """Only those in this one."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which board."""

    kind: Literal["division", "department"] = "division"
    key: Annotated[str, msgspec.Meta(max_length=80)]
    """A division code, or the key of a department."""
    task_force: Annotated[str, msgspec.Meta(max_length=80)] | None = None
    """Of a division: only this task force, closed or not."""
    drills: bool = False
    """Drills instead of the real thing. A task force says by itself which it is."""
    rows: Rows | None = None


class Sight(NamedTuple):
    """How much of a board somebody sees: whoever has the same sees the same board."""

    parts: tuple[str, ...] | None = None
    """Of a part: division codes and department streams. None: the whole."""
    rows: bool = True
    """Whether the tasks are for them one by one."""
    row_parts: tuple[str, ...] | None = None
    """Of the rows: as `parts`."""
    grid: bool = True
    """Of a grid: whether its households and findings are for them."""
    names: bool = True
    """Whether people are named."""


WHOLE = Sight()
