"""A command starts soon: it loads what it needs, and takes its values without a validator."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.core import TyperCommand
from typer.exceptions import TyperException
from typer.main import get_command, get_group

from handheld.entrypoints.cli.commands import PLACES, Commands
from handheld.entrypoints.cli.shell import Command
from handheld.entrypoints.cli.words import help_text
from tests.cli.driving import Terminal

LOADED = """
import sys
from handheld.entrypoints.cli import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""
MUCH = {"argon2", "fastapi", "httpx", "openpyxl", "pydantic", "pypinyin", "segno", "uvicorn"}
OTHERS = {"accounts", "demo", "doctor", "fleet", "links", "serve", "starting", "warnings"}


@pytest.mark.parametrize(
    "words",
    [
        ("task", "accept", "task-017ad229e98034cf7d54fa5e564c2127", "--as", "S0000001"),
        ("board", "999901", "--waiting", "3", "--json"),
        ("log", "list", "--limit", "2"),
        ("--help",),
    ],
    ids=" ".join,
)
def test_a_command_loads_what_it_needs(
    county: Terminal, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr("tests.cli.driving.START", LOADED)
    loaded = set(county.process(*words).err.splitlines()[-1].split())
    assert "handheld.entrypoints.cli.app" in loaded
    assert MUCH & loaded == set()
    assert {f"handheld.entrypoints.cli.{other}" for other in OTHERS} & loaded == set()


def test_every_command_is_where_the_table_says() -> None:
    commands = Commands()
    assert {name: commands[name].help for name in commands} == {
        name: help_text(place.help) for name, place in PLACES.items()
    }
    for module in {place.module for place in PLACES.values()}:
        app = typer.Typer()
        import_module(f"handheld.entrypoints.cli.{module}").register(app)
        listed = {name for name, place in PLACES.items() if place.module == module}
        assert set(get_group(app).commands) == listed


class Taken:
    """A command with values of every kind, made typer's way and made ours."""

    def __init__(self, cls: type[TyperCommand]) -> None:
        self.given: dict[str, Any] = {}
        app = typer.Typer()

        @app.command(cls=cls)
        def command(
            text: str,
            file: Annotated[Path, typer.Option("--file")] = Path("usual"),
            number: Annotated[int, typer.Option("--number", min=0, max=20)] = 7,
            any_number: Annotated[int | None, typer.Option("--any")] = None,
            share: Annotated[float, typer.Option("--share")] = 0.5,
            several: Annotated[list[str] | None, typer.Option("--several")] = None,
            flag: Annotated[bool, typer.Option("--flag")] = False,
            needed: Annotated[str, typer.Option("--needed", envvar="TAKEN_NEEDED")] = ...,  # type: ignore[assignment]
        ) -> None:
            self.given = dict(locals())
            del self.given["self"]

        self.command = get_command(app)

    def of(self, *words: str) -> object:
        """The values, or what is wrong with them."""
        try:
            self.command.main([*words], standalone_mode=False, prog_name="p")
        except TyperException as error:
            return type(error).__name__, error.exit_code, error.format_message()
        return self.given


@pytest.mark.parametrize(
    "words",
    [
        ("x", "--needed", "y"),
        ("", "--needed", ""),
        ("x",),
        ("--needed", "y"),
        ("x", "--needed", "y", "--file", "here/there.csv"),
        ("x", "--needed", "y", "--file", ""),
        ("x", "--needed", "y", "--number", "0"),
        ("x", "--needed", "y", "--number", "20"),
        ("x", "--needed", "y", "--number", "21"),
        ("x", "--needed", "y", "--number", "-1"),
        ("x", "--needed", "y", "--number", "１"),
        ("x", "--needed", "y", "--number", "007"),
        ("x", "--needed", "y", "--number", ""),
        ("x", "--needed", "y", "--any", "1_000"),
        ("x", "--needed", "y", "--any", "12345678901234567890"),
        ("x", "--needed", "y", "--any", "1.0"),
        ("x", "--needed", "y", "--share", "1"),
        ("x", "--needed", "y", "--share", "half"),
        ("x", "--needed", "y", "--several", "a", "--several", "", "--several", "b"),
        ("x", "--needed", "y", "--flag"),
    ],
    ids=" ".join,
)
def test_values_and_what_is_wrong_with_them_are_the_same_as_typers(words: tuple[str, ...]) -> None:
    theirs = Taken(TyperCommand).of(*words)
    assert Taken(Command).of(*words) == theirs


def test_a_file_that_may_not_be_read_is_refused_as_typer_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "closed"
    file.touch()
    monkeypatch.setattr("os.access", lambda *_: False)  # root may read everything
    words = ("x", "--needed", "y", "--file", str(file))
    theirs = Taken(TyperCommand).of(*words)
    assert "not readable" in str(theirs)
    assert Taken(Command).of(*words) == theirs


def test_the_environment_is_taken_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEN_NEEDED", "from outside")
    theirs = Taken(TyperCommand).of("x")
    assert Taken(Command).of("x") == theirs
    assert "from outside" in str(theirs)
    assert "pydantic" in sys.modules, "typer's own way needs it: else there is nothing to save"
