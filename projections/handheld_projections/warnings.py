"""Warnings as a duty officer's list shows them: those in force, those that ended lately.

Kept small: one line a warning, checkpointed as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec

from handheld_events.envelope import Recorded
from handheld_events.territory import within
from handheld_events.warning import (
    WARNING_LEVELS,
    Cap,
    ProposalDeclined,
    StartCancelled,
    StartedOnWarning,
    StartProposed,
    WarningCancelled,
    WarningCorrected,
    WarningEvent,
    WarningExpired,
    WarningPlaced,
    WarningReceived,
    WarningUpdated,
)
from handheld_projections.warning_lines import (
    Due,
    ProposedStart,
    WarningLine,
    change,
    due,
    dues,
    new_line,
    next_due,
)

__all__ = [
    "Due",
    "ProposedStart",
    "WarningLine",
    "Warnings",
    "due",
    "dues",
    "next_due",
    "reference",
    "take",
    "touching",
    "unplaced",
]

ENDED_KEPT = 200
"""So many that have ended are kept in the list; older ones are in the register."""


class Warnings(msgspec.Struct):
    """The fold of warnings; it changes only through `take`."""

    name: ClassVar[str] = "warnings"
    fold_version: ClassVar[int] = 1
    streams: ClassVar[tuple[str, ...]] = ("warning",)

    open: dict[str, WarningLine] = {}
    """Those in force, by stream."""
    ended: dict[str, WarningLine] = {}
    """Those lifted or over, the latest last."""
    refs: dict[str, str] = {}
    """By `reference`: the warning that a CAP message belongs to."""


def reference(cap: Cap, *, drill: bool) -> str:
    """The key of a CAP message in `Warnings.refs`. Drills and real warnings never meet."""
    return f"{cap.sender} {cap.identifier}{' drill' if drill else ''}"


def take(warnings: Warnings, fact: Recorded[Any]) -> None:
    """Take a fact in, in log order; those of other streams are passed over."""
    if not fact.stream.startswith("warning-"):
        return
    event: WarningEvent = fact.event
    line = warnings.open.get(fact.stream) or warnings.ended.get(fact.stream)
    match event:
        case WarningReceived():
            warnings.open[fact.stream] = _begun(fact, event)
            for cap in event.references:
                warnings.refs.setdefault(reference(cap, drill=fact.meta.drill), fact.stream)
            _refer(warnings, fact, event.cap)
            return
        case WarningUpdated() | WarningCancelled():
            _refer(warnings, fact, event.cap)
        case (
            WarningExpired()
            | WarningPlaced()
            | StartProposed()
            | ProposalDeclined()
            | StartedOnWarning()
            | StartCancelled()
            | WarningCorrected()
        ):
            pass
    if line is None and isinstance(event, WarningUpdated):  # it ended long ago, and is told anew
        line = new_line(fact, "cap", event.content, event.cap)
    if line is not None:
        change(line, fact, event)
        _put(warnings, line)


def _begun(fact: Recorded[Any], event: WarningReceived) -> WarningLine:
    line = new_line(fact, event.source, event.content, event.cap)
    line.told_by = event.told_by
    line.asked = (fact.version, fact.recorded_at)
    return line


def _refer(warnings: Warnings, fact: Recorded[Any], cap: Cap | None) -> None:
    if cap is None:
        return
    key = reference(cap, drill=fact.meta.drill)
    if isinstance(
        fact.event, WarningCancelled
    ):  # of several lifted with it, an update goes on in one
        warnings.refs.setdefault(key, fact.stream)
    else:
        warnings.refs[key] = fact.stream


def _put(warnings: Warnings, line: WarningLine) -> None:
    stream = line.warning
    if line.status in ("received", "updated"):
        warnings.ended.pop(stream, None)
        warnings.open[stream] = line
        return
    if warnings.open.pop(stream, None) is not None:
        warnings.ended[stream] = line
        while len(warnings.ended) > ENDED_KEPT:
            del warnings.ended[next(iter(warnings.ended))]


def touching(warnings: Warnings, division: str) -> list[WarningLine]:
    """The warnings in force that are for a division, one above it, or one in it.

    The highest level first, then the latest.
    """
    return _ordered(
        line
        for line in warnings.open.values()
        if any(within(d, division) or within(division, d) for d in line.divisions)
    )


def unplaced(warnings: Warnings) -> list[WarningLine]:
    """The warnings in force of which nobody has said yet where they are for."""
    return _ordered(line for line in warnings.open.values() if not line.divisions)


def _ordered(lines: Iterable[WarningLine]) -> list[WarningLine]:
    latest_first = sorted(lines, key=lambda line: line.received_at, reverse=True)
    return sorted(latest_first, key=lambda line: -WARNING_LEVELS.index(line.level))
