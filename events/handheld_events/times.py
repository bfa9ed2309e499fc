"""Which time judges: the occurred time, where it can be true.

Reactions and boards go by recorded time. Answer times and assessment go by the occurred time,
corrected by the clock offset of the device and bounded by what is certain: nothing is answered
before it was dispatched, nor after it was reported or recorded.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from handheld_events.envelope import Meta

Claim = Literal["as_claimed", "clock_corrected", "impossible"]
"""How the claimed time was taken: as it is, corrected by the clock offset, or moved to a bound."""


class Judged(NamedTuple):
    """The time that judges, and how it came about. The claim itself stays in the fact."""

    at: datetime
    claim: Claim


def judge(meta: Meta, recorded_at: datetime, not_before: datetime | None = None) -> Judged:
    """The time by which a fact is judged (UTC).

    `not_before` is the dispatch of the task that it answers, by the log's clock.
    """
    at = meta.occurred_at
    reported = meta.reported_at
    claim: Claim = "as_claimed"
    if meta.clock_offset:
        try:
            shift = timedelta(seconds=meta.clock_offset)
            at -= shift
            if reported is not None:
                reported -= shift
        except (OverflowError, ValueError):  # no clock is wrong by so much: the claim says nothing
            return Judged(max(recorded_at, not_before or recorded_at), "impossible")
        claim = "clock_corrected"
    latest = recorded_at if reported is None or reported > recorded_at else reported
    if at > latest:
        return Judged(latest if not_before is None else max(latest, not_before), "impossible")
    if not_before is not None and at < not_before:
        return Judged(not_before, "impossible")
    return Judged(at, claim)
