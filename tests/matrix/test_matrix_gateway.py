"""Role × territory × department × membership over WebSocket, against the oracle: no difference.

Items of the inbox, boards that are watched, and commands: each as over HTTP.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.matrix.deeds import Deeds
from tests.matrix.lines import NO_FORCE
from tests.matrix.oracle import Oracle, Sees, Who, viewers
from tests.matrix.support_matrix import Matrix, none_wrong, sampled
from tests.matrix.world import DEPARTMENTS, DIVISIONS, GONE, county
from tests.support_gateway import Phone
from tests.support_server import served

MARK = re.compile("话[0-9]{3}语")
AT_ONCE = 32
Wrong = list[str]


class Door(NamedTuple):
    """What a phone must know of a server."""

    url: str


class Board(NamedTuple):
    """A board that is watched, and how much of it is for who watches."""

    wanted: dict[str, Any]
    view: Sees
    rows: Sees


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Generator[Matrix]:
    directory: Path = tmp_path_factory.mktemp("county") / "data"
    with county(directory) as world, served(world.home) as server:
        made = Matrix(world, server)
        try:
            yield made
        finally:
            made.close()


async def _each(matrix: Matrix, ask: Any) -> None:
    """One connection for everybody, a few side by side."""
    door: Any = Door(matrix.server.url.replace("http", "ws", 1) + "/api/v1/live")
    wrong: Wrong = []

    async def one(who: Who) -> None:
        token = matrix.token(who)
        device = "desk-0001" if who.analyst else f"device-{who.person}"
        async with Phone.of(door, who.person, device=device, token=token) as phone:
            await ask(who, phone, wrong)

    everybody = viewers(matrix.world)
    for start in range(0, len(everybody), 8):
        await asyncio.gather(*map(one, everybody[start : start + 8]))
    none_wrong(wrong)


def _leaks(matrix: Matrix, who: Who, text: str, *, names: bool = True) -> Wrong:
    oracle, world = matrix.oracle, matrix.world
    found = [w for w in set(MARK.findall(text)) if not oracle.reads(who, w)]
    told = [f"{who.label} reads {words} {world.words[words]}" for words in found]
    for person, name in world.names.items():
        forces = (None, *world.forces)
        if names and name in text and not any(oracle.name(who, person, f) for f in forces):
            told.append(f"{who.label} is told the name of {person}")
        if world.phones[person] in text and not any(oracle.phone(who, person, f) for f in forces):
            told.append(f"{who.label} is told the number of {person}")
        if person == GONE and (name in text or world.phones[person] in text):
            told.append(f"{who.label} is told who was erased")
    return told


async def test_items_are_whole_or_empty_as_the_pages_say(matrix: Matrix) -> None:
    counted: Counter[bool] = Counter()

    async def ask(who: Who, phone: Phone, wrong: Wrong) -> None:
        welcome = await phone.hello()
        await phone.until(welcome["head"])
        assert sorted(phone.stored) == list(range(1, welcome["head"] + 1))
        for item in phone.stored.values():
            hidden = item.get("hidden", False)
            counted[hidden] += 1
            if hidden:
                assert item.keys() == {"seq", "position", "hidden"}, item
                continue
            if not _may_have(matrix.oracle, who, item):
                wrong.append(f"{who.label} is sent {item}"[:500])
            wrong += _leaks(matrix, who, json.dumps(item, ensure_ascii=False))
        with matrix.client(who.label) as client:
            listed = client.get("/me/inbox?limit=500").json()
        assert listed["items"] == [phone.stored[n] for n in sorted(phone.stored)]

    await _each(matrix, ask)
    assert counted[False] > 20


def _may_have(oracle: Oracle, who: Who, item: dict[str, Any]) -> bool:
    stream: str = item["stream"]
    if stream.startswith("task-"):
        return oracle.task(who, stream).extent != "nothing"
    if stream.startswith("finding-"):
        return oracle.finding(who, stream).extent != "nothing"
    return oracle.task_force(who, stream).extent != "nothing"


async def test_a_board_is_shown_or_a_problem_as_the_pages_say(matrix: Matrix) -> None:
    counted: Counter[str] = Counter()

    async def ask(who: Who, phone: Phone, wrong: Wrong) -> None:
        await phone.hello(inbox=False)
        boards = list(_boards(matrix, who))
        for board in boards:
            await phone.say("watch", watch="one", board={**board.wanted, "rows": {"limit": 200}})
            answer = await _answer(phone)
            counted[answer["type"]] += 1
            seen = answer["type"] == "board"
            if seen != (board.view.extent != "nothing"):
                wrong.append(f"{who.label} {board.wanted}: {answer['type']}")
            if not seen:
                wrong += await _as_if_absent(phone, board, answer)
                continue
            shown = answer["board"]
            text = json.dumps(shown, ensure_ascii=False)
            wrong += _leaks(matrix, who, text, names=not board.rows.names)
            if ("names" in shown) > board.view.names:
                wrong.append(f"{who.label} {board.wanted}: named")
            if (shown.get("rows") is not None) != (board.rows.extent != "nothing"):
                wrong.append(f"{who.label} {board.wanted}: rows")
            await phone.say("unwatch", watch="one")

    await _each(matrix, ask)
    assert min(counted.values()) > 50, counted


async def _answer(phone: Phone) -> dict[str, Any]:
    while True:
        message = await phone.read()
        if message["type"] in ("board", "problem"):
            return message


def _boards(matrix: Matrix, who: Who) -> Generator[Board]:
    oracle = matrix.oracle
    for division in DIVISIONS:
        view = oracle.board(who, division)
        yield Board({"key": division}, view, view)
    for force in matrix.world.forces:
        course, late = oracle.course(who, force), oracle.late(who, force)
        yield Board({"key": "330825", "task_force": force}, course, late)
    for department in DEPARTMENTS:
        view = oracle.department_board(who, department)
        yield Board({"kind": "department", "key": department}, view, view)


async def _as_if_absent(phone: Phone, board: Board, answer: dict[str, Any]) -> Wrong:
    """What there is not is answered in the same words."""
    name = board.wanted.get("task_force") or board.wanted["key"]
    absent = NO_FORCE if name.startswith("tf-") else "330899" if name.isdigit() else "none-such"
    field = "task_force" if name.startswith("tf-") else "key"
    await phone.say("watch", watch="one", board={**board.wanted, field: absent})
    other = await _answer(phone)
    one = json.dumps(answer, ensure_ascii=False).replace(name, absent)
    return [] if one == json.dumps(other, ensure_ascii=False) else [f"{one} differs from {other}"]


async def test_commands_are_answered_as_the_pages_say(matrix: Matrix) -> None:
    counted: Counter[str] = Counter()

    async def ask(who: Who, phone: Phone, wrong: Wrong) -> None:
        await phone.hello(inbox=False)
        number = viewers(matrix.world).index(who)
        deeds = [
            deed
            for deed in sampled(Deeds(matrix.world, matrix.oracle, who).all(), number, 12)
            if not (deed.changes and deed.allowed)
        ]
        for start in range(0, len(deeds), AT_ONCE):
            some = deeds[start : start + AT_ONCE]
            commands = []
            for deed in some:
                for body in (deed.body, deed.absent or {"command": "none"}):
                    about = {} if deed.on_behalf_of is None else {"on_behalf_of": deed.on_behalf_of}
                    commands.append({"id": matrix.server.key(), "command": body, **about})
            await phone.say("do", commands=commands)
            for deed in some:
                one, other = await _told(phone), await _told(phone)
                code = one.get("code") or ""
                kind = "done" if one["type"] == "done" else code
                counted[kind] += 1
                if deed.hidden:
                    right = one["type"] == other["type"] == "failed"
                    if deed.absent is not None:
                        right = right and code == other["code"] and code.endswith(".unknown")
                elif deed.allowed:
                    right = one["type"] == "done" or ".own_" in code or code not in REFUSALS
                else:
                    right = one["type"] == "failed"
                if not right:
                    wrong.append(f"{who.label} {deed.body}: {one} {other}"[:600])

    await _each(matrix, ask)
    assert counted["done"] > 20, counted


REFUSALS = {
    "task.not_yours",
    "task.not_answerable",
    "task_force.not_in_command",
    "task_force.not_a_member",
    "finding.not_yours",
    "task.unknown",
    "task_force.unknown",
    "finding.unknown",
    "warning.unknown",
}


async def _told(phone: Phone) -> dict[str, Any]:
    while True:
        message = await phone.read()
        if message["type"] in ("done", "failed"):
            return message
