"""What ought to be answered, written by hand: the table as people agreed on it."""

from __future__ import annotations

from handheld.domain.task import Task, is_open
from handheld_events.orders import Steps
from tests.domain.task.table import COMMANDS, STATES
from tests.support_rules import ACCEPT_ONLY, REPORTED, THERE, VERIFIED

_ALWAYS = {"deliver": "**delivered**", "read": "**read**", "correct": "**corrected**"}


def _late(code: str) -> dict[str, str]:
    doing = ("accept", "decline", "go en route", "reach the scene", "visit a household", "report")
    return dict.fromkeys((*doing, "report, the same words again"), f"**overtaken** `{code}`")


def _refused(code: str) -> dict[str, str]:
    asked = (
        "verify",
        "send back",
        "withdraw",
        "suspend",
        "resume",
        "extend",
        "remind",
        "supervise",
        "reopen",
        "rate",
        "evaluate",
    )
    return dict.fromkeys(asked, f"refused `{code}`")


_DECLINED = {
    **_late("task.declined"),
    **_refused("task.declined"),
    "decline": "already done `task.declined`",
    "reopen": "**reopened**",
}
_WITHDRAWN = {
    **_late("task.withdrawn"),
    **_refused("task.withdrawn"),
    "withdraw": "already done `task.withdrawn`",
}
_CLOSED = {
    **_late("task.closed"),
    **_refused("task.closed"),
    "accept": "already done `task.accepted`",
    "report, the same words again": "already done `task.reported`",
    "reopen": "**reopened**",
    "rate": "**rated**",
    "evaluate": "**evaluated**",
}
_CLOSED_UNREPORTED = {**_CLOSED, "report, the same words again": "**overtaken** `task.closed`"}
_OPEN = {
    "withdraw": "**withdrawn**",
    "resume": "already done `task.resumed`",
    "extend": "**extended**",
    "supervise": "**supervised**",
    "reopen": "already done `task.open`",
    "rate": "refused `task.not_closed`",
    "evaluate": "refused `task.not_closed`",
}
_UNDONE = {
    **_OPEN,
    "decline": "**declined**",
    "verify": "refused `task.nothing_to_verify`",
    "send back": "refused `task.nothing_to_verify`",
    "suspend": "**suspended**",
    "remind": "**reminded**",
}
_TO_VERIFY = {
    **_OPEN,
    "accept": "already done `task.accepted`",
    "decline": "**overtaken** `task.reported`",
    "go en route": "**overtaken** `task.reported`",
    "reach the scene": "**overtaken** `task.reported`",
    "visit a household": "**overtaken** `task.reported`",
    "report": "**reported**",
    "report, the same words again": "already done `task.reported`",
    "verify": "**verified**, **closed**",
    "send back": "**sent back**",
    "suspend": "refused `task.reported`",
    "remind": "refused `task.reported`",
}


def _doing(before: str, after: str, report: str, scene: str = "") -> dict[str, str]:
    """What the assignee does: what comes before it, after it, after a report, after being there."""
    return {
        "go en route": f"{before}**en route**{after}",
        "reach the scene": f"{before}**on scene**{scene or after}",
        "visit a household": f"{before}**household visited**{after}",
        "report": f"{before}**reported**{report}",
        "report, the same words again": f"{before}**reported**{report}",
    }


_FIRST, _CLOSES = "**accepted**, ", ", **closed**"
_IN_PROGRESS = {**_UNDONE, "accept": "already done `task.accepted`"}

_BY_STATE: dict[Steps, dict[str, dict[str, str]]] = {
    ACCEPT_ONLY: {
        "waiting": {
            **_UNDONE,
            "accept": "**accepted**, **closed**",
            **_doing(_FIRST, _CLOSES, _CLOSES),
        },
        "in progress, reopened": {**_IN_PROGRESS, **_doing("", "", _CLOSES)},
        "closed": _CLOSED_UNREPORTED,
        "closed with a report": _CLOSED,
        "declined": _DECLINED,
        "withdrawn": _WITHDRAWN,
    },
    REPORTED: {
        "waiting": {**_UNDONE, "accept": "**accepted**", **_doing(_FIRST, "", _CLOSES)},
        "in progress": {**_IN_PROGRESS, **_doing("", "", _CLOSES)},
        "closed": _CLOSED,
        "declined": _DECLINED,
        "declined after acceptance": _DECLINED,
        "withdrawn": _WITHDRAWN,
        "withdrawn after acceptance": _WITHDRAWN,
    },
    VERIFIED: {
        "waiting": {**_UNDONE, "accept": "**accepted**", **_doing(_FIRST, "", "")},
        "in progress": {**_IN_PROGRESS, **_doing("", "", "")},
        "in progress, sent back": {**_IN_PROGRESS, **_doing("", "", "")},
        "to verify": _TO_VERIFY,
        "closed": {**_CLOSED, "verify": "already done `task.closed`"},
        "declined": _DECLINED,
        "declined after acceptance": _DECLINED,
        "declined after sent back": _DECLINED,
        "withdrawn": _WITHDRAWN,
        "withdrawn after acceptance": _WITHDRAWN,
        "withdrawn after sent back": _WITHDRAWN,
        "withdrawn after its report": {
            **_WITHDRAWN,
            "report, the same words again": "already done `task.reported`",
        },
    },
    THERE: {
        "waiting": {
            **_UNDONE,
            "accept": "**accepted**",
            **_doing(_FIRST, "", _CLOSES, _CLOSES),
        },
        "in progress": {**_IN_PROGRESS, **_doing("", "", _CLOSES, _CLOSES)},
        "closed": {
            **_CLOSED_UNREPORTED,
            "go en route": "already done `task.on_scene`",
            "reach the scene": "already done `task.on_scene`",
        },
        "closed with a report": _CLOSED,
        "declined": _DECLINED,
        "declined after acceptance": _DECLINED,
        "withdrawn": _WITHDRAWN,
        "withdrawn after acceptance": _WITHDRAWN,
    },
}

EXPECTED: dict[tuple[Steps, str, str], str] = {
    (steps, state, asked): words
    for steps, by_state in _BY_STATE.items()
    for state, answers in by_state.items()
    for asked, words in {**_ALWAYS, **answers}.items()
}
"""By the order's steps, the state and the command."""

assert set(_BY_STATE) == set(STATES)
assert {asked for _, _, asked in EXPECTED} == {asked.label for asked in COMMANDS}


def marked(task: Task, asked: str) -> str | None:
    """What a mark beside the state makes of the answer; None where it changes nothing."""
    answers: dict[str, tuple[bool, str]] = {
        "deliver": (task.delivered, "already done `task.delivered`"),
        "read": (task.read, "already done `task.read`"),
        "go en route": (
            task.en_route or task.on_scene,
            f"already done `task.{'on_scene' if task.on_scene else 'en_route'}`",
        ),
        "reach the scene": (task.on_scene, "already done `task.on_scene`"),
        "visit a household": (
            bool(task.visits) and task.status != "waiting",
            "already done `task.visited`",
        ),
        "suspend": (task.suspended is not None, "already done `task.suspended`"),
        "resume": (task.suspended is not None, "**resumed**"),
        "remind": (task.suspended is not None, "refused `task.suspended`"),
        "extend": (
            is_open(task.status) and task.report_by is not None,
            "already done `task.extended`",
        ),
        "supervise": (
            is_open(task.status) and task.supervised is not None,
            "already done `task.supervised`",
        ),
        "rate": (
            task.status == "closed" and task.rated is not None,
            "already done `task.rated`",
        ),
        "evaluate": (
            task.status == "closed" and task.evaluated is not None,
            "already done `task.evaluated`",
        ),
    }
    changes, words = answers.get(asked, (False, ""))
    return words if changes else None
