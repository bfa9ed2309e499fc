"""Findings that another system has kept, taken in by the thousand: all are checked before any is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from handheld.application.row_errors import RowErrors
from handheld.application.taking_in import Foreign, Source
from handheld.domain.errors import HandheldError, Malformed
from handheld.domain.finding_commands import ReportFinding
from handheld.domain.finding_orders import decide_report
from handheld.domain.policy.systems import SYSTEM, System, check_system
from handheld_events.envelope import About
from handheld_events.finding import FindingReported
from handheld_events.ids import person_stream
from handheld_projections.organisation import Organisation

LONGEST_ID = 200
"""Characters of a record's id, as of that of a CloudEvent."""


class FindingEntry(NamedTuple):
    """One finding of the other system's file."""

    line: int
    """Where it begins in the file."""
    record: str
    """Its id there."""
    occurred_at: datetime | None
    """UTC; None where it could not be read, which is an error already."""
    division: str
    text: str
    place: str | None = None


class KeptFinding(NamedTuple):
    """One that is in order."""

    record: str
    occurred_at: datetime
    reporter: str
    """A person stream."""
    reported: FindingReported


def source_of(known: System, actor: str, *, drill: bool) -> Source:
    """Where its findings come from, the same whenever they come."""
    name = f"{known.source}\x1ffindings"
    return Source(name, actor, "finding", drill, _reporter(known))


def check_findings(
    entries: Iterable[FindingEntry],
    known: System,
    organisation: Organisation,
    now: datetime,
    errors: RowErrors,
    *,
    drill: bool,
) -> list[KeptFinding]:
    """Hold each against the registers, as if its system reported it now.

    Raises NotAllowed (`system.not_granted`, `system.drills_only`) and Malformed (`person.unknown`,
    `person.erased`) for the system itself; ImportRefused for what is wrong with rows, all of it:
    `record.id`, `record.time`, `record.future`, `system.elsewhere` and what a report is refused for.
    """
    check_system(known, "finding", (), drill=drill)
    reporter = _reporter(known)
    person = organisation.people.get(reporter)
    if person is None or person.erased:
        raise Malformed(f"person.{'unknown' if person is None else 'erased'}", person=reporter)
    kept: list[KeptFinding] = []
    for line, record, at, division, text, place in entries:
        if not 0 < len(record) <= LONGEST_ID:
            errors.add(line, "record", "record.id", limit=LONGEST_ID)
        if at is not None and at > now:
            errors.add(line, "occurred_at", "record.future")
        try:
            check_system(known, "finding", (division,), drill=drill)
            command = ReportFinding(text=text, division=division, place=place)
            reported = decide_report(command, reporter, organisation, None, f"{SYSTEM}kept")
        except HandheldError as error:
            column = "division" if "division" in error.params else error.params.get("field")
            errors.add(line, None if column is None else str(column), error.code, **error.params)
        else:
            if at is not None:
                kept.append(KeptFinding(record, at, reporter, reported))
    errors.refuse()
    return kept


def as_foreign(kept: KeptFinding) -> Foreign:
    """The facts that it becomes."""
    about = About(division=kept.reported.division, person=kept.reporter)
    return Foreign(kept.record, kept.occurred_at, about, (kept.reported,))


def _reporter(known: System) -> str:
    return person_stream(known.reporter or "")
