"""Helpers for tests of backups: real homes, and what people would see in them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Any

from handheld.adapters.backup import Stages, back_up
from handheld.adapters.restoring import Restored, restore
from handheld.application.backing_up import Manifest
from handheld.application.past_boards import FOLD
from handheld.bootstrap import Home
from handheld_projections.timeline import Line
from tests.support_log import COUNTY, ROOT, child


def quiet(_: str) -> Any:
    """A stage of which nobody is told."""
    return nullcontext(lambda _done, _total: None)


def backed_up(data: Path, to: Path, *, stages: Stages = quiet, **about: Any) -> Manifest:
    return back_up(data, to, version="0", stages=stages, **about)


def restored(backup: Path, data: Path, **about: Any) -> Restored:
    return restore(backup, data, stages=quiet, settle=opened, **about)


def opened(aside: Path, _: Manifest) -> None:
    """The views are made; the command line compares them as well."""
    with Home(aside) as home:
        home.caught_up()


def inboxes(home: Home, people: list[str], upto: int | None = None) -> dict[str, list[Line]]:
    """The items of everybody, as their phones are sent them."""
    home.caught_up()
    return {person: home.indexes.inbox(person, upto=upto) for person in people}


def shown(home: Home) -> Any:
    """The board of the county, and where every checkpoint stands."""
    home.caught_up()
    return home.boards.tier_board(COUNTY), bool(home.views.checkpoints(FOLD))


def digests(directory: Path) -> dict[str, str]:
    """Every file under a directory, by its bytes."""
    return {
        str(path.relative_to(directory)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


@contextmanager
def importing(data: Path) -> Generator[subprocess.Popen[str]]:
    """A process of its own that takes people in, without end."""
    running = subprocess.Popen(
        child("tests.durability.registering_child", data),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "READY\n"
        yield running
    finally:
        running.kill()
        running.communicate()
