"""The registers of a data directory, brought to the log's end."""

from __future__ import annotations

from handheld.application.register_keeper import RegisterKeeper
from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError


def registers(home: Home) -> RegisterKeeper:
    """The registers, at the log's end. Raises HandheldError (`fold.stopped`)."""
    home.caught_up()
    stopped = home.registers.stopped
    if stopped is not None:
        raise HandheldError("fold.stopped", **stopped._asdict())
    return home.registers
