"""What is kept of accounts, sessions, devices and links. No secret is among it, only hashes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from handheld.application.access.identity import AccountRole, Identity
from handheld.application.access.rules import DeviceKind

OPERATOR = "operator"
"""The actor of an account that is nobody's."""

What = Literal[
    "account_created",
    "account_disabled",
    "account_enabled",
    "password_set",
    "signed_in",
    "failed",
    "locked",
    "limited",
    "link_issued",
    "link_redeemed",
    "link_refused",
    "link_revoked",
    "session_granted",
    "signed_out",
    "revoked",
    "replaced",
    "expired",
    "forgotten",
    "restored",
]
"""What the audit tells of."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account, as it is kept."""

    name: str
    hash: str
    """Of the password, with its parameters (argon2id)."""
    person: str | None
    """The person stream; None for an account that is nobody's."""
    role: AccountRole | None
    names: bool
    created_at: datetime
    password_at: datetime
    """When the password was set."""
    disabled_at: datetime | None = None
    failures: int = 0
    """Wrong passwords in a row."""
    failed_at: datetime | None = None
    locked_until: datetime | None = None

    @property
    def actor(self) -> str:
        """Who acts with it."""
        return self.person or OPERATOR


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session, as it is kept."""

    id: str
    token: bytes
    """SHA-256 of the token."""
    actor: str
    account: str | None
    """None where a link was enough."""
    device: str | None
    created_at: datetime
    seen_at: datetime

    @property
    def owner(self) -> str:
        """Whose it is: the person, or the account that is nobody's."""
        return owner_of(self.actor, self.account)


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device, as it is kept."""

    owner: str
    id: str
    kind: DeviceKind
    name: str
    """As its user calls it; empty where they have not."""
    first_at: datetime
    seen_at: datetime


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in link, as it is kept."""

    id: str
    secret: bytes
    """SHA-256 of the secret."""
    person: str
    issued_at: datetime
    expires_at: datetime
    issued_by: str
    redeemed_at: datetime | None = None
    session: str | None = None
    """The one that was made with it."""
    device: str | None = None
    salt: bytes | None = None
    """With the secret it gives the token, for as long as the same answer can be asked for again."""
    revoked_at: datetime | None = None


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the audit. It never holds a secret, nor what was typed wrongly."""

    what: What
    at: datetime
    """By the machine's clock (UTC)."""
    account: str | None = None
    person: str | None = None
    session: str | None = None
    link: str | None = None
    device: str | None = None
    address: str | None = None
    """From where."""
    by: str | None = None
    """Who did it, where that is somebody else."""
    number: int = 0
    """Of the line; later ones have higher numbers. 0 where it is not kept yet."""


# --- what is said and given ----------------------------------------------------------------------


class DeviceSaid(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a device says of itself."""

    id: str
    """Made on the device once and kept: 8 to 64 letters, digits, `-`, `_`."""
    kind: DeviceKind = "phone"
    name: str = ""
    """As its user calls it, up to 40 characters."""


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is signed in."""

    token: str
    """Opens the session. A secret: it is shown this once, and kept on the device alone."""
    identity: Identity
    ends_at: datetime
    """When the session ends (UTC), unless it is used before. See `rules.session_ends`."""
    repeated: bool = False
    """The same link came again from the same device: it is the same session."""

    def __repr__(self) -> str:
        return f"SignedIn({self.identity.session})"


class IssuedLink(NamedTuple):
    """A new link: the one time that its secret can be seen."""

    person: str
    secret: str
    link: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"IssuedLink({self.link})"


class SessionShown(msgspec.Struct, frozen=True, kw_only=True):
    """A session, as its owner and operators see it."""

    session: str
    actor: str
    account: str | None
    device: str | None
    device_kind: DeviceKind | None
    device_name: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    """When it ends if it is not used before; one by link does not end while a task is open."""


class DeviceShown(msgspec.Struct, frozen=True, kw_only=True):
    """A device, as its owner sees it."""

    device: str
    kind: DeviceKind
    name: str
    first_at: datetime
    seen_at: datetime
    sessions: tuple[str, ...] = ()
    """The ids of its sessions that hold."""


class AccountShown(msgspec.Struct, frozen=True, kw_only=True):
    """An account, as operators see it."""

    name: str
    person: str | None
    role: AccountRole | None
    names: bool
    created_at: datetime
    password_at: datetime
    disabled_at: datetime | None
    locked_until: datetime | None
    locked: bool
    """Whether that is still to come."""
    sessions: int
    """How many hold."""


class LinkShown(msgspec.Struct, frozen=True, kw_only=True):
    """A link, as operators see it."""

    link: str
    person: str
    state: Literal["open", "redeemed", "expired", "revoked"]
    issued_at: datetime
    expires_at: datetime
    issued_by: str
    redeemed_at: datetime | None
    device: str | None


class LinkBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Links that were issued together: one sheet."""

    issued_at: datetime
    """Stands for the batch."""
    issued_by: str
    expires_at: datetime
    open: int
    redeemed: int
    expired: int
    revoked: int


def owner_of(actor: str, account: str | None) -> str:
    """Whose devices and sessions they are: the person's, or the account's that is nobody's."""
    return f"account-{account}" if actor == OPERATOR else actor
