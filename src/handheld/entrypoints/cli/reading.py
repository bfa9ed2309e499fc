"""Bytes of files that people name; `-` is what is piped in."""

from __future__ import annotations

import sys
from pathlib import Path

from handheld.domain.errors import Malformed

STDIN = "-"


def read_bytes(path: Path) -> bytes:
    """What is in the file. Raises Malformed (`file.not_found`, `file.unreadable`)."""
    if str(path) == STDIN:
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Malformed("file.not_found", path=str(path)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Malformed("file.unreadable", path=str(path), reason=reason) from None
