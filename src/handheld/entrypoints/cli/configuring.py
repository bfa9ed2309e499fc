"""The settings of one run: read once, before any command, from file, environment and flags."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from handheld.config import Resolved, resolve
from handheld.entrypoints.cli.speaking import file_of
from handheld.entrypoints.cli.words import help_text


class ServerFlags(NamedTuple):
    """Flags of whoever serves; `config show` and `doctor` take them too, to look ahead."""

    host: Annotated[
        str | None, typer.Option("--host", metavar="HOST", help=help_text("config.host"))
    ] = None
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help=help_text("config.port")),
    ] = None
    tls_certificate: Annotated[
        Path | None,
        typer.Option("--tls-certificate", metavar="FILE", help=help_text("config.tls_certificate")),
    ] = None
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", metavar="FILE", help=help_text("config.tls_key"))
    ] = None
    origin: Annotated[
        list[str] | None,
        typer.Option("--origin", metavar="ORIGIN", help=help_text("config.origin")),
    ] = None
    proxy: Annotated[
        list[str] | None,
        typer.Option("--proxy", metavar="ADDRESS", help=help_text("config.proxy")),
    ] = None
    notices: Annotated[
        Path | None, typer.Option("--notices", metavar="FILE", help=help_text("config.notices"))
    ] = None
    log_level: Annotated[
        str | None,
        typer.Option(
            "--log-level", metavar="debug|info|warning|error", help=help_text("config.log_level")
        ),
    ] = None
    log_format: Annotated[
        str | None,
        typer.Option("--log-format", metavar="json|text", help=help_text("config.log_format")),
    ] = None


class Configuration:
    """What a run was told, and what follows from it."""

    def __init__(self, given: Mapping[str, object], file_flag: Path | None) -> None:
        """Raises Installation where the file or a value cannot be read."""
        self._given = dict(given)
        self.file_flag = file_flag
        self.file = file_of(file_flag, os.environ)
        self.resolved = resolve(self._given, os.environ, self.file)

    def usual_data(self) -> Path:
        """The data directory of a run without the flag `--data`."""
        others = {key: value for key, value in self._given.items() if key != "data"}
        return resolve(others, os.environ, self.file).settings.data

    def with_flags(self, flags: ServerFlags) -> Resolved:
        """The settings with the server's flags too. Raises Installation."""
        named = {
            **flags._asdict(),
            "origins": flags.origin or None,
            "proxies": flags.proxy or None,
        }
        del named["origin"], named["proxy"]
        more = {key: value for key, value in named.items() if value is not None}
        return resolve({**self._given, **more}, os.environ, self.file)


def configured(ctx: typer.Context, language_flag: str | None) -> Configuration:
    """The settings of this run, from the program's own options. Raises Installation, OSError.

    What the options took from the environment is read from there again: only what was typed is a
    flag.
    """

    def typed(name: str) -> Any:
        source = ctx.get_parameter_source(name)
        return ctx.params[name] if source is not None and source.name == "COMMANDLINE" else None

    given = {"data": typed("data"), "language": language_flag}
    return Configuration(
        {key: value for key, value in given.items() if value is not None}, typed("config")
    )
