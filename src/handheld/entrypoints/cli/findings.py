"""`handheld finding`: reported from below, handed on, settled, ordered about."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
import handheld.entrypoints.cli.findings_shown as shown
import handheld.entrypoints.cli.findings_taken_in as taken_in
from handheld.domain import finding_commands as domain
from handheld.domain.errors import Malformed
from handheld.domain.finding_desks import desk_above, first_desk
from handheld.entrypoints.cli.finding_words import (
    FindingId,
    desk_from,
    desk_name,
    finding_stream,
)
from handheld.entrypoints.cli.options import (
    FactNumber,
    Photos,
    Place,
    Reason,
    RightText,
    RightTime,
    TaskForceId,
    Text,
)
from handheld.entrypoints.cli.order_options import How, Whom, order_from
from handheld.entrypoints.cli.photos import photos
from handheld.entrypoints.cli.render import clean
from handheld.entrypoints.cli.sending import Act, sends
from handheld.entrypoints.cli.shell import group
from handheld.entrypoints.cli.words import help_text
from handheld_events.forms import Location
from handheld_events.ids import order_id


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("finding")
    sends(commands, "report", "finding.report", drill=True)(report)
    sends(commands, "add", "finding.add")(add)
    sends(commands, "pass-up", "finding.pass_up")(pass_up)
    sends(commands, "route", "finding.route")(route)
    sends(commands, "return", "finding.return")(return_)
    sends(commands, "settle", "finding.settle")(settle)
    sends(commands, "order", "finding.order")(order)
    sends(commands, "correct", "finding.correct", earlier=False)(correct)
    taken_in.register(commands)
    shown.register(commands)
    app.add_typer(commands, name="finding")


def report(
    act: Act,
    text: Text,
    division: Annotated[
        str, typer.Option("--division", metavar="CODE", help=help_text("finding.where"))
    ],
    place: Place = None,
    photo: Photos = None,
    location: Annotated[
        str | None,
        typer.Option("--location", metavar="LAT,LON", help=help_text("finding.location")),
    ] = None,
    task: Annotated[
        str | None, typer.Option("--task", metavar="TASK", help=help_text("finding.task"))
    ] = None,
) -> domain.ReportFinding:
    """Report something from below."""
    if (act.sender.on_behalf_of or act.sender.actor) == arguments.OPERATOR:
        raise Malformed("usage.reporter")
    code = act.division(division)
    act.ids["finding"] = stream = act.makes_finding()
    act.say("findings.number", finding=stream)
    _goes_to(act, first_desk(code))
    return domain.ReportFinding(
        text=text,
        division=code,
        place=place,
        photos=photos(photo),
        location=_location(location),
        task=None if task is None else arguments.task_stream(task),
    )


def _location(text: str | None) -> Location | None:
    """`28.9,118.9`, with an accuracy in metres after it or not. Raises Malformed."""
    if text is None:
        return None
    try:
        latitude, longitude, *rest = map(float, text.replace("，", ",").split(","))
    except ValueError:
        raise Malformed("usage.location", text=text) from None
    if len(rest) > 1:
        raise Malformed("usage.location", text=text)
    return Location(latitude=latitude, longitude=longitude, accuracy=rest[0] if rest else None)


def add(act: Act, finding: FindingId, text: Text, photo: Photos = None) -> domain.AddToFinding:
    """The reporter says more."""
    return domain.AddToFinding(finding=_of(act, finding), text=text, photos=photos(photo))


def pass_up(
    act: Act,
    finding: FindingId,
    reason: Reason,
    task_force: Annotated[
        bool, typer.Option("--wants-task-force", help=help_text("finding.wants"))
    ] = False,
) -> domain.PassUp:
    """The tier above decides."""
    stream = _of(act, finding)
    above = desk_above(act.organisation, shown.state_of(act.home, stream).desk)
    if above is not None:
        _goes_to(act, above)
    return domain.PassUp(finding=stream, reason=reason, wants_task_force=task_force)


def route(
    act: Act,
    finding: FindingId,
    reason: Reason,
    to: Annotated[
        str | None, typer.Option("--to", metavar="CODE", help=help_text("finding.to"))
    ] = None,
    department: Annotated[
        str | None,
        typer.Option("--department", metavar="KEY", help=help_text("finding.to_department")),
    ] = None,
) -> domain.Route:
    """It belongs to another desk."""
    desk = desk_from(to, department, act.organisation)
    if desk is None:
        raise Malformed("usage.desk")
    _goes_to(act, desk)
    return domain.Route(finding=_of(act, finding), desk=desk, reason=reason)


def return_(act: Act, finding: FindingId, reason: Reason) -> domain.Return:
    """Nothing will be done about it, or more must be said first."""
    return domain.Return(finding=_of(act, finding), reason=reason)


def settle(act: Act, finding: FindingId, text: Text) -> domain.DealWith:
    """It is settled."""
    return domain.DealWith(finding=_of(act, finding), text=text)


def order(
    act: Act,
    finding: FindingId,
    task_force: TaskForceId,
    text: Text,
    whom: Whom,
    how: How,
) -> domain.OrderOnFinding:
    """Give an order about it in a running task force."""
    act.ids["order"] = issued = order_id(act.identity, 0)
    act.say("findings.ordered", order=issued)
    return domain.OrderOnFinding(
        finding=_of(act, finding),
        task_force=arguments.task_force_stream(task_force),
        order=order_from(text, whom, how, act.organisation),
    )


def correct(
    act: Act,
    finding: FindingId,
    version: FactNumber,
    reason: Reason,
    text: RightText = None,
    time: RightTime = None,
) -> domain.CorrectFinding:
    """Correct an earlier fact."""
    return domain.CorrectFinding(
        finding=_of(act, finding),
        version=version,
        reason=reason,
        text=text,
        occurred_at=act.past(time),
    )


def _of(act: Act, finding: str) -> str:
    """The stream of a finding, which the answer names."""
    act.ids["finding"] = stream = finding_stream(finding)
    return stream


def _goes_to(act: Act, desk: str) -> None:
    act.say("findings.goes_to", desk=clean(desk_name(desk, act.organisation)))
