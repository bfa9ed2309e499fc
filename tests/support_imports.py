"""Helpers for tests of imports: tables on disk, and a home with a small county. People are synthetic."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from handheld.adapters.tables import read_divisions, read_people
from handheld.application.importing import (
    ImportPlan,
    ImportRefused,
    RowErrors,
    plan_divisions,
    plan_people,
)
from handheld.application.requests import Receipt
from handheld.bootstrap import Home
from handheld_events.codec import Reading
from handheld_projections.organisation import Organisation

COUNTY = """\
code,name,kind
330825,龙游县,
330825101,湖镇镇,
330825101264,希塘村村民委员会,villagers_committee
330825101265,溪底杜村村民委员会,
330825101264001,第一网格,
"""

PEOPLE_HEADER = "number,name,phone,role,division,synthetic\n"
PEOPLE = (
    PEOPLE_HEADER
    + """\
S1,演练甲,000-0000-0001,grid_head,330825101264001,yes
S2,演练乙,000-0000-0002,village_team_leader,330825101264,yes
S3,演练丙,,household_contact,330825101264001,yes
"""
)


class Wrong(NamedTuple):
    """What a test expects of a RowError."""

    line: int
    column: str | None
    code: str


def table(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "table.csv") -> Path:
    """A file with this text."""
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def organisation(home: Home) -> Organisation:
    """Divisions and people at the log's end."""
    return home.organisation.caught_up()[0]


def planned_divisions(home: Home, path: Path) -> ImportPlan:
    """As the program does it: all errors of a file in one go."""
    errors = RowErrors()
    return plan_divisions(read_divisions(path, errors), organisation(home), errors)


def planned_people(home: Home, path: Path, *, dry_run: bool = False) -> ImportPlan:
    """As the program does it: all errors of a file in one go."""
    errors = RowErrors()
    entries = read_people(path, errors)
    return plan_people(entries, organisation(home), home.keyring, dry_run=dry_run, errors=errors)


def import_divisions(home: Home, path: Path) -> Receipt:
    """Plan and carry out."""
    return home.execute(planned_divisions(home, path).command, "operator")


def import_people(home: Home, path: Path) -> Receipt:
    """Plan and carry out."""
    return home.execute(planned_people(home, path).command, "operator")


def refused(caught: pytest.ExceptionInfo[ImportRefused]) -> list[Wrong]:
    """What was wrong, in order."""
    return [Wrong(error.line, error.column, error.code) for error in caught.value.errors]


def facts_after(home: Home, position: int) -> list[Any]:
    """The facts after a position, in log order."""
    reading = Reading()
    return [reading.fact(*row) for row in home.log.read(position, 100_000)]
