"""Watchers of boards: the whole first, then what changes, for as long as it is for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Any

import msgspec
import pytest

from handheld.application.access.identity import Identity
from handheld.application.pushing import boards
from handheld.application.pushing.boards import OF_ONE_CONNECTION, BoardWatchers
from handheld.application.pushing.merge_patch import apply_patch
from handheld.application.pushing.showings import Closed
from handheld.application.reading.board_made import digest_of
from handheld.application.reading.board_wanted import Rows, Wanted
from handheld.application.reading.boards import BoardReading
from handheld.domain import task_commands
from handheld.domain.errors import Malformed
from handheld.domain.ordering import Order
from handheld.domain.register import ImportPeople, PersonRow
from handheld.domain.standing import Viewer
from handheld.entrypoints.gateway.messages import Board, Delta
from handheld_projections.organisation import Post
from tests.support_boards import json_of
from tests.support_tasks import DISTRICT, DUTY, POSTS, TOWN, TOWNSHIP, A, B, C, Township, township

PATIENCE = 20.0
decode = msgspec.json.Decoder(Board | Delta).decode


class Screen:
    """A client: puts together what it is sent, and complains of whatever does not fit."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.got: list[Board | Delta] = []
        self.closed: list[Closed] = []
        self.board: dict[str, Any] = {}
        self.n = 0
        self.deaf = False

    def send(self, message: bytes | Closed) -> bool:
        with self.changed:
            if self.deaf:
                return False
            if isinstance(message, Closed):
                self.closed.append(message)
            else:
                self._take(decode(message))
            self.changed.notify_all()
        return True

    def _take(self, message: Board | Delta) -> None:
        self.got.append(message)
        if isinstance(message, Board):
            self.board = message.board
        else:
            assert message.n == self.n + 1
            self.board = apply_patch(self.board, message.patch)
        self.n = message.n
        assert message.digest == digest_of(self.board)

    def wait(self, seen: Callable[[Screen], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: seen(self), PATIENCE), self.got[-3:]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Township]:
    with township(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def watchers(place: Township, monkeypatch: pytest.MonkeyPatch) -> Iterator[BoardWatchers]:
    """They look only when they are told to: a signal that is lost keeps a screen waiting for ever."""
    monkeypatch.setattr(boards, "IDLE_SECONDS", 3600.0)
    place.home.caught_up()
    made = BoardWatchers(place.home.board_desk.reading, place.home.boards, between=0.01)
    yield made
    made.close()


def who(person: str) -> Identity:
    return Identity(session=f"session-{person}", actor=person)


def open_tasks(screen: Screen) -> int:
    return int(screen.board.get("count", {}).get("open", -1))


def has_open(number: int) -> Callable[[Screen], bool]:
    return lambda screen: open_tasks(screen) == number


def ends_as(place: Township, screen: Screen, wanted: Wanted, person: str = DUTY) -> None:
    """In the end the screen shows what there is."""
    place.home.caught_up()

    def same(one: Screen) -> bool:
        now = place.home.board_desk.reading.get(Viewer(person), wanted)
        return json_of(one.board) == json_of(now.board)

    screen.wait(same)


def test_first_comes_the_board_whole_and_then_what_changes(
    place: Township, watchers: BoardWatchers
) -> None:
    _, order = place.start(Order(text="到场", people=(A, B)))
    place.home.caught_up()
    screen, wanted = Screen(), Wanted(key=DISTRICT, rows=Rows())
    watchers.watch("c1", "墙", who(DUTY), wanted, screen.send)
    screen.wait(lambda one: open_tasks(one) == 2)
    assert isinstance(screen.got[0], Board)
    assert (screen.got[0].watch, screen.got[0].n) == ("墙", 1)
    place.do(task_commands.Report(task=place.task(order, A), text="好"), A)
    screen.wait(lambda one: open_tasks(one) == 1)
    last = screen.got[-1]
    assert isinstance(last, Delta)
    assert last.position == place.home.log.end()
    assert last.patch["rows"]["tasks"] == {place.task(order, A): None}
    assert "name" not in last.patch
    ends_as(place, screen, wanted)


def test_whoever_watches_what_has_just_begun_is_not_sent_away(
    place: Township, watchers: BoardWatchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start is answered before the boards have it, and a desk goes there at once."""
    kept, awaited = place.home.boards, Event()
    take, wait_for = kept.take, kept.wait_for

    def slowly(batch: Any) -> None:
        assert awaited.wait(PATIENCE)
        take(batch)

    def waiting(position: int, timeout: float) -> bool:
        awaited.set()
        return wait_for(position, timeout)

    monkeypatch.setattr(kept, "take", slowly)
    monkeypatch.setattr(kept, "wait_for", waiting)
    force, _ = place.start(Order(text="到场", people=(A, B)))
    screen, wanted = Screen(), Wanted(key=DISTRICT, task_force=force)
    try:
        watchers.watch("c1", "w", who(DUTY), wanted, screen.send)
        screen.wait(lambda one: bool(one.got or one.closed))
    finally:
        awaited.set()
    assert screen.closed == []
    assert open_tasks(screen) == 2


def test_all_who_see_the_same_are_sent_the_same_made_once(
    place: Township, watchers: BoardWatchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, order = place.start(Order(text="到场", people=(A, B, C)))
    place.home.caught_up()
    made: list[int] = []
    make = BoardReading._make

    def counting(self: BoardReading, *args: Any) -> Any:
        found = make(self, *args)
        made.append(found.made.position)
        return found

    monkeypatch.setattr(BoardReading, "_make", counting)
    screens = [Screen() for _ in range(20)]
    for number, screen in enumerate(screens):
        watchers.watch(f"c{number}", "w", who(DUTY), Wanted(key=DISTRICT), screen.send)
    for person in (A, B, C):
        place.do(task_commands.Report(task=place.task(order, person), text="好"), person)
    for screen in screens:
        screen.wait(lambda one: open_tasks(one) == 0)
    assert len(made) == len(set(made))
    shown: dict[int, set[bytes]] = {}
    for screen in screens:
        for message in screen.got:
            shown.setdefault(message.n, set()).add(message.digest.encode())
    assert all(len(digests) == 1 for digests in shown.values())
    assert len({json_of(screen.board) for screen in screens}) == 1


def test_who_comes_later_goes_on_with_the_same_numbers(
    place: Township, watchers: BoardWatchers
) -> None:
    _, order = place.start(Order(text="到场", people=(A, B)))
    place.home.caught_up()
    first, second = Screen(), Screen()
    watchers.watch("c1", "w", who(DUTY), Wanted(key=DISTRICT), first.send)
    first.wait(lambda one: open_tasks(one) == 2)
    place.do(task_commands.Report(task=place.task(order, A), text="好"), A)
    first.wait(lambda one: open_tasks(one) == 1)
    watchers.watch("c2", "x", who(DUTY), Wanted(key=DISTRICT), second.send)
    second.wait(lambda one: open_tasks(one) == 1)
    assert isinstance(second.got[0], Board)
    assert second.n == first.n
    place.do(task_commands.Report(task=place.task(order, B), text="好"), B)
    for screen in (first, second):
        screen.wait(lambda one: open_tasks(one) == 0)
    assert (second.n, second.got[-1].digest) == (first.n, first.got[-1].digest)


def test_a_post_that_was_left_closes_the_watch(place: Township, watchers: BoardWatchers) -> None:
    place.start(Order(text="到场", people=(A,)))
    place.home.caught_up()
    screen, duty = Screen(), Screen()
    watchers.watch("c1", "w", who(TOWN), Wanted(key=TOWNSHIP), screen.send)
    watchers.watch("c2", "w", who(DUTY), Wanted(key=TOWNSHIP), duty.send)
    screen.wait(lambda one: open_tasks(one) == 1)
    duty.wait(lambda one: open_tasks(one) == 1)
    row = PersonRow(person=TOWN, contact=None, posts=POSTS[C], synthetic=True)
    place.do(ImportPeople(rows=(row,)))
    screen.wait(lambda one: bool(one.closed))
    assert [(c.watch, c.error.code) for c in screen.closed] == [("w", "division.unknown")]
    shown = len(screen.got)
    place.start(Order(text="再去", people=(A,)))
    duty.wait(lambda one: open_tasks(one) == 2)
    assert len(screen.got) == shown
    assert watchers.count == 1


def test_who_comes_to_see_less_is_shown_the_board_anew(
    place: Township, watchers: BoardWatchers
) -> None:
    force, _ = place.start(Order(text="到场", people=(A,)))
    place.home.caught_up()
    screen = Screen()
    wanted = Wanted(key=DISTRICT, task_force=force)
    official = PersonRow(
        person=TOWN, contact=None, posts=(Post("district_commander", DISTRICT),), synthetic=True
    )
    place.do(ImportPeople(rows=(official,)))
    watchers.watch("c1", "w", who(TOWN), wanted, screen.send)
    screen.wait(lambda one: open_tasks(one) == 1)
    assert "parts" not in screen.board
    place.do(
        ImportPeople(
            rows=(PersonRow(person=TOWN, contact=None, posts=POSTS[TOWN], synthetic=True),)
        )
    )
    screen.wait(lambda one: list(one.board.get("parts", ())) == [TOWNSHIP])
    assert isinstance(screen.got[-1], Board)
    ends_as(place, screen, wanted, TOWN)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(key=DISTRICT), "division.unknown"),
        (Wanted(key="330825999"), "division.unknown"),
        (Wanted(kind="department", key="water"), "department.unknown"),
        (Wanted(key=DISTRICT, task_force="tf-1"), "task_force.unknown"),
        (Wanted(kind="department", key="water", task_force="tf-1"), "board.department"),
    ],
)
def test_what_is_hidden_or_absent_is_closed_at_once(
    watchers: BoardWatchers, wanted: Wanted, code: str
) -> None:
    screen = Screen()
    watchers.watch("c1", "w", who(TOWN), wanted, screen.send)
    screen.wait(lambda one: bool(one.closed))
    assert [closed.error.code for closed in screen.closed] == [code]
    assert (screen.got, watchers.count) == ([], 0)


def test_one_that_had_no_room_is_shown_the_newest_whole(
    place: Township, watchers: BoardWatchers
) -> None:
    _, order = place.start(Order(text="到场", people=(A, B)))
    place.home.caught_up()
    slow, quick = Screen(), Screen()
    for name, screen in (("slow", slow), ("quick", quick)):
        watchers.watch(name, "w", who(DUTY), Wanted(key=DISTRICT), screen.send)
        screen.wait(lambda one: open_tasks(one) == 2)
    slow.deaf = True
    place.do(task_commands.Report(task=place.task(order, A), text="好"), A)
    quick.wait(lambda one: open_tasks(one) == 1)
    slow.deaf = False
    slow.wait(lambda one: open_tasks(one) == 1)
    assert isinstance(slow.got[-1], Board)
    place.do(task_commands.Report(task=place.task(order, B), text="好"), B)
    for screen in (slow, quick):
        screen.wait(lambda one: open_tasks(one) == 0)
    assert slow.n == quick.n


def test_another_board_under_the_same_name_takes_the_place_of_the_first(
    place: Township, watchers: BoardWatchers
) -> None:
    place.start(Order(text="到场", people=(A,)))
    place.home.caught_up()
    screen = Screen()
    watchers.watch("c1", "w", who(DUTY), Wanted(key=DISTRICT), screen.send)
    screen.wait(lambda one: one.board.get("tier") == "district")
    watchers.watch("c1", "w", who(DUTY), Wanted(key=TOWNSHIP), screen.send)
    screen.wait(lambda one: one.board.get("tier") == "township")
    assert watchers.count == 1
    place.start(Order(text="再去", people=(A,)))
    screen.wait(lambda one: open_tasks(one) == 2)
    assert screen.board["tier"] == "township"


def test_nothing_more_comes_after_the_end_of_a_watch_or_a_connection(
    place: Township, watchers: BoardWatchers
) -> None:
    place.start(Order(text="到场", people=(A,)))
    place.home.caught_up()
    left, gone, stays = Screen(), Screen(), Screen()
    for name, screen in (("c1", left), ("c2", gone), ("c3", stays)):
        watchers.watch(name, "w", who(DUTY), Wanted(key=DISTRICT), screen.send)
        screen.wait(lambda one: open_tasks(one) == 1)
    watchers.unwatch("c1", "w")
    watchers.unwatch("c1", "never")
    watchers.gone("c2")
    watchers.gone("never")
    place.start(Order(text="再去", people=(A,)))
    stays.wait(lambda one: open_tasks(one) == 2)
    assert (open_tasks(left), open_tasks(gone), watchers.count) == (1, 1, 1)


def test_one_connection_watches_only_so_many_boards(watchers: BoardWatchers) -> None:
    screen = Screen()
    for number in range(OF_ONE_CONNECTION):
        watchers.watch("c1", f"w{number}", who(DUTY), Wanted(key=DISTRICT), screen.send)
    with pytest.raises(Malformed, match=r"board\.watches"):
        watchers.watch("c1", "one more", who(DUTY), Wanted(key=DISTRICT), screen.send)
    watchers.watch("c1", "w0", who(DUTY), Wanted(key=TOWNSHIP), screen.send)
    watchers.watch("c2", "w0", who(DUTY), Wanted(key=DISTRICT), screen.send)
    assert watchers.count == OF_ONE_CONNECTION + 1


def test_a_fault_in_one_showing_keeps_no_other_board_waiting_and_is_made_good(
    place: Township, watchers: BoardWatchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.start(Order(text="到场", people=(A,)))
    place.home.caught_up()
    faulty, sound = Screen(), Screen()
    now, failures = BoardReading.now, iter(range(3))

    def failing(self: BoardReading, wanted: Wanted, seen: Any) -> Any:
        if wanted.key == DISTRICT and next(failures, None) is not None:
            raise RuntimeError("the disk is gone for a moment")
        return now(self, wanted, seen)

    monkeypatch.setattr(BoardReading, "now", failing)
    watchers.watch("c1", "w", who(DUTY), Wanted(key=DISTRICT), faulty.send)
    watchers.watch("c2", "w", who(DUTY), Wanted(key=TOWNSHIP), sound.send)
    sound.wait(lambda one: open_tasks(one) == 1)
    for number in range(2, 5):  # each a reason to look again
        place.start(Order(text="再去", people=(A,)))
        sound.wait(has_open(number))
    faulty.wait(lambda one: open_tasks(one) == 4)


def test_many_who_write_while_many_watch_end_with_the_newest_on_every_screen(
    place: Township, watchers: BoardWatchers
) -> None:
    kinds = [Wanted(key=DISTRICT, rows=Rows(limit=5)), Wanted(key=TOWNSHIP), Wanted(key=DISTRICT)]
    screens = [(wanted, Screen()) for wanted in kinds for _ in range(3)]
    for number, (wanted, screen) in enumerate(screens):
        watchers.watch(f"c{number}", "w", who(DUTY), wanted, screen.send)

    def play(person: str) -> None:
        for _ in range(6):
            _, order = place.start(Order(text="到场", people=(person,)))
            place.do(task_commands.Accept(task=place.task(order, person)), person)

    players = [Thread(target=play, args=(person,)) for person in (A, B, C)]
    for player in players:
        player.start()
    for player in players:
        player.join()
    for wanted, screen in screens:
        ends_as(place, screen, wanted)
        assert open_tasks(screen) == 18
        assert [message.n for message in screen.got] == list(
            range(screen.got[0].n, screen.got[0].n + len(screen.got))
        )
