"""Devices and sessions, as those see them whose they are, and operators."""

from __future__ import annotations

from collections.abc import Collection

from handheld.application.access.core import Core, check_said, noted
from handheld.application.access.identity import Identity
from handheld.application.access.ports import Changes
from handheld.application.access.records import (
    Device,
    DeviceSaid,
    DeviceShown,
    Note,
    Session,
    SessionShown,
    What,
    owner_of,
)
from handheld.application.access.rules import account_key, device_name, session_ends
from handheld.domain.errors import NotFound


class Devices(Core):
    """What somebody is signed in on."""

    def register_device(self, who: Identity, device: DeviceSaid) -> None:
        """What a device says of itself, kept for its owner.

        Raises Malformed (`device.id`, `device.name`).
        """
        said, now = check_said(device), self._clock.now()
        owner = owner_of(who.actor, who.account)
        with self._change() as change:
            change.put_device(
                Device(
                    owner=owner,
                    id=said.id,
                    kind=said.kind,
                    name=said.name,
                    first_at=now,
                    seen_at=now,
                )
            )

    def rename_device(self, who: Identity, device: str, name: str) -> None:
        """Give one's device a name. Raises NotFound (`device.unknown`), Malformed (`device.name`)."""
        plain = device_name(name)
        with self._change() as change:
            if not change.rename_device(owner_of(who.actor, who.account), device, plain):
                raise NotFound("device.unknown")

    def devices(self, who: Identity) -> list[DeviceShown]:
        """One's devices, the one used last first."""
        owner = owner_of(who.actor, who.account)
        sessions: dict[str, list[str]] = {}
        for session in self._store.sessions():
            if session.owner == owner and session.device is not None:
                sessions.setdefault(session.device, []).append(session.id)
        return [
            DeviceShown(
                device=one.id,
                kind=one.kind,
                name=one.name,
                first_at=one.first_at,
                seen_at=one.seen_at,
                sessions=tuple(sessions.get(one.id, ())),
            )
            for one in self._store.devices(owner)
        ]

    def sessions(
        self, *, person: str | None = None, account: str | None = None
    ) -> list[SessionShown]:
        """The sessions of a person or an account, or all, the one used last first."""
        key = None if account is None else account_key(account)
        known = {(one.owner, one.id): one for one in self._store.devices()}
        found = [
            self._shown(session, known.get((session.owner, session.device or "")))
            for session in self._store.sessions()
            if person in (None, session.actor) and key in (None, session.account)
        ]
        return sorted(found, key=lambda one: (one.seen_at, one.session), reverse=True)

    def _shown(self, session: Session, device: Device | None) -> SessionShown:
        live = self._live.get(session.id)  # it knows later uses than the disk
        seen = session.seen_at if live is None else max(live.seen, session.seen_at)
        return SessionShown(
            session=session.id,
            actor=session.actor,
            account=session.account,
            device=session.device,
            device_kind=None if device is None else device.kind,
            device_name="" if device is None else device.name,
            created_at=session.created_at,
            seen_at=seen,
            ends_at=session_ends(session.account is not None, session.created_at, seen),
        )

    # --- ending -------------------------------------------------------------------------------

    def sign_out(self, who: Identity) -> None:
        """End one's own session; once more it does nothing."""
        self._end("signed_out", None, ids=[who.session])

    def revoke_own(self, who: Identity, session: str) -> None:
        """End one of one's own sessions. Raises NotFound (`session.unknown`)."""
        owner = owner_of(who.actor, who.account)
        if all(one.id != session or one.owner != owner for one in self._store.sessions()):
            raise NotFound("session.unknown")
        self._end("revoked", who.actor, ids=[session])

    def revoke(self, session: str, *, by: str = "operator") -> bool:
        """End a session; whether there was one."""
        return self._end("revoked", by, ids=[session]) > 0

    def revoke_person(self, person: str, *, by: str = "operator") -> int:
        """End all sessions of a person, by link and by account, and their open links.

        Gives how many sessions there were.
        """
        return self._end("revoked", by, person=person)

    def revoke_account(self, account: str, *, by: str = "operator") -> int:
        """End all sessions of an account; gives how many there were."""
        return self._end("revoked", by, account=account_key(account))

    def forget_person(self, person: str) -> None:
        """A person was erased: their sessions, links, devices and accounts go, and their addresses.

        Once more it does nothing.
        """
        with self._change() as change:
            ended = change.end_sessions(person=person)
            self._ended(change, "revoked", None, ended)
            change.note([Note(what="forgotten", at=self._clock.now(), person=person)])
            change.forget(person)
        self._gone(one.id for one in ended)

    def forget_persons(self, persons: Collection[str]) -> None:
        """The same for all of these of whom anything is kept: what a crash has left undone."""
        for person in sorted(self._store.mentions() & set(persons)):
            self.forget_person(person)

    def _end(
        self,
        what: What,
        by: str | None,
        *,
        ids: Collection[str] | None = None,
        account: str | None = None,
        person: str | None = None,
    ) -> int:
        now = self._clock.now()
        with self._change() as change:
            ended = change.end_sessions(ids=ids, account=account, person=person)
            self._ended(change, what, by, ended)
            if person is not None:
                over = change.revoke_links(now, persons=[person])
                change.note(
                    Note(what="link_revoked", at=now, person=one.person, link=one.id, by=by)
                    for one in over
                )
        self._gone(one.id for one in ended)
        return len(ended)

    def _ended(
        self, change: Changes, what: What, by: str | None, ended: Collection[Session]
    ) -> None:
        now = self._clock.now()
        change.note(noted(one, what, now, by) for one in ended)
