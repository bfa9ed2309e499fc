"""What a check found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

State = Literal["fine", "warning", "failed", "skipped"]


class Checked(NamedTuple):
    """One thing that was looked at."""

    state: State
    code: str
    params: Mapping[str, object]


def fine(code: str, **params: object) -> Checked:
    """It is as it should be."""
    return Checked("fine", code, params)


def skipped(code: str, **params: object) -> Checked:
    """There was nothing to look at, or no way to look."""
    return Checked("skipped", code, params)


def warning(code: str, **params: object) -> Checked:
    """It works, and should be otherwise."""
    return Checked("warning", code, params)


def failed(code: str, **params: object) -> Checked:
    """It does not work, or not safely."""
    return Checked("failed", code, params)
