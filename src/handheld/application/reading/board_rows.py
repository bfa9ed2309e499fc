"""Windows on the open and the late tasks, and who is to be named."""

from __future__ import annotations

from handheld.application.reading import board_documents as told
from handheld.application.reading.beside import Parts
from handheld.application.reading.board_parts import Named, is_drill, narrowed
from handheld.application.reading.board_wanted import Rows, Sight, Wanted
from handheld_projections.waiters import Waiter, open_window


def rows_of(parts: Parts, wanted: Wanted, sight: Sight, named: Named) -> told.RowsPart | None:
    """The window that is wanted; None where none is, or where the rows are not for them."""
    window = wanted.rows
    if window is None or not sight.rows:
        return None
    department = wanted.key if wanted.kind == "department" else None
    waiters, total = open_window(
        narrowed(parts, sight.row_parts).values(),
        wanted.key if department is None else "",
        window.offset,
        window.limit,
        drills=is_drill(parts, wanted),
        late=window.late,
        department=department,
        state=window.state,
    )
    return _window(waiters, total, window, named)


def people_in(document: told.DivisionBoard | told.DepartmentBoard | told.RowsPart) -> set[str]:
    """Everybody who is to be named beside a document."""
    if isinstance(document, told.RowsPart):
        return {row.person for row in document.tasks.values()}
    found = people_in(document.rows) if document.rows is not None else set[str]()
    if isinstance(document, told.DepartmentBoard):
        return found | document.people.keys()
    if document.grid is not None:
        found |= {row.person for row in document.grid.tasks.values()}
        found |= {who for row in document.grid.households.values() for who in row.contacts}
        found |= {row.reporter for row in document.grid.findings.values()}
    return found


def _window(chosen: list[Waiter], total: int, window: Rows, named: Named) -> told.RowsPart:
    return told.RowsPart(
        total,
        window.offset,
        tuple(waiter.task for waiter in chosen),
        {
            waiter.task: told.TaskRow(
                waiter.person,
                waiter.division,
                waiter.state,
                waiter.order,
                waiter.task_force,
                waiter.dispatched_at,
                waiter.delivered,
                waiter.overdue,
                waiter.suspended,
                waiter.open,
                waiter.reminded,
                waiter.escalated,
                waiter.due_at,
                waiter.department,
                named.division(waiter.division),
            )
            for waiter in chosen
        },
    )
