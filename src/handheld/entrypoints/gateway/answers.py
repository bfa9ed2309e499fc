"""Commands of one connection: carried out and answered in the order in which they came."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from handheld.application.access.identity import Identity
from handheld.application.requests import Request
from handheld.application.sent import Sent, request_of
from handheld.application.writer import Result, Writer
from handheld.domain.errors import Busy, HandheldError
from handheld.domain.standing import Viewer
from handheld.entrypoints.gateway import words
from handheld.entrypoints.gateway.figures import Figures
from handheld.texts.language import Language

logger = logging.getLogger(__name__)

EXACT = timedelta(seconds=2)
"""A clock that is off by less is right: a message on its way takes as long."""
UNDER_WAY = 256
"""So many commands of one connection are under way at most; then nothing more is read from it."""

Hidden = Callable[[HandheldError, Request, Viewer], HandheldError]
"""What is answered where something is hidden: the same as where there is none."""


class Source(Protocol):
    """Where commands come from."""

    def hold(self) -> None:
        """Take nothing more for now."""
        ...

    def go_on(self) -> None:
        """Take more."""
        ...


class _Awaited:
    __slots__ = ("told",)

    def __init__(self) -> None:
        self.told: bytes | None = None


class Answers:
    """What is asked for and not answered yet."""

    __slots__ = ("_awaited", "_empty", "_figures", "_held", "_hidden", "_put", "_source", "_writer")

    def __init__(
        self,
        writer: Writer,
        hidden: Hidden,
        figures: Figures,
        put: Callable[[bytes], object],
        source: Source,
    ) -> None:
        self._writer = writer
        self._hidden = hidden
        self._figures = figures
        self._put = put
        self._awaited: deque[_Awaited] = deque()
        self._source = source
        self._held = False
        self._empty: Callable[[], None] | None = None

    def __len__(self) -> int:
        return len(self._awaited)

    def ask(
        self,
        commands: Sequence[Sent],
        who: Identity,
        language: Language,
        now: datetime,
        clock_offset: float,
    ) -> None:
        """Carry out commands, in order. Once there is no room, those that follow wait as well."""
        busy: Busy | None = None
        viewer = who.viewer
        for sent in commands:
            awaited = _Awaited()
            self._awaited.append(awaited)
            self._figures.commands += 1
            try:
                if busy is not None:
                    raise busy
                request = _request(sent, who, now, clock_offset)
                told = partial(self._settled, awaited, request, viewer, language)
                self._writer.submit_and_tell(request, told)
            except HandheldError as error:
                busy = error if isinstance(error, Busy) else None
                self._figures.failed += 1
                awaited.told = words.failed(sent.id, error, language)
        if len(self._awaited) >= UNDER_WAY and not self._held:
            self._held = True
            self._source.hold()
        self._flush()

    def when_empty(self, told: Callable[[], None]) -> None:
        """Tell once all is answered, at once where nothing is under way."""
        self._empty = told
        self._flush()

    def _settled(
        self,
        awaited: _Awaited,
        request: Request,
        viewer: Viewer,
        language: Language,
        result: Result,
    ) -> None:
        command = request.meta.command
        if isinstance(result, HandheldError):
            self._figures.failed += 1
            try:
                error = self._hidden(result, request, viewer)
            except Exception as failure:
                logger.exception("what is hidden cannot be told")
                error = HandheldError("internal", error=type(failure).__name__)
            awaited.told = words.failed(command, error, language)
        else:
            awaited.told = words.done(command, result, language)
        self._flush()

    def _flush(self) -> None:
        while self._awaited and (told := self._awaited[0].told) is not None:
            self._awaited.popleft()
            self._put(told)
        if self._held and len(self._awaited) < UNDER_WAY:
            self._held = False
            self._source.go_on()
        if self._empty is not None and not self._awaited:
            self._empty()


def _request(sent: Sent, who: Identity, now: datetime, clock_offset: float) -> Request:
    """By the device's clock, and how far that is ahead, where the device says when it happened.

    What it says of this very moment happens now, by the clock of the log: clocks are not so exact
    that a claim of a moment ahead were impossible.
    """
    if sent.occurred_at is None:
        return request_of(sent, who, now)
    try:
        by_device = now + timedelta(seconds=clock_offset)
        until = by_device + EXACT
    except OverflowError:  # a clock at the end of the calendar: its claim is kept, and says nothing
        return request_of(sent, who, now, clock_offset=clock_offset)
    if by_device <= sent.occurred_at <= until:
        return request_of(replace(sent, occurred_at=None), who, now)
    return request_of(sent, who, by_device, clock_offset=clock_offset or None)
