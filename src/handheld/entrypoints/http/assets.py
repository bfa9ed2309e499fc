"""The files of the web pages, read once, packed once, and served under an address of their build.

The address holds a digest of all files: a browser may keep each for ever, and a new version of the
program is a new address for all of them at once.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from posixpath import dirname, join, normpath
from typing import NamedTuple

import msgspec

from handheld.adapters.small_files import small_script, small_style
from handheld.texts.language import LANGUAGES, Language
from handheld.texts.lookup import load

WEB = "/web"
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

_MEDIA = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "csv": "text/csv; charset=utf-8",
}
_PACKED = frozenset(("js", "css", "json", "svg", "txt", "webmanifest", "csv"))
_IMPORT = re.compile(
    r"""^\s*(?:import|export)\s*(?:[\w$*{][^'";]*?from\s*)?["'](\.{1,2}/[^"']+)["']|"""
    r"""[;}]\s*(?:import|export)\s*(?:[\w$*{][^'";]*?from\s*)?["'](\.{1,2}/[^"']+)["']""",
    re.MULTILINE,
)


NAMES = frozenset(
    (
        "roles",
        "tiers",
        "kinds",
        "statuses",
        "levels",
        "warning_levels",
        "finding_states",
        "steps",
        "parts",
        "units",
        "stages",
        "reasons",
        "postures",
        "marks",
        "did",
        "sources",
        "warning_statuses",
    )
)
"""The tables of the program's texts that pages use as well."""


class Asset(NamedTuple):
    """One file."""

    body: bytes
    packed: bytes | None
    """gzipped, where that makes it smaller."""
    media: str
    etag: str


class Assets:
    """All files under `static/`, by path."""

    def __init__(self, found: Mapping[str, bytes]) -> None:
        self._files = {path: _asset(path, body) for path, body in sorted(found.items())}
        whole = sha256()
        for path, asset in self._files.items():
            whole.update(f"{path}\n{asset.etag}\n".encode())
        self.build = whole.hexdigest()[:12]
        """Of the files together."""

    def get(self, path: str) -> Asset | None:
        """The file at a path."""
        return self._files.get(path)

    def url(self, path: str) -> str:
        """Where a file is served. Raises KeyError where there is none."""
        if path not in self._files:
            raise KeyError(path)
        return f"{WEB}/{self.build}/{path}"

    def paths(self, under: str = "") -> list[str]:
        """The paths that begin so."""
        return [path for path in self._files if path.startswith(under)]

    def needs(self, module: str) -> list[str]:
        """A module and all that it imports by name, nearest first: to be fetched at once."""
        found: dict[str, None] = {module: None}
        waiting = [module]
        while waiting:
            at = waiting.pop(0)
            for path in self._imports(at):
                if path not in found:
                    found[path] = None
                    waiting.append(path)
        return list(found)

    def _imports(self, module: str) -> list[str]:
        text = self._files[module].body.decode()
        named = (first or second for first, second in _IMPORT.findall(text))
        return [
            path
            for path in (normpath(join(dirname(module), name)) for name in named)
            if path in self._files
        ]


@cache
def shipped() -> Assets:
    """The files that this version brings."""
    static = files("handheld.web") / "static"
    found = {path: as_sent(path, body) for path, body in _walk(static, "")}
    for language in LANGUAGES:
        found[f"texts/{language}/names.js"] = _names(language)
    return Assets(found)


def _names(language: Language) -> bytes:
    """What roles, states and the like are called: the program's own texts, as a module."""
    tables: dict[str, dict[str, str]] = {}
    for key, words in load(language).items():
        table, _, name = key.partition(".")
        if table in NAMES and "." not in name:
            tables.setdefault(table, {})[name] = words
    return b"export default " + msgspec.json.encode(tables) + b";\n"


def as_sent(path: str, body: bytes) -> bytes:
    """Scripts and styles without comments and needless spaces."""
    match path.rpartition(".")[2]:
        case "js":
            return small_script(body)
        case "css":
            return small_style(body)
        case _:
            return body


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        path = prefix + entry.name
        if entry.is_dir():
            yield from _walk(entry, f"{path}/")
        elif path.rpartition(".")[2] in _MEDIA and not path.endswith(".d.ts"):
            yield path, entry.read_bytes()


def packed(body: bytes) -> bytes | None:
    """The same, gzipped; None where that makes it no smaller."""
    small = gzip.compress(body, 9, mtime=0)
    return small if len(small) < len(body) else None


def _asset(path: str, body: bytes) -> Asset:
    kind = path.rpartition(".")[2]
    small = packed(body) if kind in _PACKED else None
    return Asset(body, small, _MEDIA[kind], f'"{sha256(body).hexdigest()[:20]}"')
