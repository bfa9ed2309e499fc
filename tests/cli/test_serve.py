"""The server as an operator starts and stops it."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.driving import Terminal, program
from tests.support_certificates import certificate
from tests.support_http import client, get


@contextmanager
def serving(terminal: Terminal, *words: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address."""
    process = subprocess.Popen(
        program(terminal.data, "serve", "--port", "0", "--json", *words),
        env={**os.environ, "HANDHELD_LANG": "en", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr and process.stderr.read()
        yield process, json.loads(line)["address"]
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def ready(address: str) -> Any:
    """What it says of itself once it greets phones: a moment after it answers."""
    give_up = time.monotonic() + 30
    while True:
        found = get(f"{address}/health/ready")
        if found.status_code == 200 or time.monotonic() > give_up:
            return found.json()
        assert set(found.json()["problems"]) <= {"gateway.not_ready"}, found.text
        time.sleep(0.02)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path / "data")
    terminal.ok("init")
    return terminal


def test_it_answers_says_how_it_is_and_ends_when_it_is_asked_to(terminal: Terminal) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with serving(terminal) as (process, address):
            with client(address) as asking:
                assert asking.get("/health/live").json() == {"status": "ok"}
                assert ready(address)["status"] == "ok"
                assert "handheld_commit_seconds_count" in asking.get("/metrics").text
                assert asking.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
            process.send_signal(number)
            _, err = process.communicate(timeout=60)
            assert process.returncode == 0, err


def test_the_data_directory_may_be_named_behind_the_command(
    terminal: Terminal, tmp_path: Path
) -> None:
    elsewhere = Terminal(tmp_path / "nothing-here")
    with serving(elsewhere, "--data", str(terminal.data)) as (_, address):
        assert ready(address)["status"] == "ok"


def test_its_log_has_a_line_a_request_with_its_id_and_nothing_that_people_typed(
    terminal: Terminal,
) -> None:
    with serving(terminal) as (process, address):
        with client(address) as asking:
            words = {"words": "张三 13800000001"}
            answer = asking.get(
                "/api/v1/people", params=words, headers={"x-request-id": "trace-00042"}
            )
            assert answer.headers["x-request-id"] == "trace-00042"
        process.terminate()
        _, err = process.communicate(timeout=60)
    lines: list[dict[str, Any]] = [json.loads(line) for line in err.splitlines()]
    (line,) = [line for line in lines if line.get("request") == "trace-00042"]
    assert (line["message"], line["method"]) == ("request", "GET")
    assert "13800000001" not in err


def test_it_speaks_tls_with_a_certificate(terminal: Terminal, tmp_path: Path) -> None:
    chain, key = certificate(tmp_path)
    words = ("--tls-certificate", str(chain), "--tls-key", str(key))
    with serving(terminal, *words) as (_, address):
        assert address.startswith("https://")
        trusted = ssl.create_default_context(cafile=str(chain))
        with httpx.Client(base_url=address, verify=trusted, trust_env=False) as client:
            assert client.get("/health/live").status_code == 200


def test_a_key_of_another_certificate_is_told_and_nothing_is_served(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    chain, _ = certificate(tmp_path)
    _, key = certificate(tmp_path / "other")
    words = ("--tls-certificate", str(chain), "--tls-key", str(key))
    ran = terminal.run("serve", "--port", "0", *words, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "server.tls")


def test_a_port_that_is_taken_is_told_with_what_to_do(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = terminal.run("serve", "--port", str(port), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "server.port")
    assert str(port) in ran.json["error"]["wrong"]


def test_metrics_are_for_this_machine_or_for_whoever_has_the_token(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(terminal) as (_, address), client(address) as c:
        assert c.get("/metrics", headers={"x-forwarded-for": "10.1.2.3"}).status_code == 404
    monkeypatch.setenv("HANDHELD_METRICS_TOKEN", "a-token-of-ours")
    with serving(terminal) as (_, address), client(address) as c:
        assert c.get("/metrics").status_code == 404
        headers = {"authorization": "Bearer a-token-of-ours"}
        assert c.get("/metrics", headers=headers).status_code == 200
    assert "a-token-of-ours" not in terminal.ok("config", "show")
