"""What boards have shown is kept, and compared with what the log gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from handheld.adapters.shown_store import FileShown
from handheld.application import shown
from handheld.application.board_desk import BoardDesk
from handheld.application.reading.board_made import Made
from handheld.application.reading.board_wanted import Rows, Wanted
from handheld.application.shown import Note, ShownKeeper, ShownUnwritable
from handheld.bootstrap import Home
from handheld.domain import task_commands
from handheld.domain.errors import HandheldError, Installation, Malformed, NotFound
from handheld.domain.ordering import Order
from handheld.domain.standing import Viewer
from tests.support_tasks import DISTRICT, DUTY, TOWN, TOWNSHIP, A, B, Township, township

BOARD = Wanted(key=DISTRICT)
DIGEST = "0" * 32


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Township]:
    with township(tmp_path / "data") as opened:
        yield opened


def desk(place: Township) -> BoardDesk:
    place.home.caught_up()
    return place.home.board_desk


def show(place: Township, wanted: Wanted = BOARD, who: str = DUTY) -> Made:
    """Somebody looks at a board, and all that is due is stored."""
    made = desk(place).reading.get(Viewer(who), wanted)
    desk(place)._kept.flush(everything=True)
    return made


def test_what_was_shown_at_an_instant_is_found_and_is_what_the_log_gives(place: Township) -> None:
    _, order = place.start(Order(text="到场", people=(A, B)))
    first = show(place)
    then = place.clock.now()
    place.later(minutes=5)
    place.do(task_commands.Accept(task=place.task(order, A)), A)
    second = show(place)
    for at, made in (
        (then, first),
        (then + timedelta(minutes=4), first),
        (place.clock.now(), second),
    ):
        (found,) = desk(place).shown_at(Viewer(DUTY), BOARD, at)
        assert (found.position, found.digest, found.made) == (
            made.position,
            made.digest,
            made.digest,
        )
        assert (found.verdict, found.wanted) == ("identical", BOARD)
    assert desk(place).shown_at(Viewer(DUTY), BOARD, then - timedelta(seconds=1)) == []
    assert desk(place).shown_at(Viewer(DUTY), Wanted(key=TOWNSHIP), place.clock.now()) == []


def test_what_was_shown_outlives_the_process(tmp_path: Path) -> None:
    with township(tmp_path / "data") as place:
        place.start(Order(text="到场", people=(A,)))
        place.home.caught_up()
        made = place.home.board_desk.reading.get(Viewer(DUTY), BOARD)
        at = place.clock.now()
    with Home(tmp_path / "data") as home:
        home.caught_up()
        (found,) = home.board_desk.shown_at(Viewer(DUTY), BOARD, at)
    assert (found.digest, found.verdict) == (made.digest, "identical")


def test_a_board_that_showed_something_else_is_told_apart(place: Township) -> None:
    place.start(Order(text="到场", people=(A,)))
    made = show(place)
    store = desk(place)._store
    (note,) = store.latest("division/330825", 2**62)
    store.add([note._replace(digest=DIGEST)])
    (found,) = desk(place).shown_at(Viewer(DUTY), BOARD, place.clock.now())
    assert (found.verdict, found.digest, found.made) == ("different", DIGEST, made.digest)


def test_what_another_version_made_is_not_compared(place: Township) -> None:
    place.start(Order(text="到场", people=(A,)))
    show(place)
    store = desk(place)._store
    (note,) = store.latest("division/330825", 2**62)
    store.add([note._replace(version="boards.1/1", digest=DIGEST)])
    (found,) = desk(place).shown_at(Viewer(DUTY), BOARD, place.clock.now())
    assert (found.verdict, found.made, found.version) == ("other_version", None, "boards.1/1")


def test_each_window_and_each_task_force_is_noted_by_itself(place: Township) -> None:
    force, _ = place.start(Order(text="到场", people=(A,)))
    rows, of_force = Wanted(key=DISTRICT, rows=Rows()), Wanted(key=DISTRICT, task_force=force)
    for wanted in (BOARD, rows, of_force):
        show(place, wanted)
    now = place.clock.now()
    found = desk(place).shown_at(Viewer(DUTY), BOARD, now)
    assert {one.wanted for one in found} == {BOARD, rows}
    (one,) = desk(place).shown_at(Viewer(DUTY), of_force, now)
    assert (one.wanted, one.verdict) == (of_force, "identical")


def test_who_sees_a_part_is_told_of_that_part_alone(place: Township) -> None:
    force, _ = place.start(Order(text="到场", people=(A,)))
    wanted = Wanted(key=DISTRICT, task_force=force)
    show(place, wanted)
    now = place.clock.now()
    assert desk(place).shown_at(Viewer(TOWN), wanted, now) == []
    show(place, wanted, TOWN)
    (part,) = desk(place).shown_at(Viewer(TOWN), wanted, now)
    assert (part.parts, part.verdict) == ((TOWNSHIP,), "identical")
    assert len(desk(place).shown_at(Viewer(DUTY), wanted, now)) == 2
    with pytest.raises(NotFound, match=r"division\.unknown"):
        desk(place).shown_at(Viewer(TOWN), BOARD, now)
    with pytest.raises(Malformed, match=r"board\.future"):
        desk(place).shown_at(Viewer(DUTY), BOARD, now + timedelta(seconds=1))


def test_a_note_of_another_log_is_not_given(tmp_path: Path) -> None:
    note = Note("{}", "division/330825", 5, 3, DIGEST, "boards.4/1")
    one = FileShown(tmp_path / "shown.db", "one")
    one.add([note])
    one.close()
    other = FileShown(tmp_path / "shown.db", "another")
    assert other.latest("division/330825", 9) == []
    other.close()
    one = FileShown(tmp_path / "shown.db", "one")
    assert one.latest("division/330825", 5) == [note]
    assert one.latest("division/330825", 4) == []
    one.close()


def test_a_damaged_file_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "shown.db"
    path.write_bytes(b"nothing that SQLite ever wrote" * 200)
    with pytest.raises(Installation, match=r"shown\.damaged"):
        FileShown(path, "one")
    assert path.read_bytes().startswith(b"nothing that")


class Memory:
    """Notes in a list; on demand nothing can be written."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.full = False

    def add(self, notes: Sequence[Note]) -> None:
        if self.full:
            raise ShownUnwritable("the disk is full")
        self.notes += notes

    def latest(self, place: str, upto_us: int) -> list[Note]:
        return self.notes


def test_of_a_board_that_keeps_changing_the_newest_is_always_noted_in_the_end(
    place: Township, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(shown, "monotonic", lambda: now[0])
    store = Memory()
    keeper = ShownKeeper(store, place.clock)
    _, order = place.start(Order(text="到场", people=(A, B)))
    first = show(place)
    place.do(task_commands.Accept(task=place.task(order, A)), A)
    second = show(place)
    place.do(task_commands.Accept(task=place.task(order, B)), B)
    third = show(place)
    for made in (first, second, third):
        keeper.note(made)
        keeper.flush()
        now[0] += 0.2
    assert [note.digest for note in store.notes] == [first.digest]
    now[0] += 1
    keeper.flush()
    assert [note.digest for note in store.notes] == [first.digest, third.digest]
    now[0] += 30
    keeper.note(third)
    keeper.flush()
    assert len(store.notes) == 2
    now[0] += 60
    keeper.note(third)
    keeper.flush()
    assert [note.digest for note in store.notes[2:]] == [third.digest]


def test_a_board_that_shows_again_what_it_showed_before_is_noted_as_that(
    place: Township, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(shown, "monotonic", lambda: now[0])
    store = Memory()
    keeper = ShownKeeper(store, place.clock)
    _, order = place.start(Order(text="到场", people=(A,)))
    first = show(place)
    place.do(task_commands.Accept(task=place.task(order, A)), A)
    second = show(place)
    keeper.note(first)
    keeper.flush()
    keeper.note(second)
    keeper.note(first)
    now[0] += 2
    keeper.flush()
    assert [note.digest for note in store.notes] == [first.digest, first.digest]


def test_what_cannot_be_stored_is_stored_later(place: Township) -> None:
    store = Memory()
    keeper = ShownKeeper(store, place.clock)
    place.start(Order(text="到场", people=(A,)))
    made = show(place)
    store.full = True
    keeper.note(made)
    keeper.flush()
    assert store.notes == []
    store.full = False
    keeper.flush()
    assert [note.digest for note in store.notes] == [made.digest]


def test_a_board_that_the_log_never_had_is_said_to_be_not_there(place: Township) -> None:
    force, _ = place.start(Order(text="到场", people=(A,)))
    wanted = Wanted(key=DISTRICT, task_force=force)
    show(place, wanted)
    store = desk(place)._store
    (note,) = store.latest("division/330825", 2**62)
    store.add([note._replace(position=1)])
    (found,) = desk(place).shown_at(Viewer(DUTY), wanted, place.clock.now())
    assert (found.verdict, found.made) == ("not_there", None)


def test_errors_are_ours(place: Township) -> None:
    with pytest.raises(HandheldError):
        desk(place).shown_at(Viewer("person-NOBODY"), BOARD, place.clock.now())
