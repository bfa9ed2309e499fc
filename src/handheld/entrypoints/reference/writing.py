"""Every page of docs/reference/, and writing them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from handheld.entrypoints.gateway import asyncapi as gateway
from handheld.entrypoints.http import openapi
from handheld.entrypoints.http.app import every_endpoint
from handheld.entrypoints.reference import cli, errors, events

Pages = dict[str, str]
"""Text by file name, below docs/reference."""


def pages() -> Pages:
    """Every generated file, as it ought to be now."""
    return {
        "events.md": events.page(),
        "asyncapi.json": _json(events.asyncapi()),
        "gateway.asyncapi.json": _json(gateway.document()),
        "openapi.json": _json(openapi.document(every_endpoint({}))),
        **{f"schemas/{topic}.json": _json(body) for topic, body in events.schemas().items()},
        "cli.md": cli.page(),
        "errors.md": errors.page(),
    }


def write(directory: Path) -> list[Path]:
    """Write what has changed and remove schemas of events that are gone; gives these files."""
    wanted = {directory / name: text for name, text in pages().items()}
    changed: list[Path] = []
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    for path in sorted(directory.glob("schemas/*.json")):
        if path not in wanted:
            path.unlink()
            changed.append(path)
    return changed


def _json(body: object) -> str:
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode() + "\n"
