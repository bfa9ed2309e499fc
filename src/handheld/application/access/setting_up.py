"""The first account, made by whoever started the server: with a secret that only its screen showed."""

from __future__ import annotations

from hmac import compare_digest
from threading import Lock

from handheld.application.access.ports import Random
from handheld.application.access.records import DeviceSaid, SignedIn
from handheld.application.access.service import Access
from handheld.domain.errors import HandheldError, NotSignedIn

SECRET_BYTES = 24


class SetupClosed(HandheldError):
    """There is an account already: further ones are made by operators."""


class SetUp:
    """A way in for as long as there is no account. The secret is nowhere but in memory."""

    def __init__(self, access: Access, random: Random) -> None:
        self._access = access
        self._lock = Lock()
        self.secret: str | None = None if access.accounts() else random(SECRET_BYTES).hex()
        """What the first account is made with; None once there is one."""

    def open(self) -> bool:
        """Whether there is no account yet. Once there was one, it stays closed."""
        if self.secret is not None and self._access.accounts():
            self.secret = None
        return self.secret is not None

    def make(
        self,
        secret: str,
        name: str,
        password: str,
        *,
        address: str | None = None,
        device: DeviceSaid | None = None,
    ) -> SignedIn:
        """Make the operator's account, and sign in with it.

        Raises SetupClosed (`setup.closed`), NotSignedIn (`setup.secret`), Malformed (`account.name`,
        all `password.` codes).
        """
        with self._lock:
            if not self.open() or self.secret is None:
                raise SetupClosed("setup.closed")
            if not compare_digest(secret.encode(), self.secret.encode()):
                raise NotSignedIn("setup.secret")
            self._access.create_account(name, password, by="setup")
            self.secret = None
        return self._access.sign_in(name, password, address=address, device=device)
