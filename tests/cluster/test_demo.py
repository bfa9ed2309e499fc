"""The demonstration of a cluster, as a new user starts it."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.soak
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_demonstration_ends_well_whatever_is_killed(language: str) -> None:
    told = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "handheld", "--lang", language, "cluster", "demo"),
            *("--exit", "--phones", "300", "--rate", "120"),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    for part in ("gateway-1", "api-1", "follow-", "nats", "postgresql"):
        assert part in told.stdout
    assert not told.stderr
