"""Sealed values: personal fields as the log may hold them."""

from __future__ import annotations

from handheld_events.base import Value


class Sealed(Value, frozen=True, kw_only=True, gc=False):
    """A personal field, encrypted under a key of its subject.

    The keys live in the keyring, a file of its own. When a subject's key is erased, every copy of
    the field (log, backup, checkpoint, published event) reads "erased" for good.
    """

    subject: str
    """The person stream whose key seals it."""
    key: str
    """Which key of the keyring."""
    box: bytes
    """12 bytes nonce, then AES-256-GCM ciphertext and tag; base64 in JSON."""
