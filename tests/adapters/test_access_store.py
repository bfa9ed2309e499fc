"""`access.db` as a file: faults, several processes, backups."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite3

from handheld.adapters.access_store import FileAccess
from handheld.adapters.database import DatabaseFault
from handheld.application.access.records import Note
from handheld.bootstrap import Home, found_home, open_access
from handheld.domain.errors import Busy, Installation, NotSignedIn
from tests.support_access import BEGIN, LI, OTHER, PASSWORD, PHONE, WANG, Office
from tests.support_backups import backed_up, restored
from tests.support_stores import SQLiteStores, Stores


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    found = Office(SQLiteStores(tmp_path))
    yield found
    found.close()


def test_a_file_that_is_none_of_ours_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "access.db"
    path.write_bytes(b"these are not pages of a database, whatever else they may be" * 100)
    before = path.read_bytes()
    with pytest.raises(Installation) as refused:
        FileAccess(path)
    assert refused.value.code == "access.damaged"
    assert path.read_bytes() == before


def test_a_file_of_a_newer_program_is_not_opened(tmp_path: Path) -> None:
    FileAccess(tmp_path / "access.db").close()
    with closing(sqlite3.connect(tmp_path / "access.db")) as db:
        db.execute("PRAGMA user_version=2")
    with pytest.raises(Installation) as refused:
        FileAccess(tmp_path / "access.db")
    assert refused.value.code == "access.newer"


def test_several_processes_open_a_new_file_at_the_same_moment(tmp_path: Path) -> None:
    child = (
        "import sys; from pathlib import Path\n"
        "from handheld.adapters.access_store import FileAccess\n"
        "sys.stdin.readline(); store = FileAccess(Path(sys.argv[1]))\n"
        "print(len(store.accounts())); store.close()\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", child, str(tmp_path / "access.db")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0] for process in running] == ["0\n"] * 4
    assert [process.returncode for process in running] == [0] * 4


def test_who_waits_for_another_process_too_long_is_told_to_come_back(tmp_path: Path) -> None:
    office = Office(SQLiteStores(tmp_path, patience=1))
    access = office.open()
    with closing(sqlite3.connect(office.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            access.create_account("duty", PASSWORD, person=WANG)
        other.execute("ROLLBACK")
    access.create_account("duty", PASSWORD, person=WANG)
    office.close()


def test_a_full_disk_is_named_nothing_is_half_done_and_who_is_signed_in_stays_so(
    office: Office,
) -> None:
    access = office.open()
    (made,) = access.issue_links([WANG])
    done = access.redeem(made.secret, PHONE)
    (second,) = access.issue_links([LI])
    # The limit holds for this process: files cannot grow, as on a disk without room.
    largest = office.path.with_name("access.db-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        with pytest.raises(Installation) as refused:
            access.redeem(second.secret, OTHER)
        assert access.identify(done.token) == done.identity
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.code == "access.unwritable"
    assert access.sessions_held() == 1
    assert access.redeem(second.secret, OTHER).identity.actor == LI


def test_the_audit_can_be_added_to_and_not_be_rewritten(stores: Stores) -> None:
    office = Office(stores)
    access = office.open()
    access.create_account("duty", PASSWORD, person=WANG)
    access.sign_in("duty", PASSWORD, address="10.0.0.1", device=PHONE)
    office.close()
    with closing(office.database()) as database:
        for statement in (
            "DELETE FROM audit",
            "UPDATE audit SET what='failed'",
            "UPDATE audit SET at=0",
            "UPDATE audit SET person='person-S0000002'",
            "UPDATE audit SET address='10.0.0.2'",
            "UPDATE audit SET account='other'",
        ):
            with pytest.raises(DatabaseFault, match="audit"), database.writing() as c:
                c.execute(statement)


def test_the_audit_is_read_page_by_page(office: Office) -> None:
    store = FileAccess(office.path)
    with closing(store), store.change() as change:
        change.note(
            Note(what="failed", at=BEGIN, account="duty" if n % 2 else None) for n in range(10)
        )
    access = office.open()
    first = access.audit(4)
    assert [note.number for note in first] == [10, 9, 8, 7]
    assert [note.number for note in access.audit(4, before=7)] == [6, 5, 4, 3]
    assert [note.number for note in access.audit(2, account="DUTY")] == [10, 8]


def test_a_restored_copy_knows_its_phones_and_lets_no_link_or_desk_back_in(
    tmp_path: Path,
) -> None:
    data, again = tmp_path / "data", tmp_path / "again"
    found_home(data)
    with Home(data) as home:
        access = home.access
        access.create_account("duty", PASSWORD, person=WANG)
        first, second, third = access.issue_links([WANG, LI, "person-S0000003"])
        on_phone = access.redeem(first.secret, PHONE)
        at_desk = access.sign_in("duty", PASSWORD)
        manifest = backed_up(data, tmp_path / "backup")
        access.redeem(second.secret, OTHER)  # after the backup: the copy cannot know of it
    assert "access.db" in manifest.files
    restored(tmp_path / "backup", again)
    with Home(again) as home:
        access = home.access
        assert access.identify(on_phone.token) == on_phone.identity
        assert access.identify(at_desk.token) is None
        for secret in (first.secret, second.secret, third.secret):
            with pytest.raises(NotSignedIn):
                access.redeem(secret, PHONE)
        assert access.sign_in("duty", PASSWORD).identity.actor == WANG
        assert "restored" in {note.what for note in access.audit()}


def test_a_backup_without_accounts_is_restored_as_ever(tmp_path: Path) -> None:
    found_home(tmp_path / "data")
    Home(tmp_path / "data").close()
    assert "access.db" not in backed_up(tmp_path / "data", tmp_path / "backup").files
    restored(tmp_path / "backup", tmp_path / "again")
    assert not (tmp_path / "again" / "access.db").exists()


def test_an_erasure_that_a_crash_has_cut_short_is_made_good_when_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_home(tmp_path / "data")
    access = open_access(tmp_path / "data")
    (made,) = access.issue_links([WANG])
    done = access.redeem(made.secret, PHONE)
    access.close()
    monkeypatch.setattr(Home, "_finish_erasures", lambda _self: {WANG})
    with Home(tmp_path / "data") as home:
        assert home.access.identify(done.token) is None
        assert home.access.links() == []


def test_without_a_log_there_is_nothing_to_sign_in_to(tmp_path: Path) -> None:
    with pytest.raises(Installation) as refused:
        open_access(tmp_path / "nowhere")
    assert refused.value.code == "data.not_found"
    assert not (tmp_path / "nowhere").exists()
