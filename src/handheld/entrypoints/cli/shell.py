"""How commands are made, so that help and every error are in our words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from handheld.domain.errors import HandheldError, Malformed
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.errors import FAILED, INTERRUPTED, MISUSED, misuse, present
from handheld.entrypoints.cli.helping import show_help
from handheld.entrypoints.cli.words import TEXTS, help_text

F = TypeVar("F", bound=Callable[..., Any])


class Command(TyperCommand):
    """A command whose help is all in one language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, in our words."""
        show_help(self, ctx)

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`, explained in our words."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = TEXTS.say("cli.shell.help")
        return option


class Group(TyperGroup):
    """Commands under a noun; a mistyped one is answered with the list."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, in our words."""
        show_help(self, ctx)

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`, explained in our words."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = TEXTS.say("cli.shell.help")
        return option

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is meant. Raises Malformed (`usage.command`)."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            known = TEXTS.say("cli.list_comma").join(self.commands)
            raise Malformed("usage.command", name=args[0], known=known)
        return super().resolve_command(ctx, args)


class Program(Group):
    """The whole program: nothing in it ends in a stack trace."""

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
        session = Session(Path(), TEXTS)
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
    return present(session, misuse(error, context.command_path if context else program))


def group(key: str) -> typer.Typer:
    """Commands under a noun."""
    return typer.Typer(cls=Group, no_args_is_help=True, help=help_text(f"{key}.group"))


def command(app: typer.Typer, name: str, key: str) -> Callable[[F], F]:
    """A command of a group, with its help text."""
    return app.command(name, cls=Command, help=help_text(key))
