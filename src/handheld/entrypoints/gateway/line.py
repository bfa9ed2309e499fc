"""What one connection is sent, and how it ends."""

from __future__ import annotations

from collections.abc import Callable

from handheld.domain.errors import HandheldError
from handheld.entrypoints.gateway import words
from handheld.entrypoints.gateway.figures import Figures
from handheld.entrypoints.gateway.messages import CLOSE_TOO_SLOW
from handheld.entrypoints.gateway.wire import Wire
from handheld.texts.language import Language


class Line:
    """The way to one client. `retry_after`: in how many seconds to come back."""

    __slots__ = ("_figures", "_retry_after", "ended", "language", "wire")

    def __init__(
        self, wire: Wire, figures: Figures, retry_after: Callable[[], float], language: Language
    ) -> None:
        self.wire = wire
        self._figures = figures
        self._retry_after = retry_after
        self.language: Language = language
        """In which words are said."""
        self.ended = False

    @property
    def full(self) -> bool:
        """Whether the client must read before more is caught up with."""
        return self.wire.paused

    def put(self, data: bytes) -> bool:
        """Send a message; whoever does not read is disconnected, and resumes."""
        return self.send(data, bounded=True)

    def send(self, data: bytes, *, bounded: bool) -> bool:
        """The same; `bounded`: whether whoever does not read is disconnected."""
        if self.ended:
            return False
        if not self.wire.put(data) and bounded:
            self._figures.too_slow += 1
            self.send_away(CLOSE_TOO_SLOW, "gateway.too_slow")
            return False
        return True

    def problem(self, error: HandheldError, about: str | None = None) -> None:
        """Say why something was not taken."""
        self.put(words.problem(error, self.language, about))

    def send_away(self, code: int, reason: str) -> None:
        """Close, with the word to come back later."""
        self.end(code, HandheldError(reason), self._retry_after())

    def end(self, code: int, bye: HandheldError | None = None, retry_after: float = 0.0) -> None:
        """Close, after a last word where it is to come back."""
        if self.ended:
            return
        self.ended = True
        self.over()
        wire = self.wire
        if not wire.is_open:
            return
        if bye is not None:
            wire.put(words.bye(bye.code, retry_after))
        wire.protocol.send_close(code)
        wire.send_data()
        wire.abort_later()

    def over(self) -> None:
        """Nothing more is said on it."""
