"""A client that sends whatever bytes it likes, and sees whatever comes back."""

from __future__ import annotations

import socket
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from typing import NamedTuple
from urllib.parse import urlsplit

PATIENCE = 30.0


class Answered(NamedTuple):
    """One answer of a server; status 0 where it said nothing and went away."""

    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def connected(url: str) -> Generator[socket.socket]:
    """A connection to a server."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), PATIENCE) as found:
        yield found


def until_closed(sock: socket.socket) -> bytes:
    """All that comes until the server closes."""
    found = bytearray()
    with suppress(ConnectionResetError):
        while piece := sock.recv(65_536):
            found += piece
    return bytes(found)


def one_answer(sock: socket.socket) -> Answered:
    """The next answer on a connection that stays open."""
    found = bytearray()
    while b"\r\n\r\n" not in found:
        piece = sock.recv(65_536)
        if not piece:
            return Answered(0, {}, b"")
        found += piece
    head, _, body = bytes(found).partition(b"\r\n\r\n")
    answer = _parsed(head, body)
    missing = int(answer.headers.get("content-length", "0")) - len(body)
    while missing > 0:
        piece = sock.recv(missing)
        if not piece:
            break
        body, missing = body + piece, missing - len(piece)
    return answer._replace(body=body)


def sent(url: str, pieces: bytes | Iterable[bytes]) -> list[Answered]:
    """The answers to these bytes, which ask for the connection to be closed after them.

    Whoever is refused in the middle of what they send may find the connection reset.
    """
    with connected(url) as sock:
        with suppress(BrokenPipeError, ConnectionResetError):
            for piece in (pieces,) if isinstance(pieces, bytes) else pieces:
                sock.sendall(piece)
        return answers(until_closed(sock))


def answers(raw: bytes) -> list[Answered]:
    """Several answers, one after the other."""
    found = []
    while raw:
        head, _, rest = raw.partition(b"\r\n\r\n")
        answer = _parsed(head, b"")
        size = int(answer.headers.get("content-length", "0"))
        found.append(answer._replace(body=rest[:size]))
        raw = rest[size:]
    return found


def asking(line: str, *headers: str, body: bytes = b"", close: bool = True) -> bytes:
    """A request as bytes."""
    lines = [f"{line} HTTP/1.1", "Host: 127.0.0.1", *headers]
    if body and not any(one.lower().startswith("content-length") for one in headers):
        lines.append(f"Content-Length: {len(body)}")
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body


def _parsed(head: bytes, body: bytes) -> Answered:
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in rest)
    return Answered(
        int(first.split(" ")[1]), {name.lower(): value for name, value in headers.items()}, body
    )
