"""Processes for work that is pure and long, on machines with several processors."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def worker_processes(count: int) -> Generator[Executor]:
    """So many processes, started now, and ended when the block is left.

    What they are given and what they answer is pickled. They are new programs, not copies of this
    one, whose threads may hold anything. They end with this process, however it ends.
    """
    workers = ProcessPoolExecutor(count, get_context("spawn"), _begin)
    # Ctrl+C reaches every process of a terminal: whoever gave the work says what becomes of it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for _ in range(count):
            workers.submit(os.getpid)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield workers
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        workers.shutdown(cancel_futures=True)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
