"""The web pages: one small HTML frame for all of them, and the files that it names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from handheld.entrypoints.http.assets import ASK_AGAIN, FOREVER, WEB, Asset, Assets, shipped
from handheld.entrypoints.http.identity import token_of
from handheld.entrypoints.http.language import accepted
from handheld.entrypoints.http.parts import Parts
from handheld.texts.language import Language


class Page(NamedTuple):
    """One page: where it is, and the module that draws it."""

    path: str
    name: str
    """The folder of its `main.js`, and of its texts."""
    zh: str
    en: str
    styles: Sequence[str] = ()
    """Besides those that every page has."""
    head: Sequence[tuple[str, str, str]] = ()
    """(rel, path below `static/`, or address where it begins with `/`), with further attributes."""


BOARD = "components/board/board.css"

PAGES = (
    Page("/desk", "desk", "指挥台", "Desk", (BOARD, "command/command.css", "desk/desk.css")),
    Page("/wall", "wall", "大屏", "Wall", (BOARD, "wall/wall.css")),
    Page(
        "/phone",
        "phone",
        "掌上指挥",
        "Handheld command",
        ("phone/phone.css",),
        (
            ("manifest", "/phone/manifest.webmanifest", ' crossorigin="use-credentials"'),
            ("apple-touch-icon", "icons/icon-192.png", ""),
        ),
    ),
    Page("/replay", "replay", "复盘", "Replay", (BOARD, "vendor/uplot.css", "replay/replay.css")),
    Page("/admin", "admin", "管理", "Administration", ("admin/admin.css", "admin/plans.css")),
    Page("/", "sign-in", "掌上指挥", "Handheld command"),
    Page("/sign-in", "sign-in", "登录", "Sign in"),
    Page("/s", "sign-in", "登录", "Sign in"),
    Page(
        "/styleguide",
        "styleguide",
        "样式指南",
        "Style guide",
        (BOARD, "styleguide/styleguide.css"),
    ),
)
"""`/` and the sign-in page send whoever is signed in on to their own page. `/s` is short, for what
people scan: the secret stands behind `#`, which no server ever sees."""

STYLES = ("styles/tokens.css", "styles/base.css", "styles/components.css")
_AREAS = re.compile(r"areas:\s*\[([^\]]*)\]")
_BROUGHT = re.compile(r"start\(import\(\"\./([\w-]+\.js)\"\)")
THEMES = frozenset(("light", "dark"))
OPENING = {"zh": "正在打开…", "en": "Opening…"}
NO_SCRIPT = {
    "zh": "本页面需要启用 JavaScript。",
    "en": "This page needs JavaScript; please switch it on.",
}


class Pages:
    """Answers for everything outside the API."""

    def __init__(self, parts: Parts, assets: Assets | None = None) -> None:
        self._parts = parts
        self.assets = assets or shipped()
        self.policy = policy({*parts.origins, *parts.settings.gateways})
        """The Content-Security-Policy of all pages."""
        gateways = " ".join(parts.settings.gateways)
        self.told: dict[str, str] = {"gateways": gateways} if gateways else {}
        """What every page is told: where the gateways are, if not at its own address."""
        self._frames: dict[tuple[str, Language, str, str, bool], bytes] = {}

    def page(self, page: Page, request: Request) -> Response:
        """The frame of a page, in the language and the colours of the browser's choice."""
        cookies = request.cookies
        language = self.language(request)
        theme = cookies.get("handheld_theme", "")
        theme = theme if theme in THEMES else "auto"
        text = "large" if cookies.get("handheld_text") == "large" else "normal"
        # Whether the session holds is not known here, only whether there could be one.
        signed = token_of(request)[0] is not None
        key = (page.path, language, theme, text, signed)
        body = self._frames.get(key)
        if body is None:
            session = "perhaps" if signed else "none"
            root = {"theme": theme, "text": text, "session": session, **self.told}
            body = self._frames[key] = frame(page, self.assets, language, root).encode()
        headers = {
            "cache-control": ASK_AGAIN,
            "content-security-policy": self.policy,
            "vary": "Cookie, Accept-Language",
        }
        return Response(body, 200, headers, "text/html")

    def file(self, request: Request) -> Response:
        """One file. Under the address of an older build: the one of today, to be asked for again."""
        build, _, path = request.path_params["path"].partition("/")
        asset = self.assets.get(path)
        if asset is None:
            return Response("Not found\n", 404, {"cache-control": "no-store"}, "text/plain")
        kept = FOREVER if build == self.assets.build else ASK_AGAIN
        return answer(asset, request, kept)

    def language(self, request: Request) -> Language:
        """Chosen in a cookie, or as the browser prefers."""
        chosen = request.cookies.get("handheld_language")
        if chosen in ("zh", "en"):
            return "en" if chosen == "en" else "zh"
        return accepted(request.headers.get("accept-language"), self._parts.settings.language)


def answer(asset: Asset, request: Request, kept: str) -> Response:
    """A file, packed where the browser takes that; 304 where it has it."""
    headers = {"cache-control": kept, "etag": asset.etag, "vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(None, 304, headers)
    body = asset.body
    if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body = asset.packed
        headers["content-encoding"] = "gzip"
    return Response(body, 200, headers, asset.media)


def policy(origins: Collection[str]) -> str:
    """The Content-Security-Policy: scripts, styles and data from this server alone, nothing inline.

    Older Safari does not count a WebSocket to its own host as 'self': its addresses are named.
    """
    sockets = " ".join(sorted("ws" + origin.removeprefix("http") for origin in origins))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "font-src 'self'",
            f"connect-src 'self' {sockets}".strip(),
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def areas(entry: str, assets: Assets) -> list[str]:
    """The words that a page begins with, as its module names them: `start(…, { areas: […] })`."""
    asset = assets.get(entry)
    found = _AREAS.search(asset.body.decode()) if asset is not None else None
    return re.findall(r"[\w-]+", found[1]) if found is not None else []


def scripts(page: Page, assets: Assets) -> list[str]:
    """The modules that a page begins with: those that its `main.js` imports, and those of what it
    brings, where it says `start(import("./NAME.js")…`. Nearest first.
    """
    entry = f"{page.name}/main.js"
    asset = assets.get(entry)
    brought = _BROUGHT.search(asset.body.decode()) if asset is not None else None
    more = assets.needs(f"{page.name}/{brought[1]}") if brought is not None else []
    return list(dict.fromkeys((*assets.needs(entry), *more)))


def frame(page: Page, assets: Assets, language: Language, root: Mapping[str, str]) -> str:
    """The HTML of a page, which its module fills. `root` becomes `data-…` of the root element."""
    told = "".join(f' data-{name}="{value}"' for name, value in root.items())
    entry = f"{page.name}/main.js"
    words = (f"texts/{language}/{area}.js" for area in ("common", "names", *areas(entry, assets)))
    needed = [*scripts(page, assets), *(path for path in words if assets.get(path) is not None)]
    styles = [path for path in (*STYLES, *page.styles) if assets.get(path) is not None]
    lines = [
        "<!doctype html>",
        f'<html lang="{"en" if language == "en" else "zh-CN"}"{told} data-build="{assets.build}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(page.en if language == 'en' else page.zh)}</title>",
        f'<link rel="icon" href="{assets.url("icons/icon.svg")}" type="image/svg+xml">',
        *(f'<link rel="stylesheet" href="{assets.url(path)}">' for path in styles),
        *(
            f'<link rel="{rel}" href="{path if path.startswith("/") else assets.url(path)}"{more}>'
            for rel, path, more in page.head
        ),
        *(f'<link rel="modulepreload" href="{assets.url(path)}">' for path in needed),
        f'<script type="module" src="{assets.url(entry)}"></script>',
        "</head>",
        "<body>",
        f'<div id="app"><p class="opening">{OPENING[language]}</p></div>',
        f"<noscript><p>{NO_SCRIPT[language]}</p></noscript>",
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines)


FILES = WEB + "/{path:path}"
