"""What no client of ours sends: each is refused, nothing is recorded, nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import socket
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from time import sleep

import pytest

from handheld.entrypoints.http import deadlines
from handheld.entrypoints.http.deadlines import Deadlines
from handheld.entrypoints.logs import JsonLines
from tests.support_raw import (
    Answered,
    answers,
    asking,
    connected,
    one_answer,
    sent,
    until_closed,
)
from tests.support_server import PATIENCE, Served, served
from tests.support_tasks import DUTY, A, Township, township

PHONE = "13800000001"
"""Stands in what is sent; it may stand in no line of the log."""
JSON = "Content-Type: application/json"
COMMANDS = "POST /api/v1/commands"


class Place:
    """A server that is abused, what it had before, and what it writes of it."""

    def __init__(self, town: Township, server: Served, log: io.StringIO) -> None:
        self.town, self.server, self.log = town, server, log
        self.session = f"Authorization: Bearer {server.token(DUTY)}"
        self.before = town.home.log.end()
        self.tasks = self._tasks()

    def send(self, line: str, *headers: str, body: bytes = b"") -> Answered:
        """One request of somebody signed in; what comes back."""
        (answer,) = sent(self.server.url, asking(line, self.session, *headers, body=body))
        return answer

    def raw(self, data: bytes) -> int:
        """The status of the first answer; 0 for none."""
        found = sent(self.server.url, data)
        return found[0].status if found else 0

    def unharmed(self) -> None:
        """The server answers, holds nothing of what came, and has written no fact and no person."""
        assert self.send("GET /api/v1/me").status == 200
        settled(lambda: open_connections() == 0)
        settled(lambda: self._tasks() <= self.tasks)
        assert self.town.home.log.end() == self.before
        written = self.log.getvalue()
        assert PHONE not in written
        assert self.session.split()[-1] not in written
        assert "request failed" not in written
        assert "Traceback" not in written

    def _tasks(self) -> int:
        return len(asyncio.all_tasks(self.server._loop))


def open_connections() -> int:
    """Connections that the server still holds."""
    transports = (vars(one).get("transport") for one in gc.get_objects() if type(one) is Deadlines)
    return sum(transport is not None and not transport.is_closing() for transport in transports)


def drip(sock: socket.socket, begun: bytes, letter: bytes) -> None:
    """Send a letter now and then, for as long as the other side bears it."""
    sock.sendall(begun)
    for _ in range(int(PATIENCE / 0.02)):
        sock.sendall(letter)
        sleep(0.02)


def settled(fact: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(int(PATIENCE / 0.02)):
        if fact():
            return
        sleep(0.02)
    assert fact()


@pytest.fixture(scope="module")
def abused(tmp_path_factory: pytest.TempPathFactory) -> Generator[Place]:
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(JsonLines())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel("INFO")
    try:
        path: Path = tmp_path_factory.mktemp("abused") / "data"
        with township(path) as town, served(town.home) as server:
            yield Place(town, server, log)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


@pytest.fixture
def place(abused: Place) -> Generator[Place]:
    yield abused
    abused.unharmed()


def test_a_body_that_is_announced_as_too_long_is_refused_before_it_comes(place: Place) -> None:
    answer = place.send(COMMANDS, JSON, "Content-Length: 10000000000", body=b"{")
    assert answer.status == 413
    assert b"request.too_large" in answer.body


def test_a_body_that_becomes_too_long_is_refused_when_it_does(place: Place) -> None:
    head = asking("POST /api/v1/findings", place.session, JSON, "Transfer-Encoding: chunked")
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    (answer,) = sent(place.server.url, [head, *[chunk] * 20, b"0\r\n\r\n"])
    assert answer.status in (400, 413)  # without a key: told before the body is read, or after
    head = asking(COMMANDS, place.session, JSON, "Transfer-Encoding: chunked")
    (answer,) = sent(place.server.url, [head, *[chunk] * 80, b"0\r\n\r\n"])
    assert answer.status == 413


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: -1",),
        ("Content-Length: 2", "Content-Length: 3"),
        ("Content-Length: 99999999999999999999999999999",),
        ("Content-Length: ２",),
        ("Content-Length: 2", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: gzip, nonsense",),
        ("Bad Header: x",),
        ("X-Nul: a\x00b",),
    ],
    ids=lambda headers: headers[0][:20].encode("ascii", "replace").decode(),
)
def test_what_is_no_http_is_answered_400_and_closed(place: Place, headers: tuple[str, ...]) -> None:
    assert place.raw(asking(COMMANDS, JSON, *headers) + b"{}") == 400


def test_a_head_that_never_ends_is_ended(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "HEAD_SECONDS", 0.3)
    with connected(place.server.url) as sock:
        sock.sendall(b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-A: ")
        assert until_closed(sock) == b""
    with connected(place.server.url) as sock:  # it says nothing at all
        assert until_closed(sock) == b""


def test_a_head_that_comes_a_letter_at_a_time_is_ended(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "HEAD_SECONDS", 0.3)
    with connected(place.server.url) as sock, pytest.raises(OSError, match=r"reset|[Bb]roken"):
        drip(sock, b"GET /api/v1/me HTTP/1.1\r\nX-A: ", b"a")


def test_a_body_that_never_ends_is_ended(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "BODY_SECONDS", 0.3)
    with connected(place.server.url) as sock:
        sock.sendall(asking(COMMANDS, place.session, JSON, "Content-Length: 100") + b'{"comm')
        assert until_closed(sock) == b""


def test_a_body_that_comes_a_letter_at_a_time_is_ended(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "BODY_SECONDS", 0.3)
    head = asking(COMMANDS, place.session, JSON, "Content-Length: 1000000")
    with connected(place.server.url) as sock, pytest.raises(OSError, match=r"reset|[Bb]roken"):
        drip(sock, head, b" ")


def test_headers_without_end_are_refused_and_fill_no_memory(place: Place) -> None:
    start = b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\n"
    piece = b"a" * 65_536
    assert place.raw(b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n") == 431
    assert place.raw(start + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n") == 431
    found = sent(place.server.url, [start + b"X-A: ", *[piece] * 64])
    assert [one.status for one in found] in ([431], [])  # the client may be reset while it sends
    found = sent(place.server.url, [start, *[b"X-B: b\r\n" * 8_192] * 64])
    assert [one.status for one in found] in ([431], [])


def test_a_thousand_headers_are_read(place: Place) -> None:
    assert place.send("GET /api/v1/me", *(f"X-{n}: {n}" for n in range(1_000))).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"commands": [\xff\xfe]}',
        b'"\xed\xa0\x80"',
        b"\xff\xfe{\x00}\x00",
        b"[" * 200_000,
        b'{"a":' * 40_000,
        b'{"commands": [' + b"[" * 50_000 + b"]" * 50_000 + b"]}",
        b'{"commands": 1e999}',
        b'{"commands": ' + b"9" * 100_000 + b"}",
        b"NaN",
        b"null",
        b"\x00",
        b"",
        b'{"commands": [], "commands": [], "phone": "13800000001"}',
    ],
    ids=lambda body: repr(body[:18]),
)
def test_a_body_that_is_no_json_of_ours_is_told_so(place: Place, body: bytes) -> None:
    answer = place.send(COMMANDS, JSON, body=body)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert b"request.body" in answer.body


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400, "-1", "1.5", "1e400", "null"])
def test_a_number_that_makes_no_sense_is_told_so(place: Place, number: str) -> None:
    path = "POST /api/v1/task-forces/tf-x/corrections"
    key = f"Idempotency-Key: {place.server.key()}"
    body = f'{{"version": {number}, "reason": "{PHONE}"}}'.encode()
    assert place.send(path, JSON, key, body=body).status in (400, 404)
    for query in ("limit", "after", "before"):
        found = place.send(f"GET /api/v1/task-forces/tf-x/entries?{query}={number}").status
        assert found in (400, 404)
    assert place.send(f"GET /api/v1/tasks?limit={number}").status == 400
    assert place.send(f"GET /api/v1/me/inbox?limit={number}").status == 400


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800", "\u202e", "\U0010ffff", "A" * 200_000], ids=ascii
)
def test_letters_that_no_text_needs_are_refused_or_kept_as_they_are(
    place: Place, text: str
) -> None:
    key = f"Idempotency-Key: {place.server.key()}"
    shown = "".join(f"\\u{ord(one):04x}" if ord(one) < 0x10000 else one for one in text[:1])
    body = f'{{"text": "{shown}{text[1:]}", "division": "999999"}}'.encode()
    answer = place.send("POST /api/v1/findings", JSON, key, body=body)
    assert answer.status in (400, 403, 404), answer.body


@pytest.mark.parametrize(
    "media",
    [
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/jsonn",
        "",
        f"application/{PHONE}",
    ],
)
def test_another_media_type_is_answered_415(place: Place, media: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="../../x"\r\n\r\n{}\r\n'
    answer = place.send(COMMANDS, f"Content-Type: {media}", body=body)
    assert (answer.status, b"request.media" in answer.body) == (415, True)
    upload = place.send("PATCH /api/v1/attachments/uploads/x", f"Content-Type: {media}", body=body)
    assert upload.status == 415


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/../../../../etc/passwd",
        "/api/v1/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/api/v1/attachments/..%2f..%2flog.db",
        "/api/v1/attachments/%2e%2e",
        "/api/v1/attachments/..",
        "/api/v1/attachments/uploads/..%2f..%2f..%2fkeyring.db",
        "/api/v1/attachments/..%5c..%5clog.db",
        "/api/v1/attachments/%00",
        "/api/v1/tasks/task-%00",
        "/api/v1/tasks/%ff%fe",
        "/api/v1/tasks/%",
        "/api/v1/tasks/%zz",
        f"/api/v1/tasks/{PHONE}",
        "/api/v1/tasks/" + "a" * 30_000,
        "/api/v1/tasks/" + "/" * 30_000,
        "//api/v1/me",
        "/api/v1//me",
        "/api/v1/me/",
        "/api/v1/",
        "/api/v1",
        "/api/v1me",
        "/api\\v1\\me",
        "/api/v1/ME",
        "/api/v1/me;a=b",
        "/%61pi/v1/nothing",
        "/nothing",
        "/favicon.ico",
    ],
    ids=lambda path: path[:40],
)
def test_a_path_that_leads_nowhere_is_answered_404(place: Place, path: str) -> None:
    answer = place.send(f"GET {path}")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert b"root:" not in answer.body


def test_letters_beyond_ascii_in_the_request_line_are_refused(place: Place) -> None:
    url = place.server.url
    for line in (
        b"GET /api/v1/tasks/\xe5\xbc\xa0 HTTP/1.1",
        b"GET /api/v1/tasks?words=\xff\xfe HTTP/1.1",
        b"GET /api/v1/tasks?words=%ff%fe%00 HTTP/1.1",
        b"GET \\\\elsewhere\\share HTTP/1.1",
        b"GET http://elsewhere.example/api/v1/nothing HTTP/1.1",
        b"GET * HTTP/1.1",
        b"G\xc3\x89T / HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"GET /nothing",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ):
        end = b"\r\nHost: x\r\nConnection: close\r\n" + place.session.encode() + b"\r\n\r\n"
        found = sent(url, line + end)
        assert found, line
        assert found[0].status in (400, 404, 200), line
        assert found[0].status != 200 or b"words" in line


def test_headers_with_any_bytes_do_no_harm(place: Place) -> None:
    for value in (b"\xff\xfe", "张三".encode(), b"\x01\x02", b"a" * 8_000, b"zh;q=NaN,en;q=1e999"):
        for name in (b"Accept-Language", b"Origin", b"X-Request-Id", b"If-None-Match", b"Cookie"):
            head = b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            data = head + place.session.encode() + b"\r\n" + name + b": " + value + b"\r\n\r\n"
            assert place.raw(data) in (200, 400), (name, value)


def test_a_query_that_says_something_twice_is_refused(place: Place) -> None:
    for query in ("limit=5&limit=6", "limit=5&limit=5", "words=a&words=b"):
        answer = place.send(f"GET /api/v1/people?{query}")
        assert (answer.status, b"request.query_twice" in answer.body) == (400, True)
    assert place.send("GET /api/v1/people?unknown=1").status == 400
    assert place.send("GET /api/v1/people?" + "&".join(["limit=5"] * 5_000)).status == 400


def test_requests_that_come_together_are_answered_in_their_order(place: Place) -> None:
    one = asking("GET /api/v1/me", place.session, close=False)
    other = asking("GET /api/v1/nothing", place.session, close=False)
    last = asking("GET /api/v1/health", place.session)
    found = sent(place.server.url, one + other + one + last)
    assert [answer.status for answer in found] == [200, 404, 200, 200]
    assert b"actor" in found[2].body


def test_methods_that_a_path_does_not_take_are_told_which_it_takes(place: Place) -> None:
    head = place.send("HEAD /api/v1/me")
    assert (head.status, head.body) == (200, b"")
    for method in ("OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND", "LOCK"):
        answer = place.send(f"{method} /api/v1/me")
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD"), method
    for path in ("/health/live", "/health/ready", "/metrics"):
        assert place.send(f"POST {path}").status == 405


@pytest.mark.parametrize(
    "header",
    [
        "Authorization: Bearer",
        "Authorization: Bearer ",
        "Authorization: Bearer x",
        "Authorization: Bearer " + "A" * 20_000,
        "Authorization: Bearer a b c",
        f"Authorization: Bearer {PHONE}",
        "Authorization: Basic b3BzOmNvcnJlY3Q=",
        "Authorization: bearer\t\t",
        "Authorization: Bearer ../../access.db",
        "Authorization: Bearer ' OR 1=1 --",
        "Authorization: Bearer 张三",
        "Cookie: handheld_session=",
        "Cookie: handheld_session=x; handheld_session=y",
        'Cookie: handheld_session="\\000"',
        "Cookie: handheld_session",
        "Cookie: " + "; ".join(f"c{n}={n}" for n in range(1_000)),
        "Cookie: handheld_session=%00%ff",
        "X-Nothing: x",
    ],
    ids=lambda header: header[:34].encode("ascii", "replace").decode(),
)
def test_a_token_of_any_other_shape_opens_nothing(place: Place, header: str) -> None:
    (answer,) = sent(place.server.url, asking("GET /api/v1/me", header))
    assert (answer.status, b"session.none" in answer.body) == (401, True)


def test_pages_of_other_sites_do_nothing_with_a_cookie(place: Place) -> None:
    cookie = f"Cookie: handheld_session={place.session.split()[-1]}"
    for origin in (
        "https://elsewhere.example",
        "null",
        "",
        f"{place.server.url}.elsewhere.example",
        place.server.url.upper(),
        f"{place.server.url}/",
        "http://127.0.0.1",
    ):
        asked = asking(COMMANDS, cookie, JSON, f"Origin: {origin}", body=b'{"commands": []}')
        (answer,) = sent(place.server.url, asked)
        assert (answer.status, b"request.origin" in answer.body) == (403, True), origin
    for site in ("cross-site", "same-site"):
        asked = asking(COMMANDS, cookie, JSON, f"Sec-Fetch-Site: {site}", body=b'{"commands": []}')
        assert sent(place.server.url, asked)[0].status == 403
    own = asking(COMMANDS, cookie, JSON, f"Origin: {place.server.url}", body=b'{"commands": []}')
    assert sent(place.server.url, own)[0].status == 200


def test_a_client_that_goes_away_leaves_nothing(place: Place) -> None:
    asked = asking("GET /api/v1/openapi.json", place.session)
    begun = asking(COMMANDS, place.session, JSON, "Content-Length: 1000") + b'{"commands'
    upload = asking("PUT /api/v1/attachments/x", place.session, "Content-Length: 1000") + b"abc"
    for data in (b"", asked[:30], asked, begun, upload):
        for how in (socket.SHUT_WR, socket.SHUT_RDWR, None):
            with connected(place.server.url) as sock:
                sock.sendall(data)
                if how is not None:
                    sock.shutdown(how)
        with closing(_reset(place.server.url)) as sock:
            sock.sendall(data)


def test_a_refused_request_leaves_the_connection_usable(place: Place) -> None:
    with connected(place.server.url) as sock:
        big = b'{"commands": "' + b"a" * 5_000_000 + b'"}'
        sock.sendall(asking(COMMANDS, place.session, JSON, body=big, close=False))
        assert one_answer(sock).status == 413
        sock.sendall(asking("GET /api/v1/me", place.session))
        (answer,) = answers(until_closed(sock))
        assert answer.status == 200


def test_the_log_has_a_line_for_each_and_a_person_in_none(place: Place) -> None:
    line = f"GET /api/v1/people?words={PHONE}"
    assert place.send(line, "X-Request-Id: abuse-000001").status == 200
    assert place.send(f"GET /api/v1/people/{A}", "X-Request-Id: abuse-000002").status == 200
    settled(lambda: "abuse-000002" in place.log.getvalue())
    lines = place.log.getvalue().splitlines()
    assert sum("abuse-000001" in one for one in lines) == 1
    assert "/people/{person}" in next(one for one in lines if "abuse-000002" in one)


def _reset(url: str) -> socket.socket:
    """A connection that is reset, not closed, at its end."""
    with connected(url) as first:
        address = first.getpeername()
    found = socket.create_connection(address, PATIENCE)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    return found
