"""Sign-in links for people in the field: one a person, used once, and no password."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import digest as hmac
from typing import Literal

from msgspec.structs import replace

from handheld.application.access.core import Core, check_said
from handheld.application.access.live import digest
from handheld.application.access.ports import Changes
from handheld.application.access.records import (
    DeviceSaid,
    IssuedLink,
    Link,
    LinkBatch,
    LinkShown,
    Note,
    Session,
    SignedIn,
)
from handheld.application.access.rules import LINK_DAYS, REDEEM_AGAIN, check_days
from handheld.application.access.throttle import Throttle
from handheld.domain.errors import NotFound, NotSignedIn

SECRET_BYTES = 24
SALT_BYTES = 16

REFUSALS = Throttle(5, timedelta(minutes=10))
"""A used link that is tried again and again fills no disk with lines of the audit."""


class Links(Core):
    """Links, and the sessions made with them."""

    def issue_links(
        self,
        persons: Sequence[str],
        days: int = LINK_DAYS,
        *,
        by: str = "operator",
        before: Callable[[Sequence[IssuedLink]], None] = lambda _: None,
    ) -> list[IssuedLink]:
        """A new link for each person; all of them, or none. Earlier open ones of theirs end.

        `persons`: person streams of people registered, which the caller has checked. `before` is
        called with the links before anything is kept: where it raises, all stays as it was.
        Raises Malformed (`link.days`).
        """
        now = self._clock.now()
        ends = now + check_days(days)
        whose = list(dict.fromkeys(persons))
        made = [
            IssuedLink(person, self._secret(SECRET_BYTES), self._id("link"), ends)
            for person in whose
        ]
        before(made)
        with self._change() as change:
            over = change.revoke_links(now, persons=whose)
            change.put_links(
                [
                    Link(
                        id=one.link,
                        secret=digest(one.secret) or b"",
                        person=one.person,
                        issued_at=now,
                        expires_at=ends,
                        issued_by=by,
                    )
                    for one in made
                ]
            )
            change.note(_notes("link_revoked", over, now, by))
            change.note(
                Note(what="link_issued", at=now, person=one.person, link=one.link, by=by)
                for one in made
            )
        return made

    def redeem(self, secret: str, device: DeviceSaid, *, address: str | None = None) -> SignedIn:
        """Sign in with a link. It opens one session; the same device may ask again for ten minutes.

        Durable when it returns. Raises NotSignedIn (`link.unknown`, `link.used`, `link.expired`,
        `link.revoked`), Malformed (`device.id`, `device.name`).
        """
        said, found = check_said(device), digest(secret)
        if found is None:
            raise NotSignedIn("link.unknown")
        with self._lock:
            with self._store.change() as change:
                link = change.link(found)
                if link is None:
                    raise NotSignedIn("link.unknown")
                now = self._clock.now()
                again = self._again(change, link, secret, said, now)
                if again is not None:
                    return again
                refusal = _refusal(link, now)
                if refusal is not None:
                    self._refused(change, link, said, address, now)
                    made, token, replaced = None, "", list[str]()
                else:
                    made, token, replaced = self._redeemed(change, link, secret, said, address, now)
            done = None if made is None else self._hold(token, made, None)
        self._gone(replaced)
        if done is None:  # what was refused is in the audit by now
            raise refusal or NotSignedIn("link.unknown")
        return done

    def _again(
        self, change: Changes, link: Link, secret: str, device: DeviceSaid, now: datetime
    ) -> SignedIn | None:
        """The answer that this device got already, here or elsewhere, and may not have received."""
        if (
            link.session is None
            or link.redeemed_at is None
            or link.salt is None
            or link.revoked_at is not None
            or link.device != device.id
            or now - link.redeemed_at > REDEEM_AGAIN
        ):
            return None
        kept = change.session(link.session)
        if kept is None:
            return None
        live = self._live.get(kept.id) or self._taken_in(kept)
        token = _token(secret, link.salt, device.id)
        return SignedIn(token=token, identity=live.identity, ends_at=live.ends, repeated=True)

    def _redeemed(
        self,
        change: Changes,
        link: Link,
        secret: str,
        device: DeviceSaid,
        address: str | None,
        now: datetime,
    ) -> tuple[Session, str, list[str]]:
        salt = self._random(SALT_BYTES)
        token = _token(secret, salt, device.id)
        made, replaced = self._begin(
            change,
            now,
            token,
            actor=link.person,
            account=None,
            device=device,
            what="link_redeemed",
            address=address,
            link=link.id,
        )
        used = replace(link, redeemed_at=now, session=made.id, device=device.id, salt=salt)
        change.put_links([used])
        return made, token, replaced

    def _refused(
        self,
        change: Changes,
        link: Link,
        device: DeviceSaid,
        address: str | None,
        now: datetime,
    ) -> None:
        if REFUSALS.wait(link.id, now):
            return
        REFUSALS.count(link.id, now)
        change.note(
            [
                Note(
                    what="link_refused",
                    at=now,
                    person=link.person,
                    link=link.id,
                    device=device.id,
                    address=address,
                )
            ]
        )

    def grant_sessions(
        self, whose: Sequence[tuple[str, DeviceSaid]], *, by: str = "operator"
    ) -> list[SignedIn]:
        """Sessions for (person, device) pairs at once, in one flush: for fleets of simulated phones.

        Nobody reaches it over the network. Raises Malformed (`device.id`, `device.name`).
        """
        said = [(person, check_said(device)) for person, device in whose]
        now, made, over = self._clock.now(), [], []
        with self._lock:
            with self._store.change() as change:
                for person, device in said:
                    token = self._secret()
                    session, replaced = self._begin(
                        change,
                        now,
                        token,
                        actor=person,
                        account=None,
                        device=device,
                        what="session_granted",
                        by=by,
                    )
                    made.append((token, session))
                    over += replaced
            done = [self._hold(token, session, None) for token, session in made]
        self._gone(over)
        return done

    def links(self, persons: Collection[str] | None = None) -> list[LinkShown]:
        """The links of some people, or all, the latest first."""
        now = self._clock.now()
        return [
            LinkShown(
                link=one.id,
                person=one.person,
                state=_state(one, now),
                issued_at=one.issued_at,
                expires_at=one.expires_at,
                issued_by=one.issued_by,
                redeemed_at=one.redeemed_at,
                device=one.device,
            )
            for one in self._store.links(persons)
        ]

    def revoke_links(self, persons: Collection[str], *, by: str = "operator") -> int:
        """End the open links of some people; gives how many there were. Sessions go on."""
        now = self._clock.now()
        with self._change() as change:
            over = change.revoke_links(now, persons=persons)
            change.note(_notes("link_revoked", over, now, by))
        return len(over)

    def batches(self) -> list[LinkBatch]:
        """What was issued together, the latest first."""
        now = self._clock.now()
        found: dict[tuple[datetime, str], dict[str, int]] = {}
        ends: dict[tuple[datetime, str], datetime] = {}
        for one in self._store.links():
            key = (one.issued_at, one.issued_by)
            counts = found.setdefault(
                key, dict.fromkeys(("open", "redeemed", "expired", "revoked"), 0)
            )
            counts[_state(one, now)] += 1
            ends[key] = one.expires_at
        return [
            LinkBatch(
                issued_at=issued_at,
                issued_by=issued_by,
                expires_at=ends[issued_at, issued_by],
                **counts,
            )
            for (issued_at, issued_by), counts in found.items()
        ]

    def revoke_batch(self, issued_at: datetime, *, by: str = "operator") -> int:
        """End the open links that were issued together; gives how many. Sessions go on."""
        ids = [one.id for one in self._store.links() if one.issued_at == issued_at]
        now = self._clock.now()
        with self._change() as change:
            over = change.revoke_links(now, ids=ids)
            change.note(_notes("link_revoked", over, now, by))
        return len(over)

    def revoke_link(self, link: str, *, by: str = "operator") -> bool:
        """End an open link by its id; whether anything changed. Raises NotFound (`link.not_found`)."""
        if all(one.id != link for one in self._store.links()):
            raise NotFound("link.not_found", link=link[:60])
        now = self._clock.now()
        with self._change() as change:
            over = change.revoke_links(now, ids=[link])
            change.note(_notes("link_revoked", over, now, by))
        return bool(over)


def _token(secret: str, salt: bytes, device: str) -> str:
    """The token of a session made with a link: the same answer can be given twice, and nobody who
    reads the file alone can make it.
    """
    made = hmac(secret.encode("ascii"), b"handheld session\0" + salt + device.encode(), sha256)
    return urlsafe_b64encode(made).decode().rstrip("=")


def _refusal(link: Link, now: datetime) -> NotSignedIn | None:
    if link.revoked_at is not None:
        return NotSignedIn("link.revoked")
    if link.redeemed_at is not None:
        return NotSignedIn("link.used")
    if now >= link.expires_at:
        return NotSignedIn("link.expired")
    return None


def _state(link: Link, now: datetime) -> Literal["open", "redeemed", "expired", "revoked"]:
    if link.redeemed_at is not None:
        return "redeemed"
    if link.revoked_at is not None:
        return "revoked"
    return "expired" if now >= link.expires_at else "open"


def _notes(
    what: Literal["link_revoked"], links: Iterable[Link], now: datetime, by: str
) -> list[Note]:
    return [Note(what=what, at=now, person=one.person, link=one.id, by=by) for one in links]
