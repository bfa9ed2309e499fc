"""Accounts: made, disabled, enabled, given another password."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from handheld.application.access.core import Core, noted
from handheld.application.access.identity import AccountRole, Identity
from handheld.application.access.ports import Changes
from handheld.application.access.records import Account, AccountShown, Note, Session, What
from handheld.application.access.rules import (
    account_key,
    account_kind,
    account_name,
    check_password,
    plain_password,
)
from handheld.domain.errors import Malformed, NotFound, NotSignedIn

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Thirty-two signs that nobody takes for each other."""
_GENERATED = 16


class Accounts(Core):
    """Those who sign in with a password: operators, command rooms, analysts."""

    def create_account(
        self,
        name: str,
        password: str | None = None,
        *,
        person: str | None = None,
        role: AccountRole | None = None,
        names: bool = False,
        by: str = "operator",
    ) -> str | None:
        """Make an account; gives the password where one was made for it.

        `person`: the stream of somebody registered, which the caller has checked; None for an
        operator. `names`: whether an analyst may see names. Raises Malformed (`account.exists`,
        `account.name`, `account.analyst_person`, `account.names_analyst`, all `password.` codes).
        """
        key = account_name(name)
        kind = account_kind(person, role, names)
        given = self._generated() if password is None else password
        if self._store.account(key) is not None:  # before the fifth of a second that a hash takes
            raise Malformed("account.exists", account=key)
        hashed = self._passwords.hash(check_password(given, key))
        now = self._clock.now()
        with self._change() as change:
            if change.account(key) is not None:
                raise Malformed("account.exists", account=key)
            change.put_account(
                Account(
                    name=key,
                    hash=hashed,
                    person=person,
                    role=kind,
                    names=names,
                    created_at=now,
                    password_at=now,
                )
            )
            change.note([Note(what="account_created", at=now, account=key, person=person, by=by)])
        return given if password is None else None

    def set_password(
        self, name: str, password: str | None = None, *, by: str = "operator"
    ) -> str | None:
        """Give an account another password, and end its sessions and its lock.

        Gives the password where one was made. Raises NotFound, Malformed.
        """
        key = self._known(name).name
        given = self._generated() if password is None else password
        self._keep_password(key, check_password(given, key), by, but=None)
        return given if password is None else None

    def change_password(self, who: Identity, old: str, new: str) -> None:
        """Somebody changes their own password: their other sessions end, this one goes on.

        Raises NotSignedIn (`sign_in.wrong`), NotFound (`account.unknown`), Malformed.
        """
        known = self._known(who.account or "")
        plain = check_password(new, known.name)
        if not self._passwords.verify(known.hash, plain_password(old)):
            raise NotSignedIn("sign_in.wrong")
        self._keep_password(known.name, plain, known.name, but=who.session)

    def _keep_password(self, key: str, plain: str, by: str, but: str | None) -> None:
        hashed = self._passwords.hash(plain)
        now = self._clock.now()
        with self._change() as change:
            known = _there(change, key)
            change.put_account(
                replace(
                    known,
                    hash=hashed,
                    password_at=now,
                    failures=0,
                    failed_at=None,
                    locked_until=None,
                )
            )
            ids = [one.id for one in change.owned(known.actor, key) if one.id != but]
            ended = change.end_sessions(ids=ids)
            self._note(change, known, "password_set", now, by, ended)
        self._gone(one.id for one in ended)

    def disable_account(self, name: str, *, by: str = "operator") -> bool:
        """End its sessions, and let nobody sign in with it; whether anything changed.

        Raises NotFound (`account.unknown`).
        """
        return self._turn(name, by, off=True)

    def enable_account(self, name: str, *, by: str = "operator") -> bool:
        """Let it be used again, and end a lock; whether anything changed.

        Raises NotFound (`account.unknown`).
        """
        return self._turn(name, by, off=False)

    def _turn(self, name: str, by: str, *, off: bool) -> bool:
        key, now = account_key(name), self._clock.now()
        with self._change() as change:
            known = _there(change, key)
            changed = (known.disabled_at is None) == off
            unlocked = not off and known.locked_until is not None and known.locked_until > now
            if not changed and not unlocked:
                return False
            fresh = replace(known, failures=0, failed_at=None, locked_until=None)
            change.put_account(replace(fresh, disabled_at=now if off else None))
            ended = change.end_sessions(account=key) if off else []
            what: What = "account_disabled" if off else "account_enabled"
            self._note(change, known, what, now, by, ended)
        self._gone(one.id for one in ended)
        return True

    def accounts(self) -> list[AccountShown]:
        """All accounts by name."""
        now = self._clock.now()
        counts: dict[str, int] = {}
        for session in self._store.sessions():
            if session.account is not None:
                counts[session.account] = counts.get(session.account, 0) + 1
        return [
            AccountShown(
                name=known.name,
                person=known.person,
                role=known.role,
                names=known.names,
                created_at=known.created_at,
                password_at=known.password_at,
                disabled_at=known.disabled_at,
                locked_until=known.locked_until,
                locked=known.locked_until is not None and known.locked_until > now,
                sessions=counts.get(known.name, 0),
            )
            for known in self._store.accounts()
        ]

    def _known(self, name: str) -> Account:
        known = self._store.account(account_key(name))
        if known is None:
            raise NotFound("account.unknown", account=account_key(name)[:60])
        return known

    def _note(
        self,
        change: Changes,
        known: Account,
        what: What,
        now: datetime,
        by: str,
        ended: list[Session],
    ) -> None:
        change.note(
            [
                Note(what=what, at=now, account=known.name, person=known.person, by=by),
                *(noted(one, "revoked", now, by) for one in ended),
            ]
        )

    def _generated(self) -> str:
        signs = "".join(_SIGNS[byte % 32] for byte in self._random(_GENERATED))
        return "-".join(signs[at : at + 4] for at in range(0, _GENERATED, 4))


def _there(change: Changes, key: str) -> Account:
    known = change.account(key)
    if known is None:
        raise NotFound("account.unknown", account=key[:60])
    return known
