"""A log, opened: the `eventsourcing` Application that holds recorder, mapper and event store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

import msgspec
from eventsourcing.application import Application

from handheld.adapters.clock import ClockSetting, RealClock, SimulatedClock, clock_for
from handheld.adapters.sqlite_store import Synchronous
from handheld_events.codec import instant

if TYPE_CHECKING:
    from handheld.adapters.log_memory import MemoryLog
    from handheld.adapters.log_postgres import PostgresLog
    from handheld.adapters.log_sqlite import SQLiteLog


class CommandLog(Application[str]):
    """The library's application on one of our logs."""

    env: ClassVar[dict[str, str]] = {
        "MAPPER_TOPIC": "handheld.adapters.mapper:RecordedMapper",
        "ORIGINATOR_ID_TYPE": "text",
    }

    @property
    def port(self) -> SQLiteLog | PostgresLog | MemoryLog:
        """The recorder, as the log port."""
        return cast("SQLiteLog | PostgresLog | MemoryLog", self.recorder)

    def clock(self) -> RealClock | SimulatedClock:
        """The clock that the log stores, going on from its last fact."""
        text = self.port.fact("clock")
        setting = msgspec.json.decode(text, type=ClockSetting) if text else ClockSetting()
        last = self.port.read(self.port.end() - 1, 1)
        return clock_for(setting, instant(last[0][5]) if last else None)

    def keep_clock(self, clock: RealClock | SimulatedClock) -> None:
        """Store how far a simulated clock has been moved: whoever serves the log goes on from there.

        Durable when it returns. Raises LogFull, LogBusy, LogBroken.
        """
        if isinstance(clock, SimulatedClock):
            text = self.port.fact("clock")
            setting = msgspec.json.decode(text, type=ClockSetting) if text else ClockSetting()
            moved = ClockSetting(origin=clock.now(), rate=setting.rate)
            self.port.replace_fact("clock", msgspec.json.encode(moved).decode())


def open_sqlite(path: Path, *, synchronous: Synchronous = "FULL") -> CommandLog:
    """Open a log file, making its tables where there are none."""
    return CommandLog(
        {
            "PERSISTENCE_MODULE": "handheld.adapters.log_sqlite:Factory",
            "SQLITE_DBNAME": str(path),
            "SQLITE_SYNCHRONOUS": synchronous,
        }
    )


def open_postgres(conninfo: str, schema: str, *, make: bool = False) -> CommandLog:
    """Open the log in a schema of a database.

    `conninfo` as libpq has it, a URL or `host=… dbname=…`. `make`: make its tables where there are
    none, which is otherwise done once, by `handheld migrate`.
    """
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(conninfo)
    names = ("dbname", "host", "port", "user", "password")
    known = {f"POSTGRES_{name.upper()}": str(given.get(name) or "") for name in names}
    return CommandLog(
        {
            "PERSISTENCE_MODULE": "handheld.adapters.log_postgres:Factory",
            **known,
            "POSTGRES_CONNINFO": conninfo,
            "POSTGRES_SCHEMA": schema,
            "CREATE_TABLE": "y" if make else "n",
        }
    )


def open_memory() -> CommandLog:
    """A new log in memory."""
    return CommandLog({"PERSISTENCE_MODULE": "handheld.adapters.log_memory:Factory"})


def found(log: CommandLog, log_id: str, clock: ClockSetting) -> None:
    """Give a new log its id and its clock; one that has them keeps them."""
    log.port.set_facts({"log_id": log_id, "clock": msgspec.json.encode(clock).decode()})
