"""What ought to be answered, written by hand: the table as people agreed on it."""

from __future__ import annotations

_RECORD = {
    "send a message": "**message sent**",
    "make an entry": "**entry made**",
    "strike an entry": "**entry struck**",
    "strike an entry that is struck": "already done `entry.struck`",
    "correct": "**corrected**",
}
_PULLED_IN = "already done `task_force.pulled_in`"
_DIRECTED = {
    "issue an order": "**order issued**; 1 task **dispatched**",
    "amend an order": "**order amended**; 4 tasks **amended**",
    "amend an order that was withdrawn": "refused `order.withdrawn`",
    "withdraw an order": "**order withdrawn**; 4 tasks **withdrawn**",
    "withdraw an order that was withdrawn": "already done `order.withdrawn`",
    "release who waits for a place, all places taken": "2 tasks **withdrawn**",
    "release who waits for a place, places left": "already done `order.released`",
    "tell that places are left after their time": "already done `order.not_unfilled`",
    "call again where nobody was let go": "already done `order.nobody_let_go`",
    "raise the level": "**level changed**, **order issued**; 4 tasks **dispatched**",
    "set the level that it has": "already done `task_force.level`",
    "call what is due": "**order issued**; 4 tasks **dispatched**",
    "call what was called": "already done `order.called`",
    "hand over command": "**command handed over**",
    "hand command to who has it": "already done `task_force.handed_over`",
    "name the lead department": "**department called**",
    "pull somebody in": "**person pulled in**",
    "pull somebody in with a task": "**person pulled in**; 1 task **dispatched**",
    "pull in who was pulled in": _PULLED_IN,
    "pull in, with the task that they were pulled in for": _PULLED_IN,
    "pull in, with a task that they have from the order": _PULLED_IN,
}


def _no_orders(code: str) -> dict[str, str]:
    return dict.fromkeys(_DIRECTED, f"refused `{code}`")


def _down(code: str) -> dict[str, str]:
    asked = ("stand down, no task open", "stand down, tasks open")
    return dict.fromkeys(asked, f"already done `{code}`")


_CLOSES = {
    "close, no task open": "**closed**",
    "close, tasks open": "refused `task_force.tasks_open`",
    "close and withdraw what is open": "**closed**; 4 tasks **withdrawn**",
}
_CANCELS = {"cancel a start by mistake": "**cancelled**; 4 tasks **cancelled**"}
_NOT_CLOSED = dict.fromkeys(("rate", "evaluate", "archive"), "refused `task_force.not_closed`")
_ACTIVE = {
    **_RECORD,
    **_DIRECTED,
    "stand down, no task open": "**stood down**",
    "stand down, tasks open": "**stood down**; 2 tasks **withdrawn**",
    **_CLOSES,
    **_CANCELS,
    "reopen": "already done `task_force.active`",
    **_NOT_CLOSED,
}
_CLOSED = {
    **_RECORD,
    **_no_orders("task_force.closed"),
    **_down("task_force.closed"),
    **dict.fromkeys(_CLOSES, "already done `task_force.closed`"),
    "cancel a start by mistake": "refused `task_force.closed`",
    "reopen": "**reopened**",
    "rate": "**rated**",
    "evaluate": "**evaluated**",
    "archive": "**archived**",
}

_BY_STATE: dict[str, dict[str, str]] = {
    "active": _ACTIVE,
    "stood down": {
        **_RECORD,
        **_no_orders("task_force.stood_down"),
        # Somebody commands until the close, and what is under way can be taken back.
        "withdraw an order": _DIRECTED["withdraw an order"],
        "hand over command": _DIRECTED["hand over command"],
        "hand command to who has it": _DIRECTED["hand command to who has it"],
        **_down("task_force.stood_down"),
        **_CLOSES,
        **_CANCELS,
        "reopen": "**reopened**",
        **_NOT_CLOSED,
    },
    "closed": _CLOSED,
    "closed after stand-down": _CLOSED,
    "closed and archived": {**_CLOSED, "archive": "already done `task_force.archived`"},
    # With the close the times of what the plan foresaw have passed.
    "reopened": {**_ACTIVE, "call what is due": "already done `order.called`"},
    "cancelled": {
        **_RECORD,
        **_no_orders("task_force.cancelled"),
        **_down("task_force.cancelled"),
        **dict.fromkeys((*_CLOSES, *_CANCELS), "already done `task_force.cancelled`"),
        **dict.fromkeys(("rate", "evaluate", "reopen"), "refused `task_force.cancelled`"),
        "archive": "**archived**",
    },
}

EXPECTED: dict[tuple[str, str], str] = {
    (state, asked): words
    for state, answers in _BY_STATE.items()
    for asked, words in answers.items()
}
"""By state and command."""
