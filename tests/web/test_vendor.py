"""What the pages are served with is what the lock names, and nothing in it needs an import map."""

from __future__ import annotations

import json
import os
import re
import subprocess
from hashlib import sha256
from pathlib import Path
from shutil import which
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "scripts/web"
VENDOR = ROOT / "src/handheld/web/static/vendor"
ABOUT = {"lock.json", "LICENSES.txt"}

LOCK: dict[str, Any] = json.loads((VENDOR / "lock.json").read_text())
NPM: dict[str, Any] = json.loads((WEB / "package-lock.json").read_text())["packages"]
FILES = {name: said for package in LOCK.values() for name, said in package["files"].items()}


def names(text: str) -> list[str]:
    """The modules that a module names, however it imports them."""
    return re.findall(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"'\n]+)["']""", text)


def test_the_lock_names_every_vendored_file_and_its_bytes() -> None:
    lying = {path.name for path in VENDOR.iterdir()} - ABOUT
    assert lying == set(FILES)
    for name, said in FILES.items():
        body = (VENDOR / name).read_bytes()
        assert (len(body), sha256(body).hexdigest()) == (said["bytes"], said["sha256"]), name


def test_the_lock_has_the_versions_that_npm_installs_and_nothing_else_is_served() -> None:
    assert set(LOCK) == set(NPM[""]["dependencies"])
    for package, said in LOCK.items():
        locked = NPM[f"node_modules/{package}"]
        assert NPM[""]["dependencies"][package] == said["version"] == locked["version"]
        assert said["integrity"] == locked["integrity"]
        assert said["integrity"].startswith("sha512-")
        assert said["license"] == locked["license"]


def test_every_licence_is_there_in_full() -> None:
    text = (VENDOR / "LICENSES.txt").read_text()
    for package, said in LOCK.items():
        assert f"{package} {said['version']} ({said['license']})" in text
    assert text.count("Permission is hereby granted") + text.count("Permission to use") >= 5
    assert "Apache License" in text


def test_the_npm_lock_names_no_registry() -> None:
    assert "resolved" not in (WEB / "package-lock.json").read_text()


@pytest.mark.parametrize("name", sorted(name for name in FILES if name.endswith(".js")))
def test_a_vendored_module_names_others_by_where_they_are(name: str) -> None:
    text = (VENDOR / name).read_text()
    for imported in names(text):
        assert imported.startswith("./"), f"{name} imports {imported}: there is no import map"
        assert imported[2:] in FILES
    assert FILES[name]["rewritten"] == bool(names(text))
    assert "sourceMappingURL" not in text


def test_making_them_again_gives_the_same_bytes(tmp_path: Path) -> None:
    node = which("node")
    if (node is None or not (WEB / "node_modules").exists()) and "CI" not in os.environ:
        pytest.skip("needs node, and what `make check-web` installs")
    assert node is not None, "install nodejs"
    subprocess.run([node, WEB / "vendor.mjs", tmp_path / "again"], check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert made == {path.name: path.read_bytes() for path in VENDOR.iterdir()}
