"""Duty (值班): who will be on, and who is: rosters set, duty handed over and taken."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from handheld.domain.answers import Answer, accepted, already_done, refused
from handheld.domain.base import BaseCommand
from handheld.domain.duty import PERSON, may_command_department, may_order_duty, may_start
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.register_departments import known_department
from handheld.domain.targets import check_roles
from handheld.domain.words import check_instants, check_words
from handheld_events.base import Instant
from handheld_events.division import DivisionEvent, DutyTaken, RosterSet, Shift
from handheld_projections.organisation import Organisation, Post

MOST_SHIFTS = 1_000
"""Of one roster: a year in eight-hour shifts."""


class SetRoster(BaseCommand, frozen=True, kw_only=True, tag="roster.set"):
    """Who will be on duty in a post, and when; it replaces what was set before."""

    division: str
    role: str
    shifts: tuple[Shift, ...]
    """In any order. Without shifts nobody's turn comes any more."""
    department: str | None = None


class HandOverDuty(BaseCommand, frozen=True, kw_only=True, tag="duty.hand_over"):
    """Somebody else is on duty from now on (交班)."""

    division: str
    role: str
    to: str
    """A person stream."""
    department: str | None = None
    note: str | None = None
    """What the one who goes tells the one who comes."""


class TakeDuty(BaseCommand, frozen=True, kw_only=True, tag="duty.take"):
    """Somebody's turn has begun: they are on duty by the roster."""

    division: str
    role: str
    person: str
    begins: Instant
    """Of their shift."""
    department: str | None = None


Command = SetRoster | HandOverDuty | TakeDuty


def decide(
    command: Command, organisation: Organisation, actor: str, now: datetime
) -> Answer[DivisionEvent]:
    """What follows from the command, on the stream of its division.

    Raises NotFound (`division.unknown`, `department.unknown`), NotAllowed (`roster.not_yours`,
    `duty.not_yours`) and Malformed (`role.unknown`, `department.dissolved`, `roster.too_many`,
    `roster.shift`, `roster.overlap`, `duty.not_holder`, words and times).
    """
    answer = _decided(command, _post(command, organisation), organisation, actor, now)
    # Last: whoever may not, or finds it done already, is not told what became of the department.
    key = command.department
    if answer.events and key is not None and known_department(key, organisation).dissolved:
        raise Malformed("department.dissolved", department=key)
    return answer


def _decided(
    command: Command, post: Post, organisation: Organisation, actor: str, now: datetime
) -> Answer[DivisionEvent]:
    match command:
        case SetRoster():
            return _set(command, post, organisation, actor)
        case HandOverDuty():
            return _handed_over(command, post, organisation, actor)
        case TakeDuty():
            return _taken(command, post, organisation, actor, now)


def _post(command: Command, organisation: Organisation) -> Post:
    check_roles(command.role)
    if command.division not in organisation.divisions:
        raise NotFound("division.unknown", division=command.division)
    key = command.department
    if key is not None:
        known_department(key, organisation)
    return Post(command.role, command.division, command.department)


def _set(
    command: SetRoster, post: Post, organisation: Organisation, actor: str
) -> Answer[DivisionEvent]:
    may = (
        may_start(organisation, actor, post.division)
        if post.department is None
        else may_command_department(organisation, actor, post.department)
    )
    if not may and not may_order_duty(organisation, actor, post):
        raise NotAllowed("roster.not_yours", role=post.role, division=post.division)
    if len(command.shifts) > MOST_SHIFTS:
        raise Malformed("roster.too_many", shifts=len(command.shifts), limit=MOST_SHIFTS)
    for shift in command.shifts:
        check_instants(shift.begins, shift.ends)
        if shift.begins >= shift.ends:
            raise Malformed("roster.shift", person=shift.person, begins=shift.begins)
    shifts = tuple(sorted(command.shifts, key=lambda shift: shift.begins))
    for one, other in pairwise(shifts):
        if one.ends > other.begins:
            raise Malformed("roster.overlap", person=other.person, begins=other.begins)
    for person in dict.fromkeys(shift.person for shift in shifts):
        _check_holds(person, post, organisation)
    if organisation.duty_of(post).shifts == shifts:
        return already_done("roster.unchanged")
    return accepted(RosterSet(role=post.role, shifts=shifts, department=post.department))


def _handed_over(
    command: HandOverDuty, post: Post, organisation: Organisation, actor: str
) -> Answer[DivisionEvent]:
    check_words(note=command.note)
    on = organisation.on_duty(*post)
    mine = actor == on or (on is None and actor in organisation.holders(*post))
    if not mine and not may_order_duty(organisation, actor, post):
        raise NotAllowed("duty.not_yours", role=post.role, division=post.division)
    _check_holds(command.to, post, organisation)
    if on == command.to:
        return already_done("duty.on_duty")
    return accepted(_event(post, command.to, on, command.note))


def _taken(
    command: TakeDuty, post: Post, organisation: Organisation, actor: str, now: datetime
) -> Answer[DivisionEvent]:
    check_instants(command.begins)
    person = command.person
    if actor.startswith(PERSON) and actor != person:
        raise NotAllowed("duty.not_yours", role=post.role, division=post.division)
    on = organisation.on_duty(*post)
    if on == person:
        return already_done("duty.on_duty")
    duty = organisation.duty_of(post)
    shift = next((s for s in duty.shifts if (s.person, s.begins) == (person, command.begins)), None)
    if shift is None:
        return refused("duty.roster_changed")
    if now < shift.begins:
        return refused("duty.not_begun")
    if duty.settled(shift):
        return already_done("duty.settled")
    if shift.ends <= now:
        return refused("duty.shift_over")
    if person not in organisation.holders(*post):
        return refused("duty.post_left")
    return accepted(_event(post, person, on, None))


def _event(post: Post, person: str, before: str | None, note: str | None) -> DutyTaken:
    return DutyTaken(
        role=post.role,
        person=person,
        department=post.department,
        taken_from=before,
        note=note,
    )


def _check_holds(person: str, post: Post, organisation: Organisation) -> None:
    if person not in organisation.holders(*post):
        raise Malformed("duty.not_holder", person=person, role=post.role, division=post.division)
