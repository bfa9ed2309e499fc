"""The clock of a machine that somebody sets while its processes run: for tests, on their PYTHONPATH.

A whole process sees it, whatever it has imported and how: `time`, `time_ns` and `datetime.now` are as
many seconds off as a file says, which is read each time that they are asked. What counts seconds
(`monotonic`) goes on, as it does where a real clock is set.
"""

from __future__ import annotations

import ctypes
import gc
import os
import time
from datetime import datetime, tzinfo
from pathlib import Path

_FILE = Path(os.environ["CLOCK_OF_THE_MACHINE"])
_time, _time_ns = time.time, time.time_ns
_at = datetime.fromtimestamp


def _off() -> int:
    return int(_FILE.read_text())


def _now(_: type[datetime], tz: tzinfo | None = None) -> datetime:
    return _at(_time() + _off(), tz)


def _set(kind: type, name: str, value: object) -> None:
    """Types of C take no attribute by the usual way, and a type put in their place is another."""
    (attributes,) = gc.get_referents(kind.__dict__)
    attributes[name] = value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


time.time = lambda: _time() + _off()
time.time_ns = lambda: _time_ns() + _off() * 1_000_000_000
_set(datetime, "now", classmethod(_now))
