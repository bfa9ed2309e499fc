"""What the text of an element may be, and what it means: CAP 1.2, section 3.2, and its schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from handheld.domain.cap import Circle, Point, Reference
from handheld.domain.errors import Malformed

Value = Callable[[str, str], Any]
"""Path of the element and its text to what it means. Raises Malformed, which names the path."""

SHOWN = 80
"""Characters of a wrong value that an error repeats."""

_SPACE = " \t\r\n"
_RESTRICTED = re.compile(r"[\s,<&]")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T)([0-9]{2})(:[0-9]{2}:[0-9]{2})([-+][0-9]{2}:[0-9]{2})"
)
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_DECIMAL = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FURTHEST_OFFSET = timedelta(hours=14)


def words(path: str, text: str) -> str:
    """Any text."""
    return text


def some_words(path: str, text: str) -> str:
    """Text that says something. Raises Malformed (`cap.empty`)."""
    if not text.strip():
        raise Malformed("cap.empty", element=path)
    return text


def name(path: str, text: str) -> str:
    """A message's or sender's name: no spaces, commas, `<` or `&`.

    Raises Malformed (`cap.empty`, `cap.characters`).
    """
    some_words(path, text)
    if _RESTRICTED.search(text):
        raise Malformed("cap.characters", element=path, value=text[:SHOWN])
    return text


def one_of(choices: object) -> Value:
    """One of the words of a Literal."""
    known = get_args(choices)

    def check(path: str, text: str) -> str:
        """Raises Malformed (`cap.value`)."""
        if text not in known:
            raise Malformed("cap.value", element=path, value=text[:SHOWN], known=", ".join(known))
        return text

    return check


def moment(path: str, text: str) -> datetime:
    """A time with its offset from UTC in digits: `2021-07-23T15:00:00+08:00`.

    Raises Malformed (`cap.time`).
    """
    found = _TIME.fullmatch(text.strip(_SPACE))
    try:
        if found is None:
            raise ValueError
        day, hour, rest, offset = found.groups()
        midnight = hour == "24" and rest == ":00:00"  # the end of a day, as XML Schema has it
        at = datetime.fromisoformat(f"{day}{'00' if midnight else hour}{rest}{offset}")
        if abs(at.utcoffset() or timedelta()) > _FURTHEST_OFFSET:
            raise ValueError
        at += timedelta(days=midnight)
        at.astimezone(UTC)  # which must be a date still
    except (ValueError, OverflowError):
        raise Malformed("cap.time", element=path, value=text[:SHOWN]) from None
    return at


def language(path: str, text: str) -> str:
    """A language code (RFC 3066); nothing stands for `en-US`. Raises Malformed (`cap.language`)."""
    code = text.strip(_SPACE)
    if code and not _LANGUAGE.fullmatch(code):
        raise Malformed("cap.language", element=path, value=text[:SHOWN])
    return code or "en-US"


def integer(path: str, text: str) -> int:
    """A whole number. Raises Malformed (`cap.number`)."""
    if not _INTEGER.fullmatch(text.strip(_SPACE)):
        raise Malformed("cap.number", element=path, value=text[:SHOWN])
    return int(text)


def decimal(path: str, text: str) -> float:
    """A number. Raises Malformed (`cap.number`)."""
    if not _DECIMAL.fullmatch(text.strip(_SPACE)):
        raise Malformed("cap.number", element=path, value=text[:SHOWN])
    return float(text)


def references(path: str, text: str) -> tuple[Reference, ...]:
    """Earlier messages: `sender,identifier,sent`, with spaces between one and the next.

    Raises Malformed (`cap.references`).
    """
    found = []
    for item in text.split():
        parts = item.split(",")
        try:
            sender, identifier, sent = parts
            found.append(Reference(name(path, sender), name(path, identifier), moment(path, sent)))
        except (ValueError, Malformed):
            raise Malformed("cap.references", element=path, value=item[:SHOWN]) from None
    return tuple(found)


def polygon(path: str, text: str) -> tuple[Point, ...]:
    """At least four points, the last the same as the first.

    Raises Malformed (`cap.point`, `cap.polygon_short`, `cap.polygon_open`).
    """
    points = tuple(_point(path, item) for item in text.split())
    if len(points) < 4:
        raise Malformed("cap.polygon_short", element=path, points=len(points))
    if points[0] != points[-1]:
        raise Malformed("cap.polygon_open", element=path)
    return points


def circle(path: str, text: str) -> Circle:
    """A point, a space, and a radius in kilometres. Raises Malformed (`cap.point`, `cap.circle`)."""
    parts = text.split()
    if len(parts) != 2 or not _DECIMAL.fullmatch(parts[1]) or float(parts[1]) < 0:
        raise Malformed("cap.circle", element=path, value=text[:SHOWN])
    return Circle(_point(path, parts[0]), float(parts[1]))


def _point(path: str, text: str) -> Point:
    parts = text.split(",")
    if len(parts) == 2 and all(_DECIMAL.fullmatch(part) for part in parts):
        point = Point(float(parts[0]), float(parts[1]))
        if abs(point.latitude) <= 90 and abs(point.longitude) <= 180:
            return point
    raise Malformed("cap.point", element=path, value=text[:SHOWN])
