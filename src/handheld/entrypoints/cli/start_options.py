"""What the options of a start say: from a plan, ad hoc, or from a file; one of the three."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import handheld.entrypoints.cli.arguments as arguments
from handheld import data
from handheld.domain.errors import Malformed
from handheld.domain.starting import StartAdHoc, StartFromPlan
from handheld.entrypoints.cli.files import read_start, resolved
from handheld.entrypoints.cli.order_options import How, Whom, order_from
from handheld_events.ids import plan_stream
from handheld_projections.organisation import Organisation

Start = StartFromPlan | StartAdHoc


class Asked(NamedTuple):
    """A start, as options say it."""

    division: str | None
    plan: str | None
    title: str | None
    order: str | None
    place: str | None
    level: str | None
    lead: str | None
    warning: str | None
    finding: str | None
    whom: Whom
    how: How
    written: StartAdHoc | None
    again: bool = False


def check(asked: Asked) -> None:
    """One way to start, and whole. Raises Malformed (`usage.start`, `usage.missing`, …)."""
    if [asked.plan, asked.order, asked.written].count(None) != 2:
        raise Malformed("usage.start")
    if asked.written is not None:
        given = {"division": asked.division, "title": asked.title, "place": asked.place}
        _only("file", **given, level=asked.level, lead=asked.lead, **_order_given(asked))
    elif asked.division is None:
        raise Malformed("usage.missing", name="--division", command="handheld start")
    elif asked.plan is not None:
        _only("plan", lead=asked.lead, **_order_given(asked))
    elif asked.title is None:
        raise Malformed("usage.start")


def wanted(asked: Asked, organisation: Organisation) -> Start:
    """The start that is asked for. Raises Malformed, NotFound."""
    because = {
        "warning": arguments.warning_stream(asked.warning),
        "finding": arguments.finding_stream(asked.finding),
    }
    if asked.written is not None:
        return resolved(asked.written, organisation, **because)
    division = arguments.known_division(asked.division or "", organisation)
    if asked.plan is not None:
        return StartFromPlan(
            plan=plan_stream(arguments.plan_key(asked.plan)),
            division=division,
            title=asked.title,
            place=asked.place,
            level=arguments.level(asked.level),
            again=asked.again,
            **because,
        )
    lead = asked.lead
    return StartAdHoc(
        title=asked.title or "",
        division=division,
        orders=(order_from(asked.order or "", asked.whom, asked.how, organisation),),
        place=asked.place,
        level=arguments.level(asked.level),
        lead=None if lead is None else arguments.known_department(lead, organisation),
        **because,
    )


def read_written(file: Path | None, sample: str | None) -> StartAdHoc | None:
    """The start that stands in a file, or in an example that comes with the program."""
    if file is not None and sample is not None:
        raise Malformed("usage.start")
    source = file if sample is None else data.start(sample)
    return None if source is None else read_start(source)


def _order_given(asked: Asked) -> dict[str, object]:
    """What is said of an order by options."""
    whom, how = asked.whom, asked.how
    return {
        "to": whom.to,
        "department": whom.departments,
        "group": whom.groups,
        "person": whom.people,
        "on-duty": whom.on_duty,
        "verify": how.verify,
        "steps": how.steps,
        "accept-within": how.accept_within,
        "report-within": how.report_within,
        "form": how.form,
        "open-to": how.open_to,
        "remind-after": how.remind_after,
    }


def _only(by: Literal["plan", "file"], **given: object) -> None:
    """What is told by a plan or a file is not told by options too."""
    names = " ".join(f"--{name}" for name, value in given.items() if value)
    if names and by == "plan":
        raise Malformed("usage.start_plan_only", names=names)
    if names:
        raise Malformed("usage.start_file_only", names=names)
