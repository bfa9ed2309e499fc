"""The line between processes and the database is cut without a word, and mended. For root only."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Generator
from functools import partial
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from handheld.adapters.api_client import health
from handheld.adapters.local_postgres import directory_of_its_own
from handheld.entrypoints.cluster.story import RECOVERY_SECONDS, TAKEOVER_SECONDS
from tests.support_cluster import BOARD, START, Crew, answers, crew_env, settled, until
from tests.support_netns import Machine, machine
from tests.support_postgres import Postgres

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes networks"),
]
FROM_PLAN = "/task-forces/from-plan"
BOUNDED_SECONDS = 30.0
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
            await made.add(far.member("follow", 1, env, folder), far.member("api", 1, env, folder))
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
        rows = (await crew.get("api-2", "/task-forces"))["rows"]
        return {done["made"], beside.json()["made"]} <= {row["task_force"] for row in rows}

    await until(stored, RECOVERY_SECONDS)
