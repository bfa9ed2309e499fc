"""For operators: registers taken in from files, looked at first; and tables to fill in."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from starlette.responses import Response

from handheld.adapters.table_templates import TABLES, csv_template, xlsx_template
from handheld.adapters.tables import read_departments, read_divisions, read_people
from handheld.application.import_changes import Change, changes_of, tag_of
from handheld.application.importing import (
    ImportPlan,
    RowErrors,
    plan_departments,
    plan_divisions,
    plan_people,
)
from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError, NotFound
from handheld.entrypoints.http.bodies import bytes_of, check_media
from handheld.entrypoints.http.commands import carry_out_as
from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.keys import command_key
from handheld.entrypoints.http.operators import operator
from handheld.entrypoints.http.parts import Call

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_MOST = 64 * 1024 * 1024
SHOWN = 500
"""So many changes of each kind are listed; all are counted."""


class ImportOvertaken(HandheldError):
    """What the table would change is no longer what its preview showed."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or would do."""

    new: int
    changed: int
    unchanged: int
    dry_run: bool
    position: int | None
    """Of the last fact; None where nothing was recorded."""
    absent: int = 0
    """Of a dry run: registered where the table is about, but not in it. They stay as they are."""
    changes: tuple[Change, ...] = ()
    """Of a dry run: one by one, at most 500 of a kind."""
    tag: str | None = None
    """Of a dry run: sent with the same table as `as_previewed`, exactly this is done or nothing."""


class ImportQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How."""

    dry_run: bool = False
    """Only say what it would do."""
    as_previewed: str | None = None
    """The `tag` of the preview: where the same table would now do something else, it does nothing."""


class TemplateQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As what."""

    format: Literal["csv", "xlsx"] = "xlsx"


Plan = Callable[[Home, Path, bool], ImportPlan]


class _Looked(msgspec.Struct, frozen=True):
    """A plan, with what a preview tells of it where that was asked for."""

    plan: ImportPlan
    absent: int = 0
    changes: tuple[Change, ...] = ()
    tag: str | None = None


def _plan_divisions(home: Home, path: Path, dry_run: bool) -> ImportPlan:
    errors = RowErrors()
    return plan_divisions(read_divisions(path, errors), home.organisation.known(), errors)


def _plan_departments(home: Home, path: Path, dry_run: bool) -> ImportPlan:
    errors = RowErrors()
    return plan_departments(read_departments(path, errors), home.organisation.known(), errors)


def _plan_people(home: Home, path: Path, dry_run: bool) -> ImportPlan:
    errors = RowErrors()
    entries = read_people(path, errors)
    known = home.organisation.known()
    return plan_people(entries, known, home.keyring, dry_run=dry_run, errors=errors)


def _import(what: str, summary: str, plan: Plan) -> Endpoint:
    async def run(call: Call) -> Taken:
        operator(call)
        key = command_key(call.request.headers.get("idempotency-key"))
        media = check_media(call.request, CSV, XLSX)
        raw = await bytes_of(call.request, FILE_MOST)
        query: ImportQuery = call.query
        loop = asyncio.get_running_loop()
        looked = await loop.run_in_executor(None, _looked, plan, call.home, raw, media, query)
        found, position = looked.plan, None
        if found.command is not None and not query.dry_run:
            receipt = await carry_out_as(call, key, found.command)
            position = receipt.last
        return Taken(
            new=found.new,
            changed=found.changed,
            unchanged=found.unchanged,
            dry_run=query.dry_run,
            position=position,
            absent=looked.absent,
            changes=looked.changes,
            tag=looked.tag,
        )

    return Endpoint(
        method="POST",
        path=f"/imports/{what}",
        name=f"import_{what}",
        summary=summary,
        tag="administration",
        run=run,
        raw=CSV,
        raw_also=(XLSX,),
        query=ImportQuery,
        answers=Taken,
        most=FILE_MOST,
        takes_key=True,
        problems=(403, 409, 412, 422, 503),
    )


def _looked(plan: Plan, home: Home, raw: bytes, media: str, query: ImportQuery) -> _Looked:
    """Raises ImportRefused, ImportOvertaken (`import.overtaken`) and what tables' readers raise."""
    if query.dry_run:
        found = _planned(plan, home, raw, media, dry_run=True)
        changes = list(changes_of(found, home.organisation.known(), home.keyring))
        absent = sum(change.what == "absent" for change in changes)
        return _Looked(found, absent, tuple(_some(changes)), tag_of(found, changes))
    if query.as_previewed is not None:
        # Looked at as the preview was, before a key is made or anything is sealed.
        again = _planned(plan, home, raw, media, dry_run=True)
        known = home.organisation.known()
        if tag_of(again, changes_of(again, known, home.keyring)) != query.as_previewed:
            raise ImportOvertaken("import.overtaken")
    return _Looked(_planned(plan, home, raw, media, dry_run=False))


def _some(changes: list[Change]) -> list[Change]:
    shown: list[Change] = []
    for what in ("changed", "new", "absent"):
        shown += [change for change in changes if change.what == what][:SHOWN]
    return shown


def _planned(plan: Plan, home: Home, raw: bytes, media: str, *, dry_run: bool) -> ImportPlan:
    """The tables' readers take files; this one is gone when it was read."""
    with tempfile.TemporaryDirectory(prefix="handheld-import-") as folder:
        path = Path(folder) / ("table.xlsx" if media == XLSX else "table.csv")
        path.write_bytes(raw)
        return plan(home, path, dry_run)


def _template(call: Call) -> Response:
    operator(call)
    what, query = call.path["what"], call.query
    if what not in TABLES:
        raise NotFound("request.path", path=what[:80])
    made = csv_template(what) if query.format == "csv" else xlsx_template(what, call.texts.language)
    headers = {
        "cache-control": "private, no-cache",
        "content-disposition": f'attachment; filename="{what}.{query.format}"',
    }
    return Response(made, 200, headers, CSV if query.format == "csv" else XLSX)


ENDPOINTS = (
    _import("divisions", "Take divisions in from a table 导入区划", _plan_divisions),
    _import("departments", "Take departments in from a table 导入部门", _plan_departments),
    _import("people", "Take people in from a table 导入人员", _plan_people),
    Endpoint(
        method="GET",
        path="/imports/{what}/template",
        name="import_template",
        summary="A table to fill in 导入模板",
        tag="administration",
        run=_template,
        query=TemplateQuery,
        gives=XLSX,
        problems=(403, 404),
    ),
)
