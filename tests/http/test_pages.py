"""The pages and their files, as a browser is given them."""

from __future__ import annotations

import asyncio
import gc
import re
import socket
from collections.abc import Generator
from posixpath import dirname, join, normpath

import httpx
import pytest

from handheld.bootstrap import Home, found_home
from handheld.entrypoints.http.assets import Assets, shipped
from handheld.entrypoints.http.pages import PAGES, STYLES, Page, frame, policy, scripts
from tests import support_http
from tests.support_server import Served, served

ORIGIN = "https://command.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """One server for all of them: a page is the same for everybody."""
    directory = tmp_path_factory.mktemp("pages")
    found_home(directory)
    with Home(directory) as home, served(home) as running:
        yield running


def get(server: Served, path: str, **headers: str) -> httpx.Response:
    return support_http.get(server.url + path, headers=headers)


def test_an_answer_does_not_wait_until_its_first_packet_is_acknowledged(server: Served) -> None:
    with support_http.client(server.url) as client:
        client.get("/sign-in")
        connections = [
            found.get_extra_info("socket")
            for found in gc.get_objects()
            if isinstance(found, asyncio.Transport) and not found.is_closing()
        ]
        port = httpx.URL(server.url).port
        accepted = [one for one in connections if one and one.getsockname()[1] == port]
        assert accepted
        assert all(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for one in accepted)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_page_names_only_files_that_there_are(server: Served, page: Page) -> None:
    answer = get(server, page.path)
    assert answer.status_code == 200
    named = re.findall(r'(?:href|src)="(/web/[^"]+)"', answer.text)
    assert len(named) > len(STYLES)
    for path in named:
        assert get(server, path).status_code == 200, path


def test_nothing_stands_inline_and_the_policy_forbids_it(server: Served) -> None:
    answer = get(server, "/desk")
    rules = dict(
        rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; ")
    )
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert re.search(r"<script(?![^>]*\bsrc=)", answer.text) is None
    assert re.search(r"\sstyle=|<style|\son\w+=", answer.text) is None


def test_the_policy_names_the_sockets_of_each_origin() -> None:
    rules = policy([ORIGIN, "http://10.0.0.1:8750"])
    assert "connect-src 'self' ws://10.0.0.1:8750 wss://command.example;" in rules


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({"accept-language": "en-GB"}, "en"),
        ({"accept-language": "zh-CN,en;q=0.5"}, "zh-CN"),
        ({"accept-language": "fr"}, "zh-CN"),
        ({"accept-language": "zh", "cookie": "handheld_language=en"}, "en"),
        ({"accept-language": "en", "cookie": "handheld_language=<x>"}, "en"),
    ],
)
def test_a_page_comes_in_the_language_that_was_chosen_else_asked_for(
    server: Served, headers: dict[str, str], language: str
) -> None:
    assert f'<html lang="{language}"' in get(server, "/sign-in", **headers).text


def test_the_choice_of_colours_is_in_the_first_answer_and_nothing_else_gets_into_it(
    server: Served,
) -> None:
    def root(cookie: str) -> str:
        found = re.search(r"<html[^>]*>", get(server, "/sign-in", cookie=cookie).text)
        assert found
        return found[0]

    assert 'data-theme="dark" data-text="large"' in root("handheld_theme=dark; handheld_text=large")
    assert 'data-theme="auto" data-text="normal"' in root('handheld_theme="x>; handheld_text=<')
    assert 'data-session="none"' in root("")
    assert 'data-session="perhaps"' in root("handheld_session=whatever")


def test_a_file_is_kept_for_ever_under_its_build_and_asked_for_again_under_another(
    server: Served,
) -> None:
    url = shipped().url("lib/api.js")
    now = get(server, url)
    assert "immutable" in now.headers["cache-control"]
    assert now.headers["content-encoding"] == "gzip"
    before = get(server, "/web/0123456789ab/lib/api.js")
    assert (before.text, before.headers["cache-control"]) == (now.text, "no-cache")
    etag = now.headers["etag"]
    assert get(server, "/web/0123456789ab/lib/api.js", **{"if-none-match": etag}).status_code == 304
    plain = get(server, url, **{"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == now.text


@pytest.mark.parametrize(
    "path", ["lib/none.js", "../__init__.py", "%2e%2e/__init__.py", "lib", "", "vendor/preact.d.ts"]
)
def test_what_is_not_a_file_of_the_pages_is_not_given(server: Served, path: str) -> None:
    assert get(server, f"/web/{shipped().build}/{path}").status_code == 404


def test_a_change_of_any_file_is_another_address_of_all() -> None:
    one = Assets({"a.js": b"1", "b.js": b"2"})
    other = Assets({"a.js": b"1", "b.js": b"3"})
    assert one.url("a.js") != other.url("a.js")
    assert one.build == Assets({"b.js": b"2", "a.js": b"1"}).build


def test_what_a_module_imports_is_found_through_all_forms_of_import() -> None:
    assets = Assets(
        {
            "page/main.js": b'import { a,\n  b } from "../lib/a.js";\nimport "./side.js";\n'
            b'const late = () => import("./late.js");\n',
            "page/side.js": b'export * from "../lib/b.js";\n',
            "page/late.js": b"",
            "lib/a.js": b'import*as c from"./c.js";import{d}from"./d.js";export{e}from"./e.js";',
            **{f"lib/{name}.js": b"" for name in "bcde"},
        }
    )
    needed = assets.needs("page/main.js")
    assert needed[0] == "page/main.js"
    assert sorted(needed[1:]) == [
        *(f"lib/{name}.js" for name in "abcde"),
        "page/side.js",
    ]


def test_what_a_page_brings_by_itself_is_preloaded_too() -> None:
    assets = Assets(
        {
            "desk/main.js": b'import { start } from "../lib/start.js";\n'
            b'start(import("./desk.js").then((all) => all.Desk), {});\n',
            "desk/desk.js": b'import { a } from "./a.js";\nconst later = () => import("./b.js");\n',
            **{f"desk/{name}.js": b"" for name in "ab"},
            "lib/start.js": b"",
        }
    )
    (desk,) = (page for page in PAGES if page.name == "desk")
    assert scripts(desk, assets) == ["desk/main.js", "lib/start.js", "desk/desk.js", "desk/a.js"]
    assert "desk/table.js" in scripts(desk, shipped())


def test_every_module_that_is_imported_exists() -> None:
    assets = shipped()
    for path in assets.paths():
        if path.endswith(".js") and not path.startswith("vendor/"):
            asset = assets.get(path)
            assert asset
            for name in re.findall(rb"""(?:from|import)\s*\(?["'](\.[^"'$]+)["']""", asset.body):
                there = normpath(join(dirname(path), name.decode()))
                assert assets.get(there) is not None, (path, name)


def test_the_frame_preloads_the_words_of_its_language_only() -> None:
    (page,) = (one for one in PAGES if one.path == "/sign-in")
    text = frame(page, shipped(), "en", {"theme": "auto"})
    assert "texts/en/sign-in.js" in text
    assert "texts/zh/" not in text
