"""What ought to be answered, written by hand: the table as people agreed on it."""

from __future__ import annotations

_RECORD = {
    "make an entry": "**entry made**",
    "strike an entry": "**entry struck**",
    "strike an entry that is struck": "already done `entry.struck`",
    "correct": "**corrected**",
}
_PULLED_IN = "already done `task_force.pulled_in`"


def _no_orders(code: str) -> dict[str, str]:
    asked = (
        "issue an order",
        "pull somebody in",
        "pull somebody in with a task",
        "pull in who was pulled in",
        "pull in, with the task that they were pulled in for",
        "pull in, with a task that they have from the order",
    )
    return dict.fromkeys(asked, f"refused `{code}`")


def _down(code: str) -> dict[str, str]:
    asked = ("stand down, no task open", "stand down, tasks open")
    return dict.fromkeys(asked, f"already done `{code}`")


_CLOSES = {
    "close, no task open": "**closed**",
    "close, tasks open": "refused `task_force.tasks_open`",
    "close and withdraw what is open": "**closed**; 4 tasks **withdrawn**",
}
_CLOSED = {
    **_RECORD,
    **_no_orders("task_force.closed"),
    **_down("task_force.closed"),
    **dict.fromkeys(_CLOSES, "already done `task_force.closed`"),
}

_BY_STATE: dict[str, dict[str, str]] = {
    "active": {
        **_RECORD,
        "issue an order": "**order issued**; 1 task **dispatched**",
        "pull somebody in": "**person pulled in**",
        "pull somebody in with a task": "**person pulled in**; 1 task **dispatched**",
        "pull in who was pulled in": _PULLED_IN,
        "pull in, with the task that they were pulled in for": _PULLED_IN,
        "pull in, with a task that they have from the order": _PULLED_IN,
        "stand down, no task open": "**stood down**",
        "stand down, tasks open": "**stood down**; 2 tasks **withdrawn**",
        **_CLOSES,
    },
    "stood down": {
        **_RECORD,
        **_no_orders("task_force.stood_down"),
        **_down("task_force.stood_down"),
        **_CLOSES,
    },
    "closed": _CLOSED,
    "closed after stand-down": _CLOSED,
}

EXPECTED: dict[tuple[str, str], str] = {
    (state, asked): words
    for state, answers in _BY_STATE.items()
    for asked, words in answers.items()
}
"""By state and command."""
