from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.driving import Terminal


@pytest.mark.parametrize(
    "asked", [("workshop", "--until", "16:05"), ("--until", "21:00"), ("--until", "14:00")]
)
def test_a_story_does_not_stop_where_it_cannot_be_stopped(
    tmp_path: Path, asked: tuple[str, ...]
) -> None:
    data = tmp_path / "kept"
    refused = Terminal(tmp_path / "own").run("demo", "--exit", "--data", str(data), *asked)
    assert refused.code != 0
    assert f"cannot stop at {asked[-1]}" in refused.err
    assert not (data / "log.db").exists()
