"""The exact bytes of every version ever written. Lines are added, never changed or removed.

`HANDHELD_WRITE_GOLDEN=1 pytest tests/events/test_golden.py` adds the lines of new examples.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from handheld_events.base import Event
from handheld_events.catalogue import CATALOGUE
from handheld_events.examples import EXAMPLES, META, META_ON_BEHALF
from handheld_events.upcasts import UPCASTS
from tests.support_events import read, stored

GOLDEN = Path(__file__).parent / "golden" / "events.jsonl"


class Golden(msgspec.Struct, forbid_unknown_fields=True):
    """One version of one event as it was written, and what it means."""

    example: str
    topic: str
    state: str
    """The exact text that a log holds."""
    reads_as: str
    """The topic as which it is read today."""
    value: dict[str, Any]
    """Every field, the omitted ones with what they stand for."""
    meta: dict[str, Any]


def _full(struct: msgspec.Struct) -> dict[str, Any]:
    """All fields as plain JSON values, defaults too: a default is part of what a log says."""
    return {
        name: _plain(getattr(struct, name))
        for name in (f.name for f in msgspec.structs.fields(struct))
    }


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return _full(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return msgspec.to_builtins(value)


def _as_then(now: Any, then: Any) -> Any:
    """What is read today, without the fields that did not exist when the line was written."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {key: _as_then(value, then[key]) for key, value in now.items() if key in then}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [_as_then(a, b) for a, b in zip(now, then, strict=True)]
    return now


def _line(name: str, event: Event) -> Golden:
    # Each event once with all that an envelope can say; the further examples with the least.
    first = next(n for n, e in EXAMPLES.items() if e.TOPIC == event.TOPIC) == name
    meta = META_ON_BEHALF if first else META
    state = stored(event, meta).decode()
    return Golden(name, event.TOPIC, state, event.TOPIC, _full(event), _full(meta))


def _lines() -> list[Golden]:
    return [msgspec.json.decode(line, type=Golden) for line in GOLDEN.read_bytes().splitlines()]


def _add_new_examples() -> None:
    known = {(line.example, line.topic) for line in _lines()} if GOLDEN.exists() else set()
    new = [_line(n, e) for n, e in EXAMPLES.items() if (n, e.TOPIC) not in known]
    with GOLDEN.open("ab") as file:
        file.writelines(msgspec.json.encode(line) + b"\n" for line in new)


if os.environ.get("HANDHELD_WRITE_GOLDEN"):
    _add_new_examples()

LINES = _lines()
every_line = pytest.mark.parametrize("line", LINES, ids=[f"{x.topic} {x.example}" for x in LINES])


@pytest.mark.parametrize("topic", [*CATALOGUE, *UPCASTS])
def test_every_version_has_a_line(topic: str) -> None:
    assert topic in {line.topic for line in LINES}


@every_line
def test_every_line_still_reads_as_what_it_meant(line: Golden) -> None:
    fact = read(line.topic, line.state.encode())

    assert line.reads_as == fact.event.TOPIC
    assert _as_then(_full(fact.event), line.value) == line.value
    assert _as_then(_full(fact.meta), line.meta) == line.meta
    if line.topic not in UPCASTS:
        # What was added since stands at its default: it is not written.
        assert stored(fact.event, fact.meta).decode() == line.state


@pytest.mark.parametrize("name", EXAMPLES)
def test_todays_example_is_written_with_the_golden_bytes(name: str) -> None:
    today = _line(name, EXAMPLES[name])

    (golden,) = (x for x in LINES if (x.example, x.topic) == (name, today.topic))

    assert (golden.state, golden.reads_as) == (today.state, today.reads_as)
    assert _as_then(today.value, golden.value) == golden.value


def test_a_line_stays_for_good_even_when_its_example_is_gone() -> None:
    written = {(line.example, line.topic) for line in LINES}

    assert len(written) == len(LINES), "a line was written twice"
    for example, topic in written:
        assert topic in UPCASTS or topic == EXAMPLES[example].TOPIC
