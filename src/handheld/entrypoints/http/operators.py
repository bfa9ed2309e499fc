"""Who administers."""

from __future__ import annotations

from handheld.domain.errors import NotAllowed
from handheld.entrypoints.http.parts import Call


def operator(call: Call) -> str:
    """Who administers, for the audit. Raises NotAllowed (`access.operator_only`)."""
    if call.who.role != "operator":
        raise NotAllowed("access.operator_only")
    return call.who.account or call.who.actor
