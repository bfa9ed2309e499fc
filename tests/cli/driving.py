"""Drives the real program on a real data directory, in this process or in one of its own."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from handheld.entrypoints.cli import app

DIVISIONS = """code,name
999901,虚拟县
999901001,一街道
999901101,二镇
999901001001,甲社区
999901001201,乙村
999901101201,丙村
999901101202,丁村
"""

START = "from handheld.entrypoints.cli import main; main()"

PLAN = {
    "plan": "flood",
    "title": "防汛演练方案",
    "division": "999901",
    "level": "III",
    "orders": [
        {
            "key": "check",
            "text": "巡查本网格",
            "to": [{"role": "grid_head", "tier": "grid"}],
            "steps": ["accept", "report", "verify"],
            "accept_within": 3600,
        },
        {"key": "visit", "text": "走访联系户", "to": [{"role": "household_contact"}]},
    ],
}


class Ran(NamedTuple):
    """What a run of the program left on the terminal."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """Somebody at a terminal of 80 columns."""

    def __init__(self, data: Path, language: str = "en") -> None:
        self.data = data
        self.language = language

    def run(self, *words: str | Path, language: str | None = None, stdin: str = "") -> Ran:
        """Run in this process; nothing may be raised out of the program."""
        lang = language or self.language
        with _own_logging():
            result = CliRunner().invoke(
                app,
                ["--data", str(self.data), "--lang", lang, *map(str, words)],
                input=stdin,
                env={"COLUMNS": "80"},
            )
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(
            result.exception
        )
        assert "Traceback" not in result.output
        return Ran(result.exit_code, result.stdout, result.stderr)

    def ok(self, *words: str | Path, language: str | None = None) -> str:
        """Run what must succeed; gives what it printed."""
        ran = self.run(*words, language=language)
        assert ran.code == 0, ran
        return ran.out

    def json(self, *words: str | Path) -> Any:
        """Run with --json what must succeed."""
        return json.loads(self.ok(*words, "--json"))

    def process(self, *words: str | Path, **env: str) -> Ran:
        """Run in a process of its own."""
        done = subprocess.run(
            program(self.data, *words),
            env={**os.environ, "COLUMNS": "80", "HANDHELD_LANG": self.language, **env},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


@contextmanager
def _own_logging() -> Generator[None]:
    """What a run logs, it logs to its own stderr, which is closed when it is over."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def program(data: Path, *words: str | Path) -> list[str]:
    """The command line of the program as installed."""
    return [sys.executable, "-c", START, "--data", str(data), *map(str, words)]


def small_county(terminal: Terminal, folder: Path) -> None:
    """One county of two townships and four villages, six grids, six contacts, one plan."""
    divisions, plan = folder / "divisions.csv", folder / "plan.json"
    divisions.write_text(DIVISIONS, "utf-8")
    plan.write_text(json.dumps(PLAN, ensure_ascii=False), "utf-8")
    terminal.ok("init", "--simulated-from", "2021-07-23T15:00", "--rate", "0")
    terminal.ok("divisions", "import", divisions)
    terminal.ok("people", "generate", "--contacts", "6", "--grids", "6")
    terminal.ok("plan", "adopt", plan)


def start(terminal: Terminal, *more: str) -> str:
    """Start the plan in the whole county; gives the task force."""
    started = terminal.json(
        "start", "--plan", "flood", "--division", "999901", "--yes", "--again", *more
    )
    assert started["outcome"] == "accepted"
    task_force: str = started["task_force"]
    return task_force


def first_task(terminal: Terminal, task_force: str, role: str) -> tuple[str, str]:
    """A task of the task force and the number of its assignee, by role."""
    for fact in terminal.json("log", "list", "--topic", "task.dispatched", "--limit", "0"):
        if fact["task_force"] == task_force and fact["data"]["role"] == role:
            return fact["stream"], fact["person"].removeprefix("person-")
    raise LookupError(role)
