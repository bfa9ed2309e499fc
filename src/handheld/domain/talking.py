"""What is said in and of a task force: entries, messages, corrections, ratings, archive, reopening."""

from __future__ import annotations

from handheld.domain.answers import Answer, accepted, already_done, refused
from handheld.domain.errors import CommandReused, Malformed, NotAllowed, NotFound
from handheld.domain.filling import check_photos
from handheld.domain.task_force import (
    ArchiveTaskForce,
    Command,
    CorrectTaskForce,
    EvaluateTaskForce,
    MakeEntry,
    RateTaskForce,
    ReopenTaskForce,
    SendMessage,
    StrikeEntry,
    TaskForce,
    existing,
)
from handheld.domain.words import check_instants, check_words
from handheld_events.ids import is_division_code
from handheld_events.task_force import (
    EntryMade,
    EntryStruck,
    MessageSent,
    TaskForceArchived,
    TaskForceCorrected,
    TaskForceEvaluated,
    TaskForceEvent,
    TaskForceRated,
    TaskForceReopened,
)


def decide(
    state: TaskForce | None, command: Command, entry: str, message: str, actor: str
) -> Answer[TaskForceEvent]:
    """What follows from the command; `entry` and `message` are the ids that new ones would have.

    Entries, messages and corrections may be made at any time, after the close too: the record goes
    on. Raises NotFound, Malformed, CommandReused, NotAllowed.
    """
    known = existing(state, command.task_force)
    match command:
        case MakeEntry():
            check_words(text=command.text)
            if entry in known.entries:  # somebody else's command, under the same id
                raise CommandReused(entry)
            return accepted(EntryMade(entry=entry, text=command.text))
        case StrikeEntry():
            check_words(reason=command.reason)
            if command.entry not in known.entries:
                raise NotFound("entry.unknown", entry=command.entry)
            if known.entries[command.entry]:
                return already_done("entry.struck")
            return accepted(EntryStruck(entry=command.entry, reason=command.reason))
        case CorrectTaskForce():
            return _correct(known, command)
        case SendMessage():
            return _send(known, command, message)
        case RateTaskForce():
            check_words(text=command.text)
            if actor == known.commander:
                raise NotAllowed("task_force.own_rating", task_force=command.task_force)
            if known.status == "cancelled":
                return refused("task_force.cancelled")
            if known.status != "closed":
                return refused("task_force.not_closed")
            if known.rated is not None:
                same = known.rated == (command.satisfied, command.text)
                return already_done("task_force.rated") if same else refused("task_force.rated")
            return accepted(TaskForceRated(satisfied=command.satisfied, text=command.text))
        case EvaluateTaskForce():
            check_words(text=command.text)
            if not 1 <= command.score <= 5:
                raise Malformed("score.range", score=command.score)
            if actor == known.commander:
                raise NotAllowed("task_force.own_rating", task_force=command.task_force)
            if known.status == "cancelled":
                return refused("task_force.cancelled")
            if known.status != "closed":
                return refused("task_force.not_closed")
            return accepted(TaskForceEvaluated(score=command.score, text=command.text))
        case ArchiveTaskForce():
            if known.archived:
                return already_done("task_force.archived")
            if known.status not in ("closed", "cancelled"):
                return refused("task_force.not_closed")
            return accepted(TaskForceArchived())
        case ReopenTaskForce():
            check_words(reason=command.reason)
            if known.status == "cancelled":
                return refused("task_force.cancelled")
            if known.status == "active":
                return already_done("task_force.active")
            return accepted(TaskForceReopened(reason=command.reason))


def _correct(known: TaskForce, command: CorrectTaskForce) -> Answer[TaskForceEvent]:
    check_words(reason=command.reason, text=command.text)
    check_instants(command.occurred_at)
    if command.text is None and command.occurred_at is None:
        raise Malformed("correction.empty")
    if not 1 <= command.version <= known.version:
        raise NotFound("correction.no_such_fact", version=command.version)
    return accepted(
        TaskForceCorrected(
            version=command.version,
            reason=command.reason,
            text=command.text,
            occurred_at=command.occurred_at,
        )
    )


def _send(known: TaskForce, command: SendMessage, message: str) -> Answer[TaskForceEvent]:
    check_words(text=command.text)
    check_photos(command.photos)
    to = command.to
    if to is not None and not (is_division_code(to) or to.startswith("department-")):
        raise Malformed("message.to", to=to)
    if command.answers is not None and command.answers not in known.messages:
        raise NotFound("message.unknown", message=command.answers)
    if message in known.messages:  # somebody else's command, under the same id
        raise CommandReused(message)
    return accepted(
        MessageSent(
            message=message,
            text=command.text,
            photos=command.photos,
            to=to,
            question=command.question,
            answers=command.answers,
        )
    )
