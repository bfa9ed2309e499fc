"""The crowd: whose connections there are, and which of them take an inbox."""

from __future__ import annotations

from handheld.entrypoints.gateway.phone import Phone

OF_ONE_PERSON = 16
"""So many connections of one person; the oldest makes room for another one."""


class Crowd:
    """By person, from the hello to the end of the connection.

    `present` is read by the hub as well, in its own thread: whoever stands in it is told of what is
    new.
    """

    def __init__(self) -> None:
        self.present: dict[str, list[Phone]] = {}
        self.everybody: dict[str, list[Phone]] = {}

    def greet(self, phone: Phone) -> Phone | None:
        """Somebody has said hello; gives the connection that must make room for theirs, if any.

        One connection of a device takes its inbox: the latest, since the one before is often dead.
        """
        crowded: Phone | None = None
        mine = self.everybody.setdefault(phone.person, [])
        if phone not in mine:
            mine.append(phone)
            if len(mine) > OF_ONE_PERSON:
                crowded = mine[0]
                self.forget(crowded)
        if not phone.feed.on:
            self._absent(phone)
            return crowded
        others = self.present.get(phone.person)
        if others is None:
            self.present[phone.person] = [phone]
            return crowded
        for other in others:
            if other is not phone and other.device == phone.device:
                other.yields()
        kept = [other for other in others if other.feed.on and other is not phone]
        self.present[phone.person] = [*kept, phone]
        return crowded

    def forget(self, phone: Phone) -> None:
        """A connection has ended."""
        self._absent(phone)
        mine = self.everybody.get(phone.person, [])
        if phone in mine:
            mine.remove(phone)
            if not mine:
                del self.everybody[phone.person]

    def _absent(self, phone: Phone) -> None:
        there = self.present.get(phone.person, [])
        if phone in there:
            there.remove(phone)
            if not there:
                del self.present[phone.person]
