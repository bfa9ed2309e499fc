"""Who somebody is, once a session has said so."""

from __future__ import annotations

from typing import Literal

import msgspec

from handheld.domain.standing import Viewer

AccountRole = Literal["operator", "analyst"]
"""What an account is beside the posts of its person."""


class Identity(msgspec.Struct, frozen=True, gc=False):
    """Who is signed in, by which session, on which device. It holds no secret."""

    session: str
    """The id of the session; it opens nothing."""
    actor: str
    """A person stream; `operator` for an account that is nobody's."""
    account: str | None = None
    """The name of the account; None where a link was enough."""
    role: AccountRole | None = None
    names: bool = False
    """Whether an analyst may see names."""
    device: str | None = None
    """The device that the session was made on."""

    @property
    def viewer(self) -> Viewer:
        """The same as the policy knows it."""
        role: Literal["analyst"] | None = "analyst" if self.role == "analyst" else None
        return Viewer(self.actor, role, self.names)
