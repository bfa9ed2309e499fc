"""What a process says and hears over NATS: wake-ups, and, whoever has the duty, the published facts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from handheld.application.waking import concerned
from handheld.bootstrap.home import Home
from handheld.config import Settings

if TYPE_CHECKING:
    from handheld.adapters.nats_inbound import Inbound
    from handheld.adapters.nats_relay import Relay
    from handheld.adapters.nats_settings import NatsSettings
    from handheld.adapters.nats_wakes import Wakes
    from handheld.application.loading import Append


class Messaging:
    """NATS for one process.

    Raises Installation (`nats.servers`, `nats.together`, `nats.one_way`, `nats.file`, and what is
    wrong with the file of systems).
    """

    def __init__(self, home: Home, settings: Settings) -> None:
        # Most commands need none of it, and it takes time to load.
        from handheld.adapters.nats_connection import connecting
        from handheld.adapters.nats_wakes import Wakes
        from handheld.adapters.systems_file import read_systems

        self._home = home
        self._nats = nats_of(settings)
        self._nats.tls()  # what is wrong with a file is said now
        self.wakes: Wakes = Wakes(
            home.log.log_id,
            connecting(self._nats, "handheld wakes", echo=False),
            lambda _: home.log.wake(),
        )
        self.relay: Relay | None = None
        """While this process publishes."""
        self._district = settings.district
        self._take_over = settings.nats_take_over
        self._systems = None if settings.systems is None else read_systems(settings.systems)
        self.inbound: Inbound | None = None
        """While this process answers other systems."""

    def places(self, person: str) -> Collection[str]:
        """The divisions in which somebody holds posts, as far as this process knows."""
        known = self._home.organisation.latest().people.get(person)
        return () if known is None else [post.division for post in known.posts]

    def watch_some(self) -> None:
        """Be woken only by what is watched, as long as NATS is there; for the rest, look at times."""
        self._home.place.listen_unless(lambda: self.wakes.connected)

    def _wrote(self, position: int, appends: Sequence[Append]) -> None:
        self.wakes.committed(position, concerned(appends, self.places))

    @property
    def receives(self) -> bool:
        """Whether other systems may ask for anything."""
        return self._systems is not None

    @asynccontextmanager
    async def receiving(self) -> AsyncGenerator[None]:
        """Carry out what other systems ask for, and answer them; any number of processes may."""
        from handheld.adapters.nats_connection import connecting
        from handheld.adapters.nats_inbound import Inbound, InboundSettings

        inbound = self.inbound = Inbound(
            self._home.receiver(self._systems or {}),
            InboundSettings(district=self._district, replicas=self._nats.replicas),
            connecting(self._nats, "handheld inbound"),
        )
        inbound.start()
        try:
            yield
        finally:
            self.inbound = None
            inbound.close()

    @asynccontextmanager
    async def waking(self) -> AsyncGenerator[None]:
        """Tell the others of commits, and be woken by theirs."""
        self._home.writer.wrote = self._wrote
        self.wakes.start()
        try:
            yield
        finally:
            self._home.writer.wrote = None
            self.wakes.close()

    @asynccontextmanager
    async def publishing(self) -> AsyncGenerator[None]:
        """Publish the log as long as this lasts."""
        from handheld.adapters.nats_relay import relay_of

        relay = self.relay = relay_of(self._home.app, self._nats, take_over=self._take_over)
        relay.start()
        try:
            yield
        finally:
            self.relay = None
            relay.close()


def nats_of(settings: Settings) -> NatsSettings:
    """How NATS is used. Raises Installation (`nats.together`, `nats.one_way`, `nats.servers`)."""
    from handheld.adapters.nats_settings import NatsSettings

    return NatsSettings(
        servers=",".join(settings.nats),
        ca=settings.nats_ca,
        certificate=settings.nats_certificate,
        key=settings.nats_key,
        credentials=settings.nats_credentials,
        seed=settings.nats_seed,
        domain=settings.nats_domain,
        stream=settings.nats_stream or settings.district,
        replicas=settings.nats_replicas,
    )
