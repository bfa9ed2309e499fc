"""`handheld doctor`: what is wrong with this machine, this data directory, these settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import typer
from rich.text import Text

import handheld.adapters.checks.clock as clock
import handheld.adapters.checks.data as data_directory
import handheld.adapters.checks.disk as disk
import handheld.adapters.checks.ports as ports
import handheld.adapters.checks.program as program
import handheld.adapters.checks.tls as tls
from handheld.adapters.checks.result import Checked, failed, fine, warning
from handheld.config import Settings, tls_files, unknown_variables
from handheld.domain.errors import HandheldError
from handheld.entrypoints.cli.configuring import ServerFlags
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.render import clean, table
from handheld.entrypoints.cli.shell import command
from handheld.texts import Texts

STYLES = {"fine": "green", "warning": "yellow", "failed": "bold red", "skipped": "dim"}
FAILED = 1


class Told(NamedTuple):
    """What a check found, in words."""

    state: str
    code: str
    params: dict[str, object]
    said: str
    todo: str


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "doctor", "doctor.command")(doctor)


def doctor(ctx: typer.Context, flags: ServerFlags, as_json: Json = False) -> None:
    """Look at everything, say what is wrong and what to do."""
    session = session_of(ctx, as_json)
    texts = session.texts
    settings = session.configured().with_flags(flags).settings
    found = [_told(checked, texts) for checked in examine(settings, os.environ)]
    failures = sum(told.state == "failed" for told in found)
    if as_json:
        session.json({"healthy": not failures, "checks": [told._asdict() for told in found]})
    else:
        made = table(texts.say("cli.doctor.state"), texts.say("cli.doctor.said"))
        for told in found:
            said = Text(clean(told.said))
            if told.todo:
                said.append(f"\n{texts.say('cli.todo')}{clean(told.todo)}", style="dim")
            made.add_row(Text(texts.say(f"doctor_states.{told.state}"), STYLES[told.state]), said)
        session.show(made)
        warnings = sum(told.state == "warning" for told in found)
        session.say(
            "doctor.sick" if failures else "doctor.well", failed=failures, warnings=warnings
        )
    if failures:
        raise typer.Exit(FAILED)


def examine(settings: Settings, env: Mapping[str, str]) -> Iterator[Checked]:
    """Everything, one after the other. A check that fails itself is told as such."""
    data, now = settings.data, datetime.now(UTC)
    looks: tuple[Callable[[], Iterator[Checked]], ...] = (
        lambda: program.look(),
        lambda: _variables(env),
        lambda: disk.look(data),
        lambda: _record(settings),
        lambda: clock.look(now, None if settings.database else _last_recorded(data)),
        lambda: _nats(settings),
        lambda: ports.look(settings.host, settings.port, data_directory.owner(data)),
        lambda: _tls(settings, now),
    )
    for look in looks:
        try:
            yield from look()
        except Exception as error:
            yield failed("check.broken", error=f"{type(error).__name__}: {error}")


def _record(settings: Settings) -> Iterator[Checked]:
    if settings.database is None:
        yield from data_directory.look(settings.data)
        return
    # Most installations have no database, and need not wait for its library.
    import handheld.adapters.checks.database as database

    yield from database.look(settings.database, settings.district)


def _nats(settings: Settings) -> Iterator[Checked]:
    if settings.nats:
        import handheld.adapters.checks.nats as nats
        from handheld.bootstrap.messaging import nats_of

        yield from nats.look(nats_of(settings))


def _variables(env: Mapping[str, str]) -> Iterator[Checked]:
    unknown = unknown_variables(env)
    for name, near in unknown:
        if near is None:
            yield warning("variable.unknown", name=name)
        else:
            yield warning("variable.near", name=name, near=near)
    if not unknown:
        yield fine("variable.known")


def _last_recorded(data: Path) -> datetime | None:
    try:
        seen = data_directory.read_log(data)
    except Exception:
        return None  # what is wrong with the log is told by the check of the directory
    return None if seen is None else seen.last_recorded


def _tls(settings: Settings, now: datetime) -> Iterator[Checked]:
    try:
        files = tls_files(settings)
    except HandheldError as error:
        yield failed("tls.half", **error.params)
        return
    if files is None:
        yield tls.none(settings.host)
    else:
        yield from tls.look(*files, now, settings.origins)


def _told(checked: Checked, texts: Texts) -> Told:
    shown = {
        name: texts.time(value) if isinstance(value, datetime) else value
        for name, value in checked.params.items()
    }
    plain = {name: _plain(value) for name, value in checked.params.items()}
    said = texts.say(f"doctor.{checked.code}.said", **shown)
    needs = checked.state in ("failed", "warning")
    todo = texts.say(f"doctor.{checked.code}.todo", **shown) if needs else ""
    return Told(checked.state, checked.code, plain, said, todo)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)
