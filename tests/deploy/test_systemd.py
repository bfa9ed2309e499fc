"""systemd's own opinion of the units in deploy/: it reads them, and finds little open."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

FILES = Path(__file__).parents[2] / "deploy" / "systemd"
PROGRAM = "/opt/handheld/bin/handheld"
UNITS = {
    "handheld-serve.service": "handheld-serve.service",
    "handheld-api@8751.service": "handheld-api@.service",
    "handheld-gateway@8761.service": "handheld-gateway@.service",
    "handheld-follow@8771.service": "handheld-follow@.service",
    "handheld.target": "handheld.target",
}
"""As they are started, and the files that they come from."""
MOST_OPEN = 20
"""Tenths of 10, which is what systemd says of a service that may do anything."""


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Where they are installed, with a program that is there."""
    if shutil.which("systemd-analyze") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("systemd-analyze is missing")
        pytest.skip("systemd-analyze is missing")
    place = tmp_path / "system"
    shutil.copytree(FILES, place)
    program = tmp_path / "handheld"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in place.glob("*.service"):
        unit.write_text(unit.read_text().replace(PROGRAM, str(program)))
    for name, file in UNITS.items():
        if name != file:
            (place / name).symlink_to(file)
    return place


def said(units: Path, *words: str) -> tuple[int, str]:
    """What systemd-analyze says, and with which code it ends."""
    # The colon at the end: its own units are looked for where they usually are.
    env = {**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:", "SYSTEMD_COLORS": "0"}
    done = subprocess.run(
        ["systemd-analyze", *words], env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_systemd_takes_every_line_of_the_units(units: Path) -> None:
    assert {one.name for one in FILES.iterdir() if one.is_file()} == set(UNITS.values())
    # What it does not understand it says, and goes on.
    assert said(units, "verify", "--man=no", *UNITS) == (0, "")


def test_what_a_unit_has_in_common_with_the_others_holds_for_it(units: Path) -> None:
    (units / "handheld-.service.d" / "common.conf").write_text("[Service]\nRestart=odd\n")
    for name in UNITS:
        found = said(units, "verify", "--man=no", name)[1]
        assert ("odd" in found) == name.endswith(".service"), name


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_process_may_do_little_that_it_does_not_need(units: Path, name: str) -> None:
    words = ("--offline=true", "--no-pager", f"--threshold={MOST_OPEN}", name)
    code, found = said(units, "security", *words)
    assert code == 0, found
    assert re.search(rf"Overall exposure level for {re.escape(name)}: 1\.\d", found), found
