"""What a backup says of itself, and how it is shown that a copy of a log gives what the log gave.

docs/operations.md tells how to use backups; docs/adr/0021-a-restored-log-has-a-new-id.md why
a restored log has a new id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal, NamedTuple

import msgspec

from handheld.application.board_keeper import BoardKeeper
from handheld.application.following import batches
from handheld.application.index_keeper import INBOX
from handheld.application.past_boards import FOLD as BOARDS
from handheld.application.ports import Log, Views
from handheld.application.verifying import Check, History, LineSum, Progress
from handheld.domain.errors import Installation
from handheld_events.person import PersonContactChanged, PersonRegistered
from handheld_events.territory import ancestors
from handheld_projections.inbox import Inbox
from handheld_projections.organisation import Organisation
from handheld_projections.timeline import Line, Timeline

FORMAT = 1
"""The form of a backup. One of a later form is not read."""

MANIFEST = "manifest.json"

_encode = msgspec.json.Encoder(order="deterministic").encode


class Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of a backup."""

    sha256: str
    bytes: int


class Made(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What everything that was made of a log comes to. The same facts give the same."""

    position: int
    facts: int
    boards: str
    """A digest of the boards of all divisions that have none above them, and of what is closed."""
    boards_fold: str
    """Which version of the fold made it: others are not compared."""
    inbox: str
    """A digest of the items of all inboxes, with their numbers."""
    inbox_items: int
    inbox_fold: str
    unreadable: int | None = None
    """The position of the first fact that the program could not read."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup says of itself, in a file beside what it holds."""

    format: int = FORMAT
    holds: Literal["log", "keyring"]
    """A log, with its keyring where that is not elsewhere; or a keyring alone."""
    log_id: str
    taken_at: datetime
    """By the machine's clock (UTC), also where the log's clock is simulated."""
    version: str
    """The program's."""
    files: dict[str, Kept]
    made: Made | None = None
    without_key: int = 0
    """So many people are not erased and yet have no key: their names read as erased."""


class Proof(NamedTuple):
    """What a pass over a copied log has found."""

    made: Made
    erased: frozenset[str]
    """People erased on record: no keyring beside this log may hold a key of theirs."""
    sealed: frozenset[tuple[str, str]]
    """The keys, (person, key id), under which names of people not erased are sealed."""


def prove(log: Log, views: Views, progress: Progress, path: str) -> Proof:
    """Make boards and inboxes of a whole log, and check its history, in one pass.

    `views` are empty ones that are thrown away afterwards: they hold what has left memory. Raises
    Installation (`backup.not_whole`), naming `path`.
    """
    end = log.end()
    history, people, boards = History(), Organisation(), BoardKeeper(log, views)
    inbox, items = Inbox(), LineSum()
    keys: dict[str, set[str]] = {}
    facts, unreadable, inbox_stopped = 0, None, False
    for batch in batches(log, 0, end):
        if unreadable is None:  # as in `handheld log verify`: what follows has lost its thread
            history.take(batch.facts)
            must_be_whole(history.checks(), path)  # no fold is made for facts that contradict
            people.apply(batch.facts)
        boards.take(batch)
        facts += len(batch.facts)
        if not inbox_stopped:
            items.add(inbox.lines(batch.facts))
        _sealed_in(batch.facts, keys)
        if batch.unreadable is not None:
            facts += 1
            unreadable = unreadable or batch.unreadable[0].position
            inbox_stopped = inbox_stopped or batch.unreadable[1] in Timeline.streams
        progress(batch.upto, end)
    erased = frozenset(stream for stream, person in people.people.items() if person.erased)
    made = Made(
        position=end,
        facts=facts,
        boards=boards_digest(boards, people.divisions),
        boards_fold=BOARDS,
        inbox=_hex(items),
        inbox_items=items.count,
        inbox_fold=INBOX,
        unreadable=unreadable,
    )
    sealed = frozenset((p, key) for p, found in keys.items() if p not in erased for key in found)
    return Proof(made, erased, sealed)


def _sealed_in(facts: Iterable[Any], keys: dict[str, set[str]]) -> None:
    for fact in facts:
        event = fact.event
        if isinstance(event, PersonRegistered | PersonContactChanged):
            keys.setdefault(event.name.subject, set()).add(event.name.key)


def boards_digest(boards: BoardKeeper, divisions: Collection[str]) -> str:
    """A digest of what the boards show, of drills and real ones."""
    digest = blake2b(digest_size=16)
    tops = sorted(
        code for code in divisions if not any(a in divisions for a in ancestors(code)[:-1])
    )
    for drills in (False, True):
        for top in tops:
            digest.update(_encode(boards.tier_board(top, drills=drills)))
    digest.update(_encode(boards.closed()))
    return digest.hexdigest()


def inbox_digest(lines: Iterable[Line]) -> tuple[str, int]:
    """A digest of the items of inboxes, whatever their order, and how many there are."""
    items = LineSum()
    items.add(lines)
    return _hex(items), items.count


def _hex(items: LineSum) -> str:
    return f"{items.total % 2**128:032x}"


def must_be_whole(checks: Iterable[Check], path: str) -> None:
    """Raises Installation (`backup.not_whole`), with what the first failed check found."""
    for check in checks:
        if not check.same:
            raise Installation("backup.not_whole", path=path, check=check.what, detail=check.detail)


def must_be_the_same(expected: Made, boards: str, inbox: str, facts_end: int, path: str) -> None:
    """What was made of a restored log is what the backup's manifest says.

    What another version of a fold made is not compared, nor what a fact that cannot be read has
    stopped. Raises Installation (`backup.not_whole`).
    """
    compared = [("order", str(expected.position), str(facts_end))]
    if expected.boards_fold == BOARDS and expected.unreadable is None:
        compared.append(("boards", expected.boards, boards))
    if expected.inbox_fold == INBOX and expected.unreadable is None:
        compared.append(("inbox", expected.inbox, inbox))
    must_be_whole(
        [Check(what, was == now, 1, f"{was} / {now}") for what, was, now in compared], path
    )
