"""What runs beside the server, as long as this process has the duty."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from handheld.application.duties import Duties, Duty

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
AGAIN_SECONDS = 2.0

Running = Callable[[], AbstractAsyncContextManager[None]]


def on_duty(duties: Duties, duty: Duty, running: Running) -> Running:
    """Runs while the duty is held, and whenever it is held again."""

    async def until(held: bool) -> None:
        for _ in iter(lambda: duties.holds(duty), held):
            await asyncio.sleep(LOOK_SECONDS)

    async def go_on() -> None:
        while True:
            await until(held=True)
            try:
                async with running():
                    await until(held=False)
            except Exception:  # the process has more to do than this
                logger.exception("%s ended, and is begun again", duty)
                await asyncio.sleep(AGAIN_SECONDS)

    @asynccontextmanager
    async def as_long() -> AsyncGenerator[None]:
        task = asyncio.create_task(go_on(), name=duty)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return as_long
