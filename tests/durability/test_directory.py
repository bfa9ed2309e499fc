"""A data directory has one owner, and its views are never trusted over its log."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest

from handheld.bootstrap import Home, found_home
from handheld.domain import task
from handheld.domain.errors import DataInUse, Installation
from handheld_events.ids import task_force_id
from tests.durability.conftest import PEOPLE
from tests.support_log import (
    COUNTY,
    ROOT,
    child,
    copied,
    new_command,
    person,
    start_request,
    started_tasks,
)


def test_a_second_home_is_told_who_owns_the_directory(data: Path) -> None:
    with Home(data), pytest.raises(DataInUse) as caught:
        Home(data)
    assert caught.value.params == {"path": str(data), "owner": str(os.getpid())}
    Home(data).close()  # free again


def test_an_owner_in_another_process_is_named_and_its_death_frees_the_directory(
    data: Path,
) -> None:
    command = child("tests.durability.committing_child", data, 1_000_000)
    owner = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    with owner, owner.stdout:
        assert owner.stdout.readline() == b"READY\n"
        with pytest.raises(DataInUse) as caught:
            Home(data)
        assert caught.value.params["owner"] == str(owner.pid)
        owner.send_signal(SIGKILL)
        owner.wait()
    with Home(data) as home:
        home.caught_up()


def test_what_cannot_be_opened_is_not_owned(data: Path) -> None:
    log = (data / "log.db").read_bytes()
    (data / "log.db").write_bytes(b"not a log" * 1_000)
    with pytest.raises(Exception, match="not a database"):
        Home(data)
    (data / "log.db").write_bytes(log)
    Home(data).close()


def test_a_directory_without_a_log_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(Installation) as caught:
        Home(tmp_path)
    assert caught.value.code == "data.not_found"
    assert list(tmp_path.iterdir()) == []


def picture(home: Home) -> list[Any]:
    """What the views show."""
    home.caught_up()
    task_force = task_force_id(new_command(0))
    boards = [
        home.boards.tier_board(COUNTY),
        home.boards.tier_board(COUNTY, task_force=task_force),
        home.boards.tier_board(COUNTY, at=home.log.end() - 5),
    ]
    lines = [home.indexes.timeline(task_force), home.indexes.inbox(person(3))]
    assert home.stopped == []
    return [*boards, *lines, home.organisation.caught_up()[1]]


@pytest.fixture
def worked(data: Path) -> tuple[Path, list[Any], list[Any]]:
    """A directory in which something happened; what its views show; its log."""
    with Home(data) as home:
        tasks = started_tasks(home, PEOPLE, new_command(0))
        for number in range(10):
            home.execute(task.Accept(task=tasks[number]), person(number))
        shown, log = picture(home), list(home.log.read(0, 100_000))
    return data, shown, log


def remove(views: Path) -> None:
    views.unlink()


def garbage(views: Path) -> None:
    views.write_bytes(os.urandom(50_000))


def empty(views: Path) -> None:
    views.write_bytes(b"")


def cut(views: Path) -> None:
    os.truncate(views, views.stat().st_size // 2)


def torn(views: Path) -> None:
    """The head is right, the rest is not."""
    content = views.read_bytes()
    views.write_bytes(content[:4096] + os.urandom(len(content) - 4096))


def change(statement: str) -> Callable[[Path], None]:
    def make(views: Path) -> None:
        with closing(sqlite3.connect(views)) as db, db:
            assert db.execute(statement).rowcount != 0

    return make


def damaged_inside(views: Path) -> None:
    """The first pages are sound, others are not."""
    size = views.stat().st_size
    with views.open("r+b") as file:
        file.seek(size // 4 // 4096 * 4096)
        file.write(b"\xa5" * (size // 2))


WAYS: dict[str, Callable[[Path], None]] = {
    "deleted": remove,
    "garbage": garbage,
    "empty": empty,
    "cut in half": cut,
    "torn": torn,
    "damaged inside": damaged_inside,
    "of another log": change("UPDATE views_facts SET value='feedbeef' WHERE name='log_id'"),
    "of another layout": change("UPDATE views_facts SET value='0' WHERE name='layout'"),
    "of a later layout": change("UPDATE views_facts SET value='999' WHERE name='layout'"),
    "ahead of the log": change("UPDATE cursors SET position = position + 1000000"),
    "with other states": change("UPDATE parts SET state = x'ffff'"),
}


@pytest.mark.parametrize("way", WAYS)
def test_views_that_are_not_as_they_should_be_are_made_anew(
    worked: tuple[Path, list[Any], list[Any]], way: str
) -> None:
    data, shown, log = worked
    for left in ("views.db-wal", "views.db-shm"):
        (data / left).unlink(missing_ok=True)
    WAYS[way](data / "views.db")
    with Home(data) as home:
        assert picture(home) == shown
        assert list(home.log.read(0, 100_000)) == log
    with Home(data) as home:  # and they are stored
        assert picture(home) == shown


def test_views_of_a_copy_that_went_on_are_not_trusted(
    worked: tuple[Path, list[Any], list[Any]], tmp_path: Path
) -> None:
    """A log put back from a copy, beside views that had gone on."""
    data, shown, log = worked
    copy = copied(data, tmp_path / "copy")
    with Home(data) as home:
        home.writer.execute(start_request(new_command(1)))
        home.caught_up()
    shutil.copy(copy / "log.db", data / "log.db")
    for left in ("log.db-wal", "log.db-shm"):
        (data / left).unlink(missing_ok=True)
    with Home(data) as home:
        assert picture(home) == shown
        assert list(home.log.read(0, 100_000)) == log


def test_a_log_with_people_is_not_opened_without_its_keyring(data: Path) -> None:
    (data / "keyring.db").rename(data.parent / "kept.db")
    with pytest.raises(Installation) as caught:
        Home(data)
    assert caught.value.code == "keyring.missing"
    assert not (data / "keyring.db").exists()
    (data.parent / "kept.db").rename(data / "keyring.db")
    Home(data).close()


def test_a_directory_of_other_files_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("someone else's")
    tmp_path.chmod(0o755)
    with pytest.raises(Installation) as caught:
        found_home(tmp_path)
    assert caught.value.code == "data.not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_founding_twice_keeps_the_log(tmp_path: Path) -> None:
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as home:
        log_id = home.log.log_id
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as home:
        assert home.log.log_id == log_id
