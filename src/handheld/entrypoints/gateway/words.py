"""Messages that hold words for people, in the language of the connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from handheld.application.requests import Receipt
from handheld.domain.errors import (
    Busy,
    Contended,
    HandheldError,
    WriterStopped,
)
from handheld.entrypoints.gateway.messages import Bye, Done, Failed, Problem
from handheld.entrypoints.http.language import texts_in
from handheld.texts import Explained
from handheld.texts.language import Language

encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode

_AGAIN = (Busy, Contended, WriterStopped)
_AGAIN_CODES = frozenset(("log.full", "fold.late"))


def _said(explained: Explained, language: Language) -> str:
    return f"{explained.wrong}{' ' if language == 'en' else ''}{explained.todo}"


def done(command: str, receipt: Receipt, language: Language) -> bytes:
    """What came of a command; words where there is something to say beside the outcome."""
    words = None
    if receipt.code is not None:
        words = _said(texts_in(language).outcome(receipt.code, {}), language)
    return encode(
        Done(
            id=command,
            outcome=receipt.outcome,
            code=receipt.code,
            words=words,
            first=receipt.first,
            last=receipt.last,
            recorded_at=receipt.recorded_at,
            repeated=receipt.repeated,
        )
    )


def failed(command: str, error: HandheldError, language: Language) -> bytes:
    """Why a command was not taken."""
    words = _said(texts_in(language).error(error.code, error.params), language)
    again = isinstance(error, _AGAIN) or error.code in _AGAIN_CODES
    return encode(Failed(id=command, code=error.code, words=words, again=again))


def problem(error: HandheldError, language: Language, about: str | None = None) -> bytes:
    """Why a message was not taken."""
    words = _said(texts_in(language).error(error.code, error.params), language)
    return encode(Problem(code=error.code, words=words, about=about))


def bye(code: str, retry_after: float) -> bytes:
    """The last message."""
    return encode(Bye(code=code, retry_after=retry_after))
