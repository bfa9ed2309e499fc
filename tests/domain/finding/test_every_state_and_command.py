"""Every state of a finding against everything that can be asked: what is answered."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from handheld.domain import finding
from handheld.domain.finding_commands import (
    AddToFinding,
    CorrectFinding,
    DealWith,
    PassUp,
    Return,
    Route,
)
from handheld_events.finding import (
    FindingAdded,
    FindingDealtWith,
    FindingEvent,
    FindingOrdered,
    FindingPutBack,
    FindingReturned,
    FindingStarted,
)
from tests.support_findings import (
    COMMANDER,
    FINDING,
    GRID,
    REPORTER,
    answering,
    given_finding,
)

_ORDERED = FindingOrdered(task_force_started="tf-1", order="order-1")
_STARTED = FindingStarted(task_force_started="tf-1")
_ORDERED_ELSEWHERE = FindingOrdered(task_force_started="tf-2", order="order-2")
_PUT_BACK = FindingPutBack(task_force="tf-1", reason="by mistake")
_PUT_BACK_ORDERED = FindingPutBack(task_force="tf-1", reason="by mistake", ordered=True)
_DEALT = FindingDealtWith(text="done")

STATES: dict[str, tuple[FindingEvent, ...]] = {
    "open": (),
    "returned": (FindingReturned(reason="where?"),),
    "ordered": (_ORDERED,),
    "started": (_STARTED,),
    "put back": (_STARTED, _PUT_BACK),
    "put back, ordered elsewhere": (_STARTED, _ORDERED_ELSEWHERE, _ORDERED, _PUT_BACK_ORDERED),
    "dealt with": (_DEALT,),
    "dealt with after an order": (_ORDERED, _DEALT),
}


class Asked(NamedTuple):
    label: str
    command: Any
    who: str = COMMANDER


COMMANDS = (
    Asked("add", AddToFinding(finding=FINDING, text="more"), REPORTER),
    Asked("pass up", PassUp(finding=FINDING, reason="too heavy")),
    Asked("route", Route(finding=FINDING, desk=GRID, reason="yours")),
    Asked("return", Return(finding=FINDING, reason="no")),
    Asked("return, the same reason", Return(finding=FINDING, reason="where?")),
    Asked("deal with", DealWith(finding=FINDING, text="cleared")),
    Asked("deal with, the same words", DealWith(finding=FINDING, text="done")),
    Asked("correct", CorrectFinding(finding=FINDING, version=1, reason="r", text="t")),
)

_NEW = {
    "add": "added",
    "pass up": "passed_up",
    "route": "routed",
    "return": "returned",
    "return, the same reason": "returned",
    "deal with": "dealt_with",
    "deal with, the same words": "dealt_with",
    "correct": "corrected",
}
_NO_RETURN = {
    "return": "refused finding.ordered",
    "return, the same reason": "refused finding.ordered",
}
_IN_A_TASK_FORCE = dict.fromkeys(
    ("pass up", "route", "return", "return, the same reason"), "refused finding.started"
)
_DONE = {
    **dict.fromkeys(
        ("pass up", "route", "return", "return, the same reason", "deal with"),
        "refused finding.dealt_with",
    ),
    "add": "overtaken finding.dealt_with: added",
    "deal with, the same words": "already_done finding.dealt_with",
}

EXPECTED: dict[str, dict[str, str]] = {
    "open": _NEW,
    "returned": {**_NEW, "return, the same reason": "already_done finding.returned"},
    "ordered": {**_NEW, **_NO_RETURN},
    "started": {**_NEW, **_IN_A_TASK_FORCE},
    "put back": _NEW,
    "put back, ordered elsewhere": {**_NEW, **_NO_RETURN},
    "dealt with": {**_NEW, **_DONE},
    "dealt with after an order": {**_NEW, **_DONE},
}


@pytest.mark.parametrize("asked", COMMANDS, ids=lambda asked: asked.label)
@pytest.mark.parametrize("state", STATES)
def test_what_is_answered(state: str, asked: Asked) -> None:
    given = given_finding(*STATES[state])
    answer = given.when(asked.command, asked.who)._run()
    facts = " ".join(event.TOPIC.split(".")[1] for event in answer.events)
    if answer.outcome == "accepted":
        assert answer.code is None
        words = facts
    else:
        words = f"{answer.outcome} {answer.code}" + (f": {facts}" if facts else "")

    assert words == EXPECTED[state][asked.label]
    for event in answer.events:
        finding.evolve(given.state, event)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("open", "accepted"),
        ("returned", "accepted"),
        ("ordered", "accepted"),
        ("started", "refused finding.started"),
        ("dealt with", "refused finding.dealt_with"),
    ],
)
def test_when_a_task_force_may_be_started_about_it(state: str, outcome: str) -> None:
    answer = finding.started(given_finding(*STATES[state]).state, "tf-2")

    assert f"{answer.outcome} {answer.code or ''}".strip() == outcome


def test_the_task_force_that_was_started_about_it_is_not_started_twice() -> None:
    given = given_finding(_STARTED)

    answering(given, lambda s: finding.started(s, "tf-1")).is_already_done("finding.started")


def test_another_is_started_where_the_first_was_cancelled() -> None:
    given = given_finding(_STARTED)
    after = answering(given, lambda s: finding.started(s, "tf-2", former_over=True)).then(
        FindingStarted(task_force_started="tf-2")
    )

    assert after.task_force == "tf-2"


def test_an_order_in_the_task_force_started_about_it_leaves_it_there() -> None:
    state = given_finding(_STARTED, _ORDERED).state

    assert state is not None
    assert (state.status, state.order) == ("started", "order-1")


def test_what_is_added_later_leaves_what_was_dealt_with_as_it_is() -> None:
    given = given_finding(_DEALT)
    more = AddToFinding(finding=FINDING, text="the next tree")
    after = given.when(more, REPORTER).is_overtaken(
        "finding.dealt_with", FindingAdded(text="the next tree")
    )

    assert after.status == "dealt_with"


@pytest.mark.parametrize(
    ("state", "of", "closed", "cancelled"),
    [
        ("started", "tf-1", "dealt_with", "put_back"),
        ("started", "tf-9", "", ""),
        ("ordered", "tf-1", "", "put_back"),
        ("ordered", "tf-9", "", ""),
        ("open", "tf-1", "", ""),
        ("returned", "tf-1", "", ""),
        ("put back, ordered elsewhere", "tf-1", "", ""),
        ("put back, ordered elsewhere", "tf-2", "", "put_back"),
        ("dealt with", "tf-1", "", ""),
    ],
)
def test_what_the_end_of_a_task_force_does(
    state: str, of: str, closed: str, cancelled: str
) -> None:
    known = given_finding(*STATES[state]).state
    assert known is not None
    told = (finding.closed(known, of, "cleared"), finding.cancelled(known, of, "by mistake"))

    assert [[e.TOPIC.split(".")[1] for e in events] for events in told] == [
        [closed] if closed else [],
        [cancelled] if cancelled else [],
    ]


def test_orders_of_another_task_force_still_stand_when_it_is_put_back() -> None:
    known = given_finding(_ORDERED_ELSEWHERE, _STARTED, _ORDERED).state
    assert known is not None

    assert finding.cancelled(known, "tf-1", "by mistake") == (_PUT_BACK_ORDERED,)
    after = finding.evolve(known, _PUT_BACK_ORDERED)
    assert (after.status, after.meant, after.task_force) == ("ordered", ("order-2",), None)
