"""Whom the ladder may tell by which way, and in which words. Synthetic people by none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from handheld.application.board_keeper import BoardKeeper
from handheld.application.notifying import Notice
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Keyring
from handheld.domain.errors import HandheldError
from handheld.domain.ladder import attempt_id
from handheld.texts import Texts
from handheld_events.task import Rung
from handheld_projections.notices import Reaching
from handheld_projections.organisation import Organisation

BY_TELEPHONE: frozenset[Rung] = frozenset({"messenger", "sms", "voice"})
INSIDE: frozenset[Rung] = frozenset({"call_list"})
"""Rungs by which nothing leaves the house."""


class Devices(Protocol):
    """Which people have a device that takes Web Push."""

    def has(self, person: str) -> bool:
        """Whether somebody has one at least."""
        ...


class NoDevices:
    """Nobody has."""

    def has(self, person: str) -> bool:
        return False


class Reach:
    """Looks people up as the register has them now; telephone numbers are opened when they are sent."""

    def __init__(
        self,
        organisation: OrganisationKeeper,
        keyring: Keyring,
        boards: BoardKeeper,
        devices: Devices,
        texts: Texts,
        rungs: Collection[Rung],
    ) -> None:
        """`rungs`: those for which there is somebody who passes notices on."""
        self._organisation = organisation
        self._keyring = keyring
        self._boards = boards
        self._devices = devices
        self._texts = texts
        self._rungs = frozenset(rungs)
        self._known: Organisation | None = None

    def refresh(self) -> None:
        """Look at the register anew. Raises HandheldError where it cannot be read."""
        self._known = self._organisation.caught_up()[0]

    def rungs(self, person: str) -> frozenset[Rung]:
        """By which rungs somebody can be told. Of synthetic and erased people only those inside."""
        known = None if self._known is None else self._known.people.get(person)
        if known is None or known.synthetic or known.erased:
            return INSIDE
        found = set(INSIDE)
        if "web_push" in self._rungs and self._devices.has(person):
            found.add("web_push")
        if known.phone is not None:
            found |= self._rungs & BY_TELEPHONE
        return frozenset(found)

    def notices(
        self, rung: Rung, attempts: Sequence[tuple[Reaching, int]]
    ) -> tuple[list[Notice], dict[str, str]]:
        """The notices of these tasks, each with the number under which it goes out.

        And of those that cannot go out, by task, why not: a word of ours.
        """
        titles: dict[str, str] = {}
        found: list[Notice] = []
        not_possible: dict[str, str] = {}
        for known, number in attempts:
            why = self._why_not(rung, known.person)
            if why is not None:
                not_possible[known.task] = why
                continue
            if known.task_force not in titles:
                titles[known.task_force] = self._title(known.task_force)
            notice = self._notice(rung, known, number, titles[known.task_force])
            if rung in BY_TELEPHONE and not notice.phone:
                not_possible[known.task] = "no_telephone"
            else:
                found.append(notice)
        return found, not_possible

    def _why_not(self, rung: Rung, person: str) -> str | None:
        known = None if self._known is None else self._known.people.get(person)
        if known is None:
            return "not_registered"
        if known.synthetic:
            return "synthetic"
        return None if rung in self.rungs(person) else "not_reachable"

    def _title(self, task_force: str) -> str:
        try:
            return self._boards.summary(task_force).title
        except HandheldError:
            return ""

    def _notice(self, rung: Rung, known: Reaching, number: int, title: str) -> Notice:
        texts = self._texts
        phone = None
        if rung in BY_TELEPHONE and self._known is not None:
            sealed = self._known.people[known.person].phone
            phone = None if sealed is None else self._keyring.open(sealed)
        spoken = "spoken" if rung == "voice" else "task"
        sent_as = attempt_id(known.task, number)
        # Some messengers swallow words that somebody had before: each order and attempt has its own,
        # and all people of one order the same, so that they share a call.
        text = texts.say(
            f"notice.{spoken}",
            drill=texts.say("notice.drill") if known.drill else "",
            title=title,
            time=texts.time(known.dispatched_at),
            short=attempt_id(known.order, number)[:6],
        )
        return Notice(
            id=sent_as,
            task=known.task,
            task_force=known.task_force,
            person=known.person,
            drill=known.drill,
            text=text,
            phone=phone,
        )
