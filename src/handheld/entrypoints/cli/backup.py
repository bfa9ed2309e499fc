"""`handheld backup` and `handheld restore`: see docs/operations.md."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from handheld import __version__
from handheld.adapters.backup import back_up
from handheld.adapters.restoring import restore as restore_backup
from handheld.application.backing_up import (
    Manifest,
    boards_digest,
    inbox_digest,
    must_be_the_same,
    must_be_whole,
)
from handheld.application.index_keeper import INBOX
from handheld.bootstrap import Home
from handheld.domain.errors import Installation, Malformed
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(app, "backup", "backup.command")(backup)
    command(app, "restore", "restore.command")(restore)


def backup(
    ctx: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="DIR", help=help_text("backup.to"))],
    keyring: Annotated[
        Path | None, typer.Option("--keyring", metavar="DIR", help=help_text("backup.keyring"))
    ] = None,
    without_keyring: Annotated[
        bool, typer.Option("--without-keyring", help=help_text("backup.without"))
    ] = False,
    as_json: Json = False,
) -> None:
    """Copy log and keyring while the owner of the directory goes on, and prove the copy."""
    session = session_of(ctx, as_json)
    _one_of(keyring, without_keyring, "handheld backup")
    session.without_database(command="handheld backup")
    name = f"handheld-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    place, keys = _new(to, name), None if keyring is None else _new(keyring, name)
    made = back_up(
        session.data,
        place,
        version=__version__,
        stages=session.progress,
        keyring_to=keys,
        with_keyring=not without_keyring,
    )
    if as_json:
        told = {"path": str(place), "keyring": None if keys is None else str(keys)}
        session.json({**told, "manifest": made})
        return
    found = made.made
    if found is None:
        return
    session.say("backup.made", path=place, position=found.position, facts=number(found.facts))
    if keys is not None:
        session.say("backup.keyring", path=keys)
    elif without_keyring:
        session.say("backup.without")
    if made.without_key:
        session.say("backup.without_key", count=number(made.without_key))
    if found.unreadable is not None:
        session.say("backup.unreadable", position=found.unreadable)


def restore(
    ctx: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="DIR", help=help_text("restore.source"))],
    keyring: Annotated[
        Path | None, typer.Option("--keyring", metavar="DIR", help=help_text("restore.keyring"))
    ] = None,
    without_keyring: Annotated[
        bool, typer.Option("--without-keyring", help=help_text("restore.without"))
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a backup into a new or empty data directory, with an id of its own."""
    session = session_of(ctx, as_json)
    _one_of(keyring, without_keyring, "handheld restore")
    session.without_database(command="handheld restore")
    done = restore_backup(
        source,
        session.data,
        stages=session.progress,
        settle=lambda aside, manifest: _settle(session, aside, manifest),
        keyring=keyring,
        with_keyring=not without_keyring,
    )
    if as_json:
        session.json({"path": str(session.data), **msgspec.structs.asdict(done)})
        return
    former = done.former[-1]
    taken = f"{session.texts.time(former.taken_at)} {session.texts.say('cli.zone')}"
    session.say("restore.made", path=session.data, position=done.position, taken=taken)
    session.say("restore.another", log=done.log_id, former=former.log_id)
    if not done.names:
        session.say("restore.without")
    session.say("restore.next")


def _settle(session: Session, aside: Path, manifest: Manifest) -> None:
    """Make the views of a copied log anew, verify them, and hold them against the manifest."""
    expected = manifest.made
    with Home(aside) as home:
        session.catch_up(home)
        if home.trouble is not None:
            raise Installation("backup.failed", path=str(session.data), reason=home.trouble)
        home.boards.checkpoint()
        home.organisation.checkpoint()
        with session.progress("verifying") as advance:
            checks = home.verify(advance)
        if expected is None or expected.unreadable is None:
            must_be_whole(checks, str(session.data))
        if expected is not None:
            boards = boards_digest(home.boards, home.organisation.known().divisions)
            inbox = inbox_digest(home.views.all_lines(INBOX))[0]
            must_be_the_same(expected, boards, inbox, home.log.end(), str(session.data))


def _new(path: Path, name: str) -> Path:
    """Where a backup goes: that path, or a folder of that name where the path is a directory."""
    return path / name if path.is_dir() else path


def _one_of(keyring: Path | None, without: bool, words: str) -> None:
    if keyring is not None and without:
        raise Malformed("usage.extra", name="--without-keyring", command=words)
