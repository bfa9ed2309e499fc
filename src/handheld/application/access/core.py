"""What all parts of access share: the store, the sessions that hold, who is told when one ends."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from threading import RLock

from msgspec.structs import replace

from handheld.application.access.live import Live, Sessions, digest
from handheld.application.access.ports import AccessStore, Changes, Passwords, Random
from handheld.application.access.records import (
    Account,
    Device,
    DeviceSaid,
    Note,
    Session,
    SignedIn,
    What,
    owner_of,
)
from handheld.application.access.rules import (
    SESSIONS_MOST,
    check_device,
    device_name,
)
from handheld.application.ports import Clock

Told = Callable[[Sequence[str]], None]
"""Told the ids of sessions that hold no more, on whatever thread that came to be known."""

HasOpenTask = Callable[[str], bool]
"""Whether a person has a task that is not done."""

TOKEN_BYTES = 32
ID_BYTES = 8


class Core:
    """The common part."""

    def __init__(
        self,
        store: AccessStore,
        passwords: Passwords,
        clock: Clock,
        random: Random,
        has_open_task: HasOpenTask = lambda _: False,
    ) -> None:
        super().__init__()
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._random = random
        self._has_open_task = has_open_task
        # Over a change of the store together with what follows from it in memory: whoever
        # compares the two sees both or neither.
        self._lock = RLock()
        self._live = Sessions()
        self._told: list[Told] = []

    # --- secrets ------------------------------------------------------------------------------

    def _secret(self, size: int = TOKEN_BYTES) -> str:
        return urlsafe_b64encode(self._random(size)).decode().rstrip("=")

    def _id(self, kind: str) -> str:
        return f"{kind}-{self._random(ID_BYTES).hex()}"

    # --- sessions -----------------------------------------------------------------------------

    @contextmanager
    def _change(self) -> Generator[Changes]:
        with self._lock, self._store.change() as change:
            yield change

    def _begin(
        self,
        change: Changes,
        now: datetime,
        token: str,
        *,
        actor: str,
        account: Account | None,
        device: DeviceSaid | None,
        what: What,
        address: str | None = None,
        link: str | None = None,
        by: str | None = None,
    ) -> tuple[Session, list[str]]:
        """Keep a new session; gives it and the ids of those that it takes the place of."""
        name = account.name if account is not None else None
        made = Session(
            id=self._id("session"),
            token=digest(token) or b"",
            actor=actor,
            account=name,
            device=device.id if device is not None else None,
            created_at=now,
            seen_at=now,
        )
        earlier = change.owned(actor, name)
        over = [one for one in earlier if device is not None and one.device == device.id]
        rest = [one for one in earlier if one not in over]
        if account is not None:
            over += rest[SESSIONS_MOST - 1 :]
        replaced = change.end_sessions(ids=[one.id for one in over]) if over else []
        change.put_sessions([made])
        if device is not None:
            change.put_device(_device(owner_of(actor, name), device, now))
        person = None if account is not None and account.person is None else actor
        about = Note(what=what, at=now, account=name, person=person)
        change.note(
            [
                *(
                    replace(about, what="replaced", session=one.id, device=one.device)
                    for one in replaced
                ),
                replace(
                    about, session=made.id, link=link, device=made.device, address=address, by=by
                ),
            ]
        )
        return made, [one.id for one in replaced]

    def _hold(self, token: str, made: Session, account: Account | None) -> SignedIn:
        """A new session is durable: it holds from now on. For whoever has the lock."""
        live = self._live.add(made, account)
        return SignedIn(token=token, identity=live.identity, ends_at=live.ends)

    def _taken_in(self, session: Session) -> Live:
        """A session that another process has begun holds here, too. For whoever has the lock, since
        before it was read: what ends it afterwards is noticed.
        """
        account = None if session.account is None else self._store.account(session.account)
        return self._live.add(session, account)

    def _gone(self, ids: Iterable[str]) -> None:
        """Sessions hold no more, durably: whoever wants to know is told, once, without the lock."""
        with self._lock:
            found = self._live.remove(ids)
        self._tell(found)

    def _tell(self, gone: Sequence[str]) -> None:
        with ExitStack() as all_of_them:  # whoever raises keeps nobody else from being told
            for tell in self._told if gone else ():
                all_of_them.callback(tell, gone)

    def _holds(self, live: Live, now: datetime) -> bool:
        """Whether a session has not ended by time. During an open task nobody in the field is out."""
        if now < live.ends:
            return True
        session = live.session
        return session.account is None and self._has_open_task(session.actor)


def noted(session: Session, what: What, now: datetime, by: str | None = None) -> Note:
    """A line about the end of a session."""
    person = session.actor if session.owner == session.actor else None
    return Note(
        what=what,
        at=now,
        account=session.account,
        person=person,
        session=session.id,
        device=session.device,
        by=by,
    )


def check_said(device: DeviceSaid) -> DeviceSaid:
    """What a device says of itself, as it is kept. Raises Malformed (`device.id`, `device.name`)."""
    check_device(device.id)
    return replace(device, name=device_name(device.name))


def _device(owner: str, said: DeviceSaid, now: datetime) -> Device:
    return Device(
        owner=owner, id=said.id, kind=said.kind, name=said.name, first_at=now, seen_at=now
    )
