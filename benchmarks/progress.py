"""Where a long measurement stands, for somebody who waits: lines on standard error."""

from __future__ import annotations

import sys
import time

EVERY_SECONDS = 10.0


class Progress:
    """Says how far it is, and about how long it will still take; not more often than needed."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = max(total, 1)
        self._began = self._told = time.monotonic()

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now - self._told < EVERY_SECONDS or done <= 0:
            return
        self._told = now
        share = min(done / self._total, 1.0)
        left = (now - self._began) * (1 - share) / share
        print(
            f"    {self._what}: {done:,} of {self._total:,} ({share:.0%}), about {left:.0f} s left",
            file=sys.stderr,
            flush=True,
        )

    def end(self) -> None:
        """Say how long it took."""
        took = time.monotonic() - self._began
        print(f"    {self._what}: done in {took:.0f} s", file=sys.stderr, flush=True)
