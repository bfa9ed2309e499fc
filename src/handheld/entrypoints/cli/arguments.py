"""What people type, as the ids, times and targets that commands take."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast, get_args

from handheld.domain.errors import Malformed, NotFound
from handheld.texts import LANGUAGES, Texts, read_time
from handheld_events.division import DivisionKind, Tier
from handheld_events.ids import is_division_code, is_person_number, is_plan_key
from handheld_events.orders import Level, Target
from handheld_events.territory import TIERS
from handheld_projections.organisation import Organisation

OPERATOR = "operator"

NAMESAKES = 6
"""So many divisions of one name are listed by their codes."""


def person_stream(text: str) -> str:
    """The stream of a person given as `S0000001` or `person-S0000001`. Raises Malformed."""
    number = text.strip().removeprefix("person-")
    if not is_person_number(number):
        raise Malformed("person.number", person=number)
    return f"person-{number}"


def known_person(text: str, organisation: Organisation) -> str:
    """The stream of somebody registered. Raises Malformed, NotFound."""
    person = person_stream(text)
    if person not in organisation.people:
        raise NotFound("person.unknown", person=person)
    return person


def actor_from(text: str, organisation: Organisation) -> str:
    """Who acts: the operator, or somebody registered. Raises Malformed, NotFound."""
    return OPERATOR if text == OPERATOR else known_person(text, organisation)


def task_stream(text: str) -> str:
    """The stream of a task, with or without `task-`."""
    return f"task-{text.strip().removeprefix('task-')}"


def task_force_stream(text: str) -> str:
    """The stream of a task force, with or without `tf-`."""
    return f"tf-{text.strip().removeprefix('tf-')}"


def plan_key(text: str) -> str:
    """The key of a plan, given with or without `plan-`. Raises NotFound."""
    key = text.strip().removeprefix("plan-")
    if not is_plan_key(key):
        raise NotFound("plan.unknown", plan=key)
    return key


def known_division(code: str, organisation: Organisation) -> str:
    """The code of a division, given by its code or by a name that is its alone.

    Raises Malformed, NotFound.
    """
    code = code.strip()
    if not is_division_code(code):
        return _named(code, organisation)
    if code not in organisation.divisions:
        raise NotFound("division.unknown", division=code)
    return code


def _named(name: str, organisation: Organisation) -> str:
    found = [code for code, known in organisation.divisions.items() if known.name == name]
    if len(found) > 1:
        known = " ".join(sorted(found)[:NAMESAKES])
        raise Malformed("division.namesakes", division=name, count=len(found), known=known)
    if not found:
        raise NotFound("division.unnamed", division=name)
    return found[0]


def role(text: str) -> str:
    """The key of a role, given by its key or by its name in either language."""
    return _key("roles", text)


def target(text: str) -> Target:
    """`role`, `role@tier` or `role@tier:kind`, by key or name. Raises Malformed (`usage.target`)."""
    who, _, where = text.strip().replace("：", ":").partition("@")
    tier, _, kind = where.partition(":")
    tier, kind = _key("tiers", tier), _key("kinds", kind)
    tiers, kinds = tuple(TIERS.values()), get_args(DivisionKind)
    right = who and (not where or tier in tiers) and (not kind or kind in kinds)
    if not right or ("@" in text and not where) or (":" in where and not kind):
        raise Malformed("usage.target", text=text, tiers=" ".join(tiers), kinds=" ".join(kinds))
    return Target(
        role=role(who),
        tier=cast(Tier, tier) if tier else None,
        kind=cast(DivisionKind, kind) if kind else None,
    )


def _key(table: Literal["roles", "tiers", "kinds"], text: str) -> str:
    """The key of what has a name in either language; what has none, as it is."""
    text = text.strip()
    for language in LANGUAGES:
        key = Texts(language).key(table, text)
        if key is not None:
            return key
    return text


def level(text: str | None) -> Level | None:
    """A response level. Raises Malformed (`usage.level`)."""
    if text is None:
        return None
    wanted = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV"}.get(text.strip(), text.strip().upper())
    if wanted not in get_args(Level):
        raise Malformed("usage.level", text=text)
    return cast(Level, wanted)


def moment(text: str | None, now: datetime | None = None) -> datetime | None:
    """An instant (UTC); a time of day alone is of the day of `now`. Raises Malformed (`usage.time`)."""
    if text is None:
        return None
    try:
        return read_time(text, now)
    except (ValueError, OverflowError):
        raise Malformed("usage.time", text=text) from None


def past(text: str | None, now: datetime, texts: Texts) -> datetime | None:
    """An instant that is not still to come. Raises Malformed (`usage.time`, `usage.future`)."""
    found = moment(text, now)
    if found is not None and found > now:
        raise Malformed("usage.future", text=text, now=texts.time(now))
    return found
