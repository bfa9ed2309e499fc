"""Signing in with a password: slow on purpose, the same for names that there are not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from math import ceil
from threading import Lock
from typing import TypeVar

from msgspec.structs import replace

from handheld.application.access.accounts import Accounts
from handheld.application.access.core import HasOpenTask, check_said
from handheld.application.access.identity import Identity
from handheld.application.access.ports import AccessStore, Passwords, Random
from handheld.application.access.records import Account, DeviceSaid, Note, SignedIn
from handheld.application.access.rules import (
    TRIES_FORGOTTEN,
    account_key,
    locked_seconds,
    plain_password,
    source_of,
)
from handheld.application.access.throttle import Throttle
from handheld.application.ports import Clock
from handheld.domain.errors import Busy, NotSignedIn, TooManyTries

T = TypeVar("T")

HASHERS = 2
"""Passwords that are hashed at a time: each takes 64 MiB and a fifth of a second."""
WAITING_MOST = 64
"""Further ones that wait; beyond that the server says that it is busy."""
HASH_SECONDS = 0.2

WITHIN = timedelta(minutes=10)
ADDRESS_MOST = 30
"""Wrong tries from one address in that time."""
NAME_MOST = 60
"""Tries with one name in that time, right or wrong."""


class SigningIn(Accounts):
    """Who signs in with name and password."""

    def __init__(
        self,
        store: AccessStore,
        passwords: Passwords,
        clock: Clock,
        random: Random,
        has_open_task: HasOpenTask = lambda _: False,
    ) -> None:
        super().__init__(store, passwords, clock, random, has_open_task)
        self._addresses = Throttle(ADDRESS_MOST, WITHIN)
        self._names = Throttle(NAME_MOST, WITHIN)
        # Names that there are not are locked as those that there are: nobody learns which is which.
        self._unknown: dict[str, tuple[int, datetime]] = {}
        self._hashers = ThreadPoolExecutor(HASHERS, thread_name_prefix="hashing")
        self._waiting = 0
        self._counting = Lock()

    def sign_in(
        self,
        name: str,
        password: str,
        *,
        address: str | None = None,
        device: DeviceSaid | None = None,
    ) -> SignedIn:
        """Sign in; durable when it returns. `address`: from where, as far as that can be known.

        Raises NotSignedIn (`sign_in.wrong`, `sign_in.disabled`), TooManyTries (`sign_in.locked`,
        `sign_in.address`, `sign_in.often`), Busy, Malformed (`device.id`, `device.name`).
        """
        return self._hashing(lambda: self._sign_in(name, password, address, device)).result()

    async def sign_in_async(
        self,
        name: str,
        password: str,
        *,
        address: str | None = None,
        device: DeviceSaid | None = None,
    ) -> SignedIn:
        """The same, for the loop: it waits for a thread."""
        done = self._hashing(lambda: self._sign_in(name, password, address, device))
        return await asyncio.wrap_future(done)

    async def change_password_async(self, who: Identity, old: str, new: str) -> None:
        """`change_password` for the loop."""
        await asyncio.wrap_future(self._hashing(lambda: self.change_password(who, old, new)))

    def _hashing(self, job: Callable[[], T]) -> Future[T]:
        """Do what hashes on one of a few threads. Raises Busy."""
        with self._counting:
            if self._waiting >= WAITING_MOST + HASHERS:
                raise Busy(retry_after=ceil(WAITING_MOST * HASH_SECONDS / HASHERS))
            self._waiting += 1
        try:
            done = self._hashers.submit(job)
        except RuntimeError:  # it is being closed
            self._one_less()
            raise Busy(retry_after=1) from None
        done.add_done_callback(lambda _: self._one_less())
        return done

    def _one_less(self) -> None:
        with self._counting:
            self._waiting -= 1

    def _sign_in(
        self, name: str, password: str, address: str | None, device: DeviceSaid | None
    ) -> SignedIn:
        said = None if device is None else check_said(device)
        key, now = account_key(name)[:80], self._clock.now()
        source = None if address is None else source_of(address)
        known = self._store.account(key)
        self._refuse_too_many(key, source, known, now)
        self._names.count(key, now)
        plain = plain_password(password)
        hashed = self._passwords.nobodys if known is None else known.hash
        right = self._passwords.verify(hashed, plain)
        if known is None or not right:
            self._failed(key, source, address, known, now)
            raise NotSignedIn("sign_in.wrong")
        fresh = self._passwords.hash(plain) if self._passwords.outdated(known.hash) else None
        return self._right(known, fresh, address, said)

    def _refuse_too_many(
        self, key: str, source: str | None, known: Account | None, now: datetime
    ) -> None:
        """Raises TooManyTries, before anything is hashed."""
        wait = self._addresses.wait(source, now) if source is not None else 0
        if wait:
            raise TooManyTries("sign_in.address", retry_after=wait)
        wait = self._names.wait(key, now)
        if wait:
            raise TooManyTries("sign_in.often", retry_after=wait)
        until = self._locked_until(key, known, now)
        if until is not None and until > now:
            left = ceil((until - now).total_seconds())
            raise TooManyTries("sign_in.locked", retry_after=left)

    def _locked_until(self, key: str, known: Account | None, now: datetime) -> datetime | None:
        if known is not None:
            return known.locked_until
        with self._counting:
            failures, at = self._unknown.get(key, (0, now))
        return at + timedelta(seconds=locked_seconds(failures))

    def _failed(
        self,
        key: str,
        source: str | None,
        address: str | None,
        known: Account | None,
        now: datetime,
    ) -> None:
        """Count a wrong try, and write it down. What was typed is not kept: it may be a password."""
        limited = source is not None and self._addresses.count(source, now)
        notes = [Note(what="limited", at=now, address=address)] if limited else []
        if known is None:
            self._failed_unknown(key, now)
            with self._change() as change:
                change.note([Note(what="failed", at=now, address=address), *notes])
            return
        with self._change() as change:
            account = change.account(key)
            if account is None:
                return
            failures = _counted(account.failures, account.failed_at, now)
            lock = locked_seconds(failures)
            until = now + timedelta(seconds=lock) if lock else account.locked_until
            change.put_account(
                replace(account, failures=failures, failed_at=now, locked_until=until)
            )
            failed = Note(
                what="failed", at=now, account=key, person=account.person, address=address
            )
            notes.append(failed)
            if lock:
                notes.append(replace(failed, what="locked"))
            change.note(notes)

    def _failed_unknown(self, key: str, now: datetime) -> None:
        with self._counting:
            failures, at = self._unknown.pop(key, (0, None))
            self._unknown[key] = (_counted(failures, at, now), now)
            while len(self._unknown) > 20_000:
                self._unknown.pop(next(iter(self._unknown)))

    def _right(
        self, known: Account, fresh: str | None, address: str | None, device: DeviceSaid | None
    ) -> SignedIn:
        token, now = self._secret(), self._clock.now()
        with self._lock:
            with self._store.change() as change:
                account = change.account(known.name)
                if account is None or account.password_at != known.password_at:
                    raise NotSignedIn("sign_in.wrong")  # it was changed meanwhile
                if account.disabled_at is not None:
                    raise NotSignedIn("sign_in.disabled")
                account = replace(
                    account,
                    hash=fresh or account.hash,
                    failures=0,
                    failed_at=None,
                    locked_until=None,
                )
                if account != known:
                    change.put_account(account)
                made, replaced = self._begin(
                    change,
                    now,
                    token,
                    actor=account.actor,
                    account=account,
                    device=device,
                    what="signed_in",
                    address=address,
                )
            done = self._hold(token, made, account)
        self._gone(replaced)
        return done


def _counted(failures: int, failed_at: datetime | None, now: datetime) -> int:
    """One more wrong try in a row; after a day without any, the first."""
    if failed_at is not None and now - failed_at >= TRIES_FORGOTTEN:
        return 1
    return failures + 1
