"""What people type, as the ids, times and targets that commands take."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast, get_args

from handheld.domain.errors import Malformed, NotFound
from handheld.texts import LANGUAGES, Texts, read_time
from handheld_events.ids import is_division_code, is_key, is_person_number
from handheld_events.orders import Level
from handheld_projections.organisation import Organisation

OPERATOR = "operator"

KINDS = ("task", "tf", "order", "message", "warning", "finding")
"""What an id begins with says what it is the id of."""

NAMESAKES = 6
"""So many divisions or departments of one name are listed by their codes."""


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


def _of_kind(kind: str, text: str) -> str:
    """The id of this kind, with or without its prefix. Raises Malformed (`usage.other_id`)."""
    given = text.strip()
    for other in KINDS:
        if other != kind and given.startswith(f"{other}-"):
            raise Malformed("usage.other_id", text=given, kind=kind)
    return f"{kind}-{given.removeprefix(f'{kind}-')}"


def task_stream(text: str) -> str:
    """The stream of a task, with or without `task-`."""
    return _of_kind("task", text)


def task_force_stream(text: str) -> str:
    """The stream of a task force, with or without `tf-`."""
    return _of_kind("tf", text)


def order_stream(text: str) -> str:
    """The id of an order, with or without `order-`."""
    return _of_kind("order", text)


def message_id(text: str) -> str:
    """The id of a message, with or without `message-`."""
    return _of_kind("message", text)


def warning_stream(text: str | None) -> str | None:
    """The stream of a warning, with or without `warning-`."""
    return None if text is None else _of_kind("warning", text)


def finding_stream(text: str | None) -> str | None:
    """The stream of a finding, with or without `finding-`."""
    return None if text is None else _of_kind("finding", text)


def plan_key(text: str) -> str:
    """The key of a plan, given with or without `plan-`. Raises NotFound."""
    key = text.strip().removeprefix("plan-")
    if not is_key(key):
        raise NotFound("plan.unknown", plan=key)
    return key


def known_division(code: str, organisation: Organisation) -> str:
    """The code of a division, given by its code or by a name that is its alone.

    Raises Malformed, NotFound.
    """
    code = code.strip()
    if not code:
        raise Malformed("usage.no_division")
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


def known_department(text: str, organisation: Organisation) -> str:
    """The key of a department, given by its key or by a name that is its alone.

    Raises NotFound (`department.unknown`), Malformed (`department.namesakes`).
    """
    key = text.strip().removeprefix("department-")
    if key in organisation.departments:
        return key
    found = sorted(k for k, known in organisation.departments.items() if known.name == key)
    if len(found) > 1:
        known = " ".join(found[:NAMESAKES])
        raise Malformed("department.namesakes", name=key, count=len(found), known=known)
    if not found:
        raise NotFound("department.unknown", department=key)
    return found[0]


def known_group(text: str, organisation: Organisation) -> str:
    """The key of a group, given by its key or by its name. Raises NotFound (`group.unknown`)."""
    key = text.strip().removeprefix("group-")
    if key in organisation.groups:
        return key
    for known_key, known in organisation.groups.items():
        if known.name == key:
            return known_key
    raise NotFound("group.unknown", group=key)


def unit(text: str, organisation: Organisation) -> str:
    """A unit that is spoken to: a department stream, or a division code. Raises as those do."""
    if is_division_code(text.strip()) or any(
        known.name == text.strip() for known in organisation.divisions.values()
    ):
        return known_division(text, organisation)
    return f"department-{known_department(text, organisation)}"


def role(text: str) -> str:
    """The key of a role, given by its key or by its name in either language."""
    return key_of("roles", text)


def key_of(table: Literal["roles", "tiers", "kinds", "steps"], text: str) -> str:
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
