"""Where a district keeps its things."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from handheld.adapters.database import Database
from handheld.adapters.log import CommandLog
from handheld.application.duties import Duties
from handheld.application.ports import Keyring, Registers, Views
from handheld.application.stored_fold import Writes

if TYPE_CHECKING:
    from handheld.adapters.attachments_store import SealedAttachments
    from handheld.application.access.core import HasOpenTask
    from handheld.application.access.service import Access

from handheld.application.shown import ShownStore


class KeptViews(Views, Protocol):
    """Views that can be made anew."""

    def begin_anew(self) -> None:
        """Throw all away: it can be made again from the log."""
        ...


class KeptShown(ShownStore, Protocol):
    """What was shown, as long as it is open."""

    def close(self) -> None:
        """Let it go."""
        ...


class SubjectKeyring(Keyring, Protocol):
    """A keyring that knows its subjects."""

    def subjects(self) -> set[str]:
        """Everybody who has a key."""
        ...


class Place(Protocol):
    """The stores of one district: files in a directory, or schemas of PostgreSQL.

    What is opened from it is closed with it, but for `access`, `attachments` and `shown`, which
    their users close before.
    """

    @property
    def directory(self) -> Path:
        """Where files lie."""
        ...

    @property
    def app(self) -> CommandLog:
        """The log."""
        ...

    @property
    def keyring(self) -> SubjectKeyring:
        """The keys of people's names and numbers."""
        ...

    @property
    def duties(self) -> Duties:
        """What this process does for all."""
        ...

    @property
    def writes(self) -> Writes | None:
        """Whether it is this process that stores views now; None where there is no other."""
        ...

    def push(self) -> Database | None:
        """Where Web Push and webhooks keep what they know; None: in files of the directory."""
        ...

    def listen_unless(self, woken: Callable[[], bool]) -> None:
        """Hear of other processes' commits in another way while this holds, and look at times."""
        ...

    def sizes(self) -> dict[str, int]:
        """How many bytes each store takes, by the name under which operators find it."""
        ...

    def check_keyring(self) -> None:
        """There are people whose names are sealed. Raises Installation (`keyring.missing`)."""
        ...

    def views(self) -> KeptViews:
        """Where folds keep what they have made."""
        ...

    def registers(self, views: Any) -> Registers:
        """The registers, beside these views."""
        ...

    def access(self, *, has_open_task: HasOpenTask, watch: bool) -> Access:
        """Who is signed in."""
        ...

    def has_access(self) -> bool:
        """Whether anybody was ever to sign in."""
        ...

    def attachments(self) -> SealedAttachments:
        """Photos, voice and documents."""
        ...

    def has_attachments(self) -> bool:
        """Whether there were ever any."""
        ...

    def shown(self) -> KeptShown:
        """What was shown of boards. Raises Installation (`shown.damaged`)."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...
