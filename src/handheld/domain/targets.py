"""Whom an order may be for: whether targets make sense, whoever there is."""

from __future__ import annotations

from collections.abc import Iterable

from handheld.domain.errors import Malformed
from handheld.domain.roles import ROLES
from handheld_events.ids import is_key
from handheld_events.orders import Target


def check_roles(*roles: str) -> None:
    """Raises Malformed (`role.unknown`) for a role that nobody can have."""
    for role in roles:
        if role not in ROLES:
            raise Malformed("role.unknown", role=role, known=", ".join(ROLES))


def check_targets(targets: Iterable[Target]) -> None:
    """Each names posts, a unit or a group, and does not contradict itself.

    Raises Malformed: `target.nothing`, `target.group_alone`, `target.unit_alone`,
    `target.kind_tier`, `role.unknown`, `department.key`, `group.key`.
    """
    for target in targets:
        if target.group is not None:
            if target != Target(group=target.group):
                raise Malformed("target.group_alone", group=target.group)
            if not is_key(target.group):
                raise Malformed("group.key", group=target.group)
            continue
        if target.department is not None and not is_key(target.department):
            raise Malformed("department.key", department=target.department)
        if target.role is None:
            if target.department is None:
                raise Malformed("target.nothing")
            if target.tier is not None or target.kind is not None:
                raise Malformed("target.unit_alone", department=target.department)
            continue
        check_roles(target.role)
        if target.kind is not None and target.tier not in (None, "village"):
            raise Malformed("target.kind_tier", role=target.role, tier=target.tier)
