"""Idempotency-Key and If-Match: repeats are harmless, and nobody overwrites what they have not seen."""

from __future__ import annotations

import re
from hashlib import blake2b

from handheld.domain.errors import Malformed
from handheld_events.ids import is_command_id

_VERSION = re.compile(r'(?:W/)?"(\d{1,18})(?:-[0-9a-f]{1,64})?"|(\d{1,18})')


def command_key(header: str | None) -> str:
    """The command id in an Idempotency-Key: a UUID version 7, with or without hyphens or quotes.

    Raises Malformed (`request.key_missing`, `request.key`).
    """
    if header is None or not header.strip():
        raise Malformed("request.key_missing")
    key = header.strip().strip('"').replace("-", "").lower()
    if not is_command_id(key):
        raise Malformed("request.key", key=header[:80])
    return key


def version_match(header: str | None) -> int | None:
    """The version in an If-Match; None for `*` and where there is none.

    Raises Malformed (`request.match`).
    """
    if header is None or header.strip() == "*":
        return None
    found = _VERSION.fullmatch(header.strip())
    if found is None:
        raise Malformed("request.match", match=header[:80])
    return int(found[1] or found[2])


def version_tag(version: int, body: bytes) -> str:
    """The quoted ETag of a thing with a version.

    More is shown than its own stream tells, such as how many tasks are open, and in a language.
    """
    return f'"{version}-{blake2b(body, digest_size=8).hexdigest()}"'


def tag_matches(header: str | None, tag: str) -> bool:
    """Whether an If-None-Match names this quoted ETag (RFC 9110, section 13.1.2: weakly compared)."""
    if header is None:
        return False
    if header.strip() == "*":
        return True
    bare = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") == bare for one in header.split(","))
