"""Room for sockets: each phone is an open file of its process, and one of the server's."""

from __future__ import annotations

import resource

from handheld.domain.errors import Installation

SPARE_FILES = 64
"""Open files of a process besides its sockets."""


def room_for(phones: int, spare: int = SPARE_FILES) -> None:
    """Let this process open so many sockets. Raises Installation (`fleet.files`)."""
    needed = phones + spare
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        if hard != resource.RLIM_INFINITY and hard < needed:
            raise Installation("fleet.files", needed=needed, limit=hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def most(spare: int = SPARE_FILES) -> int | None:
    """How many sockets this machine allows a process; None: as many as it likes."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return None if hard == resource.RLIM_INFINITY else max(0, hard - spare)
