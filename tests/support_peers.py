"""Real HTTP peers on this machine: what others run, as far as the notices meet it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec


class Asked(NamedTuple):
    """A request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Answer(NamedTuple):
    """What the peer says; `hang` says nothing, `reset` breaks the connection off."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = {}
    hang: bool = False
    reset: bool = False


def said(value: Any, status: int = 200) -> Answer:
    return Answer(status, msgspec.json.encode(value))


Answering = Callable[[Asked], Answer | Awaitable[Answer]]


class Peer:
    """Takes requests, keeps them, and answers as the test says."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answering: Answering = lambda _: Answer()
        self.scripted: list[Answer] = []
        """Answered first, in order."""
        self.port = 0
        self.most_at_once = 0
        self._now = 0
        self.asked_more = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def until(self, count: int) -> None:
        while len(self.asked) < count:
            self.asked_more.clear()
            await asyncio.wait_for(self.asked_more.wait(), 20)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        parts = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        asked = Asked(method, parts.path, query, headers, body)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            self.asked.append(asked)
            self.asked_more.set()
            if self.scripted:
                answer = self.scripted.pop(0)
            else:
                made = self.answering(asked)
                answer = made if isinstance(made, Answer) else await made
            if answer.hang:
                await asyncio.sleep(3600)
            if answer.reset:
                writer.transport.abort()
                return False
        finally:
            self._now -= 1
        lines = [
            f"HTTP/1.1 {answer.status} -",
            f"content-length: {len(answer.body)}",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
        ]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + answer.body)
        await writer.drain()
        return True


@asynccontextmanager
async def peer() -> AsyncGenerator[Peer]:
    """A peer on a free port, until the test ends."""
    made = Peer()
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine = asyncio.current_task()
        assert mine is not None
        talks.add(mine)
        try:
            await made.talk(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()  # the test is over: nobody awaits this
        finally:
            talks.discard(mine)

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in list(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await server.wait_closed()


class Messenger:
    """The open platform of a messenger, as far as notices use it: token, people, notices, results."""

    def __init__(self, made: Peer, people: Mapping[str, str]) -> None:
        """`people`: user ids by telephone number."""
        self.peer = made
        self.people = people
        self.tokens = 0
        self.sent: list[tuple[list[str], str]] = []
        self.swallowed: set[str] = set()
        """User ids whom a notice does not reach, although it is taken."""
        self._seen: set[tuple[str, str]] = set()
        made.answering = self.answer

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/gettoken":
            if (asked.query["appkey"], asked.query["appsecret"]) != ("key", "app-secret"):
                return said({"errcode": 40089, "errmsg": "wrong"})
            self.tokens += 1
            return said({"errcode": 0, "access_token": f"t{self.tokens}", "expires_in": 7200})
        if asked.query.get("access_token") != f"t{self.tokens}":
            return said({"errcode": 88, "sub_code": "40014", "errmsg": "token"})
        body = asked.json()
        if asked.path == "/topapi/v2/user/getbymobile":
            user = self.people.get(body["mobile"])
            if user is None:
                return said({"errcode": 60121, "errmsg": "not found"})
            return said({"errcode": 0, "result": {"userid": user}})
        if asked.path == "/topapi/message/corpconversation/asyncsend_v2":
            users = body["userid_list"].split(",")
            if len(users) > 100 or body["agent_id"] != 7:
                return said({"errcode": 33, "errmsg": "too many"})
            text = body["msg"]["text"]["content"]
            self.sent.append((users, text))
            self.swallowed |= {user for user in users if (user, text) in self._seen}
            self._seen |= {(user, text) for user in users}
            return said({"errcode": 0, "task_id": len(self.sent)})
        users = self.sent[body["task_id"] - 1][0]
        lost = [user for user in users if user in self.swallowed]
        there = [user for user in users if user not in self.swallowed]
        result = {
            "failed_user_id_list": [],
            "unread_user_id_list": there,
            "forbidden_list": [{"code": "143105", "count": 1, "userid": user} for user in lost],
        }
        return said({"errcode": 0, "send_result": result})
