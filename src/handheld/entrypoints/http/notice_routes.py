"""Notices: the call list, Web Push of one's own device, receipts of providers. docs/reaching-people.md"""

from __future__ import annotations

from typing import Any

import msgspec

from handheld.adapters.notifiers.reaching import Reaching
from handheld.application.reading.call_list import CallList, call_list
from handheld.domain.errors import Malformed, NotFound
from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.parts import Call

BEARER = "bearer "


class CallsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page of the list."""

    drills: bool = False
    """Those of drills instead."""
    offset: int = 0
    limit: int = 100
    """People on the page, 500 at most."""


class PushKey(msgspec.Struct, frozen=True):
    """With which a browser subscribes."""

    key: str
    """The `applicationServerKey`, base64url."""


class PushKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of a subscription."""

    p256dh: str
    auth: str


class PushSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as browsers give it (`PushSubscription.toJSON()`)."""

    endpoint: str
    keys: PushKeys


class Recorded(msgspec.Struct, frozen=True):
    """What became of a receipt."""

    recorded: int
    """Of how many notices it was recorded now; 0 where it was known, or is of none of ours."""


def _calls(call: Call) -> CallList:
    query: CallsQuery = call.query
    home = call.home
    return call_list(
        home.looking.look(),
        home.boards,
        call.viewer,
        call.path["division"],
        drills=query.drills,
        offset=query.offset,
        limit=query.limit,
    )


def _push(call: Call) -> tuple[Reaching, str]:
    reaching = call.home.reaching
    if reaching is None or reaching.push_key is None:
        raise NotFound("notices.no_push")
    return reaching, reaching.push_key


def _device(call: Call) -> str:
    if call.who.device is None:
        raise Malformed("notices.device", device="")
    return call.who.device


def _key(call: Call) -> PushKey:
    return PushKey(_push(call)[1])


def _subscribe(call: Call) -> None:
    reaching, _ = _push(call)
    told: PushSubscription = call.body
    keys = told.keys
    reaching.subscribe(call.who.actor, _device(call), told.endpoint, keys.p256dh, keys.auth)


def _unsubscribe(call: Call) -> None:
    reaching = call.home.reaching
    if reaching is not None:
        reaching.subscriptions.forget(_device(call))


async def _receipt(call: Call) -> Recorded:
    reaching = call.home.reaching
    if reaching is None:
        raise NotFound("notices.receipts")
    given = call.request.headers.get("authorization", "")
    secret = given[len(BEARER) :] if given.lower().startswith(BEARER) else ""
    return Recorded(await reaching.receipt(call.path["rung"], secret, call.body))


ENDPOINTS = [
    Endpoint(
        method="GET",
        path="/divisions/{division}/call-list",
        name="get_call_list",
        summary="Those whose phones have not got their task, with the telephone number, by place",
        tag="notices",
        run=_calls,
        answers=CallList,
        query=CallsQuery,
        problems=(404,),
    ),
    Endpoint(
        method="GET",
        path="/push/key",
        name="get_push_key",
        summary="The key with which a browser subscribes to Web Push",
        tag="notices",
        run=_key,
        answers=PushKey,
        problems=(404,),
    ),
    Endpoint(
        method="PUT",
        path="/push/subscription",
        name="subscribe_to_push",
        summary="This device takes Web Push from now on",
        tag="notices",
        run=_subscribe,
        body=PushSubscription,
        status=204,
        problems=(403, 404),
    ),
    Endpoint(
        method="DELETE",
        path="/push/subscription",
        name="unsubscribe_from_push",
        summary="This device takes no Web Push any more",
        tag="notices",
        run=_unsubscribe,
        status=204,
    ),
    Endpoint(
        method="POST",
        path="/notices/{rung}/receipts",
        name="take_receipt",
        summary="A provider of text messages or calls says what became of one",
        tag="notices",
        run=_receipt,
        where="loop",
        answers=Recorded,
        body=dict[str, Any],
        public=True,
        problems=(404,),
    ),
]
