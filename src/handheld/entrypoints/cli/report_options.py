"""What the options of a report say: numbers, choices and words of the order's form."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handheld.domain.errors import Malformed
from handheld_events.forms import Filled


def filled(
    number: Iterable[str] | None, choice: Iterable[str] | None, answer: Iterable[str] | None
) -> Filled:
    """The form, filled in. Raises Malformed (`usage.pair`, `usage.pair_twice`, `usage.number`)."""
    return Filled(
        numbers=numbers(number or ()),
        choices=pairs(choice or (), "--choice"),
        texts=pairs(answer or (), "--answer"),
    )


def pairs(texts: Iterable[str], option: str) -> dict[str, str]:
    """`key=value`, each key once. Raises Malformed (`usage.pair`, `usage.pair_twice`)."""
    found: dict[str, str] = {}
    for text in texts:
        key, sign, value = text.replace("＝", "=").partition("=")
        if not sign or not key.strip() or not value.strip():
            raise Malformed("usage.pair", text=text, option=option)
        if key.strip() in found:
            raise Malformed("usage.pair_twice", key=key.strip(), option=option)
        found[key.strip()] = value.strip()
    return found


def numbers(texts: Iterable[str]) -> dict[str, int]:
    """`key=number`. Raises Malformed (`usage.pair`, `usage.pair_twice`, `usage.number`)."""
    found: dict[str, int] = {}
    for key, value in pairs(texts, "--number").items():
        if not re.fullmatch(r"-?[0-9]{1,9}", value):
            raise Malformed("usage.number", key=key, text=value)
        found[key] = int(value)
    return found
