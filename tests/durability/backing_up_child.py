"""Processes that make or restore one backup; killed by the tests."""

from __future__ import annotations

from pathlib import Path

from tests.support_backups import backed_up, restored


def back_up_once(data: Path, to: Path) -> None:
    """In a process forked from one that has imported everything."""
    backed_up(data, to, pages=4, keyring_to=to.with_name("keys"))


def restore_once(backup: Path, data: Path) -> None:
    """The same for a restore."""
    restored(backup, data)
