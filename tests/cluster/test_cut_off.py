"""The line between processes and the database is cut without a word, and mended. For root only."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Generator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response

from handheld.adapters.api_client import health
from handheld.adapters.local_postgres import directory_of_its_own
from handheld.bootstrap import Home, Shared
from handheld.entrypoints.cluster.processes import Kind
from handheld.entrypoints.cluster.story import RECOVERY_SECONDS, TAKEOVER_SECONDS
from tests.support_attachments import hash_of, sample
from tests.support_cluster import (
    BOARD,
    PASSWORD,
    START,
    Crew,
    answers,
    closed,
    crew_env,
    hello,
    settled,
    until,
)
from tests.support_netns import Machine, machine
from tests.support_postgres import Postgres

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes networks"),
]
STRANGER = "x" * 43
FROM_PLAN = "/task-forces/from-plan"
BOUNDED_SECONDS = 10.0
"""No answer takes longer, whatever is cut."""


@pytest.fixture(scope="module")
def far() -> Generator[Machine]:
    with machine() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crew(far: Machine, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Crew]:
    folder: Path = tmp_path_factory.mktemp("crew")
    with directory_of_its_own() as directory:
        server = Postgres(directory, listen_addresses=far.database)
        with (server.data / "pg_hba.conf").open("a") as allowed:
            allowed.write(f"host all all {far.database}/24 trust\n")
        server.start()
        made = Crew(server, settled(server.conninfo, folder), folder)
        there = server.conninfo.replace(str(server.directory), far.database)
        env = crew_env(made.where, HANDHELD_DATABASE=there)
        try:
            kinds: tuple[Kind, ...] = ("follow", "api", "gateway")
            await made.add(*(far.member(kind, 1, env, folder) for kind in kinds))
            await made.start(("follow", 2), ("api", 2))
            yield made
        finally:
            await made.stop()
            server.stop()


async def test_what_is_cut_off_says_so_and_hands_over_and_works_again_when_the_line_does(
    crew: Crew, far: Machine
) -> None:
    key = {"Idempotency-Key": crew.key()}

    async def start(key: dict[str, str]) -> httpx.Response:
        return await crew.ask("api-1", "POST", FROM_PLAN, json=START, headers=key)

    async def it_has_none() -> bool:
        found = await health(crew.address("follow-1"))
        return bool(found) and not found.get("duties")

    async def another_has() -> bool:
        duties = (await health(crew.address("follow-2"))).get("duties", ())
        return {"projector", "reactions"} <= set(duties)

    async def handed_over() -> httpx.Response:
        await asyncio.gather(
            until(it_has_none, TAKEOVER_SECONDS), until(another_has, TAKEOVER_SECONDS)
        )
        found = await health(crew.address("follow-1"))  # it answers, and says what is wrong
        assert (found["status"], found["problems"]) == ("trouble", ["database.away"])
        return await crew.ask(
            "api-2", "POST", FROM_PLAN, json=START, headers={"Idempotency-Key": crew.key()}
        )

    assert await crew.holder("projector") == "follow-1"
    assert (await start({"Idempotency-Key": crew.key()})).is_success
    far.cut()
    try:
        async with asyncio.timeout(BOUNDED_SECONDS):
            beside, *found = await asyncio.gather(
                handed_over(),
                start(key),
                *(crew.ask("api-1", "GET", path) for path in (BOARD, "/task-forces")),
            )
    finally:
        far.mend()
    assert [one.status_code for one in found] == [503] * 3, [one.text for one in found]
    assert found[0].json()["code"] == "database.away"
    assert all(one.headers["retry-after"] for one in found)

    async def works() -> httpx.Response | None:
        answer = await start(key)
        return answer if answer.is_success else None

    done = (await until(works, RECOVERY_SECONDS)).json()
    again = (await start(key)).json()
    assert (again["first"], again["repeated"]) == (done["first"], True)
    assert done["first"] == beside.json()["last"] + 1
    for name in ("api-1", "follow-1"):
        await until(partial(answers, crew.members[name]), RECOVERY_SECONDS)
    await crew.members["follow-2"].kill()

    async def it_has_all_again() -> bool:
        return await crew.holder("projector") == await crew.holder("reactions") == "follow-1"

    await until(it_has_all_again, TAKEOVER_SECONDS)

    async def stored() -> bool:
        found = await crew.ask("api-2", "GET", "/task-forces")
        if found.json().get("code") == "fold.late":  # who has the duty now has begun just now
            return False
        rows = {row["task_force"] for row in found.json()["rows"]}
        return {done["made"], beside.json()["made"]} <= rows

    await until(stored, RECOVERY_SECONDS)
    with Home(Shared(crew.where, ())) as home:  # no view was stored by one whose duty was over
        await asyncio.to_thread(home.caught_up)
        checks = home.verify()
    assert all(check.same for check in checks), checks


async def test_who_cannot_be_known_while_the_line_is_cut_holds_up_nobody_else(
    crew: Crew, far: Machine
) -> None:
    shown = {"Authorization": f"Bearer {STRANGER}"}

    async def refused() -> Response:
        with pytest.raises(InvalidStatus) as found:
            await connect(crew.live("gateway-1"), additional_headers=shown, proxy=None)
        return found.value.response

    async def lives(name: str) -> int:
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(f"{crew.address(name)}/health/live")).status_code

    live, known = crew.live("gateway-1"), {"Authorization": f"Bearer {crew.operator}"}
    async with (
        connect(live, additional_headers=known, proxy=None) as socket,
        connect(live, proxy=None) as ticketed,
    ):
        await socket.send(hello("desk-0000"))
        assert '"welcome"' in str(await socket.recv())
        far.cut()
        try:
            asking = asyncio.create_task(crew.ask("api-1", "GET", "/me", STRANGER))
            knocking = asyncio.create_task(refused())
            await ticketed.send(hello("desk-0009", ticket="a ticket of another process"))
            leaving = asyncio.create_task(closed(ticketed))
            for _ in range(5):
                assert await lives("api-1") == await lives("gateway-1") == 200
                found = await crew.ask("api-1", "POST", FROM_PLAN, json={})
                assert found.json()["code"] == "request.key_missing"
                await (await socket.ping())
            assert not any(one.done() for one in (asking, knocking, leaving))
            async with asyncio.timeout(BOUNDED_SECONDS):
                told, at_door, code = await asyncio.gather(asking, knocking, leaving)
        finally:
            far.mend()
    assert (told.status_code, told.json()["code"]) == (503, "database.away")
    assert at_door.status_code == 503
    assert told.headers["retry-after"]
    assert at_door.headers["retry-after"]
    assert code == 1013

    async def is_nobody() -> bool:
        again = await crew.ask("api-1", "GET", "/me", STRANGER)
        return again.status_code == 401 and (await refused()).status_code == 401

    await until(is_nobody, RECOVERY_SECONDS)


async def test_whatever_needs_the_database_says_that_it_is_away(crew: Crew, far: Machine) -> None:
    photo = sample("gps.jpg")
    device = {"id": "desk-0007", "kind": "desk"}
    jpeg = {"content-type": "image/jpeg"}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/sign-in", {"json": {"name": "ops", "password": PASSWORD, "device": device}}),
        ("POST", "/sign-in/link", {"json": {"secret": "x" * 43, "device": device}}),
        ("POST", "/me/tickets", {"json": {}}),
        ("GET", "/task-forces", {}),
        ("GET", BOARD, {}),
        ("GET", "/people", {}),
        ("POST", "/sign-out", {"json": {}}),
        ("PUT", f"/attachments/{hash_of(photo)}", {"content": photo, "headers": jpeg}),
    ]
    async with asyncio.TaskGroup() as ready:
        for name in ("api-1", "gateway-1"):
            ready.create_task(until(partial(answers, crew.members[name])))
    far.cut()
    try:
        async with asyncio.timeout(BOUNDED_SECONDS):
            found = await asyncio.gather(
                *(crew.ask("api-1", method, path, **how) for method, path, how in asked)
            )
    finally:
        far.mend()
    told = {
        f"{method} {path}": (one.status_code, one.json().get("code"), "retry-after" in one.headers)
        for (method, path, _), one in zip(asked, found, strict=True)
    }
    assert set(told.values()) == {(503, "database.away", True)}, told
