"""Text messages and calls against a provider of our own."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from msgspec.structs import replace

from handheld.adapters.notifiers.outside import Limits
from handheld.adapters.notifiers.sms_http import Taken, TelephoneHTTP, TelephoneService
from handheld.application.notifying import Came, Notice
from tests.support_peers import Answer, Peer, peer, said

PATIENT = Limits(first_wait=0.01)
HASTY = Limits(timeout=1, tries=1)
"""For whom nobody answers: to wait once is enough."""
NOTICE = Notice(
    id="0" * 32,
    task="task-1",
    task_force="tf-1",
    person="person-T1",
    drill=False,
    text='他说："{phone}"\\ 请打开\n“掌上指挥”',
    phone="10000000001",
)


async def sent(
    made: Peer, notice: Notice = NOTICE, limits: Limits = PATIENT, **service: object
) -> Came:
    described = TelephoneService(url=f"{made.url}/sms", **service)  # type: ignore[arg-type]
    sms = TelephoneHTTP("sms", described, limits)
    try:
        return (await sms.send([notice]))[notice.id]
    finally:
        await sms.close()


async def test_the_template_is_filled_and_no_words_can_break_out_of_it() -> None:
    async with peer() as made:
        body = '{"to":["{phone}"],"params":{"content":"{text}"},"sn":"{id}","fixed":"{other}"}'
        assert await sent(made, body=body) == Came("taken")
        assert made.asked[0].json() == {
            "to": ["10000000001"],
            "params": {"content": NOTICE.text},
            "sn": NOTICE.id,
            "fixed": "{other}",
        }
        assert made.asked[0].headers["idempotency-key"] == NOTICE.id


async def test_a_request_proves_where_it_comes_from() -> None:
    async with peer() as made:
        await sent(made, auth="bearer", secret="s3cret")
        assert made.asked[0].headers["authorization"] == "Bearer s3cret"
        await sent(made, auth="hmac", secret="s3cret")
        asked = made.asked[1]
        text = asked.headers["x-timestamp"].encode() + b"\n" + asked.body
        proof = hmac.new(b"s3cret", text, hashlib.sha256).hexdigest()
        assert asked.headers["x-signature"] == proof


async def test_what_counts_as_taken_is_told_by_the_settings() -> None:
    taken = Taken(field="data.0.code", equals="0")
    async with peer() as made:
        made.answering = lambda _: said({"data": [{"code": 0, "sid": 77}]})
        came = await sent(made, taken=taken, reference="data.0.sid")
        assert came == Came("taken", None, "77")
        made.answering = lambda _: said({"data": [{"code": 15}]})
        assert await sent(made, taken=taken) == Came("refused", "15")
        made.answering = lambda _: Answer(200, b"<html>")
        assert await sent(made, taken=taken) == Came("refused", "no_answer")
        made.answering = lambda _: Answer(302, headers={"location": "http://127.0.0.1:1/"})
        assert await sent(made) == Came("refused", "http_302")


async def test_who_has_no_telephone_is_passed_over() -> None:
    async with peer() as made:
        assert await sent(made, replace(NOTICE, phone=None)) == Came("skipped", "no_telephone")
        assert made.asked == []


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (Answer(401), Came("refused", "http_401")),
        (Answer(503), Came("failed", "http_503")),
        (Answer(hang=True), Came("unknown", "timeout")),
        (Answer(reset=True), Came("unknown", "connection_lost")),
    ],
)
async def test_what_does_not_work_is_called_what_it_is(answer: Answer, came: Came) -> None:
    async with peer() as made:
        made.answering = lambda _: answer
        assert await sent(made, limits=HASTY if answer.hang else PATIENT) == came
        assert {json.dumps(one.json()) for one in made.asked} == {json.dumps(made.asked[0].json())}


async def test_it_goes_by_the_proxy_that_was_set() -> None:
    async with peer() as proxy:
        proxy.answering = lambda _: said({})
        service = TelephoneService(url="http://sms.example.com/send")
        sms = TelephoneHTTP("sms", service, replace(PATIENT, proxy=proxy.url))
        assert (await sms.send([NOTICE]))[NOTICE.id] == Came("taken")
        await sms.close()
        assert [asked.path for asked in proxy.asked] == ["/send"]
        assert proxy.asked[0].headers["host"] == "sms.example.com"
