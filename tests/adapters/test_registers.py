"""Registers on real files: the same however they were made, searched, filtered and paged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from handheld.application.following import Batch
from handheld.application.register_keeper import FOLD, RegisterKeeper, differences
from handheld.application.register_queries import (
    COUNTED,
    FindingQuery,
    Page,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
)
from handheld.domain.errors import Malformed
from handheld_events import division, finding, person, task, task_force, warning
from handheld_events.envelope import About
from handheld_events.ids import order_id
from handheld_projections.open_tasks import (
    STATES,
)
from handheld_projections.register import Register, Rows
from handheld_projections.register_rows import COLUMNS, TaskRow
from tests.support_postgres import Postgres
from tests.support_registers import Incidents, Shelf, boxed, shelf
from tests.support_story import (
    DISTRICT,
    GRID,
    PEOPLE,
    START,
    TOWNSHIP,
    VILLAGE,
    Fact,
    Facts,
    cut,
    write,
)
from tests.support_views import database_of

NEIGHBOUR = "330825102"


@pytest.fixture(params=["sqlite", "postgresql"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    with shelf(tmp_path, database=database_of(request, tmp_path)) as opened:
        yield opened


def a_story(seed: int, steps: int = 300) -> list[Fact]:
    return Incidents(random.Random(seed).randrange).tell(steps)


def stored(here: Shelf) -> dict[str, set[tuple[object, ...]]]:
    registers = here.registers()
    return {table: set(registers.rows(table)) for table in COLUMNS}


@pytest.mark.parametrize("seed", range(6))
def test_registers_made_in_any_slices_are_those_made_at_once(
    tmp_path: Path, server: Postgres, seed: int
) -> None:
    """The ones in PostgreSQL, the others in SQLite."""
    facts = a_story(seed)
    pick = random.Random(seed)
    slices = cut(facts, [pick.randrange(len(facts)) for _ in range(pick.randrange(40))])
    with (
        shelf(tmp_path / "sliced", database=server.database()) as sliced,
        shelf(tmp_path / "whole") as whole,
    ):
        for some in slices:
            write(sliced.log, some)
            if pick.randrange(3):
                assert sliced.keeper().catch_up() == sliced.log.end()
        sliced.keeper().catch_up()
        write(whole.log, facts)
        assert whole.keeper().catch_up() == len(facts)
        assert stored(sliced) == stored(whole)
        for made in (sliced, whole):
            count, found = differences(made.log, made.registers(), made.keyring)
            assert (count, found) == (sum(map(len, stored(made).values())), "")


def test_what_is_stored_is_what_the_fold_says(here: Shelf) -> None:
    facts = a_story(7)
    write(here.log, facts)
    here.keeper().catch_up()
    rows, register = Rows(), Register()
    changes = register.changes(facts)
    for values in (*changes.new["people"].values(), *changes.changed["people"].values()):
        for name in ("name", "phone"):
            sealed: Any = values.get(name)
            if sealed is not None:
                values[name] = sealed.box.decode()
    rows.apply(changes)
    assert stored(here) == {table: set(rows.of(table).values()) for table in COLUMNS}


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE register_tasks SET state = (state + 1) % 6 WHERE first = (SELECT max(first) "
        "FROM register_tasks)",
        "DELETE FROM register_findings WHERE first = (SELECT max(first) FROM register_findings)",
        "UPDATE register_task_forces SET title_words = 'x'",
        "DELETE FROM register_warning_divisions",
        "INSERT INTO register_divisions (first, division, name) VALUES (99999, '339999', '无')",
    ],
)
def test_a_row_that_was_tampered_with_is_named(here: Shelf, spoil: str) -> None:
    write(here.log, a_story(3))
    here.keeper().catch_up()
    with here.views.writing() as c:
        c.execute(spoil)
    _, found = differences(here.log, here.registers(), here.keyring)
    assert found.split()[0] in spoil.replace("_warning_divisions", "_warnings")
    assert len(found.split()) == 2


def test_a_dropped_cursor_means_made_anew(here: Shelf) -> None:
    write(here.log, a_story(2))
    here.keeper().catch_up()
    before = stored(here)
    here.views.drop(FOLD)
    keeper = here.keeper()
    assert keeper.position == 0
    assert not any(stored(here).values())
    keeper.catch_up()
    assert stored(here) == before


def test_other_readings_of_characters_mean_made_anew(here: Shelf) -> None:
    write(here.log, a_story(2))
    here.keeper().catch_up()
    with here.views.writing() as c:
        c.execute("UPDATE register_facts SET value='0.1' WHERE name='readings'")
    assert here.keeper().position == 0


def test_the_fold_stops_at_a_fact_of_its_streams_that_cannot_be_read(here: Shelf) -> None:
    write(here.log, a_story(1, 60))
    with here.log.datastore.transaction(commit=True) as c:  # type: ignore[attr-defined]
        c.execute("SELECT max(position) FROM stored_events WHERE originator_id GLOB 'task-*'")
        at = c.fetchone()[0]
        c.execute("UPDATE stored_events SET topic='task.later.v9' WHERE position=?", (at,))
    keeper = here.keeper()
    keeper.catch_up()
    assert keeper.stopped is not None
    assert (keeper.stopped.fold, keeper.stopped.position, keeper.position) == (FOLD, at, at - 1)
    assert here.registers().cursor() == at - 1
    keeper.take(Batch([], here.log.end()))
    assert keeper.position == at - 1


# --- searching ----------------------------------------------------------------------------------


def told(here: Shelf) -> tuple[RegisterKeeper, dict[str, str]]:
    """A workshop that must go, a typhoon in a drill, a tree across the road, two warnings."""
    facts, names = Facts(), {}
    for code, name in (
        (DISTRICT, "龙游县"),
        (TOWNSHIP, "横山镇"),
        (VILLAGE, "希塘村"),
        (GRID, "第一网格"),
    ):
        facts.new_command()
        facts.add(
            f"division-{code}",
            division.DivisionRegistered(code=code, name=name, synthetic=True),
            About(division=code),
        )
    for who, name, phone in (
        (PEOPLE[0], "单于乐", "13800000001"),
        (PEOPLE[1], "王小明", None),
        (PEOPLE[2], "欧阳 Anna", "13800000003"),
    ):
        facts.new_command()
        sealed = None if phone is None else boxed(who, phone)
        event = person.PersonRegistered(name=boxed(who, name), phone=sealed, synthetic=True)
        facts.add(who, event, About(division=DISTRICT, person=who))
    for key, title, place, words, drill, places in (
        ("workshop", "违章拆除", "双桥乡豆腐作坊", "到现场集合", False, [(0, VILLAGE), (1, GRID)]),
        ("typhoon", "台风“烟花”ＡＢ", None, "走访联系户", True, [(1, NEIGHBOUR)]),
    ):
        command = facts.new_command()
        stream = names[key] = f"tf-{command}"
        start = task_force.TaskForceStarted(
            title=title, place=place, division=DISTRICT, organisation_at=0, level="IV"
        )
        facts.add(stream, start, About(division=DISTRICT, task_force=stream), drill=drill)
        order = names[f"{key} order"] = order_id(facts.new_command(), 0)
        said = task_force.OrderIssued(order=order, text=words, tasks=len(places))
        facts.add(stream, said, drill=drill)
        for number, where in places:
            name = facts.dispatch(stream, order, PEOPLE[number], where, drill=drill)
            names[f"{key} {number}"] = name
        facts.wait(3600)
    facts.new_command()
    about = About(division=GRID, person=PEOPLE[1])
    tree = finding.FindingReported(text="大树横倒路上", division=GRID, desk=VILLAGE, place="村口")
    facts.add("finding-1", tree, about)
    facts.add("finding-2", replaced(tree, text="井盖丢失", place="长街"), about)
    levels: tuple[warning.WarningLevel, ...] = ("red", "blue")
    for number, (level, where) in enumerate(zip(levels, (DISTRICT, GRID), strict=True), 1):
        facts.new_command()
        content = warning.WarningContent(
            event="台风", level=level, headline=f"台风预警{number}号", divisions=(where,)
        )
        received = warning.WarningReceived(source="telephone", content=content)
        facts.add(f"warning-{number}", received)
    write(here.log, facts.facts)
    keeper = here.keeper()
    keeper.catch_up()
    return keeper, names


def replaced(event: finding.FindingReported, **changes: Any) -> finding.FindingReported:
    return msgspec.structs.replace(event, **changes)


def keys(page: Page[Any]) -> list[str]:
    return [getattr(row, row.__struct_fields__[0]) for row in page.rows]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("拆除", ["workshop"]),  # two characters
        ("除", ["workshop"]),
        ("章拆 双桥", ["workshop"]),  # each word somewhere
        ("wzcc", ["workshop"]),
        ("WZCC", ["workshop"]),
        ("sqx", ["workshop"]),  # the place
        ("df", ["workshop"]),  # in the middle of it
        ("集合", ["workshop"]),  # the words of its order
        ("龙游", ["typhoon", "workshop"]),  # the name of its division
        ("lyx", ["typhoon", "workshop"]),
        ("烟花ab", []),  # the closing quotation mark is between
        ("烟花”ab", ["typhoon"]),  # full-width letters
        ("tfyhab", ["typhoon"]),  # initials pass over punctuation
        ("拆违", []),
        ("wzc%", []),
        ("[w]zcc", []),
        ("_", []),
    ],
)
def test_task_forces_are_found_by_parts_of_words_and_by_initials(
    here: Shelf, words: str, expected: list[str]
) -> None:
    keeper, names = told(here)
    page = keeper.task_forces(TaskForceQuery(words=words, drill=None))
    assert keys(page) == [names[key] for key in expected]
    assert (page.count, page.more) == (len(expected), False)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("拆除", ["workshop 1", "workshop 0"]),
        ("走访", ["typhoon 1"]),
        ("希塘", ["workshop 1", "workshop 0"]),  # the grid lies in the village
        ("王小明", ["typhoon 1", "workshop 1"]),
        ("syl", ["workshop 0"]),  # 单于乐: every reading of each character
        ("cyy", ["workshop 0"]),
        ("dyl", ["workshop 0"]),
        ("wzcc wxm", ["workshop 1"]),
        ("13800000001", []),  # a telephone number finds people, not tasks
    ],
)
def test_tasks_are_found_by_what_they_are_about_and_by_whom_they_are_for(
    here: Shelf, words: str, expected: list[str]
) -> None:
    keeper, names = told(here)
    page = keeper.tasks(TaskQuery(words=words, drill=None))
    assert keys(page) == [names[key] for key in expected]


def test_findings_warnings_and_people_are_found(here: Shelf) -> None:
    keeper, _ = told(here)
    assert keys(keeper.findings(FindingQuery(words="横倒"))) == ["finding-1"]
    assert keys(keeper.findings(FindingQuery(words="zj"))) == ["finding-2"]  # 长街: chang, zhang
    assert keys(keeper.findings(FindingQuery(words="横山 井盖"))) == ["finding-2"]
    assert keys(keeper.warnings(WarningQuery(words="tfyj"))) == ["warning-2", "warning-1"]
    assert keys(keeper.warnings(WarningQuery(words="希塘 2号"))) == ["warning-2"]
    assert keys(keeper.people("小明")) == [PEOPLE[1]]
    assert keys(keeper.people("oyanna")) == [PEOPLE[2]]
    assert keys(keeper.people("0000003")) == [PEOPLE[2]]
    assert keys(keeper.people("")) == list(PEOPLE[:3])
    (found,) = keeper.people("syl").rows
    assert (found.name, found.phone, found.synthetic) == ("单于乐", "13800000001", True)


# --- filters ------------------------------------------------------------------------------------


def test_drills_are_shown_only_to_those_who_ask(here: Shelf) -> None:
    keeper, names = told(here)
    assert keys(keeper.task_forces(TaskForceQuery())) == [names["workshop"]]
    assert keys(keeper.task_forces(TaskForceQuery(drill=True))) == [names["typhoon"]]
    assert keys(keeper.tasks(TaskQuery(drill=True))) == [names["typhoon 1"]]


def test_a_warning_for_the_county_is_one_for_its_grids(here: Shelf) -> None:
    keeper, _ = told(here)
    both = ["warning-2", "warning-1"]
    assert keys(keeper.warnings(WarningQuery(division=GRID))) == both
    assert keys(keeper.warnings(WarningQuery(division=VILLAGE))) == both
    assert keys(keeper.warnings(WarningQuery(division=NEIGHBOUR))) == ["warning-1"]
    assert keys(keeper.warnings(WarningQuery(levels=("blue", "yellow")))) == ["warning-2"]


def matching(rows: list[TaskRow], query: TaskQuery) -> list[str]:
    """The brute-force oracle."""

    def fits(row: TaskRow) -> bool:
        wanted = [
            query.division is None or row.division.startswith(query.division),
            query.drill is None or row.drill == query.drill,
            query.since is None or row.dispatched_at >= query.since,
            query.until is None or row.dispatched_at < query.until,
            not query.states or row.state in query.states,
            query.overdue is None or row.overdue == query.overdue,
            query.person is None or row.person == query.person,
            query.order is None or row.order == query.order,
            query.task_force is None or row.task_force == query.task_force,
            query.cancelled is None or row.cancelled == query.cancelled,
            query.sort == "newest" or row.state in STATES[:3],
        ]
        return all(wanted)

    found = [row.task for row in rows if fits(row)]
    return found if query.sort == "newest" else found[::-1]


def every(keeper: RegisterKeeper, **filters: Any) -> list[TaskRow]:
    """All pages, one after the other."""
    rows: list[TaskRow] = []
    page = keeper.tasks(TaskQuery(**filters))
    rows += page.rows
    while page.next is not None:
        page = keeper.tasks(TaskQuery(**filters, cursor=page.next))
        rows += page.rows
        assert len({row.task for row in rows}) == len(rows)
    return rows


def test_filters_find_what_looking_at_every_task_finds(here: Shelf) -> None:
    facts = a_story(11, 900)
    write(here.log, facts)
    keeper = here.keeper()
    keeper.catch_up()
    rows = every(keeper, drill=None, cancelled=None, limit=500)
    assert len(rows) == sum(isinstance(f.event, task.TaskDispatched) for f in facts)
    pick = random.Random(1)
    orders, forces = [r.order for r in rows], [r.task_force for r in rows]
    some = 0
    for _ in range(300):
        query = TaskQuery(
            division=pick.choice([None, None, DISTRICT, TOWNSHIP, VILLAGE, GRID]),
            drill=pick.choice([None, False, True]),
            since=pick.choice([None, None, START + timedelta(hours=6)]),
            until=pick.choice([None, None, START + timedelta(hours=30)]),
            states=tuple(pick.sample(STATES, pick.choice([0, 0, 1, 3]))),
            overdue=pick.choice([None, None, True, False]),
            person=pick.choice([None, None, PEOPLE[0]]),
            order=pick.choice([None, None, None, pick.choice(orders)]),
            task_force=pick.choice([None, None, None, pick.choice(forces)]),
            cancelled=pick.choice([None, False, True]),
            sort=pick.choice(["newest", "waiting"]),
            limit=500,
        )
        page = keeper.tasks(query)
        expected = matching(rows, query)
        assert keys(page) == expected
        assert page.count == len(expected)
        some += bool(expected)
    assert some > 50


# --- pages --------------------------------------------------------------------------------------


def many(here: Shelf, tasks: int) -> tuple[RegisterKeeper, Facts, list[str]]:
    facts = Facts()
    stream = facts.start()
    names = []
    for _ in range(-(-tasks // len(PEOPLE))):
        names += facts.order(stream, [(who, VILLAGE) for who in PEOPLE])
    write(here.log, facts.facts)
    keeper = here.keeper()
    keeper.catch_up()
    return keeper, facts, names


@pytest.mark.parametrize("sort", ["newest", "waiting"])
def test_pages_show_every_row_once(here: Shelf, sort: str) -> None:
    keeper, _, names = many(here, 64)
    expected = names[::-1] if sort == "newest" else names
    for limit in (1, 7, 32, 63, 64, 500):
        assert [row.task for row in every(keeper, sort=sort, limit=limit)] == expected


def test_pages_stay_whole_while_rows_change_and_others_come(here: Shelf) -> None:
    keeper, facts, names = many(here, 40)
    done = len(facts.facts)
    first = keeper.tasks(TaskQuery(limit=15))
    facts.wait(60)
    (later,) = facts.order(facts.facts[0].stream, [(PEOPLE[0], VILLAGE)])
    for name in names[20:30]:
        facts.new_command()
        facts.add(name, task.TaskAccepted())
    write(here.log, facts.facts[done:])
    keeper.catch_up()
    second = keeper.tasks(TaskQuery(limit=500, cursor=first.next))
    assert keys(first) + keys(second) == names[::-1]
    assert second.next is None
    assert keys(keeper.tasks(TaskQuery(limit=1))) == [later]


def test_a_cursor_of_another_query_is_refused(here: Shelf) -> None:
    keeper, _, _ = many(here, 16)
    cursor = keeper.tasks(TaskQuery(limit=3)).next
    assert cursor is not None
    assert len(keeper.tasks(TaskQuery(limit=9, cursor=cursor)).rows) == 9  # more rows at once
    for query in (
        TaskQuery(cursor=cursor, division=VILLAGE),
        TaskQuery(cursor=cursor, sort="waiting"),
        TaskQuery(cursor=cursor[:-2]),
        TaskQuery(cursor="读"),
        TaskQuery(cursor=""),
    ):
        with pytest.raises(Malformed) as refused:
            keeper.tasks(query)
        assert refused.value.code == "register.cursor"
    with pytest.raises(Malformed, match=r"register\.cursor"):
        keeper.findings(FindingQuery(cursor=cursor))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (TaskQuery(limit=0), "register.limit"),
        (TaskQuery(limit=501), "register.limit"),
        (TaskQuery(words="a b c d e f g h i"), "register.words"),
        (TaskQuery(division="33"), "division.code"),
        (TaskQuery(since=START.replace(tzinfo=None)), "register.time"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(here: Shelf, query: TaskQuery, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        here.keeper().tasks(query)
    assert refused.value.code == code


def test_matches_are_counted_up_to_a_bound(here: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    from handheld.adapters import registers_search

    keeper, _, _ = many(here, 16)
    page = keeper.tasks(TaskQuery(limit=3))
    assert (page.count, page.more) == (16, False)
    monkeypatch.setattr(registers_search, "COUNTED", 15)
    page = keeper.tasks(TaskQuery(limit=3))
    assert (page.count, page.more) == (15, True)
    assert COUNTED >= 10_000
