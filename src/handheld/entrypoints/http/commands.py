"""Commands over HTTP: one by its own path, or many in bulk. docs/api.md#commands"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import msgspec

from handheld.application.reading.hiding import as_if_absent
from handheld.application.requests import Receipt, Request
from handheld.application.sent import Sent, request_of
from handheld.domain.errors import HandheldError, Malformed
from handheld.domain.register import ErasePerson
from handheld.entrypoints.http.command_examples import EXAMPLES
from handheld.entrypoints.http.command_table import PATHS, Path
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.errors import MatchMissing
from handheld.entrypoints.http.keys import command_key, version_match
from handheld.entrypoints.http.parts import Call
from handheld.entrypoints.http.problems import Problem, problem_of, refused
from handheld_events.base import Instant
from handheld_events.envelope import Meta
from handheld_events.ids import finding_id, task_force_id, warning_id

MOST_COMMANDS = 500
MAKES: Mapping[str, Callable[[str], str]] = {
    "task_force.start": task_force_id,
    "task_force.start_ad_hoc": task_force_id,
    "finding.report": finding_id,
    "warning.tell": warning_id,
    "warning.raise": warning_id,
}
"""What some commands begin, by their id."""
_MADE_IN_PATHS: Mapping[Callable[[str], str], str] = {
    task_force_id: "task_force",
    finding_id: "finding",
    warning_id: "warning",
}


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of a command: durable when it is answered."""

    id: str
    """The command's id."""
    outcome: str
    """`accepted`; `already_done`: it is so already; `overtaken`: too late, kept without effect."""
    code: str | None = None
    words: str | None = None
    """What the code means, and what to do."""
    first: int | None = None
    """Position of the first fact; none where there is none."""
    last: int | None = None
    recorded_at: Instant
    repeated: bool = False
    """It came before: this is the answer that it got then."""
    made: str | None = None
    """The stream that it began: a task force, a finding, a warning."""


class Bulk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Many commands, each by itself: one that fails holds up no other."""

    commands: tuple[Sent, ...]
    """At most 500, in the order in which they happened."""


class One(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of one command of many: one of the two."""

    id: str
    done: Outcome | None = None
    problem: Problem | None = None


class BulkOutcome(msgspec.Struct, frozen=True):
    """One answer for each command, in their order."""

    outcomes: tuple[One, ...]


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be said of a single command, in the query string."""

    occurred_at: Instant | None = None
    """When it happened, where that was before it is sent."""
    on_behalf_of: str | None = None
    """The person for whom it is done (代领办, 代回单)."""
    drill: bool = False


def endpoints() -> list[Endpoint]:
    """One for each command that people may send, and one for many."""
    return [*map(_single, PATHS), _BULK]


def _single(path: Path) -> Endpoint:
    command = path.command
    tag = _name(command)
    inside = [part[1:-1] for part in path.path.split("/") if part.startswith("{")]

    async def run(call: Call) -> Answer:
        key = command_key(call.request.headers.get("idempotency-key"))
        expects = None
        fields = {**call.body, **{name: call.path[name] for name in inside}, "command": tag}
        if path.edits is not None:
            expects = _expected(call, path, fields)
        said: Said = call.query
        sent = Sent(
            id=key,
            command=fields,
            occurred_at=said.occurred_at,
            on_behalf_of=said.on_behalf_of,
            drill=said.drill,
            expects=expects,
        )
        receipt = await carry_out(call, sent)
        if receipt.outcome == "refused":
            problem = refused(receipt, call.texts, call.request.scope["handheld"]["request"])
            return Answer(problem, 409, headers=(("content-type", "application/problem+json"),))
        return Answer(outcome_of(call, key, tag, receipt))

    return Endpoint(
        method="POST",
        path=path.path,
        name=tag,
        summary=path.summary,
        tag="commands",
        run=run,
        body=dict[str, Any],
        body_shown=command,
        left_out=tuple(inside),
        examples={"example": EXAMPLES[tag]},
        query=Said,
        answers=Outcome,
        names=((_MADE_IN_PATHS[MAKES[tag]], "/made"),) if tag in MAKES else (),
        takes_key=True,
        takes_match=path.edits is not None,
        problems=(403, 404, 409, 422, *((412, 428) if path.edits is not None else ()), 503),
    )


async def _bulk(call: Call) -> BulkOutcome:
    sent: tuple[Sent, ...] = call.body.commands
    if len(sent) > MOST_COMMANDS:
        raise Malformed("request.commands", count=len(sent), most=MOST_COMMANDS)
    answers = await asyncio.gather(*(carry_out(call, one) for one in sent), return_exceptions=True)
    return BulkOutcome(
        tuple(_told(call, one, found) for one, found in zip(sent, answers, strict=True))
    )


_BULK = Endpoint(
    method="POST",
    path="/commands",
    name="commands",
    summary="Many commands at once, each by itself 批量",
    tag="commands",
    run=_bulk,
    body=Bulk,
    answers=BulkOutcome,
    most=4 * 1024 * 1024,
    problems=(503,),
)


async def carry_out(call: Call, sent: Sent) -> Receipt:
    """Have a command written; durable when it returns. Raises HandheldError."""
    return await _written(call, request_of(sent, call.who, call.home.clock.now()))


async def carry_out_as(call: Call, key: str, command: Any, *, drill: bool = False) -> Receipt:
    """The same of a command that was made here, from a file. Raises HandheldError."""
    who = call.who
    meta = Meta(
        actor=who.actor,
        command=key,
        occurred_at=call.home.clock.now(),
        device=who.device,
        drill=drill,
    )
    return await _written(call, Request(command, meta))


async def _written(call: Call, request: Request) -> Receipt:
    home = call.home
    noted = call.request.scope["handheld"]
    noted["command"] = request.meta.command
    began, outcome = perf_counter(), "error"
    try:
        try:
            receipt = await home.writer.submit_soon(request)
        except HandheldError as error:
            raise _as_if_absent(call, request, error) from error
        outcome = receipt.outcome
        noted |= {"outcome": outcome, "first": receipt.first, "last": receipt.last}
        if isinstance(request.command, ErasePerson) and outcome in ("accepted", "already_done"):
            await asyncio.get_running_loop().run_in_executor(None, _erase, call, request)
        return receipt
    finally:
        label = _name(request.command)
        call.parts.metrics.commands.labels(label, outcome).observe(perf_counter() - began)


def _as_if_absent(call: Call, request: Request, error: HandheldError) -> HandheldError:
    return as_if_absent(error, request.command, call.viewer, call.home.looking.look)


def outcome_of(call: Call, key: str, name: str, receipt: Receipt) -> Outcome:
    """A receipt as it is answered."""
    code = receipt.code
    make = MAKES.get(name) if receipt.outcome == "accepted" else None
    return Outcome(
        id=key,
        outcome=receipt.outcome,
        code=code,
        words=None if code is None else " ".join(call.texts.outcome(code, {})),
        first=receipt.first,
        last=receipt.last,
        recorded_at=receipt.recorded_at,
        repeated=receipt.repeated,
        made=None if make is None else make(key),
    )


def _told(call: Call, sent: Sent, found: Receipt | BaseException) -> One:
    if isinstance(found, Receipt):
        if found.outcome == "refused":
            return One(id=sent.id, problem=refused(found, call.texts))
        return One(
            id=sent.id, done=outcome_of(call, sent.id, str(sent.command.get("command")), found)
        )
    if isinstance(found, HandheldError):
        return One(id=sent.id, problem=problem_of(found, call.texts))
    raise found


def _expected(call: Call, path: Path, fields: Mapping[str, Any]) -> dict[str, int] | None:
    """The version that an editor has seen. Raises MatchMissing, Malformed (`request.match`)."""
    header = call.request.headers.get("if-match")
    if header is None:
        raise MatchMissing()
    version = version_match(header)
    if version is None or path.edits is None:
        return None
    try:
        stream = path.edits(msgspec.convert(fields, path.command))
    except (msgspec.ValidationError, ValueError):
        return None  # making the command says what is wrong with it
    return {stream: version}


def _erase(call: Call, request: Request) -> None:
    """The keys go once the log has taken the erasure, and with them every way in."""
    call.home.erase_keys(request.command.person)


def _name(command: Any) -> str:
    return str(command.__struct_config__.tag)
