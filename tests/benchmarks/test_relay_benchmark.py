"""The benchmark of the relay runs, and its floor publishes the very same messages. Nothing is timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import relay
from benchmarks.county import TINY
from benchmarks.places import Place


def test_a_start_is_relayed_against_one_batch_of_the_same_messages(tmp_path: Path) -> None:
    line, beside = relay.run(Place(tmp_path), 1, TINY)
    assert (line.goal, line.at_most) == (1.5, True)
    assert beside.goal is None
    assert line.value > 0 < beside.value


def test_messages_that_are_missing_are_noticed(tmp_path: Path) -> None:
    server = relay.server_in(tmp_path / "nats")
    server.start()
    try:
        relays = relay.Relays(Place(tmp_path), TINY, server)
        assert len(relays.messages) == 4 + TINY.tasks
        relays.relayed()
        relays.messages.append(relays.messages[-1])
        with pytest.raises(RuntimeError, match="messages, not"):
            relays.relayed()
    finally:
        server.stop()
