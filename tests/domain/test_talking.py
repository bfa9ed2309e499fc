"""What is said in and of a task force: messages and answers, ratings, archive, reopening."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from handheld.domain.errors import CommandReused, Malformed, NotAllowed, NotFound
from handheld.domain.task_force import (
    ArchiveTaskForce,
    EvaluateTaskForce,
    MakeEntry,
    RateTaskForce,
    ReopenTaskForce,
    SendMessage,
)
from handheld_events.examples import ENTRY, TASK_FORCE
from handheld_events.forms import Photo
from handheld_events.task_force import (
    EntryMade,
    MessageSent,
    StoodDown,
    TaskForceArchived,
    TaskForceCancelled,
    TaskForceClosed,
    TaskForceEvaluated,
    TaskForceEvent,
    TaskForceRated,
    TaskForceReopened,
)
from tests.support_rules import (
    COMMANDER,
    MESSAGE,
    given_no_task_force,
    given_task_force,
)

SEND = SendMessage(task_force=TASK_FORCE, text="水位多少？", question=True)
QUESTION = MessageSent(message="message-1", text="水位多少？", question=True)
PHOTO = Photo(sha256="0" * 64)
DOWN = StoodDown(reason="解除", withdrawn=0)
CLOSED = TaskForceClosed(outcome="完成")
CANCELLED = TaskForceCancelled(reason="误发", tasks=3)
RATE = RateTaskForce(task_force=TASK_FORCE, satisfied=False, text="来得太晚")
RATED = TaskForceRated(satisfied=False, text="来得太晚")
EVALUATE = EvaluateTaskForce(task_force=TASK_FORCE, score=4)
ARCHIVE = ArchiveTaskForce(task_force=TASK_FORCE)
REOPEN = ReopenTaskForce(task_force=TASK_FORCE, reason="又下雨了")
REOPENED = TaskForceReopened(reason="又下雨了")

ENDS: tuple[tuple[TaskForceEvent, ...], ...] = ((), (DOWN,), (CLOSED,), (DOWN, CLOSED))


# --- messages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [*ENDS, (CANCELLED,)])
def test_words_are_sent_at_any_time_and_have_the_id_that_follows_from_their_command(
    ends: tuple[TaskForceEvent, ...],
) -> None:
    sent = MessageSent(message=MESSAGE, text="水位多少？", question=True)

    after = given_task_force(*ends).when(SEND).then(sent)

    assert set(after.messages) == {MESSAGE}


def test_an_answer_names_the_message_that_it_answers() -> None:
    command = replace(SEND, text="三米", question=False, answers="message-1", photos=(PHOTO,))
    answer = MessageSent(message=MESSAGE, text="三米", photos=(PHOTO,), answers="message-1")

    given_task_force(QUESTION).when(command).then(answer)
    given_task_force().when(command).raises(NotFound, "message.unknown", message="message-1")


@pytest.mark.parametrize("to", ["330825", "330825101264001", "department-water"])
def test_words_go_to_one_unit(to: str) -> None:
    sent = MessageSent(message=MESSAGE, text="水位多少？", to=to, question=True)

    given_task_force().when(replace(SEND, to=to)).then(sent)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "person-S000001"}, "message.to"),
        ({"to": "3308"}, "message.to"),
        ({"text": " "}, "words.missing"),
        ({"photos": (PHOTO, PHOTO)}, "photos.twice"),
    ],
)
def test_words_that_make_no_sense_are_an_error(changes: dict[str, Any], code: str) -> None:
    given_task_force().when(replace(SEND, **changes)).raises(Malformed, code)


def test_somebody_elses_id_cannot_be_used_for_other_words() -> None:
    make = MakeEntry(task_force=TASK_FORCE, text="雨停")

    given_task_force(QUESTION, message="message-1").when(SEND).raises(
        CommandReused, "command.reused"
    )
    given_task_force(EntryMade(entry=ENTRY, text="雨"), entry=ENTRY).when(make).raises(
        CommandReused, "command.reused"
    )


# --- ratings and evaluations ------------------------------------------------------------------------


@pytest.mark.parametrize("before", [(CLOSED,), (DOWN, CLOSED), (CLOSED, TaskForceArchived())])
def test_whoever_asked_for_it_rates_it_after_the_close_however_late(
    before: tuple[TaskForceEvent, ...],
) -> None:
    after = given_task_force(*before).when(RATE).then(RATED)

    assert (after.status, after.rated) == ("closed", (False, "来得太晚"))


def test_a_superior_evaluates_it_apart_from_the_rating() -> None:
    given_task_force(CLOSED, RATED).when(EVALUATE).then(TaskForceEvaluated(score=4))


def test_it_is_rated_once() -> None:
    given_task_force(CLOSED, RATED).when(RATE).is_already_done("task_force.rated")
    other = replace(RATE, satisfied=True)
    given_task_force(CLOSED, RATED).when(other).is_refused("task_force.rated")


@pytest.mark.parametrize("command", [RATE, EVALUATE])
def test_nobody_judges_what_is_under_way_or_never_was(command: Any) -> None:
    for before in ((), (DOWN,), (CLOSED, REOPENED)):
        given_task_force(*before).when(command).is_refused("task_force.not_closed")
    given_task_force(CANCELLED).when(command).is_refused("task_force.cancelled")


@pytest.mark.parametrize("command", [RATE, EVALUATE])
def test_who_commands_does_not_judge_it(command: Any) -> None:
    given_task_force(CLOSED).when(command, COMMANDER).raises(NotAllowed, "task_force.own_rating")


@pytest.mark.parametrize("score", [-1, 0, 6])
def test_a_score_is_one_to_five(score: int) -> None:
    given_task_force(CLOSED).when(replace(EVALUATE, score=score)).raises(
        Malformed, "score.range", score=score
    )


# --- archive and reopening --------------------------------------------------------------------------


def test_the_record_is_archived_when_it_is_complete() -> None:
    archived = TaskForceArchived()

    for end in (CLOSED, CANCELLED):
        assert given_task_force(end).when(ARCHIVE).then(archived).archived
        given_task_force(end, archived).when(ARCHIVE).is_already_done("task_force.archived")
    for before in ((), (DOWN,)):
        given_task_force(*before).when(ARCHIVE).is_refused("task_force.not_closed")


@pytest.mark.parametrize("before", [(DOWN,), (CLOSED,), (CLOSED, TaskForceArchived(), RATED)])
def test_it_goes_on_after_stand_down_or_close(before: tuple[TaskForceEvent, ...]) -> None:
    after = given_task_force(*before).when(REOPEN).then(REOPENED)

    assert (after.status, after.archived) == ("active", False)


def test_what_was_reopened_and_closed_again_is_rated_anew() -> None:
    """It is another outcome: who asked for it says what they think of that one."""
    given_task_force(CLOSED, RATED, REOPENED, CLOSED).when(RATE).then(RATED)


def test_what_goes_on_is_not_reopened_and_what_was_a_mistake_never_is() -> None:
    given_task_force().when(REOPEN).is_already_done("task_force.active")
    given_task_force(CANCELLED).when(REOPEN).is_refused("task_force.cancelled")
    given_task_force(CLOSED).when(replace(REOPEN, reason=" ")).raises(Malformed, "words.missing")


@pytest.mark.parametrize("command", [SEND, RATE, EVALUATE, ARCHIVE, REOPEN])
def test_of_no_task_force_nothing_can_be_said(command: Any) -> None:
    given_no_task_force().when(command).raises(NotFound, "task_force.unknown")
