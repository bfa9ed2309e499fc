"""Errors that only the HTTP interface knows."""

from __future__ import annotations

from handheld.domain.errors import HandheldError, Malformed


class TooLarge(Malformed):
    """A body of more bytes than are taken."""

    def __init__(self, most: int) -> None:
        super().__init__("request.too_large", most=most)


class NoSuchRoute(HandheldError):
    """Nothing is at this path."""

    def __init__(self, path: str) -> None:
        super().__init__("request.path", path=path[:200])


class NoSuchMethod(HandheldError):
    """The path does not take this method."""

    def __init__(self, method: str) -> None:
        super().__init__("request.method", method=method[:20])


class MatchMissing(HandheldError):
    """An edit does not say which version it was made from."""

    def __init__(self) -> None:
        super().__init__("request.match_missing")


class Stopping(HandheldError):
    """The server is ending, and takes nothing new."""

    def __init__(self) -> None:
        super().__init__("server.stopping")
