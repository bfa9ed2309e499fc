"""Warnings, plans and messages for the tests of their rules; nothing of it happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from handheld.domain import warning, warning_receiving
from handheld.domain.answers import Answer
from handheld.domain.cap_reading import from_cap
from handheld.domain.warning import WarningState
from handheld.domain.warning_commands import ReceiveCap
from handheld.domain.warning_receiving import Followed
from handheld_events.codec import instant
from handheld_events.envelope import Recorded
from handheld_events.examples import META
from handheld_events.orders import Level, PlanOrder, Target
from handheld_events.plan import PlanAdopted, PlanRetired, Trigger
from handheld_events.warning import WarningContent, WarningEvent, WarningReceived
from handheld_projections.organisation import Organisation
from tests.support_cap import COUNTY, alert, moment, register

STREAM = "warning-1"
NOW = moment(8)
ORDERS = (PlanOrder(key="visit", text="走访", to=(Target(role="grid_head"),)),)


def content(**given: object) -> WarningContent:
    """A typhoon warning for the county, in force for ten hours."""
    fields: dict[str, object] = {
        "event": "台风",
        "level": "orange",
        "headline": "台风橙色预警",
        "divisions": (COUNTY,),
        "expires": moment(18),
    }
    return WarningContent(**(fields | given))  # type: ignore[arg-type]


def after(*events: WarningEvent) -> WarningState:
    """The warning that these facts lead to."""
    state = None
    for event in events:
        state = warning.evolve(state, event)
    assert state is not None
    return state


def told(**given: object) -> WarningReceived:
    return WarningReceived(source="telephone", content=content(**given), told_by="县气象台")


def with_plan(
    *triggers: Trigger,
    key: str = "typhoon",
    division: str = COUNTY,
    level: Level | None = "IV",
    title: str = "防台风应急预案",
    organisation: Organisation | None = None,
    retired: bool = False,
) -> Organisation:
    """The register with a plan in force."""
    made = organisation or register()
    adopted = PlanAdopted(
        title=title, division=division, orders=ORDERS, level=level, triggers=triggers
    )
    events: list[PlanAdopted | PlanRetired] = [adopted]
    if retired:
        events.append(PlanRetired(reason="已由新预案取代"))
    made.apply(
        Recorded(n, f"plan-{key}", n, instant(0), META, None, None, None, event)
        for n, event in enumerate(events, 1)
    )
    return made


def asked(
    state: WarningState | None,
    command: warning.Command,
    *,
    organisation: Organisation | None = None,
    at: datetime = NOW,
) -> Answer[WarningEvent]:
    return warning.decide(state, command, organisation or register(), at)


class Warned:
    """Warnings as CAP messages make them, without a log."""

    def __init__(self) -> None:
        self.states: dict[str, WarningState] = {}
        self.organisation = register()

    def comes(self, data: bytes) -> Followed:
        """A message comes in, is decided, and takes effect."""
        command = from_cap(alert(data), self.organisation)
        own = f"warning-{command.cap.identifier}"
        found = warning_receiving.receive(command, own, self._known(command), self.organisation)
        for stream, fact in found.facts:
            self.states[stream] = warning.evolve(self.states.get(stream), fact)
        return found

    def _known(self, command: ReceiveCap) -> Mapping[str, WarningState]:
        named = {
            (cap.sender, cap.identifier)
            for cap in (command.cap, *warning_receiving.own_references(command))
        }
        return {s: w for s, w in self.states.items() if named & (w.messages | w.late)}
