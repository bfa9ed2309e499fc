"""What a process looks at again and again, because others may have changed it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from handheld.domain.errors import HandheldError

LOOK_SECONDS = 1.0


class LookingAgain:
    """Looks every second on a thread of its own. A look that fails is made again."""

    def __init__(self, name: str, look: Callable[[], None]) -> None:
        self._look = look
        self._closing = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.wait(LOOK_SECONDS):
            try:
                self._look()
            except HandheldError:
                continue
