"""The subjects under which facts are published, so that a subscriber gets only what concerns them.

    handheld.<log>.<real|drill>.<tier>.<district>.<township>.<village>.<grid>.<event>

A division code stands as four words, one a tier, `_` below its own: 330825101264 is
`village.330825.101.264._`. So every word has its place, and `handheld.*.real.*.330825.101.>` is all
that is recorded in a township or anywhere within it. The event comes last, as it is named:
`task.accepted.v1`. What belongs to no division has the tier `none`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from handheld_events.ids import is_division_code
from handheld_events.territory import TIERS, tier_of

ROOT = "handheld"
"""The first word of every subject."""

ASKED = "handheld-in"
"""The first word of what other systems send: `handheld-in.<district>.<system>.…`"""
ANSWERS = "handheld-answers"
"""The first word of the answers: `handheld-answers.<district>.<system>.<id>`"""

Course = Literal["real", "drill"]
"""A drill (演练) is told apart by the subject itself: nobody gets one unasked."""

ABSENT = "_"
"""In the place of a tier below the division's own."""
_WIDTHS = (slice(0, 6), slice(6, 9), slice(9, 12), slice(12, 15))
_SAFE = re.compile(r"[A-Za-z0-9_-]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_TOPIC = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


def word(text: str) -> str:
    """Any text as one word of a subject; different texts give different words.

    Letters, digits, `_` and `-` stay; every other byte of its UTF-8 form is `=` and two hex digits.
    """
    if _SAFE.fullmatch(text):
        return text
    return _UNSAFE.sub(lambda found: "".join(f"={b:02X}" for b in found[0].encode()), text) or "="


@lru_cache(maxsize=4096)
def subject(log_id: str, topic: str, division: str | None, *, drill: bool) -> str:
    """The subject of a fact.

    A division code that is none gets the tier `other` and stands as one word in the first place.
    """
    course: Course = "drill" if drill else "real"
    return ".".join((ROOT, word(log_id), course, *place(division), _named(topic)))


def of_log(log_id: str) -> str:
    """All that this log publishes."""
    return f"{ROOT}.{word(log_id)}.>"


def asked_of(district: str) -> str:
    """All that other systems ask of a district; its name is one word."""
    return f"{ASKED}.{word(district)}.>"


def asked_by(district: str, system: str) -> str:
    """Where a system asks, and nobody else may publish; any words may follow."""
    return f"{ASKED}.{word(district)}.{word(system)}.ask"


def asking(subject: str) -> str:
    """The system under whose subject a message came."""
    return (subject.split(".") + [""] * 3)[2]


def answers_of(district: str) -> str:
    """All answers that a district gives."""
    return f"{ANSWERS}.{word(district)}.>"


def answer_to(district: str, system: str, event_id: str | None) -> str:
    """Where a system finds the answer to its CloudEvent of this id; `=` stands for one without."""
    return f"{ANSWERS}.{word(district)}.{word(system)}.{word(event_id or '')}"


def within(
    territory: str | None = None,
    *,
    log_id: str | None = None,
    course: Course | None = "real",
    event: str = ">",
) -> str:
    """What to subscribe to: all that is recorded in a division and below it.

    Without a territory the whole log, what belongs to no division included; without a log, every
    log; with `course=None` drills as well. `event` narrows it: `task.>`, `task.accepted.*`. Raises
    ValueError for a territory that is no division code.
    """
    log = "*" if log_id is None else word(log_id)
    return ".".join((ROOT, log, course or "*", "*", *places_within(territory), event))


def places_within(territory: str | None) -> tuple[str, ...]:
    """The four words that stand for a division and all below it; for None any.

    Raises ValueError for a territory that is no division code.
    """
    if territory is not None and not is_division_code(territory):
        msg = f"no division code: {territory!r}"
        raise ValueError(msg)
    return tuple((territory or "")[part] or "*" for part in _WIDTHS)


def place(division: str | None) -> tuple[str, ...]:
    """The words for tier and place of a division: five."""
    if division is None:
        return ("none", *[ABSENT] * len(TIERS))
    if not is_division_code(division):
        return ("other", word(division), *[ABSENT] * (len(TIERS) - 1))
    return (tier_of(division), *(division[part] or ABSENT for part in _WIDTHS))


def _named(topic: str) -> str:
    return topic if _TOPIC.fullmatch(topic) else word(topic)
