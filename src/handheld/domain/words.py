"""Words that people type: never empty, never endless."""

from __future__ import annotations

from datetime import datetime, timedelta

from handheld.domain.errors import Malformed

ZERO = timedelta()
LONGEST = 4000
"""Characters. A report is a message, not a document."""


def check_words(**fields: str | None) -> None:
    """Refuse words that are blank or too long; None stands for "not given".

    Raises Malformed (`words.missing`, `words.too_long`).
    """
    for field, words in fields.items():
        if words is None:
            continue
        if not words.strip():
            raise Malformed("words.missing", field=field)
        if len(words) > LONGEST:
            raise Malformed("words.too_long", field=field, length=len(words), limit=LONGEST)


def check_instants(*moments: datetime | None) -> None:
    """Refuse a time that is not UTC: only one zone is stored. None stands for "not given".

    Raises Malformed (`time.not_utc`).
    """
    for moment in moments:
        if moment is not None and moment.utcoffset() != ZERO:
            raise Malformed("time.not_utc", time=moment.isoformat())
