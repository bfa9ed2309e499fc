"""Findings and desks as people type and read them."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain.errors import Malformed
from handheld.entrypoints.cli.plan_words import place_name
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import department_stream
from handheld_projections.organisation import Organisation

FindingId = Annotated[str, typer.Argument(metavar="FINDING", help=help_text("finding.finding"))]

DEPARTMENT = "department-"


def finding_stream(text: str) -> str:
    """The stream of a finding, with or without `finding-`."""
    return arguments.finding_stream(text) or ""


def desk_from(
    division: str | None, department: str | None, organisation: Organisation
) -> str | None:
    """A desk: a division, or a department; None where neither is given.

    Raises Malformed (`usage.desk_twice`), NotFound.
    """
    if division is not None and department is not None:
        raise Malformed("usage.desk_twice")
    if department is not None:
        return department_stream(arguments.known_department(department, organisation))
    return None if division is None else arguments.known_division(division, organisation)


def desk_name(desk: str, organisation: Organisation) -> str:
    """A desk by name: name and code of a division, name of a department."""
    if not desk.startswith(DEPARTMENT):
        return place_name(desk, organisation)
    key = desk.removeprefix(DEPARTMENT)
    known = organisation.departments.get(key)
    return f"{known.name} {key}" if known else key
