"""Groups (工作组): people who are called together."""

from __future__ import annotations

from handheld.domain.answers import Answer, accepted, already_done
from handheld.domain.base import BaseCommand
from handheld.domain.duty import may_start
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.register import first_twice
from handheld.domain.words import check_words
from handheld_events.group import GroupDissolved, GroupEvent, GroupFormed
from handheld_events.ids import is_key
from handheld_projections.organisation import Organisation

MOST_MEMBERS = 2_000


class FormGroup(BaseCommand, frozen=True, kw_only=True, tag="group.form"):
    """The group exists, with these members; one that exists has them from now on."""

    group: str
    """The key."""
    name: str
    division: str
    members: tuple[str, ...]
    """Person streams."""


class DissolveGroup(BaseCommand, frozen=True, kw_only=True, tag="group.dissolve"):
    """The group is no longer called."""

    group: str
    reason: str


Command = FormGroup | DissolveGroup


def decide(command: Command, organisation: Organisation, actor: str) -> Answer[GroupEvent]:
    """What follows from the command.

    Raises NotFound (`division.unknown`, `group.unknown`), NotAllowed (`group.not_yours`) and
    Malformed (`group.key`, `group.no_members`, `group.too_many`, `group.member_twice`,
    `person.unknown`, `person.erased`, words).
    """
    match command:
        case FormGroup():
            return _formed(command, organisation, actor)
        case DissolveGroup():
            check_words(reason=command.reason)
            known = organisation.groups.get(command.group)
            if known is None:
                raise NotFound("group.unknown", group=command.group)
            _check_may(organisation, actor, known.division)
            if known.dissolved:
                return already_done("group.dissolved")
            return accepted(GroupDissolved(reason=command.reason))


def _formed(command: FormGroup, organisation: Organisation, actor: str) -> Answer[GroupEvent]:
    if not is_key(command.group):
        raise Malformed("group.key", group=command.group)
    check_words(name=command.name)
    if command.division not in organisation.divisions:
        raise NotFound("division.unknown", division=command.division)
    _check_may(organisation, actor, command.division)
    known = organisation.groups.get(command.group)
    if known is not None:
        _check_may(organisation, actor, known.division)
    _check_members(command.members, organisation)
    wanted = (command.name, command.division, command.members, False)
    if known is not None and wanted == (
        known.name,
        known.division,
        known.members,
        known.dissolved,
    ):
        return already_done("group.formed")
    return accepted(
        GroupFormed(name=command.name, division=command.division, members=command.members)
    )


def _check_members(members: tuple[str, ...], organisation: Organisation) -> None:
    if not members:
        raise Malformed("group.no_members")
    if len(members) > MOST_MEMBERS:
        raise Malformed("group.too_many", members=len(members), limit=MOST_MEMBERS)
    if len(set(members)) < len(members):
        raise Malformed("group.member_twice", person=first_twice(members))
    for person in members:
        known = organisation.people.get(person)
        if known is None:
            raise Malformed("person.unknown", person=person)
        if known.erased:
            raise Malformed("person.erased", person=person)


def _check_may(organisation: Organisation, actor: str, division: str) -> None:
    if not may_start(organisation, actor, division):
        raise NotAllowed("group.not_yours", division=division)
