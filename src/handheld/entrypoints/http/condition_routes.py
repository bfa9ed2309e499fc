"""For operators: how the installation is. docs/operations.md"""

from __future__ import annotations

import shutil
from datetime import datetime

import msgspec

from handheld import __version__
from handheld.adapters.clock import SimulatedClock
from handheld.application.condition import LogShown, ViewShown, views_shown
from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.operators import operator
from handheld.entrypoints.http.parts import Call
from handheld.entrypoints.http.server_routes import Health, health


class FileShown(msgspec.Struct, frozen=True):
    """A file of the data directory, or all of one kind."""

    name: str
    bytes: int


class Store(msgspec.Struct, frozen=True, kw_only=True):
    """The store of attachments."""

    count: int
    bytes: int
    """Of the files as they lie on the disk."""
    uploads: int
    """Uploads that are under way."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """How the installation is."""

    status: str
    """`ok`, or `trouble`."""
    problems: tuple[str, ...]
    """Codes of what is the matter."""
    version: str
    log: LogShown
    views: tuple[ViewShown, ...]
    queued: int
    """Commands that wait for the writer."""
    sessions: int
    disk_free: int
    """Bytes."""
    disk_size: int
    files: tuple[FileShown, ...]
    attachments: Store
    checked_at: datetime
    """By the machine's clock (UTC)."""


def _condition(call: Call) -> Condition:
    operator(call)
    home, now = call.home, datetime.now().astimezone()
    found: Health = health(call.parts)
    usage = shutil.disk_usage(home.directory)
    rows = home.attachment_store.rows
    kept = rows.attachments()
    return Condition(
        status=found.status,
        problems=found.problems,
        version=__version__,
        log=LogShown(
            log_id=home.log.log_id,
            position=found.position,
            simulated=isinstance(home.clock, SimulatedClock),
        ),
        views=views_shown(
            home.log,
            home.views,
            {
                "boards": home.boards,
                "timeline": home.indexes,
                "inbox": home.indexes,
                "registers": home.registers,
                "mentions": home.mentions,
            },
        ),
        queued=home.writer.queued,
        sessions=home.access.sessions_held(),
        disk_free=usage.free,
        disk_size=usage.total,
        files=tuple(FileShown(name, size) for name, size in home.place.sizes().items()),
        attachments=Store(
            count=len(kept),
            bytes=sum(row.size + row.apart_size for row in kept),
            uploads=len(rows.uploads()),
        ),
        checked_at=now,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/condition",
        name="condition",
        summary="How the installation is 运行情况",
        tag="administration",
        run=_condition,
        answers=Condition,
        problems=(403,),
    ),
)
