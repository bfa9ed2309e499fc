"""Signing in and out, sessions, devices, tickets. docs/access.md"""

from __future__ import annotations

from datetime import datetime

import msgspec

from handheld.application.access.identity import AccountRole
from handheld.application.access.records import DeviceSaid, DeviceShown, SessionShown, SignedIn
from handheld.domain.errors import HandheldError
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.identity import COOKIE, check_origin, client_address
from handheld.entrypoints.http.parts import Call
from handheld_events.base import Instant

FOREVER = 400 * 24 * 3600
"""Seconds that a browser keeps the cookie at most; the session ends by rules of its own."""


class Password(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name and password."""

    name: str
    password: str
    device: DeviceSaid | None = None

    def __repr__(self) -> str:
        return "Password()"


class Secret(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a sign-in link carries behind its #."""

    secret: str
    device: DeviceSaid

    def __repr__(self) -> str:
        return "Secret()"


class NewPassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One's own password, changed."""

    old: str
    new: str

    def __repr__(self) -> str:
        return "NewPassword()"


class DeviceName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a device is to be called."""

    name: str


class SignedInAs(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is signed in. Browsers keep the cookie; others keep the token."""

    token: str
    """For the Authorization header. A secret: it is shown this once."""
    actor: str
    session: str
    ends_at: datetime
    """When the session ends if it is not used before (UTC)."""
    repeated: bool
    """The same link came again from the same device: it is the same session."""


class Post(msgspec.Struct, frozen=True):
    """A post that they hold."""

    role: str
    division: str
    division_name: str | None
    department: str | None


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in."""

    actor: str
    """A person stream, or `operator`."""
    account: str | None
    role: AccountRole | None
    names: bool
    device: str | None
    session: str
    name: str | None
    """The person's name; None for an account that is nobody's."""
    synthetic: bool
    posts: tuple[Post, ...]
    clock: Instant
    """The clock of the log, which may be a simulated one."""


class Ticket(msgspec.Struct, frozen=True):
    """For one connection to the gateway, within thirty seconds."""

    ticket: str


class Sessions(msgspec.Struct, frozen=True):
    """One's own sessions, the one used last first."""

    sessions: tuple[SessionShown, ...]


class Devices(msgspec.Struct, frozen=True):
    """One's own devices, the one used last first."""

    devices: tuple[DeviceShown, ...]


async def _sign_in(call: Call) -> Answer:
    same_site(call)
    said: Password = call.body
    try:
        done = await call.home.access.sign_in_async(
            said.name,
            said.password,
            address=client_address(call.request),
            device=said.device,
        )
    except HandheldError as error:
        call.parts.metrics.sign_ins.labels(error.code).inc()
        raise
    return signed_in_answer(call, done)


def _redeem(call: Call) -> Answer:
    same_site(call)
    said: Secret = call.body
    try:
        done = call.home.access.redeem(
            said.secret, said.device, address=client_address(call.request)
        )
    except HandheldError as error:
        call.parts.metrics.sign_ins.labels(error.code).inc()
        raise
    return signed_in_answer(call, done)


def same_site(call: Call) -> None:
    """Nobody is signed in from another site's page: their account would be used unawares."""
    if "origin" in call.request.headers:
        check_origin(call.request, call.parts.origins)


def signed_in_answer(call: Call, done: SignedIn, status: int = 200) -> Answer:
    """That somebody is signed in: the token, and the cookie for browsers."""
    call.parts.metrics.sign_ins.labels("signed_in").inc()
    who = done.identity
    body = SignedInAs(
        token=done.token,
        actor=who.actor,
        session=who.session,
        ends_at=done.ends_at,
        repeated=done.repeated,
    )
    cookie = ("set-cookie", _cookie(call, done.token, FOREVER))
    return Answer(body, status, headers=(cookie, _UNKEPT))


_UNKEPT = ("cache-control", "no-store")


def _cookie(call: Call, token: str, seconds: int) -> str:
    secure = "; Secure" if call.request.url.scheme == "https" else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"


def _sign_out(call: Call) -> Answer:
    call.home.access.sign_out(call.who)
    return Answer(None, 204, headers=(("set-cookie", _cookie(call, "", 0)),))


def _me(call: Call) -> Me:
    who = call.who
    organisation = call.home.organisation.known()
    person = organisation.people.get(who.actor)
    name = None
    if person is not None and not person.erased:
        name = call.home.keyring.open(person.name)
    divisions = organisation.divisions
    return Me(
        actor=who.actor,
        account=who.account,
        role=who.role,
        names=who.names,
        device=who.device,
        session=who.session,
        name=name,
        synthetic=person is not None and person.synthetic,
        posts=tuple(
            Post(
                post.role,
                post.division,
                divisions[post.division].name if post.division in divisions else None,
                post.department,
            )
            for post in (person.posts if person is not None else ())
        ),
        clock=call.home.clock.now(),
    )


async def _change_password(call: Call) -> Answer:
    said: NewPassword = call.body
    await call.home.access.change_password_async(call.who, said.old, said.new)
    return Answer(None, 204)


def _ticket(call: Call) -> Answer:
    return Answer(Ticket(call.home.access.ticket(call.who)), 201, headers=(_UNKEPT,))


def _sessions(call: Call) -> Sessions:
    who, access = call.who, call.home.access
    if who.account is not None:
        return Sessions(tuple(access.sessions(account=who.account)))
    return Sessions(tuple(access.sessions(person=who.actor)))


def _revoke(call: Call) -> Answer:
    call.home.access.revoke_own(call.who, call.path["session"])
    return Answer(None, 204)


def _devices(call: Call) -> Devices:
    return Devices(tuple(call.home.access.devices(call.who)))


def _rename(call: Call) -> Answer:
    call.home.access.rename_device(call.who, call.path["device"], call.body.name)
    return Answer(None, 204)


def _register(call: Call) -> Answer:
    call.home.access.register_device(call.who, call.body)
    return Answer(None, 204)


_DEVICE = {"id": "c0ffee00-0001", "kind": "desk", "name": "指挥室一号席"}

ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/sign-in",
        name="sign_in",
        summary="Sign in with name and password 登录",
        tag="access",
        run=_sign_in,
        body=Password,
        answers=SignedInAs,
        public=True,
        most=4096,
        problems=(401, 429),
        examples={"desk": {"name": "duty", "password": "correct horse", "device": _DEVICE}},
    ),
    Endpoint(
        method="POST",
        path="/sign-in/link",
        name="sign_in_by_link",
        summary="Sign in with a single-use link 扫码登录",
        tag="access",
        run=_redeem,
        body=Secret,
        answers=SignedInAs,
        public=True,
        most=4096,
        problems=(401, 429),
        examples={
            "phone": {
                "secret": "0123456789abcdefghijklmnopqrstuv",
                "device": {"id": "c0ffee00-0002", "kind": "phone", "name": ""},
            }
        },
    ),
    Endpoint(
        method="POST",
        path="/sign-out",
        name="sign_out",
        summary="End this session 退出",
        tag="access",
        run=_sign_out,
        status=204,
    ),
    Endpoint(
        method="GET",
        path="/me",
        name="me",
        summary="Who is signed in 本人",
        tag="access",
        run=_me,
        answers=Me,
    ),
    Endpoint(
        method="POST",
        path="/me/password",
        name="change_password",
        summary="Change one's password 修改密码",
        tag="access",
        run=_change_password,
        body=NewPassword,
        status=204,
        most=4096,
        problems=(404, 429),
        examples={"own": {"old": "correct horse", "new": "battery staple"}},
    ),
    Endpoint(
        method="POST",
        path="/me/tickets",
        name="ticket",
        summary="A ticket for the gateway 推送连接票据",
        tag="access",
        run=_ticket,
        answers=Ticket,
        status=201,
    ),
    Endpoint(
        method="GET",
        path="/me/sessions",
        name="sessions",
        summary="One's own sessions 登录会话",
        tag="access",
        run=_sessions,
        answers=Sessions,
    ),
    Endpoint(
        method="DELETE",
        path="/me/sessions/{session}",
        name="end_session",
        summary="End one of one's own sessions 下线",
        tag="access",
        run=_revoke,
        status=204,
    ),
    Endpoint(
        method="GET",
        path="/me/devices",
        name="devices",
        summary="One's own devices 设备",
        tag="access",
        run=_devices,
        answers=Devices,
    ),
    Endpoint(
        method="POST",
        path="/me/devices",
        name="register_device",
        summary="What a device says of itself 登记设备",
        tag="access",
        run=_register,
        body=DeviceSaid,
        status=204,
        most=4096,
        examples={"phone": {"id": "c0ffee00-0002", "kind": "phone", "name": "工作手机"}},
    ),
    Endpoint(
        method="PUT",
        path="/me/devices/{device}",
        name="rename_device",
        summary="Name a device 命名设备",
        tag="access",
        run=_rename,
        body=DeviceName,
        status=204,
        most=4096,
        examples={"phone": {"name": "工作手机"}},
    ),
)
