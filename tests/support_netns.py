"""A machine of its own for processes, as far as the network goes: a namespace of Linux. For root."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from handheld.entrypoints.cluster.processes import Kind, Member

_NOBODY = "02:00:00:00:00:ff"
"""An address that no network card has: what is sent there arrives nowhere, and nobody says so."""


class Machine:
    """Two lines lead there: one for the tests, and one to the database, which can be cut."""

    def __init__(self) -> None:
        self.name = f"hh{os.getpid()}"
        net = f"10.198.{os.getpid() % 250}"
        self.database, self._near = f"{net}.1", f"{net}.2"
        self._from, self.host = f"{net}.129", f"{net}.130"

    def make(self) -> None:
        """Make it. Raises CalledProcessError where that is not allowed."""
        _ip("netns", "add", self.name)
        lines = (("d", self.database, self._near), ("t", self._from, self.host))
        for line, here, there in lines:
            near, far = self._ends(line)
            _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", self.name)
            _ip("address", "add", f"{here}/25", "dev", near)
            _ip("-n", self.name, "address", "add", f"{there}/25", "dev", far)
            _ip("link", "set", near, "up")
            _ip("-n", self.name, "link", "set", far, "up")
        _ip("-n", self.name, "link", "set", "lo", "up")
        self.mend()

    def end(self) -> None:
        """It is gone, with its lines."""
        for line in "dt":
            subprocess.run(["ip", "link", "delete", self._ends(line)[0]], check=False)
        _ip("netns", "delete", self.name)

    def member(self, kind: Kind, number: int, env: Mapping[str, str], logs: Path) -> Member:
        """A process there."""
        run = ("ip", "netns", "exec", self.name)
        return Member(kind, number, env, logs, host=self.host, before=run)

    def cut(self) -> None:
        """Nothing arrives any more, in both directions, and nobody is told so."""
        self._neighbours(_NOBODY, _NOBODY)

    def mend(self) -> None:
        """The line works again."""
        near, far = self._ends("d")
        there = _ip("-n", self.name, "-o", "link", "show", "dev", far)
        self._neighbours(_card(_ip("-o", "link", "show", "dev", near)), _card(there))

    def _neighbours(self, here: str, there: str) -> None:
        near, far = self._ends("d")
        fixed = ("nud", "permanent")
        _ip("neigh", "replace", self._near, "lladdr", there, "dev", near, *fixed)
        inside = ("-n", self.name, "neigh", "replace", self.database)
        _ip(*inside, "lladdr", here, "dev", far, *fixed)

    def _ends(self, line: str) -> tuple[str, str]:
        return f"{self.name}{line}0", f"{self.name}{line}1"


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
    return done.stdout


def _card(link: str) -> str:
    return link.partition("link/ether ")[2].split()[0]


@contextmanager
def machine() -> Generator[Machine]:
    """One more machine, until the end of the block."""
    made = Machine()
    made.make()
    try:
        yield made
    finally:
        made.end()
