"""Keeps the organisation: divisions and people, always caught up when asked for."""

from __future__ import annotations

import logging
from contextlib import suppress
from threading import Lock

import msgspec

from handheld.application.ports import Log, StoredPart, Views, ViewsMoved
from handheld.application.stored_fold import Writes
from handheld.domain.errors import HandheldError
from handheld_events.codec import Reading, UnreadableEvent
from handheld_projections.organisation import Organisation, OrganisationState

logger = logging.getLogger(__name__)

FOLD = f"{Organisation.name}.{Organisation.fold_version}"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(OrganisationState).decode


class OrganisationKeeper:
    """The organisation of one log. It reads only the facts of divisions and people.

    What it gives out never changes: after new facts there is another one. Every process has its
    own; it is stored by the one that `writes`.
    """

    def __init__(self, log: Log, views: Views | None, writes: Writes = lambda: True) -> None:
        self._log = log
        self._views = views
        self._writes = writes
        self._lock = Lock()
        self._reading = Reading()
        self._organisation = Organisation()
        self._position = self._checkpointed = 0
        if views is not None:
            self._resume(views)

    def _resume(self, views: Views) -> None:
        position = views.cursor(FOLD)
        stored = views.part(FOLD, "all", position)
        if stored is None:
            return
        try:
            self._organisation.restore(_decode(stored.state))
        except msgspec.MsgspecError:
            if self._writes():
                views.drop(FOLD)  # not as this version writes it: fold again from the beginning
            return
        self._position = self._checkpointed = position

    def caught_up(self) -> tuple[Organisation, int]:
        """The organisation at the log's end, and that position.

        Raises HandheldError (`fold.stopped`) when an event cannot be read: nothing may be decided
        on an organisation that is not known.
        """
        with self._lock:
            end = self._log.end()
            if end > self._position:
                rows = self._log.read_kinds(self._position, Organisation.streams)
                try:
                    if rows:
                        later = self._organisation.copy()
                        later.apply(self._reading.fact(*row) for row in rows)
                        self._organisation = later
                except UnreadableEvent as error:
                    raise HandheldError(
                        "fold.stopped",
                        fold=FOLD,
                        position=error.position,
                        topic=error.topic,
                        reason=error.reason,
                    ) from error
                # Somebody may have written between the two looks at the log.
                self._position = max(end, rows[-1][0]) if rows else end
            return self._organisation, self._position

    def latest(self) -> Organisation:
        """The organisation as it was caught up last: nothing is read, nobody waits."""
        return self._organisation

    def known(self) -> Organisation:
        """The organisation as far as it can be read: for showing names, not for deciding."""
        with suppress(HandheldError):
            return self.caught_up()[0]
        return self._organisation

    def checkpoint(self, behind: int = 1) -> None:
        """Store the organisation, if the last time was at least so many positions ago."""
        if self._views is None or not self._writes():
            return
        if self._log.end() - self._checkpointed < behind:
            return
        organisation, position = self.caught_up()
        known = self._views.cursor(FOLD)  # another process may have stored it meanwhile
        if known < position:
            state = [StoredPart("all", _encode(organisation.snapshot()))]
            try:
                self._views.checkpoint(FOLD, position, state, after=known)
            except ViewsMoved as moved:
                logger.info("the organisation is stored elsewhere: %s", moved)
                return
        self._checkpointed = max(known, position)
