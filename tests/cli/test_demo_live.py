"""`handheld demo` as somebody tries it: the story, then a server with phones that answer."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from tests.cli.driving import Terminal, program
from tests.support_http import client
from tests.support_log import new_command

PATIENCE = 90.0
STOP = "Pressed twice"
SIGN = re.compile(r"^ ?(\w+) +([0-9a-z]{4}(?:-[0-9a-z]{4})+) ", re.MULTILINE)
LINK = re.compile(r"(http://\S+)/s#(\S+)")
POSTS = {
    "commander": "district_commander",
    "duty": "duty_officer",
    "township": "township_official",
    "village": "village_official",
    "department": "department_officer",
    "analyst": "department_officer",
}
FIELD = ["grid_head", "household_contact"]


class Demo(NamedTuple):
    """A demonstration that is live."""

    process: subprocess.Popen[str]
    address: str
    passwords: dict[str, str]
    links: list[str]

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        return client(f"{self.address}/api/v1", headers=headers, timeout=PATIENCE)

    def signed_in(self, account: str) -> httpx.Client:
        with self.client() as nobody:
            body = {"name": account, "password": self.passwords[account]}
            answer = nobody.post("/sign-in", json=body)
        assert answer.status_code == 200, answer.text
        return self.client(answer.json()["token"])

    def interrupted(self) -> tuple[str, str]:
        """Ctrl+C on its terminal; what it says to the end."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=PATIENCE)
        return out, err


def children(of: int) -> list[int]:
    """The processes that a process has started and that are still there."""
    found = Path(f"/proc/{of}/task/{of}/children").read_text().split()
    return [int(one) for one in found]


def there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def live(data: Path, scratch: Path) -> Generator[Demo]:
    scratch.mkdir()
    process = subprocess.Popen(
        program(data, *("demo", "workshop", "--port", "0", "--phones", "40", "--rate", "2000")),
        env={
            **os.environ,
            "HANDHELD_LANG": "en",
            "COLUMNS": "80",
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(scratch),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert process.stdout is not None
        said = ""
        while STOP not in said:
            line = process.stdout.readline()
            assert line, (said, process.stderr and process.stderr.read())
            said += line
        links = LINK.findall(said)
        yield Demo(process, links[0][0], dict(SIGN.findall(said)), [one for _, one in links])
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE)


def test_whoever_tries_it_signs_in_starts_something_and_sees_phones_answer(tmp_path: Path) -> None:
    # One visit, for a story is played before it.
    with live(tmp_path / "unused", tmp_path / "scratch") as demo:
        each_account_signs_in_to_the_post_that_it_names(demo)
        each_link_signs_in_once(demo)
        phones_answer_what_is_started_through_the_api(demo)
        (fleet,) = children(demo.process.pid)
        out, err = demo.interrupted()
        assert demo.process.returncode == 0, err
        assert "Nothing is lost and nothing is doubled." in out
        assert not there(fleet)
        assert list((tmp_path / "scratch").iterdir()) == []


def each_account_signs_in_to_the_post_that_it_names(demo: Demo) -> None:
    assert set(demo.passwords) == {*POSTS, "operator"}
    people = set()
    for account, role in POSTS.items():
        with demo.signed_in(account) as client:
            me = client.get("/me").json()
        assert [post["role"] for post in me["posts"]] == [role]
        assert me["synthetic"]
        people.add(me["actor"])
    assert len(people) == len(POSTS)
    with demo.signed_in("operator") as client:
        assert client.get("/me").json()["actor"] == "operator"


def each_link_signs_in_once(demo: Demo) -> None:
    roles = []
    with demo.client() as nobody:
        for number, secret in enumerate(demo.links):
            body = {"secret": secret, "device": {"id": f"phone-of-a-test-{number}"}}
            token = nobody.post("/sign-in/link", json=body).json()["token"]
            with demo.client(token) as client:
                roles += [post["role"] for post in client.get("/me").json()["posts"]]
            other = {"secret": secret, "device": {"id": "another-phone"}}
            assert nobody.post("/sign-in/link", json=other).status_code == 401
    assert roles == FIELD


def phones_answer_what_is_started_through_the_api(demo: Demo) -> None:
    order = {"text": "巡查本网格", "to": [{"role": "grid_head"}]}
    body = {"title": "道路抢通演练", "division": "330803", "orders": [order]}
    with demo.signed_in("duty") as client:
        started = client.post(
            "/task-forces",
            json=body,
            params={"drill": "true"},
            headers={"idempotency-key": new_command()},
        )
        assert started.status_code == 200, started.text
        about = {"task_force": started.json()["made"]}
        ends = time.monotonic() + PATIENCE
        count: Any = {}
        while time.monotonic() < ends:
            answer = client.get("/boards/divisions/330803", params=about)
            assert answer.status_code == 200, answer.text
            count = answer.json()["board"]["count"]
            if count["closed"] > 6:
                break
            time.sleep(0.1)
    # The grid head of the link is whoever tries it; nobody answers for them.
    assert count["closed"] > 6, count
    assert count["waiting"] >= 1, count


def test_a_port_that_is_taken_is_told_before_a_story_is_played(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = Terminal(tmp_path / "none").run("demo", "--data", tmp_path / "d", "--port", port)
    assert told.code == 1
    assert port in told.err
    assert "--port" in told.err
    assert not (tmp_path / "d").exists()
