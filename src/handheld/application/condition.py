"""How the whole installation is, in figures, for operators."""

from __future__ import annotations

import msgspec

from handheld.application import (
    index_keeper,
    mention_keeper,
    organisation_keeper,
    past_boards,
    register_keeper,
)
from handheld.application.follower import Keeper
from handheld.application.ports import Log, Views


class ViewShown(msgspec.Struct, frozen=True, kw_only=True):
    """One view of the log."""

    view: str
    """`boards`, `organisation`, `timeline`, `inbox`, `registers`, `mentions`."""
    fold: str
    """Its name with its version: another version is made again from the log."""
    position: int
    lag: int
    """Facts that it does not show yet."""
    stopped: bool
    """It met a fact that it cannot read."""
    checkpoints: int
    checkpoint: int | None
    """The position of the last one."""


class LogShown(msgspec.Struct, frozen=True, kw_only=True):
    """The log."""

    log_id: str
    position: int
    simulated: bool
    """Whether its clock is a simulated one."""


FOLDS = {
    "boards": past_boards.FOLD,
    "timeline": index_keeper.TIMELINE,
    "inbox": index_keeper.INBOX,
    "registers": register_keeper.FOLD,
    "mentions": mention_keeper.FOLD,
    "organisation": organisation_keeper.FOLD,
}


def views_shown(log: Log, views: Views, keepers: dict[str, Keeper]) -> tuple[ViewShown, ...]:
    """Each view: how far it is, and what it can begin from after a restart."""
    end = log.end()
    return tuple(_view(name, fold, end, views, keepers.get(name)) for name, fold in FOLDS.items())


def _view(name: str, fold: str, end: int, views: Views, keeper: Keeper | None) -> ViewShown:
    kept = views.checkpoints(fold)
    position = end if keeper is None else keeper.position
    return ViewShown(
        view=name,
        fold=fold,
        position=position,
        lag=max(0, end - position),
        stopped=keeper is not None and keeper.stopped is not None,
        checkpoints=len(kept),
        checkpoint=kept[-1] if kept else None,
    )
