"""Faults of the database of accounts and sessions as people are told of them."""

from __future__ import annotations

from handheld.adapters.database import Database, DatabaseFault
from handheld.domain.errors import HandheldError, Installation


def access_words(database: Database, fault: DatabaseFault) -> HandheldError:
    """What can be done about it is said for this store."""
    if fault.kind == "damaged":
        return Installation("access.damaged", path=database.name)
    return Installation("access.unwritable", path=database.name, reason=str(fault))
