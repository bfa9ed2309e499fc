"""What the gateway counts, for the metrics."""

from __future__ import annotations

import msgspec


class Figures(msgspec.Struct):
    """Counted since the gateway began, in the event loop alone."""

    opened: int = 0
    """Connections that completed the handshake."""
    refused: int = 0
    """Handshakes that were refused: nobody known, a wrong origin, another path."""
    greeted: int = 0
    """Hellos that were answered."""
    resumed: int = 0
    """Hellos after which nothing was missing: nothing was read for them."""
    caught_up: int = 0
    """Slices of items that were read from storage."""
    snapshots: int = 0
    items: int = 0
    """Items written to connections."""
    acknowledged: int = 0
    """Acknowledgements, those in hellos included."""
    delivered: int = 0
    """Deliveries asked for: tasks of which a device said that it has stored them."""
    commands: int = 0
    failed: int = 0
    """Commands that were not taken."""
    malformed: int = 0
    """Messages that could not be taken."""
    too_slow: int = 0
    """Connections ended because what was sent was not read."""
    silent: int = 0
    """Connections ended because nothing was heard, no answer to a ping either."""
    revoked: int = 0
    """Connections ended because their session was."""
    longest_handover: float = 0.0
    """Seconds that writing one handful of deliveries took at most."""
