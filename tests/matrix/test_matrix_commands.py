"""Role × relation × command over HTTP, against the oracle: no difference, and nothing to learn."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from handheld.entrypoints.http.command_table import PATHS
from tests.matrix.deeds import Deed, Deeds
from tests.matrix.oracle import Who, viewers
from tests.matrix.support_matrix import Matrix, each, none_wrong, sampled
from tests.matrix.world import county
from tests.support_server import served

AT_ONCE = 400
LEFT_OUT = {
    "duty.hand_over": "tests/application/test_register_commands.py asks it of every post",
    "finding.order": "of the finding and the task force both: tests/application/test_findings.py",
    "plan.adopt": "needs the former edition: tests/application/test_policy_as_decided.py",
}


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Generator[Matrix]:
    directory: Path = tmp_path_factory.mktemp("county") / "data"
    with county(directory) as world, served(world.home) as server:
        made = Matrix(world, server)
        try:
            yield made
        finally:
            made.close()


def test_every_command_has_a_line(matrix: Matrix) -> None:
    names = {path.command.__struct_config__.tag for path in PATHS}
    who = viewers(matrix.world)[0]
    told = {deed.body["command"] for deed in Deeds(matrix.world, matrix.oracle, who).all()}
    assert names - told == set(LEFT_OUT)


def test_everybody_may_what_the_pages_say_and_learns_nothing_else(matrix: Matrix) -> None:
    _done(matrix, one_in=4)


@pytest.mark.soak
def test_everybody_may_all_that_the_pages_say(matrix: Matrix) -> None:
    _done(matrix, one_in=1)


def _done(matrix: Matrix, one_in: int) -> None:
    counted: Counter[str] = Counter()

    def ask(who: Who) -> list[str]:
        number = viewers(matrix.world).index(who)
        deeds = [
            deed
            for deed in sampled(Deeds(matrix.world, matrix.oracle, who).all(), number, one_in)
            if not (deed.changes and deed.allowed)
        ]
        wrong: list[str] = []
        with matrix.client(who.label) as client:
            for start in range(0, len(deeds), AT_ONCE // 2):
                some = deeds[start : start + AT_ONCE // 2]
                for deed, one, other in _carried_out(matrix, client, some):
                    counted[_kind(one)] += 1
                    try:
                        _as_expected(deed, one, other)
                    except AssertionError as error:
                        wrong.append(f"{who.label} {deed.body} {one}: {error}"[:700])
        return wrong

    none_wrong(each(matrix, ask))
    assert {"404", "403", "done"} <= set(counted), counted


def _carried_out(
    matrix: Matrix, client: httpx.Client, deeds: list[Deed]
) -> Generator[tuple[Deed, Any, Any]]:
    bodies = []
    for deed in deeds:
        for body in (deed.body, deed.absent or {"command": "none"}):
            sent: dict[str, Any] = {"id": matrix.server.key(), "command": body}
            if deed.on_behalf_of is not None:
                sent["on_behalf_of"] = deed.on_behalf_of
            bodies.append(sent)
    answer = client.post("/commands", json={"commands": bodies})
    assert answer.status_code == 200, answer.text
    outcomes = answer.json()["outcomes"]
    yield from zip(deeds, outcomes[::2], outcomes[1::2], strict=True)


def _kind(one: Any) -> str:
    return str(one["problem"]["status"]) if "problem" in one else "done"


def _as_expected(deed: Deed, one: Any, other: Any) -> None:
    status = one["problem"]["status"] if "problem" in one else 200
    code = one["problem"]["code"] if "problem" in one else ""
    if deed.hidden:
        assert status == 404, "it is hidden"
        if deed.absent is not None:
            assert _bare(one, deed) == _bare(other, deed), "hidden and absent differ"
    elif deed.allowed:
        assert ".own_" in code or status not in (403, 404), "they may"
    else:
        assert status in (403, 400), "they may not"


def _bare(one: Any, deed: Deed) -> str:
    """A problem without the name of what it is about."""
    text = json.dumps(one["problem"], ensure_ascii=False, sort_keys=True)
    for body in (deed.body, deed.absent or {}):
        for key in ("task", "task_force", "finding", "warning", "plan"):
            if key in body:
                text = text.replace(body[key], "·").replace(body[key].removeprefix("plan-"), "·")
    return text
