"""A start before it is one: whom each order calls, who stands in where nobody is, what comes later."""

from __future__ import annotations

from rich.table import Table

from handheld.application.names import Names
from handheld.application.reading.preview import Previewed, by_role
from handheld.application.telling.facts import Describer
from handheld.domain.assignment import Assignment
from handheld.domain.starting import Preview
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.plans import place_name
from handheld.entrypoints.cli.render import clean, number, one_line, table
from handheld_events.orders import PlanOrder
from handheld_projections.organisation import Organisation

VACANCIES_SHOWN = 12
STAND_INS_SHOWN = 20
CONFLICTS_SHOWN = 20


def machine(seen: Previewed, organisation: Organisation, names: bool) -> dict[str, object]:
    """The preview for scripts; the people by their numbers, if asked for."""
    preview = seen.preview
    return {
        "title": preview.title,
        "division": seen.command.division,
        "level": preview.level,
        "posture": organisation.posture_of(seen.command.division),
        "people": seen.people(),
        "tasks": seen.tasks(),
        "departments": seen.departments(),
        "orders": [
            {
                "key": order.key,
                "text": order.text,
                "tasks": len(found.assignees),
                "by_role_and_tier": [
                    {"role": role, "tier": tier, "tasks": count}
                    for (role, tier), count in by_role(found).items()
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
    seen: Previewed,
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
    people, tasks = number(seen.people()), number(seen.tasks())
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
    for (role, tier), count in by_role(found).items():
        key, words, empty = first
        made.add_row(key, words, texts.role(role), texts.tier(tier), number(count), empty)
        first = ("", "", "")


def _departments(session: Session, seen: Previewed, describer: Describer) -> None:
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


def _stand_ins(session: Session, seen: Previewed, describer: Describer) -> None:
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


def _conflicts(session: Session, seen: Previewed, names: Names) -> None:
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
