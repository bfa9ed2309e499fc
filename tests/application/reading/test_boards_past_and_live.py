"""What a board shows live is what the log gives of that position, whatever came after."""

from __future__ import annotations

from hypothesis import given, settings

from handheld.application.pushing.merge_patch import apply_patch, make_patch
from handheld.application.reading.board_made import Made, digest_of
from handheld.application.reading.board_wanted import Rows, Sight, Wanted
from handheld.application.reading.moments import recorded
from tests.support_boards import Room, boards_of, commands, json_of
from tests.support_story import DISTRICT, TOWNSHIP, VILLAGE, Fact, stories

Key = tuple[Wanted, Sight]


def held(facts: list[Fact]) -> tuple[Room, list[tuple[Key, Made]]]:
    """A story as it was shown live, command by command."""
    room = Room()
    shown: list[tuple[Key, Made]] = []
    keys = boards_of(facts)
    begun: set[str | None] = {None}
    for group in commands(facts):
        room.tell(group)
        begun |= {fact.stream for fact in group}
        for key in keys:
            if key[0].task_force in begun:
                shown.append((key, room.reading.now(*key)))
    return room, shown


def _board(made: Made) -> dict[str, object]:
    """All but the names of people, which are those of now: one may have been erased."""
    return {key: value for key, value in made.board.items() if key != "names"}


@settings(derandomize=True, deadline=None, max_examples=40)
@given(stories(max_steps=40))
def test_a_board_made_live_is_the_one_made_of_the_log_at_its_position(facts: list[Fact]) -> None:
    room, shown = held(facts)
    later = Room(room.log)
    later.boards.catch_up()
    for (wanted, sight), made in shown[:: max(len(shown) // 60, 1)]:
        again = later.reading.past(wanted, sight, recorded(room.log, made.position))
        assert json_of(_board(again)) == json_of(_board(made))
        assert (again.digest, again.position, again.at) == (made.digest, made.position, made.at)
        assert made.digest == digest_of(made.board)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(stories(max_steps=40))
def test_patches_one_after_the_other_make_every_board(facts: list[Fact]) -> None:
    _, shown = held(facts)
    screens: dict[Key, dict[str, object]] = {}
    for key, made in shown:
        screen = screens.get(key, {})
        screens[key] = apply_patch(screen, make_patch(screen, made.board))
        assert json_of(screens[key]) == json_of(made.board)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(stories(max_steps=40))
def test_a_part_shows_of_a_task_force_exactly_what_lies_in_it(facts: list[Fact]) -> None:
    """Who sees a township of it sees what the board of that township alone shows."""
    room = Room()
    room.tell(facts)
    part = Sight(parts=(TOWNSHIP,), row_parts=(TOWNSHIP,))
    for force in {fact.stream for fact in facts if fact.stream.startswith("tf-")}:
        whole = Wanted(key=DISTRICT, task_force=force, rows=Rows(limit=200))
        below = Wanted(key=TOWNSHIP, task_force=force, rows=Rows(limit=200))
        seen = room.reading.now(whole, part).board
        there = room.reading.now(below, Sight()).board
        for member in ("count", "funnel", "sums", "visits", "ratings", "figures", "rates", "rows"):
            assert seen[member] == there[member], member
        assert seen["departments"].keys() <= there["departments"].keys()
        elsewhere = Wanted(key="330825102", task_force=force, rows=Rows())
        hidden = room.reading.now(elsewhere, part).board
        assert hidden["count"]["tasks"] == hidden["rows"]["total"] == 0


@settings(derandomize=True, deadline=None, max_examples=30)
@given(stories(max_steps=40))
def test_windows_one_after_the_other_are_the_whole_list(facts: list[Fact]) -> None:
    room = Room()
    room.tell(facts)
    for late in (False, True):
        all_of_it = Wanted(key=DISTRICT, rows=Rows(limit=200, late=late))
        rows = room.reading.now(all_of_it, Sight()).board["rows"]
        pages = [
            room.reading.now(
                Wanted(key=DISTRICT, rows=Rows(offset=offset, limit=3, late=late)), Sight()
            ).board["rows"]
            for offset in range(0, rows["total"] + 3, 3)
        ]
        order = [task for page in pages for task in page["order"]]
        assert order == list(rows["order"])
        assert {page["total"] for page in pages} <= {rows["total"]}
        assert order == [w.task for w in room.boards.waiters(DISTRICT, late=late)]
        assert all(row["overdue"] for row in rows["tasks"].values()) or not late


def test_names_of_places_are_those_of_the_position() -> None:
    from handheld_events import division
    from handheld_events.envelope import About
    from tests.support_story import PEOPLE, Facts

    story = Facts()
    story.new_command()
    for code in (DISTRICT, TOWNSHIP, VILLAGE):
        event = division.DivisionRegistered(code=code, name=f"旧{code}", synthetic=True)
        story.add(f"division-{code}", event, About(division=code))
    force = story.start()
    story.order(force, [(PEOPLE[0], VILLAGE)])
    room = Room()
    room.tell(story.facts)
    wanted = Wanted(key=DISTRICT, rows=Rows())
    before = room.reading.now(wanted, Sight())
    told = len(story.facts)
    story.new_command()
    story.add(f"division-{TOWNSHIP}", division.DivisionRenamed(name="新名"))
    room.tell(story.facts[told:])
    after = room.reading.now(wanted, Sight())
    assert before.board["children"][TOWNSHIP]["name"] == f"旧{TOWNSHIP}"
    assert after.board["children"][TOWNSHIP]["name"] == "新名"
    assert after.digest != before.digest
    again = room.reading.past(wanted, Sight(), recorded(room.log, before.position))
    assert again.digest == before.digest


def test_where_nothing_on_a_board_has_changed_it_keeps_its_tag_and_tells_the_new_position() -> None:
    from tests.support_story import PEOPLE, Facts

    story = Facts()
    force = story.start()
    story.order(force, [(PEOPLE[0], VILLAGE)])
    room = Room()
    room.tell(story.facts)
    wanted = Wanted(key=VILLAGE)
    before = room.reading.now(wanted, Sight())
    assert room.reading.now(wanted, Sight()) is before
    assert room.reading.unchanged(before)
    told = len(story.facts)
    other = story.start(division="330825102")
    story.order(other, [(PEOPLE[1], "330825102")])
    room.tell(story.facts[told:])
    assert not room.reading.unchanged(before)
    after = room.reading.now(wanted, Sight())
    assert (after.etag, after.digest) == (before.etag, before.digest)
    assert after.text is before.text
    assert after.position > before.position
    assert after.document().position == after.position
