"""A server that is asked to end finishes what is under way, and takes nothing new."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import httpx

from handheld.application.access.records import DeviceSaid
from handheld.bootstrap import Home
from tests.cli.driving import program
from tests.support_raw import asking, connected, one_answer
from tests.support_tasks import DISTRICT, DUTY, A, township

START = {"title": "道路抢通", "division": DISTRICT, "orders": [{"text": "巡查", "people": [A]}]}
PATIENCE = 30.0


@contextmanager
def process_on(data: Path) -> Generator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address."""
    process = subprocess.Popen(
        program(data, "serve", "--port", "0", "--json"),
        env={**os.environ, "HANDHELD_LANG": "en", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())["address"]
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def test_what_is_under_way_is_finished_and_durable_and_what_is_new_is_refused(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    with township(data) as place:
        (issued,) = place.home.access.issue_links([DUTY])
        token = place.home.access.redeem(issued.secret, DeviceSaid(id="device-0001")).token
        key, late = place.home.new_command_id(), place.home.new_command_id()
    session = f"Authorization: Bearer {token}"
    body = json.dumps(START).encode()
    with process_on(data) as (process, address), connected(address) as under_way:
        path = "POST /api/v1/task-forces"
        head = (session, "Content-Type: application/json", f"Idempotency-Key: {key}")
        under_way.sendall(asking(path, *head, body=body)[: -len(body) // 2])
        client = httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE)
        with client, connected(address) as idle:
            assert client.get("/health/ready").status_code == 200
            process.send_signal(signal.SIGTERM)
            ready = client.get("/health/ready")
            while ready.status_code == 200:
                sleep(0.02)
                ready = client.get("/health/ready")
            assert (ready.status_code, ready.json()["status"]) == (503, "trouble")
            assert "server.stopping" in ready.json()["problems"]
            assert client.get("/health/live").status_code == 200
            refused = client.post(
                "/api/v1/task-forces",
                json=START,
                headers={"authorization": f"Bearer {token}", "idempotency-key": late},
            )
            assert (refused.status_code, refused.json()["code"]) == (503, "server.stopping")
            assert "retry-after" in refused.headers
            assert refused.headers["connection"] == "close"
            idle.sendall(asking(path, *head, body=body))
            assert one_answer(idle).status == 503
            under_way.sendall(body[-len(body) // 2 :])
            done = one_answer(under_way)
        assert (done.status, json.loads(done.body)["outcome"]) == (200, "accepted")
        assert process.wait(PATIENCE) == 0
    with Home(data) as home:
        assert home.log.end() == json.loads(done.body)["last"]
        home.caught_up()
        assert home.boards.tasks(json.loads(done.body)["made"])
