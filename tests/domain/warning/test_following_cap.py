"""Messages of a sender, in whatever order they come."""

from __future__ import annotations

import itertools

import pytest

from handheld.domain.warning import evolve
from handheld_events.warning import WarningPlaced
from tests.domain.warning.support import Warned
from tests.support_cap import COUNTY, NORTH, about, block, message, moment

FIRST = message("T1", sent=moment(7))
SECOND = message(
    "T2",
    sent=moment(8),
    kind="Update",
    references=about("T1"),
    info=block(headline="台风红色预警"),
)
THIRD = message(
    "T3",
    sent=moment(9),
    kind="Update",
    references=f"{about('T1')} {about('T2', moment(8))}",
    info=block(headline="台风黄色预警"),
)
END = message("T4", sent=moment(10), kind="Cancel", references=about("T1"), info="", note="已减弱")


def outcome(warned: Warned, data: bytes) -> tuple[str, str | None]:
    found = warned.comes(data)
    return found.outcome, found.code


def test_an_alert_is_received_and_the_same_message_again_is_already_done() -> None:
    warned = Warned()
    assert outcome(warned, FIRST) == ("accepted", None)
    assert outcome(warned, FIRST) == ("already_done", "warning.received")
    assert list(warned.states) == ["warning-T1"]


def test_an_update_says_it_anew_and_a_cancel_lifts_it() -> None:
    warned = Warned()
    warned.comes(FIRST)
    assert outcome(warned, SECOND) == ("accepted", None)
    (state,) = warned.states.values()
    assert (state.status, state.content.level) == ("updated", "red")

    assert outcome(warned, SECOND) == ("already_done", "warning.received")
    assert outcome(warned, END) == ("accepted", None)
    assert warned.states["warning-T1"].status == "cancelled"
    assert outcome(warned, END) == ("already_done", "warning.received")


def test_a_later_update_may_name_only_the_one_before() -> None:
    warned = Warned()
    warned.comes(FIRST)
    warned.comes(SECOND)
    only = message(
        "T3", sent=moment(9), kind="Update", references=about("T2", moment(8)),
        info=block(headline="台风黄色预警"),
    )  # fmt: skip
    assert outcome(warned, only) == ("accepted", None)
    assert [s.content.level for s in warned.states.values()] == ["yellow"]


def test_an_older_update_that_comes_late_changes_nothing() -> None:
    warned = Warned()
    warned.comes(FIRST)
    warned.comes(THIRD)
    assert outcome(warned, SECOND) == ("overtaken", "warning.newer_known")
    assert [s.content.level for s in warned.states.values()] == ["yellow"]


def test_an_update_that_comes_after_the_cancel_but_was_sent_before_changes_nothing() -> None:
    warned = Warned()
    warned.comes(FIRST)
    warned.comes(END)
    assert outcome(warned, THIRD) == ("overtaken", "warning.newer_known")
    assert [s.status for s in warned.states.values()] == ["cancelled"]


def test_a_cancel_sent_before_the_latest_update_changes_nothing() -> None:
    warned = Warned()
    warned.comes(FIRST)
    warned.comes(THIRD)
    early = message("T4", sent=moment(8, 30), kind="Cancel", references=about("T1"), info="")
    assert outcome(warned, early) == ("overtaken", "warning.newer_known")
    assert [s.in_force for s in warned.states.values()] == [True]


def test_an_update_of_what_never_came_is_received_and_says_so() -> None:
    warned = Warned()
    assert outcome(warned, SECOND) == ("accepted", "warning.update_of_unknown")
    (state,) = warned.states.values()
    assert (state.status, state.content.level) == ("received", "red")


def test_the_first_message_that_comes_after_its_update_is_late() -> None:
    warned = Warned()
    warned.comes(SECOND)
    assert outcome(warned, FIRST) == ("overtaken", "warning.newer_known")
    assert list(warned.states) == ["warning-T2"]


@pytest.mark.parametrize("order", list(itertools.permutations((FIRST, SECOND, THIRD))))
def test_whatever_the_order_one_warning_is_in_force_with_the_latest_words(
    order: tuple[bytes, ...],
) -> None:
    warned = Warned()
    for data in order:
        warned.comes(data)
    assert [s.content.level for s in warned.states.values() if s.in_force] == ["yellow"]


def test_a_cancel_of_what_never_came_has_nothing_to_do() -> None:
    assert outcome(Warned(), END) == ("already_done", "warning.cancel_of_unknown")


def test_an_update_of_several_goes_on_in_one_and_lifts_the_others() -> None:
    warned = Warned()
    warned.comes(FIRST)
    warned.comes(message("U1", sent=moment(7, 30)))
    both = f"{about('T1')} {about('U1', moment(7, 30))}"
    joined = message("T2", sent=moment(8), kind="Update", references=both)
    assert outcome(warned, joined) == ("accepted", None)
    assert {n: s.status for n, s in warned.states.items()} == {
        "warning-T1": "cancelled",
        "warning-U1": "updated",
    }
    assert outcome(warned, joined) == ("already_done", "warning.received")


def test_nobody_lifts_the_warning_of_another_sender() -> None:
    warned = Warned()
    warned.comes(FIRST)
    strange = message(
        "X1", sent=moment(9), kind="Cancel", references=about("T1"), info="", sender="x@y.example"
    )
    assert outcome(warned, strange) == ("refused", "warning.other_sender")
    assert warned.states["warning-T1"].in_force


def test_the_update_of_another_sender_is_a_warning_of_its_own() -> None:
    warned = Warned()
    warned.comes(FIRST)
    strange = message(
        "X1", sent=moment(9), kind="Update", references=about("T1"), sender="x@y.example"
    )
    assert outcome(warned, strange) == ("accepted", "warning.update_of_unknown")
    assert [s.in_force for s in warned.states.values()] == [True, True]
    assert outcome(warned, SECOND) == ("accepted", None)


def test_the_reason_of_a_cancel_is_in_the_senders_words() -> None:
    for data, reason in (
        (END, "已减弱"),
        (message("T4", sent=moment(9), kind="Cancel", references=about("T1"), info=block(headline="解除台风预警")), "解除台风预警"),
        (message("T4", sent=moment(9), kind="Cancel", references=about("T1"), info=""), "CAP T4"),
    ):  # fmt: skip
        warned = Warned()
        warned.comes(FIRST)
        ((_, fact),) = warned.comes(data).facts
        assert getattr(fact, "reason", None) == reason


@pytest.mark.parametrize(
    ("status", "code"),
    [("Test", "warning.test"), ("System", "warning.system"), ("Draft", "warning.draft")],
)
def test_what_is_not_meant_for_the_public_is_refused(status: str, code: str) -> None:
    assert outcome(Warned(), message(status=status)) == ("refused", code)


@pytest.mark.parametrize("kind", ["Ack", "Error"])
def test_what_only_acknowledges_has_nothing_to_do(kind: str) -> None:
    data = message("A1", kind=kind, references=about("T1"), info="")
    assert outcome(Warned(), data) == ("already_done", "warning.acknowledgement")


@pytest.mark.parametrize("kind", ["Alert", "Update"])
def test_a_message_that_says_nothing_is_refused(kind: str) -> None:
    data = message(kind=kind, references=about("T0"), info="")
    assert outcome(Warned(), data) == ("refused", "warning.says_nothing")


def test_where_a_duty_officer_placed_it_stays_while_the_area_is_the_same() -> None:
    drawn = block(area="沿江地区", codes=())
    warned = Warned()
    warned.comes(message("T1", info=drawn))
    stream = "warning-T1"
    warned.states[stream] = evolve(warned.states[stream], WarningPlaced(divisions=(NORTH,)))

    warned.comes(message("T2", sent=moment(8), kind="Update", references=about("T1"), info=drawn))
    assert warned.states[stream].content.divisions == (NORTH,)

    elsewhere = block(area="山区", codes=())
    warned.comes(
        message("T3", sent=moment(9), kind="Update", references=about("T1"), info=elsewhere)
    )
    assert warned.states[stream].content.divisions == ()

    warned.comes(
        message("T4", sent=moment(10), kind="Update", references=about("T1"), info=block())
    )
    assert warned.states[stream].content.divisions == (COUNTY,)
