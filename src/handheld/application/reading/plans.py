"""Plans (预案) as somebody may see them: which there are, and what an edition orders."""

from __future__ import annotations

import msgspec

from handheld.application.reading.called import Called, Unit
from handheld.application.reading.named import Place
from handheld.application.reading.seen import Look, must_see
from handheld.application.telling.facts import Unreadable, facts_in
from handheld.domain.duty import may_start
from handheld.domain.errors import NotFound
from handheld.domain.seeing import Seen, Viewer, rows
from handheld_events.ids import department_stream, plan_stream
from handheld_events.orders import Level, PlanOrder
from handheld_events.plan import PlanAdopted, Trigger
from handheld_events.territory import within
from handheld_projections.organisation import PlanInForce


class PlanListed(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in a list, in its latest edition."""

    plan: str
    """The key."""
    title: str
    division: Place
    """It may be started for this division and any below it."""
    level: Level | None
    """The response level with which it starts."""
    orders: int
    """How many orders it foresees."""
    version: int
    """Of its stream: the latest edition, and for If-Match."""
    retired: bool
    """It can no longer be started."""


class PlanCard(msgspec.Struct, frozen=True, kw_only=True):
    """An edition of a plan, whole."""

    plan: str
    """The key."""
    title: str
    division: Place
    level: Level | None
    edition: int
    """The version of the stream that adopted it."""
    version: int
    """Of its stream: for If-Match."""
    editions: tuple[int, ...]
    """All that there were, the latest last."""
    retired: bool
    """The plan can no longer be started."""
    lead: Unit | None
    """The department that leads (牵头部门)."""
    responding: tuple[Unit, ...]
    """The departments that respond (协同部门)."""
    triggers: tuple[Trigger, ...]
    """Which warnings it answers."""
    orders: tuple[PlanOrder, ...]
    may_start: bool
    """It is in force, and who looks may start it in a division of theirs."""
    may_change: bool
    """Who looks may adopt another edition of it, and retire it."""


def plans(
    look: Look, viewer: Viewer, division: str | None = None, *, retired: bool = False
) -> tuple[PlanListed, ...]:
    """The plans that somebody may see, by key.

    `division`: those that may be started for it. `retired`: also those that no longer can.
    """
    organisation, called = look.organisation, Called(look, viewer)
    known = sorted(organisation.plans.values(), key=lambda plan: plan.stream)
    listed = [
        (plan, _seen(look, plan))
        for plan in known
        if (retired or not plan.retired)
        and (division is None or within(division, plan.edition.division))
    ]
    return tuple(
        PlanListed(
            plan=plan.stream.removeprefix("plan-"),
            title=plan.edition.title,
            division=called.place(plan.edition.division),
            level=plan.edition.level,
            orders=len(plan.edition.orders),
            version=plan.version,
            retired=plan.retired,
        )
        for plan, _ in rows(viewer, "plan", listed)
    )


def plan_card(look: Look, viewer: Viewer, plan: str, edition: int | None = None) -> PlanCard:
    """A plan by its key; `edition`: as that version of its stream adopted it, else the latest.

    Raises NotFound (`plan.unknown`, for what is hidden, too; `plan.no_edition`).
    """
    known = look.organisation.plans.get(plan_stream(plan))
    seen = None if known is None else _seen(look, known)
    absent = NotFound("plan.unknown", plan=plan)
    must_see(viewer, "plan", seen, absent)
    if known is None:
        raise absent
    editions = {
        fact.version: fact.event
        for fact in facts_in(look.log.read_streams([known.stream]))
        if not isinstance(fact, Unreadable) and isinstance(fact.event, PlanAdopted)
    }
    number = max(editions) if edition is None else edition
    if number not in editions:
        raise NotFound("plan.no_edition", plan=plan, edition=number)
    said, called = editions[number], Called(look, viewer)
    return PlanCard(
        plan=plan,
        title=said.title,
        division=called.place(said.division),
        level=said.level,
        edition=number,
        version=known.version,
        editions=tuple(sorted(editions)),
        retired=known.retired,
        lead=None if said.lead is None else called.unit(department_stream(said.lead)),
        responding=tuple(called.unit(department_stream(key)) for key in said.responding),
        triggers=said.triggers,
        orders=said.orders,
        may_start=not known.retired and _may_start(look, viewer, known),
        may_change=may_start(look.organisation, viewer.actor, known.edition.division),
    )


def _seen(look: Look, plan: PlanInForce) -> Seen:
    return Seen(look.organisation, divisions=(plan.edition.division,))


def _may_start(look: Look, viewer: Viewer, plan: PlanInForce) -> bool:
    """In its own division, or in one of theirs that lies in it."""
    organisation, actor = look.organisation, viewer.actor
    person = organisation.people.get(actor)
    where = {post.division for post in (person.posts if person is not None else ())}
    inside = {code for code in where if within(code, plan.edition.division)}
    return any(
        may_start(organisation, actor, code) for code in sorted({plan.edition.division, *inside})
    )
