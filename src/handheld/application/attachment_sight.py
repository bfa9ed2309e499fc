"""Who may see an attachment: whoever may see a fact that names it, and who sent its bytes.

A fact counts only where whoever recorded it had the bytes, or was shown them: else somebody could
name a hash that they have read somewhere, and be let in by their own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from handheld.application.mention_keeper import MentionKeeper
from handheld.application.ports import Log
from handheld.application.reading.seen import Look, Looking
from handheld.domain.duty import PERSON
from handheld.domain.seeing import NOTHING, Reading, Seen, View, Viewer, visible
from handheld_events.codec import Reading as Decoding
from handheld_events.codec import UnreadableEvent
from handheld_events.envelope import Recorded

PATIENCE_SECONDS = 2.0
"""What was recorded just now is waited for so long."""


class Sight(NamedTuple):
    """What somebody may see of an attachment."""

    content: bool
    """The public copy."""
    original: bool
    """The bytes as sent, and where, when and with what they were made."""


ALL = Sight(content=True, original=True)
NONE = Sight(content=False, original=False)


class AttachmentSight:
    """Asks the policy, with the facts that name an attachment."""

    def __init__(self, log: Log, mentions: MentionKeeper, looking: Looking) -> None:
        self._log = log
        self._mentions = mentions
        self._looking = looking

    def of(self, viewer: Viewer, sha256: str, holders: Mapping[str, str]) -> Sight:
        """What they may see now. `holders`: who has the attachment, `sent` or `seen`."""
        actor = viewer.actor
        if not actor.startswith(PERSON):
            return ALL
        look = self._looking.look()
        known = look.organisation.people.get(actor)
        if known is None or known.erased:
            return NONE
        if holders.get(actor) == "sent":
            return ALL
        self._mentions.wait_for(look.position, PATIENCE_SECONDS)
        found = NONE
        for fact in self._named_by(sha256):
            if _counts(fact, holders):
                seen = _sight(look, viewer, fact)
                found = Sight(found.content or seen.content, found.original or seen.original)
                if found == ALL:
                    break
        return found

    def _named_by(self, sha256: str) -> list[Recorded[Any]]:
        """The facts that name it, the latest first."""
        positions = [line.position for line in self._mentions.of(sha256)]
        decode = Decoding().fact
        facts = []
        for row in self._log.read_positions(positions):
            try:
                facts.append(decode(*row))
            except UnreadableEvent:
                continue
        return facts[::-1]


def _counts(fact: Recorded[Any], holders: Mapping[str, str]) -> bool:
    said = {fact.meta.actor, fact.meta.on_behalf_of} - {None}
    return any(who in holders or not str(who).startswith(PERSON) for who in said)


def _sight(look: Look, viewer: Viewer, fact: Recorded[Any]) -> Sight:
    """What one fact opens.

    Where a photo was made is for those who have to do with it; not for an account for analysis.
    """
    plain = Viewer(viewer.actor)
    match fact.stream.partition("-")[0]:
        case "task":
            seen = look.task(fact.stream)
            return Sight(_whole(viewer, "task", seen), _whole(plain, "task.history", seen))
        case "finding":
            seen = look.finding(fact.stream)
            return Sight(_whole(viewer, "finding", seen), _whole(plain, "finding", seen))
        case "tf":
            reading, seen = look.message(fact.stream, fact, viewer)
            view = _view(viewer, reading, seen)
            readable = view.extent != "nothing" and view.after < fact.position
            force = look.task_force(fact.stream, viewer)
            return Sight(readable, readable and _whole(plain, "task_force.late", force))
        case _:
            return NONE


def _view(viewer: Viewer, reading: Reading, seen: Seen | None) -> View:
    return NOTHING if seen is None else visible(viewer, reading, seen)


def _whole(viewer: Viewer, reading: Reading, seen: Seen | None) -> bool:
    return _view(viewer, reading, seen).extent == "whole"
