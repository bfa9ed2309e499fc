"""Faults of a store's database as people are told of them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from handheld.adapters.database import Database, DatabaseFault
from handheld.domain.errors import Away, Busy, HandheldError, Installation

RETRY_SECONDS = 1

Words = Callable[[Database, DatabaseFault], HandheldError]


def store_words(database: Database, fault: DatabaseFault) -> HandheldError:
    """What is told of a store without words of its own."""
    if fault.kind == "damaged":
        return Installation("store.damaged", path=database.name, reason=str(fault))
    return Installation("store.unwritable", path=database.name, reason=str(fault))


@contextmanager
def told(database: Database, words: Words = store_words) -> Generator[None]:
    """What is raised in the block, in words.

    Raises Busy where another holds what is needed, Away where the server is: it may be tried again;
    else what the words make of it, such as Installation (`store.damaged`, `store.unwritable`).
    """
    try:
        yield
    except DatabaseFault as fault:
        if fault.kind == "lost":
            raise Away from fault
        if fault.kind == "busy":
            raise Busy(retry_after=RETRY_SECONDS) from fault
        raise words(database, fault) from fault


def check_layout(database: Database, found: int, known: int) -> None:
    """Raises Installation (`database.newer`) for tables that a later version has made."""
    if found > known:
        raise Installation("database.newer", schema=database.name)
