"""Who was told that they are signed in, or that somebody is not, finds it so after a power cut."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.durability.tracing import acknowledgements_before_their_flush, calls, needs_strace
from tests.support_log import ROOT

CHILD = """
import os, sys
from pathlib import Path
from handheld.application.access.records import DeviceSaid
from tests.support_access import PASSWORD, WANG, Office
from tests.support_stores import SQLiteStores

office = Office(SQLiteStores(Path(sys.argv[1]), synchronous=sys.argv[2]))
access = office.open()
os.write(1, b"READY\\n")
access.create_account("duty", PASSWORD, person=WANG)
os.write(1, b"OK 0\\n")
(made,) = access.issue_links([WANG])
os.write(1, b"OK 1\\n")
done = access.redeem(made.secret, DeviceSaid(id="phone-0000000001"))
os.write(1, b"OK 2\\n")
access.sign_in("duty", PASSWORD)
os.write(1, b"OK 3\\n")
access.revoke(done.identity.session)
os.write(1, b"OK 4\\n")
access.disable_account("duty")
os.write(1, b"OK 5\\n")
office.close()
"""


def early(directory: Path, synchronous: str) -> int:
    """How many answers came before the flush of what they say."""
    needs_strace()
    trace = directory.with_suffix(".trace")
    directory.mkdir()
    options = ("-f", "-y", "-s", "64", "-o", str(trace))
    done = subprocess.run(
        ["strace", *options, "-e", "trace=fsync,fdatasync,write,pwrite64", sys.executable, "-c",
         CHILD, str(directory), synchronous],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["READY", *(f"OK {n}" for n in range(6))]
    found = calls(trace.read_text(errors="replace").splitlines())
    return len(acknowledgements_before_their_flush(found, str(directory / "access.db-wal")))


def test_each_answer_comes_after_the_flush_of_what_it_says(tmp_path: Path) -> None:
    assert early(tmp_path / "full", "FULL") == 0
    assert early(tmp_path / "off", "OFF") == 6, "the check itself sees nothing"
