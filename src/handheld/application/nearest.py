"""What somebody may have meant: divisions, people, departments, groups and plans with a near name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from handheld_events.ids import is_division_code
from handheld_events.territory import parent_of
from handheld_projections.organisation import Organisation

MOST = 6
"""So many are named at most."""

_ALIKE = 0.6
"""How alike two names are at least, from 0 to 1."""
_ENDINGS = ("村民委员会", "居民委员会", "村委会", "居委会")
_CODES_ALIKE = 0.88
"""The same for numbers, of which one digit in eight or nine may differ."""


def near_divisions(text: str, organisation: Organisation, most: int = MOST) -> tuple[str, ...]:
    """The codes of divisions with this name, or one like it; for digits, codes like these."""
    text = text.strip()
    divisions = organisation.divisions
    if text.isdecimal():
        return _near_codes(text, divisions.keys(), most)
    return _near_names(text, {code: known.name for code, known in divisions.items()}, most)


def near_people(text: str, names: Mapping[str, str], most: int = MOST) -> tuple[str, ...]:
    """The streams of people with a number like this, or whose name is this one or like it."""
    text = text.strip().removeprefix("person-")
    numbers = {stream.removeprefix("person-"): stream for stream in names}
    if text.isascii():
        spelt = {number.upper(): stream for number, stream in numbers.items()}
        found = _near_codes(text.upper(), spelt.keys(), most)
        return tuple(spelt[number] for number in found)
    return _near_names(text, names, most)


def near_keys(text: str, names: Mapping[str, str], most: int = MOST) -> tuple[str, ...]:
    """The keys, such as those of plans or departments, that are like the text, or named like it."""
    text = text.strip()
    if text.isascii():
        return tuple(difflib.get_close_matches(text.lower(), names, most, _ALIKE))
    return _near_names(text, names, most)


def path_of(code: str, organisation: Organisation) -> tuple[str, ...]:
    """The names from the topmost division that is registered down to this one."""
    names: list[str] = []
    at: str | None = code if is_division_code(code) else None
    while at is not None:
        known = organisation.divisions.get(at)
        if known is not None:
            names.append(known.name)
        at = parent_of(at)
    return tuple(reversed(names))


def _near_codes(text: str, codes: Iterable[str], most: int) -> tuple[str, ...]:
    cutoff = _CODES_ALIKE if len(text) > 6 else _ALIKE
    matcher = difflib.SequenceMatcher(b=text, autojunk=False)
    ranked: list[tuple[float, str]] = []
    for code in codes:
        matcher.set_seq1(code)
        if abs(len(code) - len(text)) <= 1 and matcher.quick_ratio() >= cutoff:
            ranked.append((-matcher.ratio(), code))
    return tuple(code for likeness, code in sorted(ranked) if -likeness >= cutoff)[:most]


def _near_names(text: str, names: Mapping[str, str], most: int) -> tuple[str, ...]:
    """The same name, or names that begin with it or hold it; else those that are alike."""
    wanted = _bare(text)
    if not wanted:
        return ()
    matcher = difflib.SequenceMatcher(b=wanted, autojunk=False)
    holding: list[tuple[int, str]] = []
    alike: list[tuple[float, str]] = []
    for key, name in names.items():
        bare = _bare(name)
        if wanted in bare or (len(bare) > 1 and bare in wanted):
            holding.append((0 if name == text else 1 if bare.startswith(wanted) else 2, key))
        elif not holding and set(wanted) & set(bare):
            matcher.set_seq1(bare)
            alike.append((-matcher.ratio(), key))
    if holding:
        return tuple(key for _, key in sorted(holding)[:most])
    found = [key for likeness, key in sorted(alike) if -likeness >= _ALIKE]
    return tuple(found[: most // 2])


def _bare(name: str) -> str:
    """Without what hundreds of names end in, which would make all of them alike."""
    bare = name.strip()
    for ending in _ENDINGS:
        bare = bare.removesuffix(ending)
    return bare or name.strip()
