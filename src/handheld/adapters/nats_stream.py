"""The JetStream stream that carries a log's facts: made, looked at, emptied. docs/publishing.md"""

from __future__ import annotations

from typing import Annotated

import msgspec
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg, StorageType, StreamConfig, StreamInfo, StreamState
from nats.js.errors import NotFoundError

from handheld.application.relaying import Standing, UnfitStream
from handheld_events.cloud_messages import Published, published, read
from handheld_events.subjects import of_log

_AT_LEAST = Annotated[int, msgspec.Meta(ge=1)]


class StreamSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the stream is made, where there is none yet. One stream a log."""

    name: str
    """Stays when the log is restored under a new id, so that consumers stay as well."""
    duplicate_window: Annotated[float, msgspec.Meta(gt=0)] = 120.0
    """Seconds during which the server recognises a message id; `Relay` says what rests on it."""
    replicas: _AT_LEAST = 1
    most_messages: _AT_LEAST | None = None
    most_bytes: _AT_LEAST | None = None
    """Beyond these the oldest go. There is no limit by age: it would in time remove the last
    message, from which the relay knows where it stands."""


class StreamHasAnAge(UnfitStream):
    """Somebody gave the stream an age limit: an empty one would no longer mean an unpublished log."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"stream {self.name} has a limit by age: take it away (max_age 0)"


class Stream:
    """One stream, as it is on the server."""

    def __init__(
        self, js: JetStreamContext, settings: StreamSettings, config: StreamConfig
    ) -> None:
        self._js = js
        self._name = settings.name
        self._config = config

    @property
    def atomic(self) -> bool:
        """Whether it takes a batch whole or not at all (nats-server 2.12 or later)."""
        return bool(self._config.allow_atomic)

    async def standing(self) -> Standing:
        """What it holds now. Raises NotACloudEvent where somebody else has written into it."""
        state = await self._state()
        while True:
            first = await self._published(state.first_seq) if state.messages else None
            last = await self._published(state.last_seq) if state.messages else None
            before, state = state, await self._state()
            # Looked at in three steps, between which another relay may publish or a limit may apply.
            if state == before:
                break
        limits = (self._config.max_msgs, self._config.max_bytes)
        return Standing(
            messages=state.messages,
            first_sequence=state.first_seq,
            last_sequence=state.last_seq,
            first=first,
            last=last,
            damaged=bool(state.num_deleted) or bool(state.lost),
            limited=any(limit is not None and limit > 0 for limit in limits),
        )

    async def remove(self, upto: int) -> None:
        """Remove the messages up to a sequence; what somebody has published behind it stays."""
        await self._js.purge_stream(self._name, seq=upto + 1)

    async def _state(self) -> StreamState:
        return (await self._js.stream_info(self._name)).state

    async def _published(self, sequence: int) -> Published | None:
        try:
            found: RawStreamMsg = await self._js.get_msg(self._name, sequence)
        except NotFoundError:
            return None
        return published(read(found.headers, found.data or b""))


async def looked_at(js: JetStreamContext, name: str) -> Stream:
    """The stream of that name, as it is; nothing is made or changed. Raises what the server says."""
    return Stream(js, StreamSettings(name=name), (await js.stream_info(name)).config)


async def opened(js: JetStreamContext, settings: StreamSettings, log_id: str) -> Stream:
    """The stream, made where there is none.

    Raises StreamHasAnAge, and what the server says. A stream that is there keeps the limits that it
    has; it gets this log's subjects once it is empty.
    """
    try:
        info = await js.stream_info(settings.name)
    except NotFoundError:
        info = await js.add_stream(_config(settings, log_id))
    if info.config.max_age:
        raise StreamHasAnAge(settings.name)
    if info.config.subjects != [of_log(log_id)] and not info.state.messages:
        info = await _renamed(js, info, log_id)
    return Stream(js, settings, info.config)


async def _renamed(js: JetStreamContext, info: StreamInfo, log_id: str) -> StreamInfo:
    info.config.subjects = [of_log(log_id)]
    return await js.update_stream(info.config)


def _config(settings: StreamSettings, log_id: str) -> StreamConfig:
    return StreamConfig(
        name=settings.name,
        description="Facts of a handheld command log, as CloudEvents",
        subjects=[of_log(log_id)],
        storage=StorageType.FILE,
        num_replicas=settings.replicas,
        max_msgs=settings.most_messages or -1,
        max_bytes=settings.most_bytes or -1,
        duplicate_window=settings.duplicate_window,
        allow_atomic=True,
    )
