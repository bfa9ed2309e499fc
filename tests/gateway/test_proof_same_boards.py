"""Two desks side by side never disagree; and after a restore no inbox is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from handheld.application.pushing.merge_patch import apply_patch
from handheld.bootstrap import Home
from handheld.domain import task
from tests.support_backups import backed_up, restored
from tests.support_gateway import Json, Phone, Site, opened, token_of
from tests.support_live import grant_desk, site_of
from tests.support_log import COUNTY, person
from tests.support_server import served

DESKS = 6
BOARD = {"kind": "division", "key": COUNTY, "rows": {"limit": 50}}


class Desk:
    """What stands on one screen."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.showings: dict[int, tuple[int, str, Json]] = {}
        """By number: position, digest, and the whole board as it then stood."""
        self.wholes = 0

    async def watch(self, name: str) -> None:
        await self.phone.hello(inbox=False)
        await self.phone.say("watch", watch=name, board=BOARD)

    async def until(self, position: int) -> None:
        """Look on until the board shows a position."""
        board: Json = self.showings[max(self.showings)][2] if self.showings else {}
        while not self.showings or self.showings[max(self.showings)][0] < position:
            message = await self.phone.read()
            if message["type"] == "board":
                self.wholes += 1
                board = message["board"]
            else:
                assert message["type"] == "delta", message
                assert message["n"] == max(self.showings) + 1
                board = apply_patch(board, message["patch"])
            assert message["n"] not in self.showings
            self.showings[message["n"]] = (message["position"], message["digest"], board)


async def test_desks_side_by_side_are_shown_the_same_under_the_same_number(home: Home) -> None:
    with served(home) as server:
        site = site_of(server)
        token = grant_desk(home)
        async with AsyncExitStack() as stack:
            desks = []
            for _ in range(DESKS):
                phone = await stack.enter_async_context(Phone.of(site, "", token=token))
                desks.append(Desk(phone))
            for number, desk in enumerate(desks[:-1]):
                await desk.watch(f"own name {number}")
            await site.start()
            home.caught_up()
            tasks = sorted(home.boards.waiters(COUNTY, drills=False), key=lambda one: one.task)
            looking = [asyncio.create_task(desk.until(home.log.end() + 12)) for desk in desks[:-1]]
            for number, one in enumerate(tasks[:12]):
                await site.do(task.Accept(task=one.task), one.person)
                await asyncio.sleep(0.06)
                if number == 6:  # one who comes later
                    await desks[-1].watch("late")
                    looking.append(asyncio.create_task(desks[-1].until(home.log.end() + 5)))
            await asyncio.gather(*looking)
        _agree(desks)
        (last,) = {max(desk.showings) for desk in desks}
        assert last > 3
        assert desks[0].showings[last][2]["count"]["in_progress"] == 12


def _agree(desks: Sequence[Desk]) -> None:
    shown: dict[int, Any] = {}
    for desk in desks:
        assert desk.wholes == 1
        for n, showing in desk.showings.items():
            assert shown.setdefault(n, showing) == showing
    assert min(min(desk.showings) for desk in desks) < min(desks[-1].showings)


async def inboxes(site: Site, kept: dict[str, Phone], tokens: dict[str, str]) -> dict[str, Json]:
    """Everybody comes with what is stored on their phone; gives what each was sent first."""
    first = {}
    for who, token in tokens.items():
        async with Phone.of(site, who, token=token) as phone:
            known = kept.get(who)
            if known is not None:
                phone.stored, phone.epoch = known.stored, known.epoch
            welcome = await phone.hello()
            if welcome["after"] < welcome["head"]:
                await phone.read()
            await phone.until(welcome["head"])
            await phone.ack()
            kept[who] = phone
            first[who] = phone.heard[1] if len(phone.heard) > 1 else welcome
    return first


async def test_after_a_restore_every_phone_begins_anew_with_what_the_backup_has(
    home: Home, tmp_path: Path
) -> None:
    everybody = [person(n) for n in range(12)]
    tokens = {who: token_of(home, who) for who in everybody}
    kept: dict[str, Phone] = {}
    with served(home) as server:
        site = site_of(server)
        await inboxes(site, kept, tokens)
        await site.start()
        await asyncio.to_thread(home.caught_up)
        backed_up(home.directory, tmp_path / "backup", keyring_to=tmp_path / "keys")
        await site.start()
        await site.start()
        await asyncio.to_thread(home.caught_up)
        await inboxes(site, kept, tokens)
        assert {phone.last for phone in kept.values()} == {3}
    before = home.log.log_id
    restored(tmp_path / "backup", tmp_path / "restored", keyring=tmp_path / "keys")
    with opened(tmp_path / "restored") as again, served(again) as server:
        site = site_of(server)
        tokens = {who: token_of(again, who) for who in everybody}
        assert again.log.log_id != before
        # On the restored log other tasks take the numbers that phones know from the old one.
        await site.start()
        await asyncio.to_thread(again.caught_up)
        first = await inboxes(site, kept, tokens)
        for who in everybody:
            snapshot, phone = first[who], kept[who]
            assert (snapshot["type"], snapshot["head"]) == ("snapshot", phone.last)
            assert snapshot["epoch"] == phone.epoch
            assert str(phone.epoch).startswith(again.log.log_id)
            stored = {number: item["position"] for number, item in phone.stored.items()}
            lines = again.indexes.inbox(who)
            assert stored == {line.number: line.position for line in lines}
        await site.start()
        await asyncio.to_thread(again.caught_up)
        later = await inboxes(site, kept, tokens)
        assert {message["type"] for message in later.values()} == {"items"}
