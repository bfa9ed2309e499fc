"""What a command has at hand: the data directory, the texts, the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import typer
from rich.console import Console, RenderableType
from rich.text import Text

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.duties import Duty
from handheld.application.following import Stopped
from handheld.application.names import Names
from handheld.application.requests import Receipt
from handheld.bootstrap import EVERY_DUTY, Beside, Home, Shared, Where, access_beside
from handheld.domain.errors import HandheldError, Installation
from handheld.entrypoints.cli.configuring import Configuration
from handheld.entrypoints.cli.due import Done, react, stands
from handheld.entrypoints.cli.meant import tell_near
from handheld.entrypoints.cli.render import clean, number
from handheld.texts import Texts
from handheld_projections.organisation import Organisation

if TYPE_CHECKING:
    from handheld.application.access.service import Access

Advance = Callable[[int, int], None]
"""Told how far a job has come, and how far it goes."""


class Session:
    """One run of a command."""

    def __init__(self, data: Path, texts: Texts) -> None:
        self.data = data
        self.texts = texts
        # Markup off: what people have typed is shown as they typed it.
        self.out = Console(markup=False, emoji=False, highlight=False)
        self.err = Console(stderr=True, markup=False, emoji=False, highlight=False)
        self.as_json = False
        self.typed: Sequence[str] = ()
        """The command line, as it was typed."""
        self.configuration: Configuration | None = None
        """The settings of this run, once they are read."""
        self.wanted: Sequence[Duty] = EVERY_DUTY
        """The duties that this run may take, where several processes have the log."""
        self.known: Organisation | None = None
        """The register as it was last asked for: errors name divisions by it."""

    def configured(self) -> Configuration:
        """The settings of this run."""
        if self.configuration is None:
            raise RuntimeError
        return self.configuration

    # --- the data directory -------------------------------------------------------------------

    @contextmanager
    def home(self, *, caught_up: bool = False, reactions: bool = True) -> Generator[Home]:
        """The data directory, opened; on demand with boards and timelines at the log's end.

        What fell due while nobody was there is recorded first, unless `reactions` is off: for who
        only looks at the record, and for who makes the time go on by hand.

        Raises Installation (`data.not_found`, `data.in_use`, `data.no_log`, `data.unreadable`).
        """
        with self._opened() as home:
            if reactions:
                self.bring_up(home)
            if caught_up:
                self.catch_up(home)
                self.warn(home.stopped)
            try:
                yield home
            except HandheldError as error:
                tell_near(error, home, self.texts)
                raise

    def _opened(self) -> Home:
        where = self.where()
        if where is not None:
            with self.working("opening"):
                return Home(Shared(where, self.wanted))
        if self.data.exists() and not self.data.is_dir():
            raise Installation("data.not_a_directory", path=str(self.data))
        with self.working("opening"):
            try:
                home = Home(self.data)
            except (HandheldError, OSError):
                raise
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"
                raise Installation("data.unreadable", path=str(self.data), reason=reason) from error
        if not home.log.log_id:
            home.close()
            raise Installation("data.no_log", path=str(self.data))
        return home

    def where(self) -> Where | None:
        """The district in a database that the settings name; None where they name none."""
        settings = self.configured().resolved.settings
        if settings.database is None:
            return None
        return Where(
            database=settings.database, district=settings.district, directory=settings.data
        )

    def beside(self) -> Beside:
        """The people of the district, beside the processes at work. Raises as `Beside`."""
        return Beside(self.where() or self.data)

    def access(self) -> AbstractContextManager[Access]:
        """Accounts and sessions, beside the processes at work. Raises as `access_beside`."""
        return access_beside(self.where() or self.data)

    def without_database(self, *, command: str) -> None:
        """This command knows files only. Raises Installation (`database.own_tools`)."""
        if self.where() is not None:
            raise Installation("database.own_tools", command=command)

    def catch_up(self, home: Home) -> int:
        """Wait until boards and timelines show the log's end; gives that position."""
        end = home.log.end()
        with self.progress("catching_up") as advance:
            return home.caught_up(lambda position: advance(position, end))

    def bring_up(self, home: Home) -> None:
        """Record what has fallen due, and say so. A failure is said, and stops nothing."""
        if stands(home):
            return
        self.tell_done(react(home))

    def tell_done(self, done: Done, *, asked: bool = False) -> None:
        """Say what was due and is recorded now, and what could not be.

        On stderr, unless that is what was asked for.
        """
        said = [
            self.texts.say(f"cli.due.{kind}", count=number(count))
            for kind, count in done.counts.items()
        ]
        if said:
            what = self.texts.say("cli.list_comma").join(said)
            note = Text(self.texts.say("cli.due.done", what=what), style="" if asked else "dim")
            (self.out if asked else self.err).print(note, soft_wrap=True)
        for error in done.failures:
            reason = self.texts.error(error.code, error.params).wrong
            words = self.texts.say("cli.due.failed", reason=clean(reason))
            self.err.print(Text(words, style="bold yellow"), soft_wrap=True)

    def warn(self, stopped: Sequence[Stopped]) -> None:
        """Say on stderr which folds show less than the log has, and why; with --json too."""
        met: dict[tuple[int, str, str], list[str]] = {}
        for fold, position, topic, reason in stopped:
            met.setdefault((position, topic, reason), []).append(self.texts.fold(fold))
        for (position, topic, reason), folds in met.items():
            wrong = self.texts.say(
                f"cli.stopped.{'at' if topic else 'failed'}",
                fold=self.texts.say("cli.list_comma").join(folds),
                position=position,
                upto=position - 1,
                topic=topic,
                reason=reason,
            )
            self.err.print(Text(clean(wrong), style="bold yellow"), soft_wrap=True)
            todo = self.texts.say("cli.todo") + self.texts.say("cli.stopped.todo")
            self.err.print(todo, soft_wrap=True)

    def organisation(self, home: Home) -> Organisation:
        """Divisions and people as they are now."""
        self.known = home.organisation.known()
        return self.known

    def names(self, home: Home) -> Names:
        """The people by name."""
        return Names(self.organisation(home), home.keyring, self.texts)

    def execute(
        self,
        home: Home,
        command: object,
        actor: str,
        *,
        command_id: str | None = None,
        on_behalf_of: str | None = None,
        occurred_at: str | None = None,
        drill: bool = False,
    ) -> Receipt:
        """Carry out a command as people have asked for it. Raises HandheldError."""
        organisation = self.organisation(home)
        person = None
        if on_behalf_of is not None:
            person = arguments.known_person(on_behalf_of, organisation)
        return home.execute(
            command,
            arguments.actor_from(actor, organisation),
            command_id=command_id,
            on_behalf_of=person,
            occurred_at=self._occurred(home, occurred_at),
            drill=drill,
        )

    def _occurred(self, home: Home, text: str | None) -> datetime | None:
        return arguments.past(text, home.clock.now(), self.texts)

    # --- the terminal -------------------------------------------------------------------------

    def say(self, key: str, **params: object) -> None:
        """A line for people; none with --json."""
        if not self.as_json:
            self.out.print(self.texts.say(f"cli.{key}", **params), soft_wrap=True)

    def may_ask(self) -> bool:
        """Whether somebody sits at a terminal to answer."""
        return sys.stdin.isatty()

    def ask(self, key: str) -> bool:
        """Ask a question that is answered with y; anything else, and no answer, means no."""
        self.out.print(f"{self.texts.say(f'cli.{key}')} [y/N] ", end="")
        try:
            answer = input()
        except EOFError:
            return False
        return answer.strip().lower() in ("y", "yes", "是")

    def show(self, *parts: RenderableType) -> None:
        """Tables and the like."""
        for part in parts:
            self.out.print(part)

    def json(self, value: Any) -> None:
        """One JSON value on stdout, nothing else."""
        sys.stdout.write(msgspec.json.encode(value).decode() + "\n")

    @contextmanager
    def working(self, key: str) -> Generator[None]:
        """Says on stderr what takes long, while it does and if somebody watches."""
        with self.progress(key):
            yield

    @contextmanager
    def progress(self, key: str) -> Generator[Advance]:
        """A progress bar on stderr with words; only on a terminal."""
        if not self.err.is_terminal:
            yield lambda _done, _total: None
            return
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            console=self.err,
            transient=True,
        )
        with bar:
            task = bar.add_task(self.texts.say(f"cli.progress.{key}"), total=None)

            def advance(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            yield advance


def session_of(ctx: typer.Context, as_json: bool = False) -> Session:
    """The session that the program made when it began."""
    session: Session = ctx.obj
    session.as_json = as_json
    return session


def limited(rows: Sequence[Any], limit: int) -> Sequence[Any]:
    """The first rows; all where the limit is 0."""
    return rows[:limit] if limit else rows
