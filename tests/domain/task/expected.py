"""What ought to be answered, written by hand: the table as people agreed on it."""

from __future__ import annotations

from handheld_events.orders import Steps
from tests.domain.task.table import COMMANDS, STATES
from tests.support_rules import ACCEPT_ONLY, REPORTED, VERIFIED

_DELIVERED, _READ, _CORRECTED = "**delivered**", "**read**", "**corrected**"
_ALWAYS = {"deliver": _DELIVERED, "read": _READ, "correct": _CORRECTED}

_DECLINED = {
    "accept": "**overtaken** `task.declined`",
    "decline": "already done `task.declined`",
    "report": "**overtaken** `task.declined`",
    "report, the same words again": "**overtaken** `task.declined`",
    "verify": "refused `task.declined`",
    "send back": "refused `task.declined`",
    "withdraw": "refused `task.declined`",
}
_WITHDRAWN = {
    "accept": "**overtaken** `task.withdrawn`",
    "decline": "**overtaken** `task.withdrawn`",
    "report": "**overtaken** `task.withdrawn`",
    "report, the same words again": "**overtaken** `task.withdrawn`",
    "verify": "refused `task.withdrawn`",
    "send back": "refused `task.withdrawn`",
    "withdraw": "already done `task.withdrawn`",
}
_CLOSED = {
    "accept": "already done `task.accepted`",
    "decline": "**overtaken** `task.closed`",
    "report": "**overtaken** `task.closed`",
    "report, the same words again": "already done `task.reported`",
    "verify": "refused `task.closed`",
    "send back": "refused `task.closed`",
    "withdraw": "refused `task.closed`",
}
_UNDONE = {
    "decline": "**declined**",
    "verify": "refused `task.nothing_to_verify`",
    "send back": "refused `task.nothing_to_verify`",
    "withdraw": "**withdrawn**",
}


def _report(words: str) -> dict[str, str]:
    return {"report": words, "report, the same words again": words}


_BOTH = "**accepted**, **reported**, **closed**"
_IN_PROGRESS = {**_UNDONE, "accept": "already done `task.accepted`"}

_BY_STATE: dict[Steps, dict[str, dict[str, str]]] = {
    ACCEPT_ONLY: {
        "waiting": {**_UNDONE, "accept": "**accepted**, **closed**", **_report(_BOTH)},
        "closed": {**_CLOSED, "report, the same words again": "**overtaken** `task.closed`"},
        "closed with a report": _CLOSED,
        "declined": _DECLINED,
        "withdrawn": _WITHDRAWN,
    },
    REPORTED: {
        "waiting": {**_UNDONE, "accept": "**accepted**", **_report(_BOTH)},
        "in progress": {**_IN_PROGRESS, **_report("**reported**, **closed**")},
        "closed": _CLOSED,
        "declined": _DECLINED,
        "declined after acceptance": _DECLINED,
        "withdrawn": _WITHDRAWN,
        "withdrawn after acceptance": _WITHDRAWN,
    },
    VERIFIED: {
        "waiting": {
            **_UNDONE,
            "accept": "**accepted**",
            **_report("**accepted**, **reported**"),
        },
        "in progress": {**_IN_PROGRESS, **_report("**reported**")},
        "in progress, sent back": {**_IN_PROGRESS, **_report("**reported**")},
        "to verify": {
            "accept": "already done `task.accepted`",
            "decline": "**overtaken** `task.reported`",
            "report": "**reported**",
            "report, the same words again": "already done `task.reported`",
            "verify": "**verified**, **closed**",
            "send back": "**sent back**",
            "withdraw": "**withdrawn**",
        },
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
