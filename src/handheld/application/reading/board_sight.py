"""How much of a board somebody sees: the policy, asked for what the board shows."""

from __future__ import annotations

from handheld.application.reading.board_wanted import Sight, Wanted
from handheld.application.reading.seen import Look, must_see
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.seeing import NOTHING, Reading, Seen, View, Viewer, visible
from handheld_events.territory import TIERS, tier_of


def sight(look: Look, viewer: Viewer, wanted: Wanted, as_of: int | None = None) -> Sight:
    """What they see of it. Ask it anew at every reading and every showing.

    `as_of`: the position that is looked at; None for the latest. What is hidden and what there is
    not are answered alike: NotFound (`division.unknown`, `department.unknown`,
    `task_force.unknown`). Raises Malformed (`board.department`).
    """
    if wanted.kind == "department":
        return _department(look, viewer, wanted)
    code = wanted.key
    if code not in look.organisation.divisions or len(code) not in TIERS:
        raise NotFound("division.unknown", division=code)
    here = Seen(look.organisation, divisions=(code,), as_of=as_of)
    if wanted.task_force is not None:
        return _task_force(look, viewer, wanted.task_force, here)
    reading: Reading = "board.grid" if tier_of(code) == "grid" else "board.division"
    view = must_see(viewer, reading, here, NotFound("division.unknown", division=code))
    rows = visible(viewer, "late", here)
    return Sight(rows=rows.extent == "whole", names=view.names)


def _department(look: Look, viewer: Viewer, wanted: Wanted) -> Sight:
    if wanted.task_force is not None:
        raise Malformed("board.department")
    absent = NotFound("department.unknown", department=wanted.key)
    known = look.organisation.departments.get(wanted.key)
    if known is None:
        raise absent
    seen = Seen(look.organisation, divisions=(known.division,), departments=(wanted.key,))
    return Sight(names=must_see(viewer, "board.department", seen, absent).names)


def _task_force(look: Look, viewer: Viewer, name: str, here: Seen) -> Sight:
    """Counts are of the course of the task force, and are for those who may read of that."""
    absent = NotFound("task_force.unknown", task_force=name)
    seen = look.task_force(name, viewer, as_of=here.as_of)
    view = must_see(viewer, "task_force.timeline", seen, absent)
    rows = NOTHING if seen is None else visible(viewer, "task_force.late", seen)
    grid = visible(viewer, "board.grid", here)
    return Sight(
        parts=_parts(view),
        rows=rows.extent != "nothing",
        row_parts=_parts(rows),
        grid=grid.extent == "whole" and rows.extent != "nothing",
        names=view.names,
    )


def _parts(view: View) -> tuple[str, ...] | None:
    return view.parts if view.extent == "part" else None
