"""Everything that can go wrong, as one tree.

    HandheldError
    ├── Malformed        the command or the input makes no sense; nothing is kept
    ├── NotAllowed       the actor may not do this; nothing is kept
    ├── Unconfirmed      it is probably not meant: asked for once more, with a word that it is
    ├── NotSignedIn      nobody knows who asks, or what they showed does not hold; nothing is kept
    ├── TooManyTries     too many wrong tries to sign in: again after `retry_after` seconds
    ├── NotFound         no such task, task force, plan, division, person
    ├── CommandReused    the command id was used before for something else
    ├── Stale            what is edited is not as its editor saw it: look again, then edit
    ├── Contended        five decisions in a row were overtaken by others: try again
    ├── Busy             the queue of the writer is full: try again after `retry_after` seconds
    ├── WriterStopped    the log could not be written; the process must be restarted
    └── Installation     the machine or the data directory is not as it must be
        ├── DataInUse        another process owns the data directory
        └── SqliteTooOld     the SQLite library has a known corruption bug

An outcome that follows from the state of things ("already done", "overtaken", "refused") is not an
error but an answer (`handheld.domain.answers`). People read the text that `handheld.texts` has for
the code, in their language; `str()` is for logs.
"""

from __future__ import annotations

from collections.abc import Callable


class HandheldError(Exception):
    """An error with a stable machine code and the values that its text names."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} ({values})" if values else self.code

    def __reduce__(self) -> tuple[Callable[..., HandheldError], tuple[object, ...]]:
        return _as_it_was, (type(self), self.code, self.__dict__)


def _as_it_was(kind: type[HandheldError], code: str, values: dict[str, object]) -> HandheldError:
    """From another process: its own arguments are not kept, what it says is."""
    error = kind.__new__(kind, code)
    error.__dict__.update(values)
    error.args = code, error.params
    return error


class Malformed(HandheldError):
    """The command or the input makes no sense."""


class NotAllowed(HandheldError):
    """The actor may not do this."""


class Unconfirmed(HandheldError):
    """It makes sense and is allowed, but is probably not meant; nothing is kept until it is."""


class NotSignedIn(HandheldError):
    """Nobody knows who asks, or what they showed to say so does not hold."""


class TooManyTries(HandheldError):
    """Too many tries to sign in; so many seconds later it may be tried again."""

    def __init__(self, code: str, retry_after: int) -> None:
        super().__init__(code, retry_after=retry_after)
        self.retry_after = retry_after


class NotFound(HandheldError):
    """What the command names does not exist."""


class CommandReused(HandheldError):
    """The command id was used before, with another body."""

    def __init__(self, command: str) -> None:
        super().__init__("command.reused", command=command)


class Stale(HandheldError):
    """What is to be edited has changed since its editor saw it."""

    def __init__(self, stream: str, expected: int, found: int) -> None:
        super().__init__("command.stale", stream=stream, expected=expected, found=found)


class Contended(HandheldError):
    """What the decision rested on kept changing."""

    def __init__(self, attempts: int) -> None:
        super().__init__("command.contended", attempts=attempts)


class Busy(HandheldError):
    """The writer's queue is full."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("writer.busy", retry_after=retry_after)
        self.retry_after = retry_after


class Away(Busy):
    """The database does not answer now. A command may be recorded or not: it is to be sent again."""

    def __init__(self) -> None:
        super(Busy, self).__init__("database.away", retry_after=1)
        self.retry_after = 1


class WriterStopped(HandheldError):
    """The log could not be written. Nothing unacknowledged is known to be kept."""

    def __init__(self, reason: str) -> None:
        super().__init__("writer.stopped", reason=reason)


class Installation(HandheldError):
    """The machine or the data directory is not as it must be."""


class DataInUse(Installation):
    """Another process owns the data directory."""

    def __init__(self, path: str, owner: str) -> None:
        super().__init__("data.in_use", path=path, owner=owner)


class SqliteTooOld(Installation):
    """The SQLite library has the WAL-reset corruption bug (3.7.0 to 3.51.2)."""

    def __init__(self, found: str, needed: str) -> None:
        super().__init__("sqlite.too_old", found=found, needed=needed)
