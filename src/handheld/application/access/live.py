"""The sessions that hold, in memory: who somebody is, in microseconds, by the hash of a token."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from handheld.application.access.identity import Identity
from handheld.application.access.records import Account, Session
from handheld.application.access.rules import session_ends

ACCOUNT_SEEN = timedelta(minutes=5)
"""The last use of a session with a password is written down so much later at most."""
FIELD_SEEN = timedelta(hours=1)
"""Of one by link, which lasts half a year: 11,000 connected phones are always in use."""
TOKEN_LONGEST = 128
"""Characters: what is longer is no token of ours and is not hashed."""


def digest(secret: str) -> bytes | None:
    """The hash under which a secret is kept; None for what cannot be one."""
    if not 0 < len(secret) <= TOKEN_LONGEST or not secret.isascii():
        return None
    return sha256(secret.encode("ascii")).digest()


class Live:
    """One session that holds."""

    __slots__ = ("ends", "identity", "kept", "seen", "session")

    def __init__(self, session: Session, identity: Identity) -> None:
        self.session = session
        self.identity = identity
        self.seen = session.seen_at
        self.kept = session.seen_at
        """The last use that is on the disk."""
        self.ends = self._ends()

    def _ends(self) -> datetime:
        account = self.session.account is not None
        return session_ends(account, self.session.created_at, self.seen)

    def use(self, now: datetime) -> None:
        """It is used just now."""
        if now > self.seen:
            self.seen = now
            self.ends = self._ends()

    def used_elsewhere(self, session: Session) -> None:
        """What is kept of it now tells of a use, of another process too."""
        self.kept = max(self.kept, session.seen_at)
        self.use(session.seen_at)

    def nearly_over(self, now: datetime) -> bool:
        """Whether it ends soon, unless another process knows of a use that is not known here."""
        by = ACCOUNT_SEEN if self.session.account is not None else FIELD_SEEN
        return self.ends - now < 2 * by

    def unkept(self, at_all: bool) -> bool:
        """Whether it was used so much later than the disk says that it is worth a flush."""
        by = ACCOUNT_SEEN if self.session.account is not None else FIELD_SEEN
        return self.seen > self.kept and (at_all or self.seen - self.kept >= by)


class Sessions:
    """All that hold. Changes are made under the lock of whoever holds it; looking up takes none."""

    def __init__(self) -> None:
        self._by_token: dict[bytes, Live] = {}
        self._by_id: dict[str, Live] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Live]:
        return iter(list(self._by_id.values()))

    def of_token(self, token: str) -> Live | None:
        """The session that a token opens."""
        found = digest(token)
        return None if found is None else self._by_token.get(found)

    def get(self, session: str) -> Live | None:
        """A session by its id."""
        return self._by_id.get(session)

    def add(self, session: Session, account: Account | None) -> Live:
        """Add one, or put another in its place."""
        live = Live(session, _identity(session, account))
        self._by_id[session.id] = live
        self._by_token[session.token] = live
        return live

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Remove some; gives those that there were."""
        gone: list[str] = []
        for each in ids:
            live = self._by_id.pop(each, None)
            if live is not None:
                self._by_token.pop(live.session.token, None)
                gone.append(each)
        return gone

    def become(
        self, ids: Collection[str], sessions: Iterable[Session], accounts: Iterable[Account]
    ) -> list[str]:
        """Of these ids only these sessions are kept now; gives those that hold no more."""
        known = {account.name: account for account in accounts}
        kept = {session.id: session for session in sessions}
        gone = self.remove([each for each in ids if each not in kept])
        for session in kept.values():
            account = None if session.account is None else known.get(session.account)
            live = self._by_id.get(session.id)
            if live is None:
                self.add(session, account)
            else:
                live.identity = _identity(session, account)
                live.used_elsewhere(session)
        return gone


def _identity(session: Session, account: Account | None) -> Identity:
    return Identity(
        session=session.id,
        actor=session.actor,
        account=session.account,
        role=account.role if account is not None else None,
        names=account.names if account is not None else False,
        device=session.device,
    )
