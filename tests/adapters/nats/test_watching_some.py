"""A gateway with NATS and PostgreSQL: woken by its own places alone, and by the database without NATS."""

from __future__ import annotations

from pathlib import Path

import psycopg

from handheld.bootstrap import Home, Shared
from handheld.bootstrap.messaging import Messaging
from handheld.config import Settings
from handheld.domain.task_commands import Accept
from tests.support_cluster import settled
from tests.support_log import START, VILLAGE, person, started_tasks
from tests.support_nats import NatsServer, until
from tests.support_postgres import postgres

ELSEWHERE = "330825199"
LISTENING = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"


async def test_a_commit_elsewhere_does_not_wake_a_gateway_and_without_nats_all_do(
    server: NatsServer, tmp_path: Path
) -> None:
    with postgres() as database:
        where = settled(database.conninfo, tmp_path, 3)
        settings = Settings(nats=(server.url,), district=where.district)
        with (
            psycopg.connect(database.conninfo, autocommit=True) as looking,
            Home(Shared(where, ())) as api,
            Home(Shared(where, ())) as near,
            Home(Shared(where, ())) as far,
        ):

            def listening() -> int:
                (found,) = looking.execute(LISTENING).fetchone() or (0,)
                return int(found)

            def accept(number: int) -> None:
                api.execute(Accept(task=tasks[number]), person(number))

            tasks = started_tasks(api, 3)
            to_api, to_near, to_far = (Messaging(one, settings) for one in (api, near, far))
            to_near.wakes.watch(VILLAGE[:9])
            to_far.wakes.watch(ELSEWHERE)
            async with to_api.waking(), to_near.waking(), to_far.waking():
                await until(lambda: listening() == 3)
                for one in (to_near, to_far):
                    one.watch_some()
                await until(lambda: listening() == 1)
                before = near.log.stirred, far.log.stirred
                accept(0)
                await until(lambda: near.log.stirred == before[0] + 1)
                accept(1)
                await until(lambda: near.log.stirred == before[0] + 2)
                await until(lambda: far.boards.position == api.log.end())  # it looks at times
                api.execute(START, "operator")  # of the county: both are above, or below
                await until(lambda: far.log.stirred > before[1])
                assert far.log.stirred == before[1] + 1

                server.kill()
                await until(lambda: listening() == 3)
                before = near.log.stirred, far.log.stirred
                accept(2)
                await until(lambda: far.log.stirred > before[1])
                await until(lambda: near.log.stirred > before[0])

                server.start()
                await until(lambda: listening() == 1)
