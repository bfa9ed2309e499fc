"""A start before it is one: counts by order, role and tier; vacancies and names."""

from __future__ import annotations

from collections import Counter

from rich.table import Table

from handheld.application.names import Names
from handheld.domain.assignment import Assignment
from handheld.domain.starting import Preview
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.plans import place_name
from handheld.entrypoints.cli.render import clean, number, one_line, table
from handheld_events.orders import PlanOrder
from handheld_events.territory import tier_of
from handheld_projections.organisation import Organisation

VACANCIES_SHOWN = 12


def machine(seen: Preview, code: str, names: bool) -> dict[str, object]:
    """The preview for scripts; the people by their numbers, if asked for."""
    return {
        "title": seen.title,
        "division": code,
        "people": _people(seen),
        "tasks": _tasks(seen),
        "orders": [
            {
                "key": order.key,
                "text": order.text,
                "tasks": len(found.assignees),
                "by_role_and_tier": [
                    {"role": role, "tier": tier, "tasks": count}
                    for (role, tier), count in _by_role(found).items()
                ],
                "vacant": found.vacant,
                **({"assignees": [a._asdict() for a in found.assignees]} if names else {}),
            }
            for order, found in seen.orders
        ],
    }


def show_preview(
    session: Session,
    seen: Preview,
    code: str,
    organisation: Organisation,
    names: Names | None,
    *,
    drill: bool,
) -> None:
    """Show it; with names, everybody who would be called."""
    texts = session.texts
    keys = ("orders", "text", "role", "tier", "people", "vacant")
    made = table(
        *(texts.say(f"cli.head.{key}") for key in keys),
        title=texts.say(
            "cli.start.preview", title=seen.title, division=place_name(code, organisation)
        )
        + (texts.say("cli.drill_mark") if drill else ""),
        right=(4, 5),
    )
    for order, found in seen.orders:
        _order_rows(session, made, order, found)
    session.show(made)
    session.say("start.will_call", people=number(_people(seen)), tasks=number(_tasks(seen)))
    for order, found in seen.orders:
        if found.vacant:
            _vacancies(session, order, found, organisation)
    if names is not None:
        _names(session, seen, organisation, names)


def _order_rows(session: Session, made: Table, order: PlanOrder, found: Assignment) -> None:
    texts = session.texts
    text = one_line(order.text)
    short = text if len(text) <= 40 else text[:39] + "…"
    vacant = number(len(found.vacant))
    first = (order.key, short, vacant)
    for (role, tier), count in _by_role(found).items():
        key, words, empty = first
        made.add_row(key, words, texts.role(role), texts.tier(tier), number(count), empty)
        first = ("", "", "")


def _vacancies(
    session: Session, order: PlanOrder, found: Assignment, organisation: Organisation
) -> None:
    texts = session.texts
    shown = [
        f"{place_name(post.division, organisation)} {texts.role(post.role)}"
        for post in found.vacant[:VACANCIES_SHOWN]
    ]
    words = texts.say("cli.list_comma").join(shown)
    if len(found.vacant) > len(shown):
        words += f" … {texts.say('cli.and_more', count=number(len(found.vacant)))}"
    head = texts.say("cli.start.vacancies", count=number(len(found.vacant)))
    session.show(f"{order.key}  {head}", f"  {clean(words)}")


def _names(session: Session, seen: Preview, organisation: Organisation, names: Names) -> None:
    texts = session.texts
    keys = ("orders", "name", "person", "role", "division")
    heads = [texts.say(f"cli.head.{key}") for key in keys]
    made = table(*heads, title=texts.say("cli.start.names"))
    for order, found in seen.orders:
        for assignee in found.assignees:
            made.add_row(
                order.key,
                clean(names.name(assignee.person)),
                assignee.person.removeprefix("person-"),
                texts.role(assignee.role),
                place_name(assignee.division, organisation),
            )
    session.show(made)


def _by_role(found: Assignment) -> dict[tuple[str | None, str], int]:
    return dict(Counter((a.role, tier_of(a.division)) for a in found.assignees))


def _people(seen: Preview) -> int:
    return len({a.person for _, found in seen.orders for a in found.assignees})


def _tasks(seen: Preview) -> int:
    return sum(len(found.assignees) for _, found in seen.orders)
