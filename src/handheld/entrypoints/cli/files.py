"""Commands that people write as JSON files."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain.errors import Malformed
from handheld.domain.plan import AdoptPlan
from handheld.domain.starting import StartAdHoc
from handheld_projections.organisation import Organisation


def read_plan(source: Path | Traversable) -> AdoptPlan:
    """An edition of a plan. Raises Malformed (`file.not_found`, `file.unreadable`, `plan.file`)."""
    try:
        return msgspec.json.decode(read(source), type=AdoptPlan)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Malformed("plan.file", path=str(source), reason=str(error)) from None


def read_start(source: Path | Traversable) -> StartAdHoc:
    """A start without a plan. Raises Malformed (`file.not_found`, `file.unreadable`, `start.file`)."""
    try:
        return msgspec.json.decode(read(source), type=StartAdHoc)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Malformed("start.file", path=str(source), reason=str(error)) from None


def resolved(
    wanted: StartAdHoc,
    organisation: Organisation,
    *,
    warning: str | None = None,
    finding: str | None = None,
) -> StartAdHoc:
    """The same with codes and streams, where the file gives names and numbers.

    A warning or a finding given besides stands for that of the file.

    Raises Malformed, NotFound.
    """
    orders = tuple(
        msgspec.structs.replace(
            order,
            people=tuple(arguments.known_person(person, organisation) for person in order.people),
        )
        for order in wanted.orders
    )
    division = arguments.known_division(wanted.division, organisation)
    return msgspec.structs.replace(
        wanted,
        division=division,
        orders=orders,
        warning=warning or arguments.warning_stream(wanted.warning),
        finding=finding or arguments.finding_stream(wanted.finding),
    )


def read(source: Path | Traversable) -> bytes:
    """The bytes of a file. Raises Malformed (`file.not_found`, `file.unreadable`)."""
    try:
        # Windows editors put a byte order mark before the text.
        return source.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except FileNotFoundError:
        raise Malformed("file.not_found", path=str(source)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Malformed("file.unreadable", path=str(source), reason=reason) from None
