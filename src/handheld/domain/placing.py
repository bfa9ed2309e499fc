"""Where a warning is for: codes and names of its areas, held against the register of divisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from handheld.domain.errors import NotFound
from handheld_events.territory import TIERS, within
from handheld_projections.organisation import Organisation

_BETWEEN_CODES = re.compile(r"[\s,;，；、]+")
_DIGITS = re.compile(r"[0-9]{6,15}")
_QUALIFIES = re.compile(r"[\s的]*(境内|下辖|所辖|所属)?[\s的:：]*")
"""What may stand between a division and those of its parts that are meant."""

_NAMED_TIERS = {"district", "township", "village"}
"""Grids are numbered: every village has a first one."""


def placed(
    codes: Iterable[str], areas: Iterable[str], organisation: Organisation
) -> tuple[str, ...]:
    """The divisions of the register that an area means; none where it names none of them.

    Codes count first, and names in the words only where no code is known here.
    """
    found = {c for text in codes for code in _split(text) for c in meant(code, organisation)}
    if not found:
        found = {code for area in areas for code in named_in(area, organisation)}
    return outermost(found)


def meant(code: str, organisation: Organisation) -> list[str]:
    """The divisions of the register that a code means.

    Lists fill codes up with zeros: `330825000000` is the county 330825. A city (`330800`) or a
    province (`330000`) is not in a district's log: all its districts that are here are meant.
    """
    short = _unpadded(code)
    if short in organisation.divisions:
        return [short]
    if len(short) != 6 or not short.endswith("00"):
        return []
    region = short[:2] if short.endswith("0000") else short[:4]
    return [c for c in organisation.divisions if len(c) == 6 and within(c, region)]


def named_in(text: str, organisation: Organisation) -> list[str]:
    """The divisions whose names stand in the text, the longest name first at each place.

    A name that several have counts where one of them lies in a division named before, or not at
    all: a warning is never placed by chance. `龙游县湖镇镇` means the township alone.
    """
    names = _names(organisation)
    longest = max(map(len, names), default=0)
    found: list[tuple[str, int]] = []
    context: list[str] = []
    at = 0
    while at < len(text):
        for length in range(min(longest, len(text) - at), 1, -1):
            candidates = names.get(text[at : at + length])
            code = _only(candidates, context) if candidates else None
            if code is not None:
                if found and _QUALIFIES.fullmatch(text, found[-1][1], at):
                    before = found[-1][0]
                    if code != before and within(code, before):
                        found.pop()
                context.append(code)
                at += length
                found.append((code, at))
                break
        else:
            at += 1
    return [code for code, _ in found]


def outermost(codes: Iterable[str]) -> tuple[str, ...]:
    """The divisions without those that lie in others of them, by code."""
    kept: list[str] = []
    for code in sorted(set(codes)):
        if not kept or not within(code, kept[-1]):
            kept.append(code)
    return tuple(kept)


def checked(codes: Sequence[str], organisation: Organisation) -> tuple[str, ...]:
    """The divisions that somebody typed. Raises NotFound (`division.unknown`)."""
    found: list[str] = []
    for code in codes:
        here = meant(code, organisation)
        if not here:
            raise NotFound("division.unknown", division=code)
        found += here
    return outermost(found)


def common(codes: Sequence[str]) -> str | None:
    """The smallest division that all of them lie in, if there is one."""
    for length in sorted(TIERS, reverse=True):
        if codes and len({code[:length].ljust(length) for code in codes}) == 1:
            whole = codes[0][:length]
            if len(whole) == length:
                return whole
    return None


def _split(text: str) -> Iterable[str]:
    return (code for code in _BETWEEN_CODES.split(text) if _DIGITS.fullmatch(code))


def _unpadded(code: str) -> str:
    while len(code) > 6 and code.endswith("000"):
        code = code[:-3]
    return code


def _names(organisation: Organisation) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for code, division in organisation.divisions.items():
        if TIERS[len(code)] in _NAMED_TIERS:
            names.setdefault(division.name, []).append(code)
    return names


def _only(candidates: Sequence[str], context: Sequence[str]) -> str | None:
    if len(candidates) == 1:
        return candidates[0]
    for place in reversed(context):
        inside = [code for code in candidates if within(code, place)]
        if len(inside) == 1:
            return inside[0]
    return None
