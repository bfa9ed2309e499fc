"""`handheld fleet` as a process of its own, on a running server."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from handheld.bootstrap import Home
from tests.cli.driving import Terminal, program
from tests.support_log import START
from tests.support_server import Served, served

PHONES = 12
PATIENCE = 60.0


@pytest.fixture
def tokens(home: Home, tmp_path: Path) -> Path:
    """Signed in beside the process that owns the directory."""
    path = tmp_path / "fleet"
    words = ("fleet-sign-in", path, "--role", "household_contact", "--most", str(PHONES))
    assert str(PHONES) in Terminal(home.directory).ok(*words)
    return path


def sockets(server: Served) -> float:
    with server.client() as client:
        lines = client.get(f"{server.url}/metrics").text.splitlines()
    return next(float(one.split()[1]) for one in lines if one.startswith("handheld_sockets "))


def summary(process: subprocess.Popen[str]) -> Any:
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    return json.loads(out)


def test_two_processes_share_the_phones_and_each_says_what_came_of_its_own(
    home: Home, tokens: Path
) -> None:
    with served(home) as server:
        shares = [
            subprocess.Popen(
                program(
                    home.directory,
                    *("fleet", "--url", server.url, "--tokens", tokens, "--share", f"{k}/2"),
                    *("--rate", "20000", "--until-quiet", "--seconds", "50", "--json"),
                    *("--duplicates", "0.5"),
                ),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for k in (1, 2)
        ]
        try:
            ends = time.monotonic() + PATIENCE
            while sockets(server) < PHONES and time.monotonic() < ends:
                time.sleep(0.05)
            home.execute(START, "operator")
            told = [summary(one) for one in shares]
        finally:
            for one in shares:
                if one.poll() is None:
                    one.kill()
                    one.communicate()
    assert sum(one["tasks"] for one in told) == PHONES
    for one in told:
        assert one["lost_items"] == one["lost_commands"] == one["doubled"] == one["unreached"] == 0
    rows = [row[3] for row in home.log.read(0, 1_000_000) if row[1].startswith("task-")]
    assert rows.count("task.accepted.v1") == sum(one["accepted"] for one in told) > PHONES / 2
    assert rows.count("task.delivered.v1") == PHONES


def test_what_goes_wrong_is_said_with_what_to_do(home: Home, tokens: Path, tmp_path: Path) -> None:
    gone = ("fleet", "--url", "ws://127.0.0.1:9", "--tokens", tokens)
    for words, told in (
        (gone, "handheld serve"),
        ((*gone, "--share", "3/2"), "--share 2/3"),
        (("fleet", "--url", "ftp://x", "--tokens", tokens), "https://command.example"),
        (("fleet", "--url", "ws://x", "--tokens", tmp_path / "none"), "fleet-sign-in"),
        (("fleet-sign-in", tmp_path / "x", "--role", "grid_head"), "handheld demo"),
    ):
        done = Terminal(home.directory).run(*words)
        assert done.code != 0
        assert told in " ".join(done.err.split()), done.err


def test_whoever_is_not_signed_in_any_more_is_not_let_in(home: Home, tokens: Path) -> None:
    with served(home) as server:
        lines = [json.loads(line) for line in tokens.read_text().splitlines()]
        tokens.write_text("\n".join(json.dumps({**one, "token": "x" * 43}) for one in lines))
        words = ("fleet", "--url", server.url, "--tokens", tokens, "--seconds", "5")
        done = Terminal(home.directory).run(*words)
    assert done.code != 0
    assert "401" in done.err
