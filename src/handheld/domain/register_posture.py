"""Posture (平时/战时): a division goes over to another procedure (平战转换)."""

from __future__ import annotations

from handheld.domain.base import BaseCommand
from handheld.domain.duty import may_start
from handheld.domain.errors import NotAllowed, NotFound
from handheld.domain.register import StreamChange
from handheld.domain.words import check_words
from handheld_events.division import Posture, PostureSwitched
from handheld_events.ids import division_stream
from handheld_events.territory import within
from handheld_projections.organisation import Organisation


class SwitchPosture(BaseCommand, frozen=True, kw_only=True, tag="posture.switch"):
    """Go over to wartime or peacetime procedure."""

    division: str
    posture: Posture
    reason: str


def decide(command: SwitchPosture, organisation: Organisation, actor: str) -> list[StreamChange]:
    """What the switch changes; nothing where the posture is as asked.

    To wartime everything below goes along, what was once switched back to peacetime included.
    To peacetime what is at war by its own decision stays so.

    Raises NotFound (`division.unknown`), NotAllowed (`posture.not_yours`), Malformed (words).
    """
    check_words(reason=command.reason)
    code = command.division
    known = organisation.divisions.get(code)
    if known is None:
        raise NotFound("division.unknown", division=code)
    if not may_start(organisation, actor, code):
        raise NotAllowed("posture.not_yours", division=code)
    switched = [known] if organisation.posture_of(code) != command.posture else []
    if command.posture == "wartime":
        switched += [
            below
            for below in organisation.divisions.values()
            if below.posture == "peacetime" and below.code != code and within(below.code, code)
        ]
    event = PostureSwitched(posture=command.posture, reason=command.reason)
    return [
        StreamChange(division_stream(one.code), one.version, (event,), one.code, None)
        for one in switched
    ]
