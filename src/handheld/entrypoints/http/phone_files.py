"""What makes the phone's page whole without a connection: its service worker, the list of its files,
its frame, and its manifest. docs/phone.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from posixpath import dirname, join, normpath
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from handheld.entrypoints.http.assets import ASK_AGAIN, Asset, Assets, packed
from handheld.entrypoints.http.pages import PAGES, STYLES, Page, Pages, answer, frame
from handheld.texts.language import LANGUAGES, Language
from handheld.texts.lookup import load

PHONE: Page = next(page for page in PAGES if page.path == "/phone")
WORKER = "/phone/sw.js"
LIST = "/phone/files.json"
FRAME = "/phone/frame"
MANIFEST = "/phone/manifest.webmanifest"

ENTRY = "phone/main.js"
_LOOKS = "phone/looks.js"
_SHARED = frozenset(("common", "names"))
"""Words that `start()` brings."""
_ICONS = ("icons/icon.svg", "icons/icon-192.png", "icons/badge-96.png")
_LAZY = re.compile(r"""\bimport\(\s*["'](\.{1,2}/[^"']+)["']\s*\)""")
_WORDS = re.compile(r"""\b(?:texts|loadTexts)\(([^)]*)\)|\bareas:\s*\[([^\]]*)\]""")
_STYLE = re.compile(r"""["']([\w./-]+\.css)["']""")
_STYLE = re.compile(r"""["']((?:\.{1,2}/)*[\w/-]+\.css)["']""")
_NAME = re.compile(r"""["']([\w-]+)["']""")
_GROUND = {"light": "#f2f4f6", "accent": "#1d4f91"}
"""As in tokens.css and in the icon."""
_POLICY = "default-src 'none'; connect-src 'self'"


def modules(assets: Assets, entry: str = ENTRY) -> list[str]:
    """A module and all that it ever imports, at once or later."""
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        at = waiting.pop()
        if at in found:
            continue
        needed = assets.needs(at)
        found |= dict.fromkeys(needed)
        for one in needed:
            waiting += [path for path in _lazy(assets, one) if path not in found]
    return sorted(found)


def _lazy(assets: Assets, module: str) -> Iterator[str]:
    for name in _LAZY.findall(_text(assets, module)):
        path = normpath(join(dirname(module), name))
        if assets.get(path) is not None:
            yield path


def _text(assets: Assets, path: str) -> str:
    found = assets.get(path)
    return "" if found is None else found.body.decode()


def words_of(assets: Assets, paths: list[str]) -> set[str]:
    """The areas of texts that modules name."""
    areas: set[str] = set(_SHARED)
    for path in paths:
        for groups in _WORDS.findall(_text(assets, path)):
            areas |= {name for group in groups for name in _NAME.findall(group)}
    return areas


def _styles(assets: Assets, paths: list[str]) -> list[str]:
    """The style sheets that modules name, to be brought later."""
    return [
        normpath(join(dirname(path), name))
        for path in paths
        for name in _STYLE.findall(_text(assets, path))
    ]


def styles_of(assets: Assets, paths: list[str]) -> list[str]:
    """The style sheets that modules name, and link when they need them."""
    found = {
        normpath(join(dirname(path), name))
        for path in paths
        for name in _STYLE.findall(_text(assets, path))
    }
    return sorted(path for path in found if assets.get(path) is not None)


def files_of(assets: Assets) -> list[str]:
    """The paths of everything that the phone's page may need, in all languages."""
    code = modules(assets)
    areas = words_of(assets, code)
    wanted = [
        *code,
        _LOOKS,
        *(f"texts/{language}/{area}.js" for language in LANGUAGES for area in sorted(areas)),
        *STYLES,
        *PHONE.styles,
        *_styles(assets, code),
        *_ICONS,
    ]
    return [path for path in dict.fromkeys(wanted) if assets.get(path) is not None]


class PhoneFiles:
    """Answers for what lies under /phone/."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def worker(self, request: Request) -> Response:
        """The service worker of this build: another build is another file."""
        assets = self._pages.assets
        script = assets.get("phone/sw.js")
        if script is None:
            raise LookupError
        words = {
            language: {name: load(language)[f"push.{name}"] for name in ("task", "drill", "open")}
            for language in LANGUAGES
        }
        about = msgspec.json.encode({"build": assets.build, "words": words})
        found = _plain(
            b"self.PHONE = " + about + b";\n" + script.body, "text/javascript; charset=utf-8"
        )
        told = answer(found, request, ASK_AGAIN)
        told.headers["service-worker-allowed"] = PHONE.path
        told.headers["content-security-policy"] = _POLICY
        return told

    def list(self, request: Request) -> Response:
        """The files of this build."""
        assets = self._pages.assets
        told = {"build": assets.build, "files": [assets.url(path) for path in files_of(assets)]}
        return answer(_plain(msgspec.json.encode(told), "application/json"), request, ASK_AGAIN)

    def frame(self, request: Request) -> Response:
        """The page's frame for whoever it is: what was chosen is looked up where it is opened."""
        pages = self._pages
        root = {"theme": "auto", "text": "normal", "session": "perhaps", **pages.told}
        whole = frame(PHONE, pages.assets, pages.language(request), root)
        script = f'</title>\n<script src="{pages.assets.url(_LOOKS)}"></script>'
        body = whole.replace("</title>", script, 1).encode()
        headers = {"cache-control": ASK_AGAIN, "content-security-policy": pages.policy}
        return Response(body, 200, headers, "text/html")

    def manifest(self, request: Request) -> Response:
        """How the page appears among the applications of a phone."""
        body = msgspec.json.encode(self._manifest(self._pages.language(request)))
        told = answer(_plain(body, "application/manifest+json"), request, ASK_AGAIN)
        told.headers["vary"] = "Cookie, Accept-Language, Accept-Encoding"
        return told

    def _manifest(self, language: Language) -> dict[str, Any]:
        assets = self._pages.assets
        name = PHONE.en if language == "en" else PHONE.zh
        return {
            "id": PHONE.path,
            "name": name,
            "short_name": name,
            "lang": "en" if language == "en" else "zh-CN",
            "start_url": PHONE.path,
            "scope": PHONE.path,
            "display": "standalone",
            "background_color": _GROUND["light"],
            "theme_color": _GROUND["accent"],
            "icons": [
                {"src": assets.url(f"icons/{file}.png"), "sizes": size, "type": "image/png"}
                | ({"purpose": "maskable"} if "maskable" in file else {})
                for file, size in (
                    ("icon-192", "192x192"),
                    ("icon-512", "512x512"),
                    ("maskable-512", "512x512"),
                )
            ],
        }


def _plain(body: bytes, media: str) -> Asset:
    return Asset(body, packed(body), media, f'"{sha256(body).hexdigest()[:20]}"')
