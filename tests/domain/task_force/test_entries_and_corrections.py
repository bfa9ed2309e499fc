from __future__ import annotations

from handheld.domain.errors import NotFound
from handheld.domain.task_force import CorrectTaskForce, MakeEntry, StrikeEntry
from handheld_events.examples import ENTRY, TASK_FORCE, at
from handheld_events.task_force import (
    EntryMade,
    EntryStruck,
    StoodDown,
    TaskForceClosed,
    TaskForceCorrected,
)
from tests.support_rules import given_no_task_force, given_task_force

MADE = EntryMade(entry=ENTRY, text="风力加大")
STRUCK = EntryStruck(entry=ENTRY, reason="记错")
MAKE = MakeEntry(task_force=TASK_FORCE, text="风力加大")
STRIKE = StrikeEntry(task_force=TASK_FORCE, entry=ENTRY, reason="记错")


def test_an_entry_has_the_id_that_follows_from_its_command() -> None:
    after = given_task_force(entry=ENTRY).when(MAKE).then(MADE)

    assert after.entries == {ENTRY: False}


def test_a_struck_entry_stays_known_as_struck() -> None:
    after = given_task_force(MADE).when(STRIKE).then(STRUCK)

    assert after.entries == {ENTRY: True}


def test_striking_twice_is_already_done() -> None:
    given_task_force(MADE, STRUCK).when(STRIKE).is_already_done("entry.struck")


def test_an_entry_that_there_is_not_cannot_be_struck() -> None:
    given_task_force().when(STRIKE).raises(NotFound, "entry.unknown", entry=ENTRY)


def test_the_record_goes_on_after_stand_down_and_close() -> None:
    ended = given_task_force(
        MADE,
        StoodDown(reason="over", withdrawn=0),
        TaskForceClosed(outcome="done"),
        entry="entry-2",
    )

    ended.when(MAKE).then(EntryMade(entry="entry-2", text="风力加大"))
    ended.when(STRIKE).then(STRUCK)


def test_a_correction_changes_nothing_but_the_record() -> None:
    correct = CorrectTaskForce(task_force=TASK_FORCE, version=1, reason="r", occurred_at=at(6))

    after = (
        given_task_force()
        .when(correct)
        .then(TaskForceCorrected(version=1, reason="r", occurred_at=at(6)))
    )

    assert (after.status, after.version) == ("active", 3)


def test_only_a_fact_that_there_is_can_be_corrected() -> None:
    for version in (-1, 0, 3):
        given_task_force().when(
            CorrectTaskForce(task_force=TASK_FORCE, version=version, reason="r", text="t")
        ).raises(NotFound, "correction.no_such_fact", version=version)


def test_in_no_task_force_nothing_can_be_entered() -> None:
    given_no_task_force().when(MAKE).raises(NotFound, "task_force.unknown")
