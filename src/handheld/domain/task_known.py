"""What a decision about a task rests on besides its own history."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from handheld.domain.task_force import OrderTerms, TaskForce


class Known(NamedTuple):
    """What whoever decides has looked up."""

    now: datetime
    """By the log's clock (UTC)."""
    task_force: TaskForce | None = None
    """As far as the command needs it."""
    terms: OrderTerms | None = None
    """What the order asks now."""
    of_unit: bool = False
    """Whether the person who acts holds a post of the department that is called as a unit."""
    may: bool = True
    """Whether who acts may do what they ask for (`handheld.domain.policy`)."""
    has_one: bool = False
    """Whether the assignee has a task of the same order that is open."""
