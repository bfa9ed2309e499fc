"""What other systems may ask for: each only what the register of systems names. docs/receiving.md

They are no persons, and unlike the processes of this program they may nothing that is not named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed, NotAllowed
from handheld.domain.finding_commands import ReportFinding
from handheld.domain.starting import StartFromPlan
from handheld.domain.warning_commands import RaiseWarning, ReceiveCap
from handheld_events.ids import is_key
from handheld_events.territory import within

SYSTEM = "system-"
"""What the names of other systems begin with, where the log says who did something."""

COMMANDS: frozenset[type[BaseCommand]] = frozenset(
    (ReceiveCap, RaiseWarning, ReportFinding, StartFromPlan)
)
"""Whatever the register says, nothing else is theirs to ask for."""

Kind = Literal["cap", "warning", "finding", "start"]


class System(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One system, and what it may ask for."""

    source: str
    """The `source` of its CloudEvents."""
    may: frozenset[Kind]
    divisions: tuple[str, ...]
    """In these, and below them."""
    cap_senders: tuple[str, ...] = ()
    """For which senders it brings CAP messages: whoever brings an update could forge a cancel."""
    reporter: str | None = None
    """The registered person in whose name its findings are reported, by number."""
    starts_at_once: bool = False
    """Whether it may have task forces started that nobody was asked about."""
    drills_only: bool = False
    """While it is being tried out."""


def check_system_entry(name: str, known: System) -> None:
    """Refuse an entry of the register that would not mean what it seems to.

    Raises Malformed (`system.register`).
    """
    if not is_key(name):
        raise Malformed("system.register", reason=f"{name!r}: a-z, 0-9, -")
    if "start" in known.may and "warning" not in known.may:
        # A start is asked for with a warning, which plans answer as they answer any other.
        raise Malformed("system.register", reason="may: start needs warning")
    if "finding" in known.may and known.reporter is None:
        raise Malformed("system.register", reason="may: finding needs reporter")
    if "cap" in known.may and not known.cap_senders:
        raise Malformed("system.register", reason="may: cap needs cap_senders")
    if known.starts_at_once and "start" not in known.may:
        raise Malformed("system.register", reason="starts_at_once needs start")


def check_system(
    known: System,
    kind: Kind,
    divisions: Iterable[str],
    *,
    drill: bool,
    cap_sender: str | None = None,
    at_once: bool = False,
) -> None:
    """Whether a system may ask for this, in these divisions.

    Raises NotAllowed (`system.not_granted`, `system.drills_only`, `system.elsewhere`,
    `system.cap_sender`, `system.not_at_once`).
    """
    if kind not in known.may:
        raise NotAllowed("system.not_granted", kind=kind)
    if known.drills_only and not drill:
        raise NotAllowed("system.drills_only")
    for division in divisions:
        if not any(within(division, own) for own in known.divisions):
            raise NotAllowed("system.elsewhere", division=division)
    if cap_sender is not None and cap_sender not in known.cap_senders:
        raise NotAllowed("system.cap_sender", sender=cap_sender)
    if at_once and not known.starts_at_once:
        raise NotAllowed("system.not_at_once")


def check_command(actor: str, action: type[BaseCommand]) -> None:
    """Whatever way a system's command came in. Raises NotAllowed (`system.not_allowed`)."""
    if actor.startswith(SYSTEM) and action not in COMMANDS:
        raise NotAllowed("system.not_allowed", command=str(action.__struct_config__.tag))
