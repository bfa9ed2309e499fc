"""Problem details (RFC 9457): an error with its stable code, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from handheld.application.requests import Receipt
from handheld.application.row_errors import ImportRefused
from handheld.domain.errors import (
    Busy,
    CommandReused,
    Contended,
    HandheldError,
    Malformed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyTries,
    Unconfirmed,
    WriterStopped,
)
from handheld.texts import Texts

MEDIA = "application/problem+json"

STATUSES: tuple[tuple[type[HandheldError], int], ...] = (
    (Malformed, 400),
    (ImportRefused, 400),
    (NotAllowed, 403),
    (NotSignedIn, 401),
    (TooManyTries, 429),
    (NotFound, 404),
    (Unconfirmed, 409),
    (CommandReused, 422),
    (Contended, 409),
    (Busy, 503),
    (WriterStopped, 503),
)
"""By the class of an error."""

CODES: Mapping[str, int] = {
    "access.unwritable": 503,
    "attachments.erased": 410,
    "attachments.full": 507,
    "attachments.incomplete": 409,
    "attachments.media": 415,
    "attachments.offset": 409,
    "attachments.other_media": 415,
    "attachments.range": 416,
    "attachments.runs": 415,
    "attachments.superseded": 409,
    "attachments.too_large": 413,
    "attachments.too_many": 429,
    "attachments.unknown": 415,
    "attachments.unwritable": 503,
    "attachments.video": 415,
    "command.stale": 412,
    "fold.late": 503,
    "fold.stopped": 503,
    "import.overtaken": 412,
    "log.full": 507,
    "request.method": 405,
    "request.path": 404,
    "request.too_large": 413,
    "request.media": 415,
    "request.match_missing": 428,
    "request.origin": 403,
    "server.stopping": 503,
    "setup.closed": 409,
    "store.unwritable": 503,
}
"""By its code, where the class does not say."""


class RowProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong in one row of a table."""

    line: int
    """Where the row begins in the file; the first line is 1."""
    column: str | None
    code: str
    title: str
    """What is wrong."""
    detail: str
    """What to do."""


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is the matter, and what to do."""

    type: str
    """Names the kind of problem; a reference on this server that explains it."""
    title: str
    """What is wrong."""
    status: int
    detail: str
    """What to do."""
    code: str
    """Stable, for programs."""
    params: dict[str, Any] = {}
    """The values that the text names."""
    instance: str | None = None
    """The id of the request, as the server's log has it."""
    rows: tuple[RowProblem, ...] = ()
    """Of a table: what is wrong, row by row, the first thousand."""
    outcome: str | None = None
    """Of a command that the state of things does not allow: `refused`, kept with its id."""


def status_of(error: HandheldError) -> int:
    """The HTTP status of an error; 500 for a fault of ours."""
    known = CODES.get(error.code)
    if known is not None:
        return known
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def problem_of(error: HandheldError, texts: Texts, request_id: str | None = None) -> Problem:
    """An error as problem details."""
    words = texts.error(error.code, error.params)
    return Problem(
        type=f"/api/v1/problems/{error.code}",
        title=words.wrong,
        status=status_of(error),
        detail=words.todo,
        code=error.code,
        params=_plain(error.params),
        instance=request_id,
        rows=_rows(error, texts),
    )


def _rows(error: HandheldError, texts: Texts) -> tuple[RowProblem, ...]:
    if not isinstance(error, ImportRefused):
        return ()
    told = [(row, texts.row_error(row.code, row.params)) for row in error.errors]
    return tuple(
        RowProblem(
            line=row.line, column=row.column, code=row.code, title=words.wrong, detail=words.todo
        )
        for row, words in told
    )


def refused(receipt: Receipt, texts: Texts, request_id: str | None = None) -> Problem:
    """A command that was refused: 409, and kept as its outcome."""
    code = receipt.code or ""
    words = texts.outcome(code, {})
    return Problem(
        type=f"/api/v1/problems/{code}",
        title=words.wrong,
        status=409,
        detail=words.todo,
        code=code,
        instance=request_id,
        outcome="refused",
    )


def response_of(
    problem: Problem, texts: Texts, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer."""
    return Response(
        msgspec.json.encode(problem),
        problem.status,
        {
            **(headers or {}),
            "content-language": "zh-CN" if texts.language == "zh" else "en",
            "cache-control": "no-store",
        },
        MEDIA,
    )


def headers_of(error: HandheldError) -> dict[str, str]:
    """What goes with the status: when to come again, how to sign in."""
    status = status_of(error)
    if status == 401:
        return {"www-authenticate": 'Bearer realm="handheld"'}
    after = error.params.get("retry_after")
    if after is None and status == 503:
        after = 1
    return {} if after is None else {"retry-after": str(max(1, round(float(str(after)))))}


def _plain(params: Mapping[str, object]) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(dict(params), enc_hook=str)
    return plain
