"""What may be somebody's is gathered by index: nobody looks through the tasks of all others."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from handheld.adapters import registers_search as search
from handheld.adapters.database import Database
from handheld.application.register_queries import Query, TaskQuery
from handheld.application.register_reach import Narrowed, Reach
from tests.support_registers import Incidents, shelf
from tests.support_story import GRID, PEOPLE, TOWNSHIP, write
from tests.support_views import database_of


def reach(**where: tuple[str, ...]) -> Reach:
    """Of somebody with nothing but what is given."""
    nothing = dict.fromkeys(
        (
            "territories",
            "rooms",
            "areas",
            "above",
            "units",
            "desks",
            "departments",
            "answers",
            "leads",
        ),
        (),
    )
    return Reach(person=PEOPLE[0], **{**nothing, **where})


@pytest.mark.parametrize(
    "theirs",
    [
        reach(),
        reach(territories=(GRID,), areas=(GRID,), units=(GRID,)),
        reach(areas=(TOWNSHIP,), departments=("water",), answers=("water",)),
    ],
    ids=["field person", "grid head", "stationed officer"],
)
def test_tasks_of_a_grid_or_a_department_are_gathered_by_index(
    tmp_path: Path, theirs: Reach
) -> None:
    with shelf(tmp_path) as here:
        here.keeper()
        with here.views.reading() as c:
            made = search.statement_of(
                search.Look(c, "sqlite"), TaskQuery(), Narrowed(reach=theirs)
            )
            c.execute(
                f"EXPLAIN QUERY PLAN SELECT 1 FROM register_tasks WHERE {made.where.text()} "
                "ORDER BY first DESC LIMIT 51",
                made.where.values,
            )
            steps = [row[3] for row in c.fetchall()]
    assert steps
    assert [step for step in steps if step.startswith("SCAN register_tasks")] == []


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    return database_of(request, tmp_path)


def test_rows_of_a_narrowed_query_are_rows_of_the_query_in_its_order(
    tmp_path: Path, database: Database
) -> None:
    query: Query = TaskQuery(drill=None, cancelled=None)
    with shelf(tmp_path, database=database) as here:
        write(here.log, Incidents(random.Random(7).randrange).tell(400))
        keeper = here.keeper()
        keeper.catch_up()
        everything = list(keeper.scan(query, Narrowed(), None, 10_000))
        assert len(everything) > 50
        assert keeper.count(query, Narrowed(), 10_000) == len(everything)
        theirs = Narrowed(reach=reach(territories=(TOWNSHIP,)))
        found = list(keeper.scan(query, theirs, None, 10_000))
        expected = [
            (first, row)
            for first, row in everything
            if row.person == PEOPLE[0] or row.division.startswith(TOWNSHIP)
        ]
        assert [one for one in found if one in expected] == expected
        inside = Narrowed(reach=reach(territories=(TOWNSHIP,)), inside=True)
        outside = Narrowed(reach=reach(territories=(TOWNSHIP,)), inside=False)
        parts = [keeper.count(query, each, 10_000) for each in (inside, outside)]
        assert sum(parts) == len(found)
        some = tuple(row.task for _, row in everything[:3])
        assert list(keeper.scan(query, Narrowed(only=some), None, 10)) == everything[:3]
        first, _ = everything[1]
        assert list(keeper.scan(query, Narrowed(), first, 2)) == everything[2:4]
