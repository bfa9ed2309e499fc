"""A start before it is one: whom each order calls, who stands in where nobody is, what comes later."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from rich.table import Table

from handheld.application.names import Names
from handheld.domain.assignment import Assignee, Assignment
from handheld.domain.plan import Plan
from handheld.domain.starting import Preview, StartAdHoc, StartFromPlan
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.facts import Describer
from handheld.entrypoints.cli.plans import place_name
from handheld.entrypoints.cli.render import clean, number, one_line, table
from handheld_events.orders import PlanOrder
from handheld_events.territory import tier_of
from handheld_projections.organisation import Organisation

VACANCIES_SHOWN = 12
STAND_INS_SHOWN = 20
CONFLICTS_SHOWN = 20


class Seen(NamedTuple):
    """A preview, with what it is a preview of."""

    preview: Preview
    command: StartFromPlan | StartAdHoc
    plan: Plan | None

    def departments(self) -> dict[str, str]:
        """The departments that would be called, by key, with their part."""
        found: dict[str, str] = {}
        if self.plan is not None:
            edition = self.plan.edition
            found |= dict.fromkeys(edition.responding, "responding")
            found |= {edition.lead: "lead"} if edition.lead is not None else {}
        elif isinstance(self.command, StartAdHoc) and self.command.lead is not None:
            found[self.command.lead] = "lead"
        for _, assigned in self.preview.orders:
            for assignee in assigned.assignees:
                if assignee.unit and assignee.department is not None:
                    found.setdefault(assignee.department, "responding")
        return found

    def stand_ins(self) -> list[tuple[PlanOrder, Assignee]]:
        """Who would stand in for vacant posts, by order."""
        return [
            (order, assignee)
            for order, assigned in self.preview.orders
            for assignee in assigned.assignees
            if assignee.instead_of
        ]

    def conflicts(self) -> dict[str, list[str]]:
        """Whoever would be called by more than one order, with the keys of those orders."""
        orders: dict[str, list[str]] = {}
        for order, assigned in self.preview.orders:
            for assignee in assigned.assignees:
                orders.setdefault(assignee.person, []).append(order.key)
        return {person: keys for person, keys in orders.items() if len(keys) > 1}


def machine(seen: Seen, organisation: Organisation, names: bool) -> dict[str, object]:
    """The preview for scripts; the people by their numbers, if asked for."""
    preview = seen.preview
    return {
        "title": preview.title,
        "division": seen.command.division,
        "level": preview.level,
        "posture": organisation.posture_of(seen.command.division),
        "people": _people(preview),
        "tasks": _tasks(preview),
        "departments": seen.departments(),
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
                "stand_ins": [a._asdict() for a in found.assignees if a.instead_of],
                **({"assignees": [a._asdict() for a in found.assignees]} if names else {}),
            }
            for order, found in preview.orders
        ],
        "later": preview.later,
        "called_twice": seen.conflicts(),
        "running": preview.running,
    }


def show_preview(
    session: Session,
    seen: Seen,
    organisation: Organisation,
    names: Names,
    *,
    all_names: bool,
    drill: bool,
) -> None:
    """Show it; with all names, everybody who would be called."""
    texts = session.texts
    preview = seen.preview
    keys = ("orders", "text", "role", "tier", "people", "vacant")
    place = place_name(seen.command.division, organisation)
    level = f"  {texts.level(preview.level)}" if preview.level else ""
    made = table(
        *(texts.say(f"cli.head.{key}") for key in keys),
        title=texts.say("cli.start.preview", title=preview.title, division=place)
        + level
        + (texts.say("cli.drill_mark") if drill else ""),
        right=(4, 5),
    )
    for order, found in preview.orders:
        _order_rows(session, made, order, found)
    session.show(made)
    people, tasks = number(_people(preview)), number(_tasks(preview))
    session.say("start.will_call", people=people, tasks=tasks)
    describer = Describer(texts, names, organisation)
    _departments(session, seen, describer)
    for order, found in preview.orders:
        if found.vacant:
            _vacancies(session, order, found, organisation)
    _stand_ins(session, seen, describer)
    _conflicts(session, seen, names)
    _later(session, preview)
    for task_force in preview.running:
        session.say("start.running", task_force=task_force)
    if all_names:
        _names(session, preview, organisation, names)


def _order_rows(session: Session, made: Table, order: PlanOrder, found: Assignment) -> None:
    texts = session.texts
    text = one_line(order.text)
    short = text if len(text) <= 40 else text[:39] + "…"
    if order.open_to is not None:
        short += texts.say("cli.start.open_to", count=number(order.open_to))
    vacant = number(len(found.vacant)) if found.vacant else ""
    first = (order.key, short, vacant)
    for (role, tier), count in _by_role(found).items():
        key, words, empty = first
        made.add_row(key, words, texts.role(role), texts.tier(tier), number(count), empty)
        first = ("", "", "")


def _departments(session: Session, seen: Seen, describer: Describer) -> None:
    texts = session.texts
    said = [
        describer.department(key) + texts.say("cli.aside", text=texts.say(f"parts.{part}"))
        for key, part in seen.departments().items()
    ]
    if said:
        words = texts.say("cli.list_comma").join(said)
        session.say("start.departments", departments=clean(words))


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


def _stand_ins(session: Session, seen: Seen, describer: Describer) -> None:
    found = seen.stand_ins()
    for order, assignee in found[:STAND_INS_SHOWN]:
        session.say(
            "start.stand_in",
            order=order.key,
            person=clean(describer.unit(assignee.person)),
            division=clean(describer.division(assignee.division)),
            posts=clean(describer.posts(assignee.instead_of)),
        )
    if len(found) > STAND_INS_SHOWN:
        session.say("start.stand_ins_more", count=number(len(found) - STAND_INS_SHOWN))


def _conflicts(session: Session, seen: Seen, names: Names) -> None:
    texts = session.texts
    found = list(seen.conflicts().items())
    if not found:
        return
    session.say("start.conflicts", count=number(len(found)))
    for person, keys in found[:CONFLICTS_SHOWN]:
        orders = texts.say("cli.list_comma").join(keys)
        session.show(f"  {clean(names.label(person))}{texts.say('cli.colon')}{orders}")
    if len(found) > CONFLICTS_SHOWN:
        session.say("start.conflicts_more", count=number(len(found) - CONFLICTS_SHOWN))


def _later(session: Session, preview: Preview) -> None:
    texts = session.texts
    if preview.later:
        session.say("start.later")
    for order in preview.later:
        when = [texts.say("cli.when.level", level=texts.level(order.level))] if order.level else []
        if order.after is not None:
            when.append(texts.say("cli.when.after", time=texts.duration(order.after)))
        if order.every is not None:
            when.append(texts.say("cli.when.every", time=texts.duration(order.every)))
        words = f"  {order.key}  {texts.say('cli.comma').join(when)}{texts.say('cli.colon')}"
        session.show(f"{words}{clean(one_line(order.text))}")


def _names(session: Session, preview: Preview, organisation: Organisation, names: Names) -> None:
    texts = session.texts
    keys = ("orders", "person_name", "person", "role", "division")
    heads = [texts.say(f"cli.head.{key}") for key in keys]
    made = table(*heads, title=texts.say("cli.start.names"))
    for order, found in preview.orders:
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


def _people(preview: Preview) -> int:
    return len({a.person for _, found in preview.orders for a in found.assignees})


def _tasks(preview: Preview) -> int:
    return sum(len(found.assignees) for _, found in preview.orders)
