"""A client that keeps to nothing: frames of RFC 6455 by hand, right and wrong, by seeded chance."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from random import Random
from typing import Any, NamedTuple

from handheld_events.ids import command_id

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
LIMIT = 64 * 1024
CLOSE_CODES = (0, 1, 999, 1000, 1001, 1003, 1004, 1005, 1006, 1007, 1011, 1015, 2999, 3000, 4999)
INTEGERS = (0, 1, 2, -1, 77, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**40)
INSTANTS = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-12:00",
    "1969-12-31T23:59:59Z",
    "2021-07-23T07:00:00",
    "2021-02-30T07:00:00Z",
    "soon",
)
TEXTS = ("", " ", "\0", "走访", "\ud800", "\u202e", "x" * 5_000, "../../log.db", "';--", "🌀" * 41)


class Frame(NamedTuple):
    """One frame as bytes. `last`: the server cannot go on after it, or the client is gone."""

    kind: str
    data: bytes
    last: bool = False


def frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, masked: bool = True
) -> bytes:
    """The bytes of a frame; its mask is of zeros, which is allowed."""
    size = len(payload)
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0x80 if masked else 0
    if size < 126:
        head += bytes([bit | size])
    elif size < 65_536:
        head += bytes([bit | 126]) + struct.pack("!H", size)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", size)
    return head + (bytes(4) if masked else b"") + payload


class Chance:
    """Frames by chance; the same seed gives the same ones, but for the times in them."""

    def __init__(self, seed: int, tasks: Sequence[str], boards: Sequence[str]) -> None:
        self.random = Random(seed)
        self.tasks = tasks
        self.boards = boards
        self._kinds: tuple[tuple[int, Callable[[], Frame]], ...] = (
            (12, self._hello),
            (4, self._odd_hello),
            (8, self._number),
            (16, self._do),
            (6, self._odd_do),
            (5, self._watch),
            (5, self._broken),
            (3, self._other_type),
            (2, self._binary),
            (1, self._giant),
            (4, self._pieces),
            (4, self._control),
            (2, self._forbidden),
            (2, self._close),
            (2, self._not_utf8),
            (1, self._cut),
        )

    def frames(self) -> list[Frame]:
        """What one connection sends, the first of it most often a hello."""
        found = [self._hello()] if self.random.random() < 0.9 else []
        weights = [weight for weight, _ in self._kinds]
        makers = [make for _, make in self._kinds]
        for make in self.random.choices(makers, weights, k=self.random.randint(1, 40)):
            found.append(make())
            if found[-1].last:
                break
        return found

    # --- what is right, or nearly -----------------------------------------------------------------

    def _text(self, kind: str, message: Any) -> Frame:
        return Frame(kind, frame(TEXT, json.dumps(message).encode()))

    def _hello(self) -> Frame:
        hello = {"type": "hello", "device": "device-1", "clock": datetime.now(UTC).isoformat()}
        if self.random.random() < 0.3:
            hello["epoch"] = "another.1"
        return self._text("hello", hello)

    def _odd_hello(self) -> Frame:
        odd: dict[str, Any] = {
            "type": "hello",
            "device": self.random.choice(
                ("device-1", "", "x" * 65, "a b c d e", "设备设备设备设备", 7)
            ),
            "clock": self.random.choice(INSTANTS),
            "epoch": self.random.choice((None, "", *TEXTS)),
            "last_seq": self.random.choice(INTEGERS),
            "inbox": self.random.choice((True, False, None, "yes")),
        }
        if self.random.random() < 0.5:  # right but for its clock
            odd = {"type": "hello", "device": "device-1", "clock": self.random.choice(INSTANTS[:5])}
        for name in self.random.sample(sorted(odd), self.random.choice((0, 0, 1, 3))):
            del odd[name]
        return self._text("odd hello", odd)

    def _number(self) -> Frame:
        kind, name = self.random.choice((("ack", "seq"), ("resend", "after")))
        number = self.random.choice((*INTEGERS, 0, 1, 1, 1, "1", 1.5, None, True))
        return self._text(kind, {"type": kind, name: number})

    def _id(self) -> str:
        at = int(datetime.now(UTC).timestamp() * 1000)
        return command_id(at, self.random.randbytes(10))

    def _do(self) -> Frame:
        names = ("task.read", "task.accept", "task.arrive", "task.report", "task.decline")
        commands = []
        for _ in range(self.random.choice((1, 1, 1, 2, 5))):
            command: dict[str, Any] = {
                "command": self.random.choice(names),
                "task": self.random.choice(self.tasks),
            }
            if command["command"] == "task.report":
                command["text"] = "已走访"
            if command["command"] == "task.decline":
                command["reason"] = "不在村"
            sent: dict[str, Any] = {"id": self._id(), "command": command}
            if self.random.random() < 0.4:
                now = datetime.now(UTC).isoformat()
                sent["occurred_at"] = self.random.choice((now, now, *INSTANTS[:5]))
            commands.append(sent)
        if self.random.random() < 0.1:
            commands *= self.random.choice((2, 70))
        return self._text("do", {"type": "do", "commands": commands})

    def _odd_do(self) -> Frame:
        odd: tuple[Any, ...] = (
            *TEXTS,
            *INTEGERS,
            None,
            [],
            {},
            1e308,
            float("nan"),
            [[[]]],
            {"a": {"b": "\ud800"}},
        )
        pick = self.random.choice
        command: dict[str, Any] = {"command": "task.report", "task": pick(self.tasks)}
        command[pick(("command", "task", "text", "form", "more"))] = pick(odd)
        sent: dict[str, Any] = {
            "id": pick((self._id(), self._id(), pick(TEXTS))),
            "command": command,
        }
        if self.random.random() < 0.6:
            name = pick(("occurred_at", "on_behalf_of", "drill", "expects", "command", "id"))
            sent[name] = pick((*odd, *INSTANTS, {"task": 2**70}, {"\ud800": 1}, {"tf-1": -1}))
        return self._text("odd do", {"type": "do", "commands": [sent]})

    def _watch(self) -> Frame:
        if self.random.random() < 0.3:
            return self._text("unwatch", {"type": "unwatch", "watch": self.random.choice(TEXTS)})
        board: Any = {
            "kind": self.random.choice(("division", "department", "galaxy")),
            "key": self.random.choice((*self.boards, *TEXTS)),
        }
        if self.random.random() < 0.3:
            board["rows"] = {"limit": self.random.choice((1, 200, *INTEGERS))}
        name = self.random.choice(("mine", "m", *TEXTS))
        return self._text("watch", {"type": "watch", "watch": name, "board": board})

    # --- what is wrong in the text ----------------------------------------------------------------

    def _broken(self) -> Frame:
        whole = json.dumps({"type": "ack", "seq": 1, "more": ["走访", {"a": None}]}).encode()
        broken = self.random.choice(
            (
                whole[: self.random.randrange(len(whole))],
                b"",
                b"[" * 40_000,
                b'{"type":' * 7_000,
                b'{"type":"ack","seq":' + b"9" * 5_000 + b"}",
                b'{"type":"ack","seq":1e999}',
                b'{"type":"\\ud800"}',
                b'{"type":"watch","watch":"\\udc00\\ud800","board":{"key":"330825"}}',
                b'{"type":"ack","type":"hello","seq":1}',
                "﻿{}".encode(),
                b"\0",
                whole.replace(b"{", b"("),
            )
        )
        return Frame("broken", frame(TEXT, broken))

    def _other_type(self) -> Frame:
        odd: tuple[Any, ...] = (
            None,
            1,
            "hello",
            [],
            {},
            {"type": None},
            {"type": "welcome"},
            {"type": ["ack"]},
        )
        return self._text("other type", self.random.choice(odd))

    def _not_utf8(self) -> Frame:
        wrong = self.random.choice(
            (b"\xff\xfe", b'{"type":"\xc3\x28"}', b"\xed\xa0\x80", b"\xe8\xb5")
        )
        return Frame("not utf-8", frame(TEXT, wrong), last=True)

    # --- what is wrong in the frame ---------------------------------------------------------------

    def _binary(self) -> Frame:
        return Frame("binary", frame(BINARY, self.random.randbytes(self.random.randint(0, 300))))

    def _giant(self) -> Frame:
        if self.random.random() < 0.5:
            return Frame("largest", frame(TEXT, b" " * LIMIT))
        over = self.random.choice(
            (
                frame(TEXT, b"x" * (LIMIT + 1)),
                frame(TEXT, b"x" * 60_000, fin=False) + frame(CONTINUATION, b"x" * 60_000),
                b"\x81\xff" + struct.pack("!Q", 2**63 - 1) + bytes(4),
                b"\x81\xff" + struct.pack("!Q", 2**64 - 1) + bytes(4),
            )
        )
        return Frame("giant", over, last=True)

    def _pieces(self) -> Frame:
        text = self._do().data[6:]
        if len(text) < 20:
            text = b'{"type":"ack","seq":1}'
        at = self.random.randrange(len(text))
        begun = frame(TEXT, text[:at], fin=False)
        end = frame(CONTINUATION, text[at:])
        match self.random.randrange(5):
            case 0:
                return Frame("pieces", begun + end)
            case 1:
                return Frame("pieces", begun + frame(PING, b"between") + end)
            case 2:
                empty = frame(CONTINUATION, b"", fin=False)
                return Frame("pieces", begun + empty * 40 + end)
            case 3:
                return Frame("pieces out of order", end, last=True)
            case _:
                return Frame("pieces out of order", begun + frame(TEXT, text), last=True)

    def _control(self) -> Frame:
        payload = self.random.randbytes(self.random.randint(0, 125))
        return Frame("ping or pong", frame(self.random.choice((PING, PONG)), payload))

    def _forbidden(self) -> Frame:
        wrong = self.random.choice(
            (
                frame(self.random.choice((3, 4, 5, 6, 7, 11, 12, 13, 14, 15)), b"x"),
                frame(TEXT, b"{}", rsv=self.random.randint(1, 7)),
                frame(TEXT, b"{}", masked=False),
                frame(PING, b"x" * 126),
                frame(PING, b"x", fin=False),
                self.random.randbytes(self.random.randint(64, 512)),
            )
        )
        return Frame("forbidden", wrong, last=True)

    def _close(self) -> Frame:
        code = struct.pack("!H", self.random.choice((*CLOSE_CODES, 65_535)))
        reason = self.random.choice((b"", b"bye", b"\xff", b"r" * 123, "再见".encode()))
        payload = self.random.choice((b"", b"\x03", code + reason, code + reason))
        after = frame(TEXT, b"{}") if self.random.random() < 0.3 else b""
        return Frame("close", frame(CLOSE, payload) + after, last=True)

    def _cut(self) -> Frame:
        whole = self._do().data
        return Frame("cut", whole[: self.random.randrange(1, len(whole))], last=True)


class Rude:
    """Connections that send such frames, one after the other; counts what was sent."""

    def __init__(self, port: int, tokens: Sequence[str], chance: Chance) -> None:
        self._port = port
        self._tokens = tokens
        self._chance = chance
        self.sent: dict[str, int] = {}
        self.closed: dict[int, int] = {}
        """How often the server closed with which code; 0 where the connection just ended."""

    @property
    def frames(self) -> int:
        return sum(self.sent.values())

    async def until(self, frames: int) -> None:
        """Go on until so many frames were sent."""
        while self.frames < frames:
            await self._connection()

    async def _connection(self) -> None:
        random = self._chance.random
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        token = random.choice((*self._tokens, *self._tokens, None))
        await _upgrade(reader, writer, token)
        reads = random.random() < 0.9
        heard = asyncio.create_task(_heard(reader)) if reads else None
        try:
            for one in self._chance.frames():
                if writer.transport.is_closing() or (heard is not None and heard.done()):
                    break
                writer.write(one.data)
                self.sent[one.kind] = self.sent.get(one.kind, 0) + 1
                if random.random() < 0.3:
                    await asyncio.sleep(0)
            await self._end(writer, heard)
        except ConnectionError:
            pass
        finally:
            if heard is not None:
                heard.cancel()
                with suppress(asyncio.CancelledError):
                    await heard
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    async def _end(self, writer: asyncio.StreamWriter, heard: asyncio.Task[int] | None) -> None:
        """The client goes: politely, half, or without a word."""
        if heard is None or self._chance.random.random() < 0.2:
            plain: socket.socket = writer.get_extra_info("socket")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if not writer.transport.is_closing():
            writer.write_eof()
        async with asyncio.timeout(20):
            code = await heard
        self.closed[code] = self.closed.get(code, 0) + 1


async def _upgrade(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str | None
) -> None:
    key = b64encode(b"sixteen bytes ok").decode()
    lines = [
        "GET /api/v1/live HTTP/1.1",
        "Host: 127.0.0.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    ]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    writer.write("\r\n".join((*lines, "", "")).encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 101 "), answer


async def _heard(reader: asyncio.StreamReader) -> int:
    """Read to the end; the code of the close frame, which is the last that comes."""
    code = 0
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            first, size = await reader.readexactly(2)
            if size == 126:
                (size,) = struct.unpack("!H", await reader.readexactly(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", await reader.readexactly(8))
            payload = await reader.readexactly(size)
            if first & 15 == CLOSE and len(payload) >= 2:
                code = struct.unpack("!H", payload[:2])[0]
    return code
