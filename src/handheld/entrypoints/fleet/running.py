"""A fleet at work: all phones of one process, what their owners do and when, storms, the sum."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from secrets import token_bytes

import msgspec

from handheld.application.sent import Sent
from handheld.demo.phones import Deed
from handheld.domain import task
from handheld.entrypoints.fleet.crowd import Crowd
from handheld.entrypoints.fleet.figures import Figures, Summary
from handheld.entrypoints.fleet.owners import Owner, organisation_of
from handheld.entrypoints.fleet.phone import LivePhone
from handheld.entrypoints.fleet.probing import probed
from handheld.entrypoints.fleet.state import Card, PhoneState
from handheld.entrypoints.fleet.store import FileStore, opened
from handheld.entrypoints.fleet.tempers import CALM, Temper, Tempers
from handheld.entrypoints.fleet.times import Times
from handheld.entrypoints.gateway.messages import Done, Failed
from handheld_events.ids import command_id
from handheld_events.task import TaskDispatched

HANDSHAKES = 128
"""At the same time: a process opens no more, however many come back at once."""
LOOK_SECONDS = 0.02
DAY = timedelta(minutes=290)
"""From the first moment to the evening, by which the day's work ought to be done."""
SETTLING_SECONDS = 0.1
PATIENCE_SECONDS = 60.0
"""In the end, for phones to come back and to take in all that there is."""

Told = Callable[[Figures], None]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a fleet is to do."""

    url: str
    """Of the gateway: ws://… or wss://…"""
    more: tuple[str, ...] = ()
    """Of other gateways of the same district: each connection goes to the next one."""
    seed: int = 20210723
    haste: float = 1.0
    """How much sooner than in the story people answer."""
    tempers: Tempers = CALM
    seconds: float | None = None
    """How long, by the machine; None: until it is asked to end."""
    tasks: int | None = None
    """Ends as well once so many tasks are reported or declined."""
    until_quiet: bool = False
    """Ends as well once tasks have come, nobody has anything in mind, and all is answered."""
    acts: bool = True
    """Whether people answer at all, or only take in what arrives."""
    store: Path | None = None
    """Where phones keep what is on them, for a few that outlive the process."""
    after: int = 0
    """Of what the log had by this position nobody does anything: it is settled, or for others to do."""


class Running:
    """All phones of one process."""

    def __init__(self, owners: Sequence[Owner], wish: Wish, people: Sequence[Owner] = ()) -> None:
        """`owners` have phones here; `people` are all whom they know of."""
        self.gateways = cycle((wish.url, *wish.more))
        """Where connections go, one after the other."""
        self.figures = Figures(phones=len(owners))
        self.handshakes = asyncio.Semaphore(HANDSHAKES)
        self._wish = wish
        self._owners = owners
        self._organisation = organisation_of(people or owners)
        self._phones: dict[str, LivePhone] = {}
        self._stores: list[FileStore] = []
        self._held: list[tuple[str, list[Card]]] = []
        self._asked: set[str] = set()
        """Tasks about which something was done before this process began."""
        self._finished: set[str] = set()
        self._facts: Counter[int] = Counter()
        self._times: Times
        self._crowd: Crowd
        self._calm = False

    @property
    def url(self) -> str:
        """Where the next connection goes."""
        return next(self.gateways)

    async def run(self, ending: asyncio.Event, told: Told = lambda _: None) -> Summary:
        """Until the end that is wished, or asked for; then everything is awaited and compared.

        Raises Installation (`fleet.unreachable`, `fleet.signed_out`).
        """
        seen, rate = await probed(self.url, self._owners[0])
        self._times = Times(seen, rate, self._wish.haste)
        self._crowd = Crowd(self._organisation, self._wish.seed, seen.clock + DAY)
        for owner in self._owners:
            self._phones[owner.person] = self._phone(owner)
        begun = time.monotonic()
        living = [asyncio.create_task(phone.live()) for phone in self._phones.values()]
        for person, cards in self._held:
            self._taken(person, [c for c in cards if c.stream not in self._asked])
        acting = [asyncio.create_task(self._act()), asyncio.create_task(self._storms())]
        telling = asyncio.create_task(self._tell(told))
        try:
            await self._until_the_end(ending, begun)
            for one in acting:
                one.cancel()
            unreached = await self._settled()
        finally:
            for one in (*acting, telling):
                one.cancel()
            await asyncio.gather(*(phone.end() for phone in self._phones.values()))
            for one in living:
                one.cancel()
            await asyncio.gather(*living, *acting, telling, return_exceptions=True)
            for store in self._stores:
                store.close()
        told(self.figures)
        return self._sum(time.monotonic() - begun, unreached)

    def _phone(self, owner: Owner) -> LivePhone:
        temper = Temper(self._wish.tempers, self._wish.seed, owner.device)
        if self._wish.store is None:
            return LivePhone(owner, PhoneState(owner.device), temper, self)
        state, store, cards = opened(owner.device, self._wish.store)
        self._stores.append(store)
        self._held.append((owner.person, cards))
        self._asked.update(str(sent.command.get("task")) for sent in state.queue.values())
        return LivePhone(owner, state, temper, self)

    # --- what phones tell -------------------------------------------------------------------------

    def now(self) -> datetime:
        """The server's time, as phones know it."""
        return self._times.server(time.monotonic())

    def received(self, phone: LivePhone, cards: Iterable[Card]) -> None:
        """New items on a phone."""
        self._taken(phone.owner.person, cards)

    def _taken(self, person: str, cards: Iterable[Card]) -> None:
        at = self._times.fleet(time.monotonic())
        for card in cards:
            self.figures.items += 1
            if card.position > self._wish.after and self._crowd.take(person, card, at):
                self.figures.tasks += 1

    def answered(self, phone: LivePhone, sent: Sent, answer: Done | Failed) -> None:
        """A command is answered for good."""
        figures = self.figures
        figures.done += 1
        if isinstance(answer, Failed):
            figures.failed[answer.code] += 1
            return
        if answer.first is not None:
            self._facts[answer.first] += 1
        name, about = sent.command.get("command"), str(sent.command.get("task"))
        if answer.outcome == "overtaken":
            figures.overtaken += 1
        if answer.outcome not in ("accepted", "already_done"):
            return
        if name == "task.accept":
            figures.accepted += 1
        elif name == "task.report":
            figures.reported += 1
            self._finished.add(about)
            self._crowd.reported(about, self._times.fleet(time.monotonic()))
        elif name == "task.decline":
            figures.declined += 1
            self._finished.add(about)

    # --- what happens -----------------------------------------------------------------------------

    async def _act(self) -> None:
        if not self._wish.acts:
            return
        while True:
            for deed in self._crowd.plans.due(self._times.fleet(time.monotonic())):
                self._do(deed)
            await asyncio.sleep(LOOK_SECONDS)

    def _do(self, deed: Deed) -> None:
        if isinstance(deed.command, task.Deliver):
            return  # the gateway says so, once the phone has acknowledged
        phone = self._phones.get(deed.actor)
        if phone is None:
            self.figures.elsewhere += 1
            return
        at = min(self._times.of_fleet(deed.at), self.now())
        phone.do(
            Sent(
                id=command_id(int(at.timestamp() * 1000), token_bytes(10)),
                command=msgspec.to_builtins(deed.command),
                occurred_at=at,
                on_behalf_of=deed.on_behalf_of,
            )
        )

    async def _storms(self) -> None:
        while self._wish.tempers.storm > 0:
            await asyncio.sleep(self._wish.tempers.storm)
            self.figures.storms += 1
            for phone in self._phones.values():
                phone.drop()

    async def _tell(self, told: Told) -> None:
        while True:
            told(self.figures)
            await asyncio.sleep(0.5)

    # --- the end ----------------------------------------------------------------------------------

    async def _until_the_end(self, ending: asyncio.Event, begun: float) -> None:
        wish = self._wish
        while not ending.is_set():
            if wish.seconds is not None and time.monotonic() - begun >= wish.seconds:
                return
            if wish.tasks is not None and len(self._finished) >= wish.tasks:
                return
            if wish.until_quiet and self._quiet():
                return
            if all(phone.signed_out for phone in self._phones.values()):
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), 0.1)

    def _quiet(self) -> bool:
        """Whether nothing is under way, nor in anybody's mind."""
        if not self._wish.acts:
            return self.figures.tasks == len(self._phones)
        if not self.figures.tasks or self._crowd.plans.next_at() is not None:
            return False
        return all(phone.state.whole for phone in self._phones.values())

    async def _settled(self) -> int:
        """All phones are there, well behaved, and ask what there is; how many could not be asked."""
        phones = [phone for phone in self._phones.values() if not phone.signed_out]
        for phone in phones:
            phone.calm = True
            phone.hello_again()

        for _ in range(int(PATIENCE_SECONDS / SETTLING_SECONDS)):
            if all(phone.greeted.is_set() and phone.state.whole for phone in phones):
                return 0
            await asyncio.sleep(SETTLING_SECONDS)
        return sum(not phone.greeted.is_set() for phone in phones)

    def _sum(self, seconds: float, unreached: int) -> Summary:
        figures, states = self.figures, [phone.state for phone in self._phones.values()]
        return Summary(
            phones=figures.phones,
            seconds=round(seconds, 3),
            items=figures.items,
            tasks=figures.tasks,
            accepted=figures.accepted,
            reported=figures.reported,
            declined=figures.declined,
            overtaken=figures.overtaken,
            commands=figures.done,
            failed=dict(figures.failed),
            welcomes=figures.welcomes,
            drops=figures.drops,
            storms=figures.storms,
            said_twice=figures.said_twice,
            repeated=sum(state.repeated for state in states),
            lost_items=sum(max(0, state.head - state.last) for state in states),
            lost_commands=sum(len(state.queue) for state in states),
            doubled=doubled(states) + sum(n - 1 for n in self._facts.values()),
            signed_out=figures.signed_out,
            unreached=unreached,
        )


def doubled(states: Iterable[PhoneState]) -> int:
    """What is on phones twice, or was answered in two ways."""
    found = 0
    for state in states:
        tasks = Counter(
            kept.stream for kept in state.items.values() if kept.topic == TaskDispatched.TOPIC
        )
        found += sum(n - 1 for n in tasks.values())
        found += state.conflicting + state.doubled
    return found
