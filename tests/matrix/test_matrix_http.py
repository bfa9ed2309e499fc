"""Role × territory × department × membership × route over HTTP, against the oracle: no difference."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from tests.matrix.lines import NO_FORCE, Ask, lines
from tests.matrix.oracle import Who
from tests.matrix.support_matrix import Matrix, each, none_wrong, sampled
from tests.matrix.world import GONE, county
from tests.support_server import served

MARK = re.compile("话[0-9]{3}语")
Plain = tuple[str, dict[str, str]]
VARIES = {"date", "x-request-id", "content-length"}


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Generator[Matrix]:
    directory: Path = tmp_path_factory.mktemp("county") / "data"
    with county(directory) as world, served(world.home) as server:
        made = Matrix(world, server)
        try:
            yield made
        finally:
            made.close()


def test_every_route_that_is_read_has_a_line(matrix: Matrix) -> None:
    document = matrix.operator.get("/openapi.json").json()
    paths = {
        path.removeprefix("/api/v1") for path, item in document["paths"].items() if "get" in item
    }
    made = lines(matrix.asking(Who("person-SYN-dc1")))
    assert {path for path in paths if not path.startswith(("/health/", "/metrics"))} == set(made)


def test_everybody_is_answered_as_the_pages_say(matrix: Matrix) -> None:
    _asked(matrix, one_in=7)


@pytest.mark.soak
def test_everybody_is_answered_everything_as_the_pages_say(matrix: Matrix) -> None:
    _asked(matrix, one_in=1)


def _asked(matrix: Matrix, one_in: int) -> None:
    """Of each line every so-many-th question, not the same to everybody."""
    matrix.every = 2 * one_in - 1
    answered: Counter[int] = Counter()

    def ask(who: Who) -> list[str]:
        wrong: list[str] = []
        known: dict[str, Plain] = {}
        asking = matrix.asking(who)
        with matrix.client(who.label) as client:
            for line, asks in lines(asking).items():
                for one in sampled(asks(), asking.number, one_in):
                    answered[one.status] += 1
                    try:
                        _answered(matrix, client, who, one, known)
                    except (AssertionError, KeyError) as error:
                        wrong.append(f"{who.label} {line} {one.path}: {error}"[:600])
        return wrong

    none_wrong(each(matrix, ask))
    assert min(answered[200], answered[404]) > 200, answered


def test_a_version_that_was_seen_tells_nothing_of_what_is_hidden(matrix: Matrix) -> None:
    world, oracle = matrix.world, matrix.oracle
    for who in (Who("person-SYN-dc2"), Who("person-SYN-hc2"), Who("person-SYN-vo3")):
        for force, known in world.forces.items():
            if oracle.task_force(who, force).extent != "nothing":
                continue
            with matrix.client(who.label) as client:
                for match in ('"1"', '"999"', "*"):
                    headers = {"if-match": match, "idempotency-key": matrix.server.key()}
                    path = "/task-forces/{}/orders/" + known.orders[0] + "/amend"
                    body = {"reason": "改", "text": "改成"}
                    hidden = client.post(path.format(force), json=body, headers=headers)
                    headers["idempotency-key"] = matrix.server.key()
                    absent = client.post(path.format(NO_FORCE), json=body, headers=headers)
                    assert hidden.status_code == 404, (match, hidden.text)
                    found, headed = _plain(hidden)
                    assert (found.replace(force, NO_FORCE), headed) == _plain(absent)


def test_a_page_by_page_walk_shows_the_same_rows_and_no_more(matrix: Matrix) -> None:
    """A cursor goes over what is hidden without a sign of it."""
    keys = {"/task-forces": "task_force", "/tasks": "task", "/findings": "finding"}
    for who in (Who("person-SYN-to2"), Who("person-SYN-hc1"), Who("person-SYN-wh")):
        with matrix.client(who.label) as client:
            for path, key in keys.items():
                whole = client.get(f"{path}?limit=500").json()
                walked: list[str] = []
                page = client.get(f"{path}?limit=1").json()
                while True:
                    assert page["count"] == whole["count"]
                    walked += [one[key] for one in page["rows"]]
                    if page["next"] is None:
                        break
                    page = client.get(f"{path}?limit=1&cursor={page['next']}").json()
                assert walked == [one[key] for one in whole["rows"]]


def _answered(
    matrix: Matrix, client: httpx.Client, who: Who, one: Ask, known: dict[str, Plain]
) -> None:
    answer = client.get(one.path)
    assert answer.status_code == one.status, f"{answer.status_code} for {one.status}"
    if one.hides is not None:
        _as_if_absent(client, one.path, one.hides, answer, known)
    is_json = "json" in answer.headers.get("content-type", "")
    if is_json and one.path not in ("/openapi.json", "/asyncapi.json"):
        _no_leak(matrix, who, one.path, answer.text)
    if one.check is not None:
        one.check(answer.json())


def _as_if_absent(
    client: httpx.Client,
    path: str,
    hides: tuple[str, str],
    answer: httpx.Response,
    known: dict[str, Plain],
) -> None:
    name, absent = hides
    elsewhere = path.replace(name, absent)
    if elsewhere not in known:
        known[elsewhere] = _plain(client.get(elsewhere))
    body, headers = _plain(answer)
    for one, other in ((name, absent), (_bare(name), _bare(absent))):
        body = body.replace(one, other)
    assert (body, headers) == known[elsewhere], "hidden and absent differ"


def _bare(name: str) -> str:
    """As people read it: nobody is called by the name of a stream."""
    return name.removeprefix("person-")


def _plain(answer: httpx.Response) -> Plain:
    """Body and headers without what differs from one request to the next."""
    headers = {k: v for k, v in answer.headers.items() if k not in VARIES}
    return answer.text.replace(answer.headers.get("x-request-id", "-"), ""), headers


def _no_leak(matrix: Matrix, who: Who, path: str, text: str) -> None:
    """No words that are not for them, no name and no number, wherever these may stand."""
    oracle, world = matrix.oracle, matrix.world
    for words in set(MARK.findall(text)):
        assert oracle.reads(who, words), f"{words} {world.words[words]}"
    forces = (None, *world.forces)
    for person, name in world.names.items():
        if name in text and not path.startswith("/boards"):
            assert person != GONE, "a name that was erased"
            assert any(oracle.name(who, person, f) for f in forces), f"the name of {person}"
        if world.phones[person] in text:
            assert person != GONE, "a number that was erased"
            assert any(oracle.phone(who, person, f) for f in forces), f"the number of {person}"
