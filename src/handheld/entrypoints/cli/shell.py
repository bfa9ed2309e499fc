"""How commands are made, so that help and every error are in our words."""

from __future__ import annotations

import copy
import difflib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from handheld.domain.errors import HandheldError, Malformed
from handheld.entrypoints.cli.commands import PLACES, Commands
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.errors import FAILED, INTERRUPTED, MISUSED, misuse, present
from handheld.entrypoints.cli.helping import show_help
from handheld.entrypoints.cli.speaking import spoken
from handheld.entrypoints.cli.spreading import Spread
from handheld.entrypoints.cli.values import taken_as_typed
from handheld.entrypoints.cli.words import TEXTS, help_text
from handheld.texts import LANGUAGES, Texts

F = TypeVar("F", bound=Callable[..., Any])


class Command(TyperCommand):
    """A command whose help is all in one language."""

    def __init__(self, *args: Any, **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        taken_as_typed(self.params)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, in our words."""
        show_help(self, ctx)

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`, explained in our words."""
        return _explained(super().get_help_option(ctx))

    def get_params(self, ctx: Any) -> list[Any]:
        """Its own options, and `--lang`."""
        return _with_language(super().get_params(ctx), ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the line; what is wrong with it is told with the name of this command."""
        try:
            return super().parse_args(ctx, args)
        except TyperException as error:
            told: Any = error  # its class is not public
            if getattr(told, "ctx", ctx) is None:
                told.ctx = ctx
            raise


class Group(TyperGroup):
    """Commands under a noun; a mistyped one is answered with the nearest and the list."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        taken_as_typed(self.params)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, in our words."""
        show_help(self, ctx)

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`, explained in our words."""
        return _explained(super().get_help_option(ctx))

    def get_params(self, ctx: Any) -> list[Any]:
        """Its own options, and `--lang`."""
        return _with_language(super().get_params(ctx), ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is meant. Raises Malformed (`usage.command`, `usage.command_near`)."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            comma = ctx.obj.texts.say("cli.list_comma")
            known = comma.join(self.commands)
            near = difflib.get_close_matches(args[0], self.commands)
            if near:
                meant = comma.join(near)
                raise Malformed("usage.command_near", name=args[0], near=meant, known=known)
            raise Malformed("usage.command", name=args[0], known=known)
        return super().resolve_command(ctx, args)

    def summaries(self) -> Iterator[tuple[str, str]]:
        """What each command is for."""
        for name, command in self.commands.items():
            yield name, command.help or ""


def _explained(help_option: Any) -> Any:
    if help_option is not None:
        help_option.help = TEXTS.say("cli.shell.help")
        taken_as_typed([help_option])
    return help_option


def _with_language(params: list[Any], ctx: Any) -> list[Any]:
    """The program's option `--lang` is taken after a command too; help does not repeat it.

    Its value has been read before anything else, so that even a misused command line is explained
    in that language.
    """
    if any(param.name == "lang" for param in params):
        return params
    found = list(params)
    for param in ctx.find_root().command.params:
        if param.name == "lang":
            option = copy.copy(param)
            option.hidden, option.expose_value = True, False
            option.callback = lambda _ctx, _param, value: check_language(value)
            found.append(option)
    return found


def check_language(text: str | None) -> None:
    """It is one of ours. Raises Malformed (`usage.language`)."""
    if text is not None and text.strip().lower()[:2] not in LANGUAGES:
        raise Malformed("usage.language", text=text)


class Program(Group):
    """The whole program: nothing in it ends in a stack trace."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands: Any = Commands()

    def summaries(self) -> Iterator[tuple[str, str]]:
        """What each command is for, without loading them."""
        for name, place in PLACES.items():
            yield name, help_text(place.help)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and exit with 0, 1 (failed), 2 (misused) or 130 (interrupted)."""
        given = sys.argv[1:] if args is None else args
        session = Session(Path(), Texts(spoken(given, os.environ)))
        session.typed = tuple(given)
        extra["obj"] = session
        try:
            code = super().main(
                args, prog_name or "handheld", complete_var, False, windows_expand_args, **extra
            )
        except KeyboardInterrupt:
            code = INTERRUPTED
        except TyperException as error:
            code = _misused(session, error, prog_name or "handheld")
        except typer.Abort:
            code = INTERRUPTED
        except Exception as error:
            code = present(session, error)
        if code == INTERRUPTED:
            present(session, HandheldError("interrupted"))
        with suppress(BrokenPipeError):
            sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)


def _misused(session: Session, error: TyperException, program: str) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        return MISUSED  # the help is on the screen already
    if error.exit_code != MISUSED:
        return present(session, error) or FAILED
    path = context.command_path if context else program
    return present(session, misuse(error, path, session.texts))


def group(key: str) -> typer.Typer:
    """Commands under a noun."""
    return typer.Typer(cls=Group, no_args_is_help=True, help=help_text(f"{key}.group"))


def command(app: typer.Typer, name: str, key: str) -> Callable[[F], F]:
    """A command of a group, with its help text; bundles of options are spread (see `spreading`)."""

    def add(function: F) -> F:
        spread = function if hasattr(function, "__signature__") else Spread(function)
        app.command(name, cls=Command, help=help_text(key))(spread)
        return function

    return add
