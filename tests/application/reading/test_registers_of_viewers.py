"""Pages of the registers for somebody, held against all rows, each asked by itself."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import pytest

from handheld.application.reading.pages import Listed
from handheld.application.reading.registers import RegisterReading
from handheld.application.reading.seen import Look
from handheld.application.register_queries import (
    FindingQuery,
    PeopleQuery,
    Query,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
    cursor_after,
    key_of,
)
from handheld.domain.errors import Malformed
from handheld.domain.seeing import NOTHING, Reading, Seen, View, Viewer, visible
from handheld_events.territory import ancestors
from tests.support_listed import OTHER, District, district
from tests.support_reading import DISTRICT, ENFORCEMENT, GRID, TOWNSHIP, VILLAGE


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    with district(tmp_path_factory.mktemp("district") / "data") as found:
        yield found


@pytest.fixture(scope="module")
def reading(here: District) -> RegisterReading:
    return RegisterReading(here.home.looking, here.home.registers)


class Kind(NamedTuple):
    """A register, and how the oracle asks for one of its rows."""

    name: str
    query: type[Query]
    reading: Reading
    key: str
    asked: Callable[[Look, str, Viewer], Seen | None]


KINDS = (
    Kind(
        "task_forces",
        TaskForceQuery,
        "task_force",
        "task_force",
        lambda look, key, viewer: look.task_force(key, viewer),
    ),
    Kind("tasks", TaskQuery, "task", "task", lambda look, key, _: look.task(key)),
    Kind("findings", FindingQuery, "finding", "finding", lambda look, key, _: look.finding(key)),
    Kind("warnings", WarningQuery, "warning", "warning", lambda look, key, _: look.warning(key)),
    Kind(
        "people",
        PeopleQuery,
        "person.name",
        "person",
        lambda look, key, viewer: look.person(key, viewer),
    ),
)


class Oracle:
    """All rows that a query has without words, filtered one by one: slow, and plainly right."""

    def __init__(self, here: District) -> None:
        self._here = here
        self.look: Look = here.home.looking.look()
        self._orders = {
            order: terms.text
            for row in self.rows(TaskForceQuery(drill=None, limit=500))
            for order, terms in self.force(row.task_force).orders.items()
        }

    def force(self, name: str) -> Any:
        return self.look.force(name)

    def rows(self, query: Query) -> list[Any]:
        bare = msgspec.structs.replace(query, words="", cursor=None, limit=500)
        name = next(kind.name for kind in KINDS if isinstance(query, kind.query))
        ask = getattr(self._here.home.register_store, name)
        found: list[Any] = []
        while True:
            page = ask(bare)
            found += page.rows
            if page.next is None:
                return found
            bare = msgspec.structs.replace(bare, cursor=page.next)

    def view(self, kind: Kind, viewer: Viewer, row: Any) -> View:
        seen = kind.asked(self.look, getattr(row, kind.key), viewer)
        return NOTHING if seen is None else visible(viewer, kind.reading, seen)

    def keys(self, kind: Kind, viewer: Viewer, query: Query) -> list[str]:
        return [
            getattr(row, kind.key)
            for row in self.rows(query)
            if (view := self.view(kind, viewer, row)).extent != "nothing"
            and all(
                any(word in text for text in self.readable(kind, viewer, row, view))
                for word in query.words.split()
            )
        ]

    def readable(self, kind: Kind, viewer: Viewer, row: Any, view: View) -> Iterator[str]:
        """The words of a row by which this viewer may find it."""
        look = self.look
        divisions = getattr(row, "divisions", None) or (getattr(row, "division", ""),)
        for code in divisions:
            for above in ancestors(code) if code else ():
                yield look.organisation.divisions[above].name
        force: str = getattr(row, "task_force", None) or ""
        if kind.name in ("task_forces", "tasks"):
            place = next(
                one.place
                for one in self.rows(TaskForceQuery(drill=None))
                if one.task_force == force
            )
            yield self.force(force).title
            if view.names:
                yield place or ""
        if kind.name == "task_forces" and view.names:
            seen = look.task_force(force, viewer)
            assert seen is not None
            known = self.force(force).orders
            orders = [look.order(force, order, viewer) for order in known]
            views = [NOTHING if o is None else visible(viewer, "order", o) for o in orders]
            course = visible(viewer, "task_force.timeline", seen)
            inside = course.extent != "nothing" and not course.after
            if inside or all(v.extent != "nothing" and not v.after for v in views):
                yield from (terms.text for terms in known.values())
        if kind.name == "tasks" and view.names:
            yield self._orders[row.order]
            yield self.name(viewer, row.person, force)
        if kind.name == "findings" and view.names:
            yield from (row.text, row.place or "")
        if kind.name == "warnings":
            yield from (row.headline, row.event)
        if kind.name == "people":
            yield row.name or ""
            seen = look.person(row.person, viewer)
            assert seen is not None
            if visible(viewer, "person.phone", seen).extent != "nothing":
                yield row.phone or ""

    def name(self, viewer: Viewer, person: str, force: str) -> str:
        seen = self.look.person(person, viewer, force)
        if seen is None or visible(viewer, "person.name", seen).extent == "nothing":
            return ""
        known = self.look.organisation.people[person]
        return "" if known.erased else self.look.keyring.open(known.name) or ""


@pytest.fixture(scope="module")
def oracle(here: District) -> Oracle:
    return Oracle(here)


def pages(reading: RegisterReading, kind: Kind, viewer: Viewer, query: Query) -> list[Listed[Any]]:
    ask = getattr(reading, kind.name)
    found = [ask(viewer, query)]
    while found[-1].next is not None:
        assert len(found[-1].rows) == query.limit
        found.append(ask(viewer, msgspec.structs.replace(query, cursor=found[-1].next)))
    return found


def keys_of(kind: Kind, listed: Sequence[Listed[Any]]) -> list[str]:
    rows = [row for page in listed for row in page.rows]
    if kind.name == "people":
        return [row.person.person for row in rows]
    return [getattr(row, kind.key) for row in rows]


def check(
    reading: RegisterReading, oracle: Oracle, kind: Kind, viewer: Viewer, query: Query
) -> list[str]:
    expected = oracle.keys(kind, viewer, query)
    listed = pages(reading, kind, viewer, query)
    assert keys_of(kind, listed) == expected
    assert {(page.count, page.more) for page in listed} == {(len(expected), False)}
    return expected


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_everybody_gets_the_rows_that_each_asked_alone_would_be_theirs(
    here: District, reading: RegisterReading, oracle: Oracle, kind: Kind
) -> None:
    every: dict[str, Any] = {} if kind.name == "people" else {"drill": None}
    if kind.name == "tasks":
        every["cancelled"] = None
    sizes = set[int]()
    for viewer in here.town.viewers() if kind.name == "people" else here.viewers():
        query = kind.query(limit=500, **every)
        sizes.add(len(check(reading, oracle, kind, viewer, query)))
    assert 0 in sizes
    assert len(sizes) > 2


def some_query(kind: Kind, chance: random.Random, here: District) -> Query:
    said: dict[str, Any] = {"limit": chance.choice((1, 2, 3, 7, 50))}
    places = (None, None, DISTRICT, TOWNSHIP, VILLAGE, GRID, OTHER, "330803203217")
    if kind.name != "people":
        said["division"] = chance.choice(places)
        said["drill"] = chance.choice((False, False, True, None, None))
    if kind.name == "tasks":
        said["sort"] = chance.choice(("newest", "waiting"))
        said["department"] = chance.choice((*[None] * 5, ENFORCEMENT))
        said["overdue"] = chance.choice((None, None, None, True, False))
    if kind.name == "findings":
        said["states"] = chance.choice(((), (), ("open", "ordered")))
    if kind.name == "warnings":
        said["levels"] = chance.choice(((), (), ("orange",)))
    if kind.name == "task_forces":
        said["statuses"] = chance.choice(((), (), ("active",)))
    known = here.town.organisation
    words = [
        "",
        "",
        "双桥",
        "演练",
        "山洪",
        "转移",
        "执法",
        "电线杆",
        "王家",
        "塌",
        "镇中学",
        "暴雨",
        "落石",
    ]
    words += [here.home.keyring.open(known.people[p].name)[:3] for p in here.town.people[:3]]
    if kind.name == "people":
        someone = known.people[chance.choice(sorted(known.people))]
        if not someone.erased and someone.phone is not None:
            words += [here.home.keyring.open(someone.phone)[-4:]] * 4
    said["words"] = chance.choice(words)
    return kind.query(**said)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_whatever_is_asked_for_pages_and_counts_are_of_what_is_theirs(
    here: District, reading: RegisterReading, oracle: Oracle, kind: Kind
) -> None:
    chance = random.Random(f"registers of {kind.name}")
    played, all_kinds, found = here.town.viewers(), here.viewers(), 0
    for _ in range(40 if kind.name == "people" else 300):
        query = some_query(kind, chance, here)
        viewer = chance.choice(played if chance.randrange(4) else all_kinds)
        found += bool(check(reading, oracle, kind, viewer, query))
    assert found > (5 if kind.name == "people" else 15)


def test_nobody_finds_a_task_by_a_name_that_they_may_not_read(
    here: District, reading: RegisterReading, oracle: Oracle
) -> None:
    kind, hidden = KINDS[1], 0
    people = here.town.organisation.people
    for viewer in here.viewers():
        for row in oracle.rows(TaskQuery(drill=None, cancelled=None)):
            if oracle.view(kind, viewer, row).extent == "nothing" or people[row.person].erased:
                continue
            name = here.home.keyring.open(people[row.person].name)
            query = TaskQuery(words=name, drill=None, cancelled=None, limit=500)
            found = row.task in keys_of(kind, [reading.tasks(viewer, query)])
            told = oracle.view(kind, viewer, row).names
            assert found == (told and name == oracle.name(viewer, row.person, row.task_force))
            hidden += not found
    assert hidden > 5


def test_whoever_reported_what_led_to_a_task_force_finds_it_by_its_title_and_not_by_its_orders(
    here: District, reading: RegisterReading
) -> None:
    reporter = Viewer(here.town.organisation.holders("household_contact", "330803203217001")[0])
    (row,) = reading.task_forces(reporter, TaskForceQuery(words="山坡排险")).rows
    assert row.task_force == here.forces["asked"]
    for query in (TaskForceQuery(words="拉警戒线"), TaskForceQuery(words="山坡 警戒线")):
        assert reading.task_forces(reporter, query) == Listed(
            rows=(), next=None, count=0, more=False, position=here.home.log.end()
        )
    chief = Viewer(here.town.organisation.holders("township_commander", OTHER)[0])
    assert reading.task_forces(chief, TaskForceQuery(words="拉警戒线")).rows == (
        reading.task_forces(chief, TaskForceQuery(words="山坡排险")).rows
    )


def test_an_analyst_who_may_read_names_finds_nobody_by_telephone_number(
    here: District, reading: RegisterReading
) -> None:
    known = here.town.organisation
    analyst = known.holders("duty_officer", "330803101")[0]
    person = here.town.people.contact
    phone = here.home.keyring.open(known.people[person].phone)
    name = here.home.keyring.open(known.people[person].name)
    allowed, chief = Viewer(analyst, "analyst", names=True), Viewer(here.town.people.commander)
    assert person in keys_of(KINDS[4], [reading.people(allowed, PeopleQuery(words=name))])
    assert reading.people(allowed, PeopleQuery(words=phone)).count == 0
    (found,) = reading.people(chief, PeopleQuery(words=phone)).rows
    assert (found.person.person, found.person.phone) == (person, phone)


def test_a_warning_that_is_for_nowhere_yet_is_for_the_officials_of_the_district(
    here: District, reading: RegisterReading
) -> None:
    query = WarningQuery(words="大雾")
    (row,) = reading.warnings(Viewer(here.town.people.day_officer), query).rows
    assert (row.warning, row.divisions) == (here.warnings["nowhere"], ())
    assert reading.warnings(Viewer(here.town.people.contact), query).count == 0


def test_an_analyst_without_names_reads_no_words_of_people_and_no_names(
    here: District, reading: RegisterReading
) -> None:
    viewer = here.town.viewers()[-4]
    assert (viewer.role, viewer.names) == ("analyst", False)
    told = b"".join(
        msgspec.json.encode(getattr(reading, kind.name)(viewer, kind.query(limit=500)))
        for kind in KINDS[:4]
    ).decode()
    hidden = {"电线杆", "王家院墙", "鹰嘴崖", "双桥溪", "老鹰岩", "镇中学", "清理落石"}
    hidden |= {text for text in here.town.names_and_phones() if len(text) > 1}
    own = here.town.organisation.people[viewer.actor]
    hidden.discard(here.home.keyring.open(own.name))
    assert [text for text in hidden if text in told] == []


def test_a_cursor_names_a_row_that_was_shown(here: District, reading: RegisterReading) -> None:
    viewer, query = Viewer(here.town.people.grid_head), TaskQuery(drill=None, limit=1)
    page = reading.tasks(viewer, query)
    (row,) = page.rows
    after = key_of(msgspec.structs.replace(query, cursor=page.next))
    (dispatched, *_) = here.home.log.read_streams([row.task])
    assert after == dispatched[0]


def test_a_query_without_sense_and_a_cursor_of_another_query_are_refused(
    here: District, reading: RegisterReading
) -> None:
    viewer = Viewer(here.town.people.commander)
    other = cursor_after(TaskQuery(words="别的"), 1)
    for query, code in (
        (TaskQuery(limit=0), "register.limit"),
        (TaskQuery(division="33"), "division.code"),
        (TaskQuery(cursor=other), "register.cursor"),
        (TaskQuery(cursor="x"), "register.cursor"),
    ):
        with pytest.raises(Malformed) as refused:
            reading.tasks(viewer, query)
        assert refused.value.code == code


def test_whoever_is_not_registered_or_was_erased_gets_empty_registers(
    here: District, reading: RegisterReading
) -> None:
    for viewer in (Viewer("person-nobody"), Viewer(here.town.erased)):
        for kind in KINDS:
            page = getattr(reading, kind.name)(viewer, kind.query())
            assert (page.rows, page.next, page.count, page.more) == ((), None, 0, False)


def test_what_must_be_asked_one_by_one_is_counted_up_to_a_bound(
    here: District, reading: RegisterReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = Viewer(here.town.people.village_official)
    whole = reading.people(viewer, PeopleQuery(limit=1))
    assert (whole.count > 3, whole.more) == (True, False)
    monkeypatch.setattr("handheld.application.reading.pages.ASKED", 3)
    page = reading.people(viewer, PeopleQuery(limit=1))
    assert (page.count, page.more) == (3, True)
    assert page.rows == whole.rows
