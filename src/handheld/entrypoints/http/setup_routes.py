"""The first account of a new data directory. docs/access.md"""

from __future__ import annotations

import asyncio

import msgspec

from handheld.application.access.records import DeviceSaid
from handheld.entrypoints.http.access_routes import SignedInAs, same_site, signed_in_answer
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.identity import client_address
from handheld.entrypoints.http.parts import Call


class SetUpNow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The operator's account, with the secret that the server's screen shows."""

    secret: str
    name: str
    password: str
    device: DeviceSaid | None = None

    def __repr__(self) -> str:
        return "SetUpNow()"


class SetUpState(msgspec.Struct, frozen=True):
    """Whether the first account is still to be made."""

    open: bool


def _state(call: Call) -> SetUpState:
    return SetUpState(call.parts.set_up.open())


async def _make(call: Call) -> Answer:
    same_site(call)
    said: SetUpNow = call.body

    def make() -> Answer:
        done = call.parts.set_up.make(
            said.secret,
            said.name,
            said.password,
            address=client_address(call.request),
            device=said.device,
        )
        return signed_in_answer(call, done, 201)

    return await asyncio.get_running_loop().run_in_executor(None, make)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/setup",
        name="setup_state",
        summary="Whether the first account is still to be made 初始设置",
        tag="access",
        run=_state,
        answers=SetUpState,
        public=True,
    ),
    Endpoint(
        method="POST",
        path="/setup",
        name="setup",
        summary="Make the first account, the operator's 建立首个账号",
        tag="access",
        run=_make,
        body=SetUpNow,
        answers=SignedInAs,
        status=201,
        public=True,
        most=4096,
        problems=(401, 409, 429),
        examples={
            "first": {
                "secret": "0123456789abcdef0123456789abcdef0123456789abcdef",
                "name": "operator",
                "password": "three blind mice run",
            }
        },
    ),
)
