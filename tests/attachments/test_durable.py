"""Kills, full disks, and the order of flushes: whole or not there, and nothing acknowledged is lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import sleep

import pytest

from handheld.domain.errors import HandheldError, Malformed
from tests.attachments.bringing_child import bring_for_ever, photo
from tests.durability.tracing import needs_strace, whole_lines
from tests.support_attachments import Place, big_photo, hash_of
from tests.support_log import child, run_children

processes = get_context("forkserver")
processes.set_forkserver_preload(["tests.attachments.bringing_child"])


def test_fifteen_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    random, stored, begun = Random(4), 0, 0
    for n in range(15):
        directory = tmp_path / f"round-{n}"
        here, there = processes.Pipe(duplex=False)
        one = processes.Process(target=bring_for_ever, args=(directory, there))
        one.start()
        there.close()
        said: list[tuple[int, int, str]] = []
        try:
            for _ in range(random.randint(1, 14)):
                assert here.poll(60), "the child never answered"
                said.append(here.recv())
            sleep(random.uniform(0, 0.02))
        finally:
            one.kill()
            one.join()
        try:
            while here.poll(0):
                said.append(here.recv())
        except (EOFError, OSError):
            pass
        here.close()
        one.close()
        place = Place(directory)
        try:
            acknowledged = [digest for _, _, digest in said if digest]
            assert place.store.stored_of(acknowledged) == set(acknowledged)
            count, wrong = place.store.verify()
            assert (count >= len(acknowledged), wrong) == (True, "")
            stored += count
            begun += go_on(place, said)
        finally:
            place.close()
        shutil.rmtree(directory)
    assert stored > 5, "no kill came after an attachment: this shows nothing"
    assert begun > 5, "no kill came in the middle of one: this shows nothing"


def go_on(place: Place, said: list[tuple[int, int, str]]) -> int:
    """What was under way goes on where it stood, no earlier than was acknowledged."""
    number, offset, digest = said[-1]
    open_uploads = [row for row in place.store.rows.uploads() if not row.complete]
    assert len(open_uploads) <= 1
    assert set(place.left()) == {row.id for row in open_uploads}
    for row in open_uploads:
        which = number if row.sha256 == hash_of(photo(number)) else number + 1
        data = photo(which)
        assert row.sha256 == hash_of(data)
        if which == number and not digest:
            assert row.received >= min(offset + 50_000, len(data)) - 50_000
        place.send(row.id, data[row.received :], row.received) if row.received < row.size else None
        assert place.original(place.store.finish(row.id).sha256) == data
    return len(open_uploads)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_on_a_full_disk_nothing_half_done_is_kept_and_all_goes_on_afterwards(
    small_disk: Path,
) -> None:
    place = Place(small_disk / "data")
    try:
        data, kept = big_photo(900_000), big_photo(100_000, seed=9)
        place.bring(kept, "image/jpeg")
        upload = place.begin(data, "image/jpeg")
        place.send(upload, data[:300_000])
        ballast = small_disk / "ballast"
        ballast.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 100_000))
        with pytest.raises(HandheldError) as begun:
            place.begin(big_photo(200_000, seed=2), "image/jpeg")
        with pytest.raises(HandheldError) as sent:
            place.send(upload, data[300_000:], 300_000)
        assert (begun.value.code, sent.value.code) == ("attachments.full", "attachments.full")
        ballast.unlink()
        found = place.store.upload(upload)
        assert found is not None
        assert found[1].offset == 300_000
        place.send(upload, data[300_000:], 300_000)
        free = shutil.disk_usage(small_disk).free
        ballast.write_bytes(b"x" * (free - 400_000))
        with pytest.raises(HandheldError) as finished:
            place.store.finish(upload)
        assert finished.value.code == "attachments.full"
        assert place.left() == [upload]
        assert place.store.stored_of([hash_of(data)]) == set()
        assert place.original(hash_of(kept)) == kept
        ballast.unlink()
        place.again()
        assert place.original(place.store.finish(upload).sha256) == data
        assert place.store.verify() == (2, "")
    finally:
        place.close()


def test_it_is_acknowledged_after_file_key_name_and_row_are_flushed_in_this_order(
    tmp_path: Path,
) -> None:
    needs_strace()
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2,write,pwrite64,unlink"
    strace = ["strace", "-f", "-y", "-o", str(trace), "-e", calls]
    (told,) = run_children([[*strace, *child("tests.attachments.bringing_child", tmp_path / "d")]])
    digest = told.split()[-1]
    lines = whole_lines(trace.read_text(errors="replace").splitlines())
    begin = next(n for n, line in enumerate(lines) if '"SENT' in line)
    end = next(n for n, line in enumerate(lines) if '"STORED' in line)

    def at(pattern: str) -> list[int]:
        found = [n for n in range(begin, end) if re.search(pattern, lines[n])]
        assert found, f"{pattern} never came: this shows nothing"
        return found

    file = at(r"f(data)?sync\(\d+<.*\.prepared>\) += 0")
    key = at(r"f(data)?sync\(\d+<.*/keyring\.db>\) += 0")
    name = at(rf"rename.*{digest}\.(public|apart)")
    folder = at(rf"f(data)?sync\(\d+<.*/attachments/{digest[:2]}>\) += 0")
    row = at(r"f(data)?sync\(\d+<.*/attachments\.db-wal>\) += 0")
    assert len(file) == len(name) == 2
    assert max(file) < min(key) <= max(key) < min(name)
    assert max(name) < max(folder) < max(row)


def test_a_piece_is_acknowledged_after_its_bytes_and_its_row_are_flushed(tmp_path: Path) -> None:
    needs_strace()
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-y", "-o", str(trace), "-e", "trace=fsync,fdatasync,write"]
    run_children([[*strace, *child("tests.attachments.bringing_child", tmp_path / "d")]])
    lines = whole_lines(trace.read_text(errors="replace").splitlines())
    end = next(n for n, line in enumerate(lines) if '"SENT' in line)
    bytes_ = [n for n in range(end) if re.search(r"sync\(\d+<.*/incoming/[0-9a-f]{32}>", lines[n])]
    rows = [n for n in range(end) if re.search(r"sync\(\d+<.*/attachments\.db-wal>", lines[n])]
    assert bytes_
    assert max(bytes_) < max(rows)


def test_a_file_larger_than_the_system_lets_it_be_is_a_full_disk(tmp_path: Path) -> None:
    """RLIMIT_FSIZE, for machines where nothing can be mounted."""
    import resource

    place = Place(tmp_path / "data")
    data = big_photo(900_000)
    upload = place.begin(data, "image/jpeg")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    try:
        with pytest.raises(HandheldError) as caught:
            place.send(upload, data)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code == "attachments.full"
    found = place.store.upload(upload)
    assert found is not None
    place.send(upload, data[found[1].offset :], found[1].offset)
    try:
        assert place.original(place.store.finish(upload).sha256) == data
    except Malformed as error:
        pytest.fail(str(error))
    finally:
        place.close()
