"""`handheld finding import`: what another system has kept becomes findings here."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain.errors import NotFound
from handheld.domain.policy.systems import System
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import Drill, DryRun, Json
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text

MANY = 20_000
"""From so many records on it is worth starting processes for them."""


def register(commands: typer.Typer) -> None:
    """Add the command to `handheld finding`."""
    command(commands, "import", "finding.import")(import_)


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=help_text("finding.file"))],
    system: Annotated[
        str, typer.Option("--system", metavar="NAME", help=help_text("finding.system"))
    ],
    dry_run: DryRun = False,
    drill: Drill = False,
    as_json: Json = False,
) -> None:
    """Take in findings that another system has kept: all rows are checked first."""
    from handheld.adapters.tables import read_findings
    from handheld.application.row_errors import RowErrors
    from handheld.application.taking_in import TakenIn
    from handheld.application.taking_in_findings import as_foreign, check_findings, source_of

    session = session_of(ctx, as_json)
    known = _system(session, system)
    errors = RowErrors()
    with session.working("reading"):
        entries = read_findings(file, errors)
    with session.home() as home:
        with session.working("checking"):
            organisation = session.organisation(home)
            now = home.clock.now()
            kept = check_findings(entries, known, organisation, now, errors, drill=drill)
        taken = TakenIn()
        if not dry_run:
            source = source_of(known, arguments.OPERATOR, drill=drill)
            with session.progress("writing") as advance, _workers(len(kept)) as workers:
                taken = home.take_in(
                    source,
                    kept,
                    as_foreign,
                    lambda so_far: advance(sum(so_far), len(kept)),
                    workers,
                )
            session.catch_up(home)
    if as_json:
        session.json({"dry_run": dry_run, "rows": len(kept), **taken._asdict()})
        return
    shown = {name: number(count) for name, count in taken._asdict().items()}
    session.say(f"findings.{'dry_run' if dry_run else 'imported'}", rows=number(len(kept)), **shown)


def _system(session: Session, name: str) -> System:
    from handheld.adapters.systems_file import read_systems

    file = session.configured().resolved.settings.systems
    known = None if file is None else read_systems(file).get(name)
    if known is None:
        raise NotFound("system.unknown", system=name)
    return known


@contextmanager
def _workers(records: int) -> Generator[Executor | None]:
    from handheld.adapters.worker_processes import processors, worker_processes

    if records < MANY or processors() == 1:
        yield None
        return
    with worker_processes(processors()) as workers:
        yield workers
