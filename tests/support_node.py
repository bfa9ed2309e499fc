"""Programs of other hands, on Node: `tests/clients/js`, installed from its lock."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest

ROOT = Path(__file__).parent / "clients/js"

needs_clients = pytest.mark.skipif(
    "CI" not in os.environ and (which("node") is None or not (ROOT / "node_modules").exists()),
    reason="needs node, and npm ci in tests/clients/js",
)


def run(program: str, *arguments: str | Path) -> list[Any]:
    """What a program prints: one JSON value a line."""
    done = subprocess.run(
        ["node", program, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
