"""Notices to persons in the government messenger (浙政钉, a DingTalk): work notices by its open platform.

People are found by their telephone number. The platform says later whom a notice reached; that it took
it says nothing: the same words to the same person are swallowed, though the call succeeds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from handheld.adapters.notifiers.outside import Limits, Outside
from handheld.application.notifying import Came, Notice, Told

MOST_USERS = 100
"""In one call of `asyncsend_v2`."""
EARLIER = 300.0
"""Seconds before its end at which a token is renewed."""
_TOKEN_OVER = frozenset((40014, 42001, 40001, 88))
_BUSY = frozenset((90018, 90002, 90006, 130101, -1))
"""Too many calls just now, or the platform is busy."""


class DingTalkSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The application as which notices are sent."""

    app_key: str
    app_secret: str
    agent_id: int
    url: str = "https://oapi.dingtalk.com"
    """Of the platform; governments have their own."""


class _Refused(Exception):
    def __init__(self, came: Came, code: int | None = None) -> None:
        super().__init__(came.code)
        self.came = came
        self.code = code


class DingTalk:
    """`Notifier` for `messenger`."""

    rung: Literal["messenger"] = "messenger"
    together = MOST_USERS
    asks_later = True

    def __init__(self, settings: DingTalkSettings, limits: Limits | None = None) -> None:
        self._settings = settings
        self._outside = Outside(limits)
        self._token: tuple[float, str] = (0.0, "")
        self._renewing = asyncio.Lock()
        self._users: dict[str, str] = {}
        """By telephone number: the user id. In memory only."""

    async def close(self) -> None:
        """Let connections go."""
        await self._outside.close()

    # --- sending --------------------------------------------------------------------------------

    async def send(self, notices: Sequence[Notice]) -> Mapping[str, Came]:
        """People with the same words share a call; what it was taken as is the reference."""
        users = await asyncio.gather(*(self._user(notice) for notice in notices))
        came: dict[str, Came] = {}
        groups: dict[str, list[tuple[Notice, str]]] = {}
        for notice, user in zip(notices, users, strict=True):
            if isinstance(user, Came):
                came[notice.id] = user
            else:
                groups.setdefault(notice.text, []).append((notice, user))
        answers = await asyncio.gather(
            *(self._told(text, [user for _, user in group]) for text, group in groups.items())
        )
        for group, answer in zip(groups.values(), answers, strict=True):
            came |= {notice.id: answer for notice, _ in group}
        return came

    async def _told(self, text: str, users: Sequence[str]) -> Came:
        try:
            answer = await self._call(
                "/topapi/message/corpconversation/asyncsend_v2",
                {
                    "agent_id": self._settings.agent_id,
                    "userid_list": ",".join(users),
                    "msg": {"msgtype": "text", "text": {"content": text}},
                },
            )
        except _Refused as refused:
            return refused.came
        task = answer.get("task_id")
        return Came("taken", None, None if task is None else str(task))

    async def _user(self, notice: Notice) -> str | Came:
        phone = notice.phone
        if not phone:
            return Came("skipped", "no_telephone")
        if phone not in self._users:
            try:
                answer = await self._call("/topapi/v2/user/getbymobile", {"mobile": phone})
            except _Refused as refused:
                # Nothing was sent yet, whatever became of the question.
                code = refused.came.code
                kind: Literal["refused", "failed"] = (
                    "refused" if refused.came.result == "refused" else "failed"
                )
                return Came(kind, code)
            user = (answer.get("result") or {}).get("userid")
            if not user:
                return Came("refused", "not_in_messenger")
            self._users[phone] = str(user)
        return self._users[phone]

    # --- results --------------------------------------------------------------------------------

    async def ask(self, reference: str, notices: Sequence[Notice]) -> Mapping[str, Told]:
        """Whom the platform says it reached, and whom not."""
        try:
            answer = await self._call(
                "/topapi/message/corpconversation/getsendresult",
                {"agent_id": self._settings.agent_id, "task_id": int(reference)},
            )
        except (_Refused, ValueError):
            return {}
        result = answer.get("send_result") or {}
        lost = {
            user: code
            for code in ("invalid", "forbidden", "failed")
            for user in result.get(f"{code}_user_id_list") or ()
        }
        lost |= {
            str(one.get("userid")): str(one.get("code"))
            for one in result.get("forbidden_list") or ()
        }
        there = {
            user for kind in ("read", "unread") for user in result.get(f"{kind}_user_id_list") or ()
        }
        told: dict[str, Told] = {}
        for notice in notices:
            user = self._users.get(notice.phone or "")
            if user is None:
                continue
            if user in lost:
                told[notice.id] = Told(False, lost[user])
            elif user in there:
                told[notice.id] = Told(True)
        return told

    # --- the platform ---------------------------------------------------------------------------

    async def _call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return await self._called(path, body)
        except _Refused as refused:
            if refused.code not in _TOKEN_OVER:
                raise
        self._token = (0.0, "")
        return await self._called(path, body)

    async def _called(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        reply = await self._outside.ask(
            "POST",
            self._settings.url + path,
            content=msgspec.json.encode(body),
            headers={"content-type": "application/json"},
            params={"access_token": await self._access()},
        )
        return _answer(reply.json(), reply.came)

    async def _access(self) -> str:
        async with self._renewing:
            until, token = self._token
            if until < time.monotonic():
                reply = await self._outside.ask(
                    "GET",
                    f"{self._settings.url}/gettoken",
                    params={
                        "appkey": self._settings.app_key,
                        "appsecret": self._settings.app_secret,
                    },
                )
                try:
                    answer = _answer(reply.json(), reply.came)
                except _Refused as refused:  # nothing was sent: that much is known
                    code = refused.came.code
                    raise _Refused(Came("failed", f"token_{code}")) from None
                token = str(answer.get("access_token", ""))
                lasts = float(answer.get("expires_in", 7200))
                self._token = time.monotonic() + max(lasts - EARLIER, 1.0), token
            return token


def _answer(answer: Any, came: Came | None) -> dict[str, Any]:
    if came is not None:
        raise _Refused(came)
    if not isinstance(answer, dict):
        raise _Refused(Came("unknown", "no_json"))
    code = answer.get("errcode", 0)
    if code:
        kind: Literal["refused", "failed"] = "failed" if code in _BUSY else "refused"
        raise _Refused(Came(kind, str(code)), code if isinstance(code, int) else None)
    return answer
