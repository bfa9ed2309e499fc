"""Whether the server could listen where it is told to."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from ipaddress import ip_address

from handheld.adapters.checks.result import Checked, failed, fine, warning


def look(host: str, port: int, owner: str | None) -> Iterator[Checked]:
    """`owner` is the process that has the data directory open, perhaps the server itself."""
    yield listening(host, port, owner)


def listening(host: str, port: int, owner: str | None = None) -> Checked:
    """Bind every address of the host, for a moment."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        return failed("port.no_host", host=host)
    for family, kind, protocol, _, address in found:
        try:
            with socket.socket(family, kind, protocol) as trial:
                # As servers do: what ended a moment ago does not count as there.
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    trial.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                trial.bind(address)
                trial.listen(1)
        except OSError as error:
            return _refused(error, host, port, owner)
    return fine("port.free", host=host, port=port)


def _refused(error: OSError, host: str, port: int, owner: str | None) -> Checked:
    if error.errno == errno.EADDRINUSE:
        if owner is not None:
            return warning("port.perhaps_ours", host=host, port=port, owner=owner)
        return failed("port.taken", host=host, port=port)
    if error.errno in (errno.EACCES, errno.EPERM):
        return failed("port.privileged", host=host, port=port)
    if error.errno == errno.EADDRNOTAVAIL:
        return failed("port.not_here", host=host)
    return failed("port.other", host=host, port=port, reason=error.strerror)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
