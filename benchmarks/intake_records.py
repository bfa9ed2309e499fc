"""Records of another system, and what they are here: known to the processes that do the work too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handheld.application.taking_in import Foreign, Source
from handheld_events.envelope import About
from handheld_events.finding import FindingReported

SOURCE = Source("grid-platform", "operator", "finding")
BEGAN = datetime(2016, 1, 1, tzinfo=UTC)
APART = timedelta(seconds=97)
_DIVISIONS = [f"330825{100 + n % 15}{200 + n // 15:03}" for n in range(263)]
_KINDS = "路面塌陷", "河堤渗水", "山体裂缝", "线路垂落", "占道堆放", "井盖缺失"


def foreign(number: int) -> Foreign:
    """One record, as a pure function makes it of a line of the other system's export."""
    division = _DIVISIONS[number % len(_DIVISIONS)]
    about = About(division=division)
    text = f"{_KINDS[number % 6]}，第{number}号，{number % 97}号院前，已拍照，请核查处置。"
    reported = FindingReported(text=text, division=division, desk=division)
    return Foreign(f"GP{number:09}", BEGAN + number * APART, about, (reported,))
