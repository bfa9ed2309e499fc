"""Backups of a directory that is in use, and what a restore gives back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import monotonic, sleep

import pytest
from pysqlite3 import dbapi2 as sqlite3

from handheld.application.backing_up import MANIFEST
from handheld.bootstrap import Home
from handheld.domain import task
from handheld.domain.errors import Installation
from handheld.domain.register import ErasePerson
from handheld_events.codec import Reading
from handheld_events.person import PersonRegistered
from tests.durability.backing_up_child import back_up_once, restore_once
from tests.durability.conftest import PEOPLE
from tests.support_backups import (
    backed_up,
    digests,
    importing,
    inboxes,
    restored,
    shown,
)
from tests.support_log import assert_whole, person, started_tasks

# Each child is forked from a server that has imported everything.
processes = get_context("forkserver")
processes.set_forkserver_preload(["tests.durability.backing_up_child"])

KILLS = [20, pytest.param(200, marks=pytest.mark.soak)]
"""At moments by chance, and more of them where hardly one came in the middle."""
EVERYBODY = [person(n) for n in range(PEOPLE)]


def names(home: Home) -> dict[str, str | None]:
    """What the name of everybody on record reads as."""
    facts = (Reading().fact(*row) for row in home.log.read_kinds(0, ["person"]))
    return {
        fact.stream: home.keyring.open(fact.event.name)
        for fact in facts
        if isinstance(fact.event, PersonRegistered)
    }


def facts_by_id(home: Home) -> dict[tuple[str, str], bytes]:
    """What each event id means under the id of its log."""
    log_id = home.log.log_id
    return {(log_id, f"{row[1]}/{row[2]}"): row[4] for row in home.log.read(0, 10_000_000)}


def end_of(data: Path) -> int:
    """The last position, as another process sees it."""
    with closing(sqlite3.connect(data / "log.db")) as log:
        found: int = log.execute("SELECT max(position) FROM stored_events").fetchone()[0]
    return found


# --- while somebody writes --------------------------------------------------------------------


def test_a_backup_while_another_process_writes_is_whole_and_holds_nobody_up(
    data: Path, tmp_path: Path
) -> None:
    with importing(data) as running:
        positions, during = [0], 0
        for n in range(6):
            sleep(0.1)
            before = end_of(data)
            made = backed_up(data, tmp_path / f"backup-{n}").made
            assert made is not None
            assert made.position >= before, "what was recorded before it began is not in it"
            during += end_of(data) > made.position
            positions.append(made.position)
        assert running.poll() is None
    assert during, "nothing was written meanwhile: this shows nothing"
    assert positions == sorted(positions)
    for n in range(6):
        restored(tmp_path / f"backup-{n}", tmp_path / f"again-{n}")
        with Home(tmp_path / f"again-{n}") as home:
            assert home.log.end() == positions[n + 1]
            assert_whole(home.log)
            assert all(check.same for check in home.verify())
            assert None not in names(home).values(), "a fact has come without the key it needs"


def test_a_writer_goes_on_between_the_steps_of_a_copy(data: Path, tmp_path: Path) -> None:
    """Not one commit has to wait for the end of the copy, and none makes it begin again."""
    with Home(data) as home:
        before = home.log.end()
        steps, waited = 0, [0.0]

        def write(_done: int, _total: int) -> None:
            nonlocal steps
            steps += 1
            if steps <= 3:
                began = monotonic()
                erase = ErasePerson(person=person(steps), reason="本人申请")
                home.execute(erase, "operator")
                waited.append(monotonic() - began)

        manifest = backed_up(
            data, tmp_path / "backup", stages=lambda _: nullcontext(write), pages=8
        )
        assert len(waited) == 4
        assert home.log.end() == before + 3
        assert max(waited) < 2
    assert manifest.made is not None
    assert manifest.made.position == before, "the copy is not of the instant at which it began"


# --- what comes back ----------------------------------------------------------------------------


def test_after_a_restore_inboxes_have_the_same_numbers_and_the_log_another_id(
    data: Path, tmp_path: Path
) -> None:
    with Home(data) as home:
        tasks = started_tasks(home, PEOPLE)
        home.execute(task.Accept(task=tasks[3]), person(3))
        home.execute(task.Remind(task=tasks[7]), "operator")
        at_backup, board = inboxes(home, EVERYBODY), shown(home)
        end, log_id = home.log.end(), home.log.log_id
        backed_up(data, tmp_path / "backup")
        home.execute(task.Withdraw(task=tasks[3], reason="已有人"), "operator")
        home.execute(task.Remind(task=tasks[9]), "operator")
        started_tasks(home, PEOPLE)
        went_on, meant = inboxes(home, EVERYBODY), facts_by_id(home)
    found = restored(tmp_path / "backup", tmp_path / "again")
    with Home(tmp_path / "again") as again:
        assert (again.log.end(), found.position) == (end, end)
        assert again.log.log_id == found.log_id != log_id
        assert [(one.log_id, one.position) for one in found.former] == [(log_id, end)]
        assert inboxes(again, EVERYBODY) == at_backup
        assert {p: [x for x in lines if x.position <= end] for p, lines in went_on.items()} == (
            at_backup
        )
        assert went_on != at_backup, "nobody was sent anything since: this shows nothing"
        assert all(
            [line.number for line in lines] == list(range(1, len(lines) + 1))
            for lines in at_backup.values()
        )
        assert shown(again)[0] == board[0]
        # Life goes on, and otherwise than it did: the same event ids now mean something else.
        again.execute(task.Remind(task=tasks[3]), "operator")
        again.execute(task.Withdraw(task=tasks[9], reason="不用去"), "operator")
        otherwise = facts_by_id(again)
        assert all(check.same for check in again.verify())
    ids = {event for _, event in meant} & {event for _, event in otherwise}
    other = {e for e in ids if meant[log_id, e] != otherwise[found.log_id, e]}
    assert other, "no event id means two things: this shows nothing"
    assert not meant.keys() & otherwise.keys()


def test_a_command_that_the_backup_has_is_still_answered_as_the_first_time(
    data: Path, tmp_path: Path
) -> None:
    with Home(data) as home:
        tasks = started_tasks(home, PEOPLE)
        accept = task.Accept(task=tasks[0])
        known, lost = home.new_command_id(), home.new_command_id()
        first = home.execute(accept, person(0), command_id=known)
        backed_up(data, tmp_path / "backup")
        home.execute(task.Accept(task=tasks[1]), person(1), command_id=lost)
    restored(tmp_path / "backup", tmp_path / "again")
    with Home(tmp_path / "again") as again:
        repeated = again.execute(accept, person(0), command_id=known)
        assert (repeated.outcome, repeated.repeated) == (first.outcome, True)
        anew = again.execute(task.Accept(task=tasks[1]), person(1), command_id=lost)
        assert (anew.outcome, anew.repeated) == ("accepted", False)


def test_a_restored_log_remembers_each_log_that_it_came_from(data: Path, tmp_path: Path) -> None:
    backed_up(data, tmp_path / "backup-1")
    one = restored(tmp_path / "backup-1", tmp_path / "one")
    with Home(tmp_path / "one") as home:
        started_tasks(home, PEOPLE)
    backed_up(tmp_path / "one", tmp_path / "backup-2")
    two = restored(tmp_path / "backup-2", tmp_path / "two")
    assert [origin.log_id for origin in two.former][1:] == [one.log_id]
    assert two.former[0] == one.former[0]
    assert one.position < two.position
    with closing(sqlite3.connect(tmp_path / "two" / "log.db")) as log:
        stored = dict(log.execute("SELECT name, value FROM log_facts"))
    assert stored["log_id"] == two.log_id
    assert [origin["log_id"] for origin in json.loads(stored["restored_from"])] == [
        origin.log_id for origin in two.former
    ]


# --- names --------------------------------------------------------------------------------------


def test_no_backup_holds_a_name_in_plaintext_or_a_key_of_somebody_erased(
    data: Path, tmp_path: Path
) -> None:
    with Home(data) as home:
        home.caught_up()
        with closing(sqlite3.connect(data / "keyring.db")) as keys:
            rows = keys.execute("SELECT key FROM keys WHERE subject IN (?,?)", EVERYBODY[5:7])
            key, other = (bytes(row[0]) for row in rows)
        # The process that erased them ended before the key was destroyed.
        home.execute(ErasePerson(person=person(5), reason="本人申请"), "operator")
        assert key in (data / "keyring.db").read_bytes()
        backed_up(data, tmp_path / "backup")
    found = {path.name: path.read_bytes() for path in (tmp_path / "backup").iterdir()}
    assert found.keys() == {"log.db", "keyring.db", MANIFEST}
    assert key not in found["keyring.db"]
    assert other in found["keyring.db"]
    name = "合成6".encode()
    assert not [where for where, content in found.items() if name in content]
    assert name in b"".join(path.read_bytes() for path in data.glob("views.db*")), (
        "the name is nowhere in plaintext: this shows nothing"
    )


def test_a_backup_is_for_its_owner_only(data: Path, tmp_path: Path) -> None:
    backed_up(data, tmp_path / "backup", keyring_to=tmp_path / "keys")
    for place in (tmp_path / "backup", tmp_path / "keys"):
        assert place.stat().st_mode & 0o077 == 0
        assert all(path.stat().st_mode & 0o077 == 0 for path in place.iterdir())


def test_a_keyring_kept_elsewhere_opens_the_names_and_without_it_they_read_as_erased(
    data: Path, tmp_path: Path
) -> None:
    backed_up(data, tmp_path / "backup", keyring_to=tmp_path / "keys")
    assert {path.name for path in (tmp_path / "backup").iterdir()} == {"log.db", MANIFEST}
    with pytest.raises(Installation) as refused:
        restored(tmp_path / "backup", tmp_path / "never")
    assert refused.value.code == "backup.no_keyring"
    assert not (tmp_path / "never").exists()
    restored(tmp_path / "backup", tmp_path / "with", keyring=tmp_path / "keys")
    with Home(tmp_path / "with") as home:
        assert names(home)[person(7)] == "合成7"
    told = restored(tmp_path / "backup", tmp_path / "without", with_keyring=False)
    assert not told.names
    with Home(tmp_path / "without") as home:
        assert set(names(home).values()) == {None}
        assert len(started_tasks(home, PEOPLE)) == PEOPLE


def test_a_later_keyring_of_the_same_log_serves_and_one_of_another_log_does_not(
    data: Path, tmp_path: Path
) -> None:
    """So that whoever was erased since the log's backup stays erased."""
    backed_up(data, tmp_path / "early", keyring_to=tmp_path / "early-keys")
    with Home(data) as home:
        home.execute(ErasePerson(person=person(5), reason="本人申请"), "operator")
        home.erase_keys(person(5))
    backed_up(data, tmp_path / "late", keyring_to=tmp_path / "late-keys")
    restored(tmp_path / "early", tmp_path / "again", keyring=tmp_path / "late-keys")
    with Home(tmp_path / "again") as home:
        found = names(home)
        assert (found[person(5)], found[person(6)]) == (None, "合成6")
    backed_up(tmp_path / "again", tmp_path / "other")
    with pytest.raises(Installation) as refused:
        restored(tmp_path / "late", tmp_path / "never", keyring=tmp_path / "other")
    assert refused.value.code == "backup.other_log"


# --- damage -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["log.db", "keyring.db"])
def test_one_flipped_bit_is_found_and_nothing_is_restored(
    data: Path, tmp_path: Path, name: str
) -> None:
    backed_up(data, tmp_path / "backup")
    whole = (tmp_path / "backup" / name).read_bytes()
    random = Random(name)
    for _ in range(8):
        at = random.randrange(len(whole))
        broken = bytearray(whole)
        broken[at] ^= 1 << random.randrange(8)
        (tmp_path / "backup" / name).write_bytes(broken)
        with pytest.raises(Installation) as found:
            restored(tmp_path / "backup", tmp_path / "again")
        assert found.value.code == "backup.damaged"
        assert not (tmp_path / "again").exists()
    (tmp_path / "backup" / name).write_bytes(whole)
    restored(tmp_path / "backup", tmp_path / "again")


@pytest.mark.parametrize("position", [4, 250])
def test_a_log_that_is_damaged_already_is_not_passed_off_as_a_backup(
    data: Path, tmp_path: Path, position: int
) -> None:
    with Home(data) as home:
        started_tasks(home, PEOPLE)
    with closing(sqlite3.connect(data / "log.db")) as log:
        log.execute("DELETE FROM stored_events WHERE position=?", (position,))
        log.commit()
    with pytest.raises(Installation) as found:
        backed_up(data, tmp_path / "backup")
    assert found.value.code == "backup.not_whole"
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_restore_overwrites_nothing(data: Path, tmp_path: Path) -> None:
    backed_up(data, tmp_path / "backup")
    before = digests(data)
    with pytest.raises(Installation) as refused:
        restored(tmp_path / "backup", data)
    assert refused.value.code == "restore.not_empty"
    assert digests(data) == before
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(Installation):
        restored(tmp_path / "backup", tmp_path / "other")
    assert (tmp_path / "other" / "letter.txt").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    restored(tmp_path / "backup", tmp_path / "empty")
    with Home(tmp_path / "empty") as home:
        assert len(names(home)) == PEOPLE


def test_a_backup_never_lies_within_what_it_is_a_copy_of(data: Path, tmp_path: Path) -> None:
    with pytest.raises(Installation) as refused:
        backed_up(data, data / "backup")
    assert refused.value.code == "backup.inside"
    backed_up(data, tmp_path / "backup")
    with pytest.raises(Installation) as again:
        backed_up(data, tmp_path / "backup")
    assert again.value.code == "backup.exists"


# --- the end of the process, and of the disk ------------------------------------------------------


def run(target: Callable[[Path, Path], None], source: Path, to: Path) -> float:
    """Let a process of its own do it to the end; gives how long it took (seconds)."""
    one = processes.Process(target=target, args=(source, to))
    began = monotonic()
    one.start()
    one.join(60)
    assert one.exitcode == 0
    one.close()
    return monotonic() - began


def kill_after(
    seconds: float, target: Callable[[Path, Path], None], source: Path, to: Path
) -> None:
    """Let a process of its own do it, and end it with SIGKILL wherever it is by then."""
    one = processes.Process(target=target, args=(source, to))
    one.start()
    sleep(seconds)
    one.kill()
    one.join()
    one.close()


@pytest.mark.parametrize("kills", KILLS)
def test_a_killed_backup_leaves_nothing_that_looks_like_one_and_the_source_unharmed(
    data: Path, tmp_path: Path, kills: int
) -> None:
    with Home(data) as home:
        started_tasks(home, PEOPLE)
    folder = tmp_path / "to"
    place, keys, random = folder / "backup", folder / "keys", Random(20210723)
    run(back_up_once, data, place)  # the first one starts the server that forks
    shutil.rmtree(folder)
    takes = run(back_up_once, data, place)
    unfinished = tries = 0
    while tries < kills or (
        unfinished <= 3 and tries < 10 * kills
    ):  # on a busy machine most come too soon
        tries += 1
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(keys, ignore_errors=True)
        kill_after(random.uniform(0, takes), back_up_once, data, place)
        unfinished += any(path.name.startswith(".") for path in folder.iterdir())
        if place.exists():
            restored(place, tmp_path / "again", keyring=keys)
            shutil.rmtree(tmp_path / "again")
    assert unfinished > 3, "hardly a kill came in the middle: this shows nothing"
    shutil.rmtree(place, ignore_errors=True)
    shutil.rmtree(keys, ignore_errors=True)
    run(back_up_once, data, folder / "other")
    assert {path.name for path in folder.iterdir()} == {"other", "keys"}, "keys were left behind"
    with Home(data) as home:
        assert all(check.same for check in home.verify())
        assert len(started_tasks(home, PEOPLE)) == PEOPLE


@pytest.mark.parametrize("kills", KILLS)
def test_a_killed_restore_leaves_no_data_directory_and_can_be_repeated(
    data: Path, tmp_path: Path, kills: int
) -> None:
    backed_up(data, tmp_path / "backup")
    again, random = tmp_path / "again", Random(1500)
    run(restore_once, tmp_path / "backup", again)
    shutil.rmtree(again)
    takes = run(restore_once, tmp_path / "backup", again)
    unfinished = tries = 0
    while tries < kills or (unfinished <= 3 and tries < 10 * kills):
        tries += 1
        if (again / "log.db").exists():
            with Home(again) as home:
                assert len(names(home)) == PEOPLE
            shutil.rmtree(again)
        kill_after(random.uniform(0, takes), restore_once, tmp_path / "backup", again)
        if again.exists() and not (again / "log.db").exists():
            unfinished += 1
            with pytest.raises(Installation) as nothing:
                Home(again)
            assert nothing.value.code == "data.not_found"
    assert unfinished > 3, "hardly a kill came in the middle: this shows nothing"
    if not (again / "log.db").exists():
        run(restore_once, tmp_path / "backup", again)
    with Home(again) as home:
        assert None not in names(home).values()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of one megabyte, where the machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_without_room_is_told_and_left_as_it_was(
    data: Path, tmp_path: Path, small_disk: Path
) -> None:
    with Home(data) as home:
        while (data / "log.db").stat().st_size < 1_500_000:
            started_tasks(home, PEOPLE)
            home.app.port.read(0, 1)
            with closing(sqlite3.connect(data / "log.db")) as log:
                log.execute("PRAGMA wal_checkpoint(PASSIVE)")
    before = digests(data)
    with pytest.raises(Installation) as full:
        backed_up(data, small_disk / "backup")
    assert full.value.code == "backup.full"
    assert list(small_disk.iterdir()) == []
    assert digests(data) == before
    backed_up(data, tmp_path / "backup")
    with pytest.raises(Installation) as full:
        restored(tmp_path / "backup", small_disk / "data")
    assert full.value.code == "backup.full"
    assert list(small_disk.iterdir()) == []
