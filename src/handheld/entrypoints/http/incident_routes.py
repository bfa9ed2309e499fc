"""Findings and warnings: what comes up, and what comes in."""

from __future__ import annotations

import msgspec

from handheld.adapters.cap import read_cap
from handheld.application.reading.findings import FindingCard, finding_card
from handheld.application.reading.timelines import TimelinePage
from handheld.application.reading.warnings import WarningCard, warning_card, warnings_in_force
from handheld.domain.cap_reading import from_cap, is_drill
from handheld.domain.errors import NotFound
from handheld.entrypoints.http.bodies import bytes_of, check_media
from handheld.entrypoints.http.commands import Outcome, carry_out_as, outcome_of
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.keys import command_key
from handheld.entrypoints.http.organisation_routes import Several
from handheld.entrypoints.http.parts import Call
from handheld.entrypoints.http.task_force_routes import TimelineQuery, timeline

CAP = "application/cap+xml"


class InForceQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which warnings."""

    division: str | None = None
    """For it, for what lies above it, or in it."""
    drills: bool = False


def _finding(call: Call) -> Answer:
    look, stored = call.home.looking.look(), call.home.attachments.stored_for(call.viewer)
    card = finding_card(look, call.viewer, call.path["finding"], stored)
    return Answer(card, version=card.version)


def _finding_history(call: Call) -> TimelinePage:
    return _history(call, "finding")


def _warning(call: Call) -> Answer:
    card = warning_card(call.home.looking.look(), call.viewer, call.path["warning"])
    return Answer(card, version=card.version)


def _warning_history(call: Call) -> TimelinePage:
    return _history(call, "warning")


def _history(call: Call, kind: str) -> TimelinePage:
    name = call.path[kind]
    absent = NotFound(f"{kind}.unknown", **{kind: name})
    if not name.startswith(f"{kind}-"):
        raise absent
    return timeline(call, name, absent)


def _in_force(call: Call) -> Several[WarningCard]:
    query: InForceQuery = call.query
    lines = call.home.boards.warnings(drills=query.drills).open.values()
    return Several(warnings_in_force(call.home.looking.look(), call.viewer, lines, query.division))


async def _cap(call: Call) -> Outcome:
    """A CAP message of another system; whether it is a drill stands in the message itself."""
    key = command_key(call.request.headers.get("idempotency-key"))
    check_media(call.request, CAP, "application/xml", "text/xml")
    alert = read_cap(await bytes_of(call.request, _CAP_MOST))
    organisation = call.home.organisation.known()
    command = from_cap(alert, organisation, (call.texts.language, "zh", "en"))
    receipt = await carry_out_as(call, key, command, drill=is_drill(alert))
    return outcome_of(call, key, "warning.receive_cap", receipt)


_CAP_MOST = 1024 * 1024

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/findings/{finding}",
        name="finding",
        summary="A finding 上报",
        tag="findings",
        run=_finding,
        answers=FindingCard,
        tagged=True,
    ),
    Endpoint(
        method="GET",
        path="/findings/{finding}/history",
        name="finding_history",
        summary="The course of a finding 处置过程",
        tag="findings",
        run=_finding_history,
        query=TimelineQuery,
        answers=TimelinePage,
    ),
    Endpoint(
        method="GET",
        path="/warnings/in-force",
        name="warnings_in_force",
        summary="Warnings in force, the highest level first 生效预警",
        tag="warnings",
        run=_in_force,
        query=InForceQuery,
        answers=Several[WarningCard],
    ),
    Endpoint(
        method="GET",
        path="/warnings/{warning}",
        name="warning",
        summary="A warning 预警",
        tag="warnings",
        run=_warning,
        answers=WarningCard,
        tagged=True,
    ),
    Endpoint(
        method="GET",
        path="/warnings/{warning}/history",
        name="warning_history",
        summary="The course of a warning 预警过程",
        tag="warnings",
        run=_warning_history,
        query=TimelineQuery,
        answers=TimelinePage,
    ),
    Endpoint(
        method="POST",
        path="/warnings/cap",
        name="receive_cap",
        summary="Take in a CAP 1.2 message 接收预警",
        tag="warnings",
        run=_cap,
        raw=CAP,
        answers=Outcome,
        most=_CAP_MOST,
        takes_key=True,
        problems=(403, 409, 422, 503),
    ),
)
