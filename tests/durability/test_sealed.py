"""Names and telephone numbers: sealed before they are stored, and gone for good when erased."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from handheld.bootstrap import Home, found_home
from handheld.domain import task
from handheld.domain.register import ErasePerson
from handheld_events.codec import Reading
from handheld_events.person import PersonRegistered
from handheld_events.sealed import Sealed
from tests.durability.tracing import needs_strace, whole_lines
from tests.support_log import (
    child,
    person,
    populate,
    run_children,
    started_tasks,
)

PEOPLE = 30
NAME, PHONE = "龘靐齉{}", "0570-987-{:06d}"


def forms(text: str) -> set[bytes]:
    """A text as it might lie in a file: UTF-8, UTF-16, escaped in JSON, in base64 or hex."""
    plain = text.encode()
    found = {plain, text.encode("utf-16-le"), text.encode("utf-16-be"), plain.hex().encode()}
    found.add(json.dumps(text)[1:-1].encode())
    for shift in range(3):  # base64 of a text in the middle of others
        packed = base64.b64encode(b"." * shift + plain)
        found.add(packed[(4 if shift else 0) : -4])
    return found


MARKS = {mark for text in ("龘靐齉", "0570-987-0000") for mark in forms(text)}


def assert_nothing_is_plain(directory: Path) -> None:
    """Names stand in the register of people, which is made to search them, and nowhere else."""
    files = [path for path in directory.iterdir() if path.is_file()]
    assert {"log.db", "keyring.db", "views.db"} <= {path.name for path in files}
    for path in files:
        if path.name not in ("views.db", "views.db-wal", "views.db-shm"):
            assert_absent(path.read_bytes(), path.name)
    with closing(sqlite3.connect(directory / "views.db")) as views:
        found = views.execute("SELECT name FROM sqlite_master WHERE type='table'")
        tables = [name for (name,) in found]
        assert {"parts", "lines"} <= set(tables)
        for table in tables:
            if table.startswith("register_people"):
                continue
            for row in views.execute(f"SELECT * FROM {table}"):
                assert_absent(b"|".join(as_bytes(value) for value in row), f"{table} of views.db")


def assert_absent(content: bytes, where: str) -> None:
    for mark in MARKS:
        assert mark not in content, f"{mark!r} stands in {where}"


def as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    found_home(tmp_path / "data")
    home = Home(tmp_path / "data")
    populate(home, PEOPLE, name=NAME, phone=PHONE)
    yield home
    home.close()


def registered(home: Home) -> dict[str, PersonRegistered]:
    facts = (Reading().fact(*row) for row in home.log.read_kinds(0, ["person"]))
    return {f.stream: f.event for f in facts if isinstance(f.event, PersonRegistered)}


def sealed(home: Home, number: int) -> tuple[Sealed, Sealed]:
    event = registered(home)[person(number)]
    assert event.phone is not None
    return event.name, event.phone


def test_no_file_holds_a_name_or_a_number_at_any_time(home: Home) -> None:
    directory = home.directory
    assert_nothing_is_plain(directory)
    tasks = started_tasks(home, PEOPLE)
    assert_nothing_is_plain(directory)
    for number, stream in enumerate(tasks):
        home.execute(task.Accept(task=stream), person(number))
    home.caught_up()
    assert_nothing_is_plain(directory)
    home.boards.checkpoint()
    home.organisation.checkpoint()
    assert_nothing_is_plain(directory)
    home.close()  # the WAL is copied into the file
    assert_nothing_is_plain(directory)


def test_the_search_finds_what_is_plain(home: Home) -> None:
    """Else the test above shows nothing."""
    started_tasks(home, PEOPLE)
    (home.directory / "views.db-journal").write_bytes(b"..." + NAME.format(1).encode())
    with pytest.raises(AssertionError, match="stands in"):
        assert_nothing_is_plain(home.directory)
    (home.directory / "views.db-journal").write_text(json.dumps({"name": NAME.format(1)}))
    with pytest.raises(AssertionError, match="stands in"):
        assert_nothing_is_plain(home.directory)
    (home.directory / "views.db-journal").unlink()
    home.caught_up()
    with closing(sqlite3.connect(home.directory / "views.db")) as views:
        packed = json.dumps(NAME.format(1)).encode()
        views.execute("UPDATE lines SET packed=? WHERE key=?", (packed, person(1)))
        assert views.total_changes > 0
        views.commit()
    with pytest.raises(AssertionError, match="stands in lines"):
        assert_nothing_is_plain(home.directory)


def test_nothing_holds_the_name_of_somebody_erased(home: Home) -> None:
    """The register of people forgets them with the log's fact, in the write-ahead log too."""
    home.caught_up()
    name, other = (NAME.format(number).encode() for number in (27, 28))
    views = home.directory / "views.db-wal", home.directory / "views.db"
    assert any(name in path.read_bytes() for path in views), "it was nowhere: this shows nothing"
    home.execute(ErasePerson(person=person(27), reason="本人申请"), "operator")
    home.erase_keys(person(27))
    home.caught_up()
    for path in home.directory.iterdir():
        assert name not in path.read_bytes(), f"the name stands in {path.name}"
    assert any(other in path.read_bytes() for path in views)


def test_who_has_the_keyring_reads_the_name(home: Home) -> None:
    name, phone = sealed(home, 7)
    assert (home.keyring.open(name), home.keyring.open(phone)) == (
        NAME.format(7),
        PHONE.format(7),
    )


def key_of(directory: Path, subject: str) -> bytes | None:
    with closing(sqlite3.connect(directory / "keyring.db")) as keys:
        row = keys.execute("SELECT key FROM keys WHERE subject=?", (subject,)).fetchone()
    return None if row is None else bytes(row[0])


def test_an_erased_person_reads_as_erased_for_good_and_nobody_else_does(home: Home) -> None:
    directory = home.directory
    name, phone = sealed(home, 7)
    key = key_of(directory, person(7))
    assert key is not None
    assert key in (directory / "keyring.db").read_bytes()
    home.execute(ErasePerson(person=person(7), reason="本人申请"), "operator")
    home.erase_keys(person(7))
    assert home.keyring.open(name) is None
    for path in directory.iterdir():
        assert key not in path.read_bytes(), f"the key stands in {path.name}"
    home.close()
    with Home(directory) as again:
        assert again.keyring.open(name) is None
        assert again.keyring.open(phone) is None
        assert again.keyring.open(sealed(again, 8)[0]) == NAME.format(8)
        assert person(7) not in again.keyring.subjects()
    for path in directory.iterdir():
        assert key not in path.read_bytes(), f"the key stands in {path.name}"


def test_an_erasure_that_was_cut_short_is_finished_at_the_next_opening(home: Home) -> None:
    """The log took it, and the process ended before the keys were destroyed."""
    name, _ = sealed(home, 7)
    key = key_of(home.directory, person(7))
    home.execute(ErasePerson(person=person(7), reason="本人申请"), "operator")
    assert home.keyring.open(name) == NAME.format(7)
    home.close()
    with Home(home.directory) as again:
        assert again.keyring.open(name) is None
    assert key is not None
    assert key not in (home.directory / "keyring.db").read_bytes()


def test_a_sealed_value_cannot_be_given_to_somebody_else(home: Home) -> None:
    name, _ = sealed(home, 7)
    other, _ = sealed(home, 8)
    assert home.keyring.open(Sealed(subject=other.subject, key=other.key, box=name.box)) is None
    assert home.keyring.open(Sealed(subject=name.subject, key=other.key, box=name.box)) is None
    damaged = name.box[:-1] + bytes([name.box[-1] ^ 1])
    assert home.keyring.open(Sealed(subject=name.subject, key=name.key, box=damaged)) is None


def test_the_same_name_is_never_sealed_alike(home: Home) -> None:
    one, two = home.keyring.seal([(person(1), "同名"), (person(1), "同名")])
    assert one.box != two.box


def test_keys_are_durable_before_the_event_that_needs_them(tmp_path: Path) -> None:
    """Seen by strace: the keyring's last flush comes before the log's first write of the import."""
    needs_strace()
    found_home(tmp_path / "data")
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,pwrite64,write,unlink,unlinkat"
    strace = ["strace", "-f", "-y", "-o", str(trace), "-e", calls]
    run_children([[*strace, *child("tests.durability.importing_child", tmp_path / "data")]])
    lines = whole_lines(trace.read_text(errors="replace").splitlines())
    begin = next(n for n, line in enumerate(lines) if "SEALING" in line)
    lines = lines[begin:]
    keyring = f"<{tmp_path}/data/keyring.db>"
    wal = f"<{tmp_path}/data/log.db-wal>"

    def at(pattern: str) -> list[int]:
        return [n for n, line in enumerate(lines) if re.search(pattern, line)]

    written = at(rf"pwrite64\(\d+{re.escape(keyring)}")
    flushed = at(rf"f(data)?sync\(\d+{re.escape(keyring)}\) += 0")
    logged = at(rf"pwrite64\(\d+{re.escape(wal)}")
    journal = at(r"unlink.*keyring\.db-journal")
    assert written, "no key was written: this shows nothing"
    assert logged, "no event was written: this shows nothing"
    assert max(written) < max(flushed) < min(logged)
    # The commit itself, the end of the journal, is flushed with its directory too.
    directory = at(rf"f(data)?sync\(\d+<{re.escape(str(tmp_path / 'data'))}>\) += 0")
    assert max(journal) < max(n for n in directory if n < min(logged))


def test_the_keyring_is_for_its_owner_only(home: Home) -> None:
    assert (home.directory / "keyring.db").stat().st_mode & 0o077 == 0
    assert home.directory.stat().st_mode & 0o077 == 0
