"""Attachments over a real server: who may bring and see what, in pieces, in parts, and as what."""

from __future__ import annotations

import socket
from collections.abc import Generator
from itertools import count
from time import sleep
from typing import Any

import httpx
import pytest

from handheld.domain.finding_commands import ReportFinding
from handheld.domain.ordering import Order
from handheld.domain.register import ErasePerson
from handheld.domain.task import Accept
from handheld.domain.task_commands import Report
from handheld.domain.task_force import SendMessage
from handheld_events.forms import Photo
from handheld_events.ids import finding_id
from tests.support_attachments import MARK, big_photo, hash_of, media_of, sample
from tests.support_server import Served, served
from tests.support_tasks import DUTY, TOWN, VILLAGE, WATER, A, B, C, Township, township

COUNT = count(1)
OCTETS = {"content-type": "application/octet-stream"}


class Room:
    """The township, a server on it, and a client for everybody who is asked for."""

    def __init__(self, place: Township, server: Served) -> None:
        self.place = place
        self.server = server
        self._clients: dict[str | None, httpx.Client] = {}

    def of(self, who: str | None) -> httpx.Client:
        if who not in self._clients:
            self._clients[who] = self.server.client(who)
        return self._clients[who]

    def announce(self, who: str, data: bytes, media: str, **about: Any) -> httpx.Response:
        said = {"sha256": hash_of(data), "size": len(data), "media": media, **about}
        return self.of(who).post("/attachments", json=said)

    def put(self, who: str, data: bytes, media: str = "image/jpeg") -> httpx.Response:
        path = f"/attachments/{hash_of(data)}"
        return self.of(who).put(path, content=data, headers={"content-type": media})

    def append(self, who: str, upload: str, data: bytes, offset: int) -> httpx.Response:
        headers = {**OCTETS, "upload-offset": str(offset)}
        return self.of(who).patch(f"/attachments/uploads/{upload}", content=data, headers=headers)

    def see(self, who: str | None, digest: str, part: str = "", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.of(who).get(f"/attachments/{digest}{part}", headers=named)

    def who_sees(self, digest: str, part: str = "") -> set[str]:
        everybody = (DUTY, TOWN, A, B, C, WATER)
        answers = {who: self.see(who, digest, part) for who in everybody}
        for answer in answers.values():
            if answer.status_code != 200:
                assert answer.status_code == 404
                assert answer.json()["code"] == "attachments.none"
        return {who for who, answer in answers.items() if answer.status_code == 200}

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


class Picture:
    """A photo that no other test has."""

    def __init__(self) -> None:
        words = b"SYNTHETIC %d" % next(COUNT)
        comment = b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words
        plain = sample("gps.jpg")
        self.data = plain[:2] + comment + plain[2:]
        self.name = hash_of(self.data)
        self.photo = Photo(sha256=self.name, size=len(self.data))


@pytest.fixture
def jpeg() -> Picture:
    return Picture()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Generator[Room]:
    with township(tmp_path_factory.mktemp("room") / "data") as place, served(place.home) as server:
        room = Room(place, server)
        yield room
        room.close()


def task_of(room: Room, person: str) -> str:
    _, order = room.place.start(Order(text="巡查", people=(person,)))
    return room.place.task(order, person)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["code"])


# --- bringing ------------------------------------------------------------------------------------


def test_bytes_come_in_pieces_and_are_an_attachment_when_all_are_there(room: Room) -> None:
    data = big_photo(700_000)
    answer = room.announce(C, data, "image/jpeg", name="../../桥.jpg")
    assert answer.status_code == 201
    upload = answer.json()["upload"]["id"]
    assert answer.headers["location"] == f"/api/v1/attachments/uploads/{upload}"
    assert answer.headers["upload-offset"] == "0"
    first = room.append(C, upload, data[:300_000], 0)
    assert first.json() == {"offset": 300_000, "attachment": None}
    head = room.of(C).head(f"/attachments/uploads/{upload}")
    assert (head.status_code, head.headers["upload-offset"]) == (204, "300000")
    wrong = room.append(C, upload, data[:300_000], 0)
    assert code(wrong) == (409, "attachments.offset")
    assert wrong.headers["upload-offset"] == "300000"
    last = room.append(C, upload, data[300_000:], 300_000)
    assert last.headers["upload-offset"] == str(len(data))
    found = last.json()["attachment"]
    assert (found["sha256"], found["location"], found["name"]) == (hash_of(data), "apart", "桥.jpg")
    # Said once more after the answer was lost:
    assert room.append(C, upload, b"", len(data)).json() == last.json()
    assert room.announce(C, data, "image/jpeg").json() == {"stored": True, "upload": None}


def test_a_connection_that_breaks_keeps_what_came_over_it(room: Room) -> None:
    """A real socket, closed in the middle of a body."""
    data = big_photo(400_000, seed=2)
    upload = room.announce(C, data, "image/jpeg").json()["upload"]["id"]
    host, _, port = room.server.url.removeprefix("http://").rpartition(":")
    token = room.of(C).headers["authorization"]
    with socket.create_connection((host, int(port)), 10) as broken:
        head = (
            f"PATCH /api/v1/attachments/uploads/{upload} HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: {token}\r\nContent-Type: application/octet-stream\r\n"
            f"Upload-Offset: 0\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        broken.sendall(head.encode() + data[:250_000])
    rows = room.place.home.attachment_store.rows
    for _ in range(1000):
        row = rows.upload(upload)
        if row is not None and row.received:
            break
        sleep(0.01)
    offset = room.of(C).get(f"/attachments/uploads/{upload}").json()["offset"]
    assert offset == 250_000
    assert room.append(C, upload, data[offset:], offset).json()["attachment"]["size"] < len(data)


def test_all_at_once_is_one_request(room: Room, jpeg: Picture) -> None:
    answer = room.put(C, jpeg.data)
    assert answer.status_code == 200
    assert answer.json()["attachment"]["sha256"] == jpeg.name
    assert room.put(C, jpeg.data).json()["attachment"]["sha256"] == jpeg.name
    assert code(room.put(C, jpeg.data + b"x", "image/png")) == (415, "attachments.other_media")
    other = room.of(C).put(
        f"/attachments/{jpeg.name}", content=b"abc", headers={"content-type": "image/jpeg"}
    )
    assert other.json()["offset"] == 3  # it is theirs already: nothing has to be read
    never = room.of(B).put(
        f"/attachments/{jpeg.name}", content=b"abc", headers={"content-type": "image/jpeg"}
    )
    assert code(never) == (400, "attachments.wrong_hash")


def test_what_makes_no_sense_is_refused_with_what_to_do(room: Room, jpeg: Picture) -> None:
    of = room.of(C)
    said = {"sha256": jpeg.name, "size": 10, "media": "image/jpeg"}
    for wrong, expected in (
        ({"sha256": "../../etc/passwd"}, (400, "attachments.hash")),
        ({"sha256": jpeg.name.upper()}, (400, "attachments.hash")),
        ({"size": 0}, (400, "attachments.size")),
        ({"size": -5}, (400, "attachments.size")),
        ({"size": 20_000_001}, (413, "attachments.too_large")),
        ({"media": "image/svg+xml"}, (415, "attachments.media")),
        ({"media": "text/html"}, (415, "attachments.media")),
        ({"media": "video/mp4"}, (415, "attachments.media")),
        ({"other": 1}, (400, "request.body")),
    ):
        assert code(of.post("/attachments", json={**said, **wrong})) == expected
    upload = of.post("/attachments", json=said).json()["upload"]["id"]
    path = f"/attachments/uploads/{upload}"
    assert code(of.patch(path, content=b"x", headers=OCTETS)) == (400, "attachments.offset_missing")
    for offset in ("-1", "x", "٣", "1" * 30):
        headers = [
            (b"content-type", b"application/octet-stream"),
            (b"upload-offset", offset.encode()),
        ]
        answer = of.patch(path, content=b"x", headers=headers)
        assert code(answer) == (400, "attachments.offset_missing")
    form = {"content-type": "multipart/form-data", "upload-offset": "0"}
    assert code(of.patch(path, content=b"x", headers=form)) == (415, "request.media")
    assert code(room.append(C, upload, b"x" * 11, 0)) == (400, "attachments.too_long")
    assert of.delete(path).status_code == 204
    assert code(of.get(path)) == (404, "attachments.no_upload")
    assert code(of.get("/attachments/uploads/..%2f..%2flog.db")) in (
        (404, "attachments.no_upload"),
        (404, "request.path"),
    )
    assert code(of.get("/attachments/x")) == (404, "attachments.none")


def test_an_upload_is_its_senders_alone(room: Room, jpeg: Picture) -> None:
    upload = room.announce(C, jpeg.data, "image/jpeg").json()["upload"]["id"]
    path = f"/attachments/uploads/{upload}"
    for answer in (
        room.of(A).get(path),
        room.of(A).delete(path),
        room.append(A, upload, jpeg.data, 0),
    ):
        assert code(answer) == (404, "attachments.no_upload")
    assert room.of(C).get(path).json()["offset"] == 0
    assert code(room.see(None, jpeg.name)) == (401, "session.none")
    assert room.of(None).head(path).status_code == 401


def awaited(room: Room, who: str, finding: str) -> bool:
    """Whether the card of a finding shows its photo as awaited."""
    (photo,) = room.of(who).get(f"/findings/{finding}").json()["photos"]
    return bool(photo.get("awaited", False))


# --- who sees ------------------------------------------------------------------------------------


def test_bytes_that_nothing_names_are_seen_by_who_sent_them_alone(
    room: Room, jpeg: Picture
) -> None:
    room.put(C, jpeg.data)
    assert room.who_sees(jpeg.name) == {C}
    assert room.who_sees(jpeg.name, part="/original") == {C}


def test_a_photo_of_a_finding_is_seen_by_who_sees_the_finding(room: Room, jpeg: Picture) -> None:
    room.put(C, jpeg.data)
    finding = ReportFinding(text="树倒了", division=VILLAGE, photos=(jpeg.photo,))
    room.place.do(finding, C)
    sees = {C, A, B, TOWN, DUTY}
    assert room.who_sees(jpeg.name) == sees
    assert room.who_sees(jpeg.name, part="/metadata") == sees
    assert room.who_sees(jpeg.name, part="/original") == sees
    described = room.see(A, jpeg.name, part="/metadata").json()
    assert described["taken"]["latitude"] == 28.975
    assert room.see(A, jpeg.name).content != jpeg.data
    assert MARK not in room.see(A, jpeg.name).content
    assert room.see(A, jpeg.name, part="/original").content == jpeg.data


def test_a_report_may_come_before_its_photo_which_is_awaited_until_then(
    room: Room, jpeg: Picture
) -> None:
    task = task_of(room, A)
    room.place.do(Accept(task=task), A)
    room.place.do(Report(task=task, text="已清障", photos=(jpeg.photo,)), A)
    attachments = room.place.home.attachments
    assert not attachments.stored(jpeg.name)
    assert room.who_sees(jpeg.name) == set()
    room.put(A, jpeg.data)
    assert attachments.stored(jpeg.name)
    assert attachments.stored_of([jpeg.name, "0" * 64, jpeg.name]) == {jpeg.name}
    assert room.who_sees(jpeg.name) == {A, B, TOWN, DUTY}


def test_naming_a_hash_opens_nothing_to_who_never_had_the_bytes(room: Room, jpeg: Picture) -> None:
    """Else whoever had read a hash somewhere would be let in by words of their own."""
    room.put(C, jpeg.data)
    finding = ReportFinding(text="我也要看", division=VILLAGE, photos=(jpeg.photo,))
    command = room.place.home.new_command_id()
    room.place.do(finding, B, command_id=command)
    named = finding_id(command)
    assert room.who_sees(jpeg.name) == {C}
    assert awaited(room, B, named), "a card told somebody that it is there"
    answer = room.announce(B, jpeg.data, "image/jpeg")
    assert answer.status_code == 201, "it was told to somebody that it is there"
    room.put(B, jpeg.data)
    assert room.who_sees(jpeg.name) >= {B, A, TOWN, C}
    assert not awaited(room, B, named)


def test_who_may_see_it_may_pass_it_on_without_sending_it_again(room: Room, jpeg: Picture) -> None:
    room.put(C, jpeg.data)
    room.place.do(ReportFinding(text="树倒了", division=VILLAGE, photos=(jpeg.photo,)), C)
    force, _ = room.place.start(Order(text="清障", people=(TOWN, WATER)))
    message = SendMessage(task_force=force, text="看这里", photos=(jpeg.photo,))
    room.place.do(message, TOWN)
    assert WATER not in room.who_sees(jpeg.name)
    assert room.announce(TOWN, jpeg.data, "image/jpeg").status_code == 200
    assert WATER in room.who_sees(jpeg.name)


def test_a_picture_with_its_place_inside_is_for_who_may_know_the_place(room: Room) -> None:
    data = sample("gps.heic")
    room.put(C, data, "image/heic")
    photo = Photo(sha256=hash_of(data), media="image/heic")
    force, _ = room.place.start(Order(text="清障", people=(C, B)))
    room.place.do(SendMessage(task_force=force, text="现场", photos=(photo,)), C)
    everybody = room.who_sees(hash_of(data), "/metadata")
    may = room.who_sees(hash_of(data))
    assert B in everybody
    assert B not in may
    assert C in may
    described = room.see(B, hash_of(data), "/metadata").json()
    assert (described["original"], described["attachment"]["stripped"]) == (False, False)


# --- as what -------------------------------------------------------------------------------------


def test_parts_of_it_can_be_asked_for(room: Room) -> None:
    data = big_photo(300_000, seed=3)
    room.put(C, data)
    whole = room.see(C, hash_of(data))
    size = len(whole.content)
    etag = whole.headers["etag"]
    assert whole.headers["accept-ranges"] == "bytes"
    for asked, start, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=65530-65545", 65530, 65546),
        ("bytes=100000-", 100_000, size),
        ("bytes=-10", size - 10, size),
        (f"bytes=10-{size * 2}", 10, size),
    ):
        part = room.see(C, hash_of(data), range=asked)
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert part.content == whole.content[start:end]
    for asked in (f"bytes={size}-", "bytes=-0"):
        answer = room.see(C, hash_of(data), range=asked)
        assert code(answer) == (416, "attachments.range")
    for asked in ("bytes=5-2", "bytes=1-2,5-6", "lines=1-2", "bytes=-"):
        assert room.see(C, hash_of(data), range=asked).content == whole.content
    assert room.see(C, hash_of(data), range="bytes=0-0", if_range=etag).status_code == 206
    assert room.see(C, hash_of(data), range="bytes=0-0", if_range='"old"').status_code == 200
    assert room.see(C, hash_of(data), if_none_match=etag).status_code == 304
    head = room.of(C).head(f"/attachments/{hash_of(data)}")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(size), b"")


@pytest.mark.parametrize("name", ["gps.jpg", "voice.m4a", "paper.pdf", "words.txt", "table.xlsx"])
def test_it_is_served_as_what_it_is_and_nothing_in_it_can_run(room: Room, name: str) -> None:
    data = sample(name)
    room.announce(C, data, media_of(name), name='..\\a"b\r\nSet-Cookie: x=1/资料.html')
    upload = room.announce(C, data, media_of(name)).json()["upload"]["id"]
    room.append(C, upload, data, 0)
    answer = room.see(C, hash_of(data))
    headers = answer.headers
    assert headers["content-type"].partition(";")[0] == media_of(name)
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    assert headers["cache-control"].startswith("private")
    assert "set-cookie" not in headers
    suffix = "." + name.rpartition(".")[2]
    assert headers["content-disposition"].endswith(f"%E8%B5%84%E6%96%99.html{suffix}")
    shown = name.endswith(("jpg", "m4a"))
    assert headers["content-disposition"].startswith("inline" if shown else "attachment")


def test_who_was_erased_sees_nothing_any_more(room: Room, jpeg: Picture) -> None:
    room.put(C, jpeg.data)
    room.place.do(ReportFinding(text="树倒了", division=VILLAGE, photos=(jpeg.photo,)), C)
    assert room.see(B, jpeg.name).status_code == 200
    held = room.of(B)
    room.place.do(ErasePerson(person=B, reason="本人申请"))
    assert held.get(f"/attachments/{jpeg.name}").status_code in (401, 404)
