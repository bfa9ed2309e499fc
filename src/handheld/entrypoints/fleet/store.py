"""A phone's storage on disk: one file of lines, each of them flushed before anything rests on it.

For a few phones that are to outlive their process; thousands keep what they have in memory.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from handheld.application.sent import Sent
from handheld.entrypoints.fleet.state import Card, Kept, Outcome, PhoneState

_encode = msgspec.json.Encoder().encode


class Line(msgspec.Struct, omit_defaults=True):
    """One thing that happened on the phone."""

    epoch: str | None = None
    last: int = 0
    """With an epoch: the number that its inbox begins after."""
    items: list[msgspec.Raw] | None = None
    queued: Sent | None = None
    answered: tuple[str, str, str | None, int | None] | None = None


_line = msgspec.json.Decoder(Line).decode
_card = msgspec.json.Decoder(Card).decode


class FileStore:
    """The lines of one phone, appended and flushed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        _mend(path)
        self._file = path.open("ab", buffering=0)

    def began(self, epoch: str, last: int, raws: list[bytes]) -> None:
        """A new beginning of the inbox: all of it in one line, or nothing."""
        self._append(Line(epoch=epoch, last=last, items=[msgspec.Raw(raw) for raw in raws]))

    def stored(self, raws: list[bytes]) -> None:
        """Items, in order."""
        self._append(Line(items=[msgspec.Raw(raw) for raw in raws]))

    def queued(self, sent: Sent) -> None:
        """Something was done."""
        self._append(Line(queued=sent))

    def answered(self, command: str, outcome: Outcome) -> None:
        """A command is answered."""
        self._append(Line(answered=(command, outcome.outcome, outcome.code, outcome.first)))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _append(self, line: Line) -> None:
        self._file.write(_encode(line) + b"\n")
        os.fdatasync(self._file.fileno())


def opened(device: str, directory: Path) -> tuple[PhoneState, FileStore, list[Card]]:
    """A phone as its file tells it, and the items on it; a new one where there is no file."""
    store = FileStore(directory / f"{device}.jsonl")
    state = PhoneState(device, store)
    cards: dict[int, Card] = {}
    for text in store.path.read_bytes().splitlines():
        _apply(state, cards, _line(text))
    return state, store, [cards[seq] for seq in sorted(cards)]


def _apply(state: PhoneState, cards: dict[int, Card], line: Line) -> None:
    if line.epoch is not None:
        state.epoch, state.last, state.head = line.epoch, line.last, line.last
        state.items = {}
        cards.clear()
    for raw in line.items or ():
        card = _card(raw)
        cards[card.seq] = card
        state.items[card.seq] = Kept(card.position, card.stream, card.topic)
        state.last = max(state.last, card.seq)
    if line.queued is not None:
        state.queue[line.queued.id] = line.queued
    if line.answered is not None:
        command, outcome, code, first = line.answered
        state.queue.pop(command, None)
        state.answers[command] = Outcome(outcome, code, first)


def _mend(path: Path) -> None:
    """A line that was being written when the process ended was never relied upon."""
    if not path.exists():
        return
    text = path.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        path.write_bytes(whole)
