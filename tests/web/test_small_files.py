"""What browsers are sent is smaller than what we wrote, and says the same."""

from __future__ import annotations

import json
import os
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from handheld.adapters.small_files import small_script, small_style

STATIC = Path(str(files("handheld.web") / "static"))
SCRIPTS = [p for p in sorted(STATIC.rglob("*.js")) if "vendor" not in p.parts]
WEB = Path(__file__).resolve().parents[2] / "scripts" / "web"

needs_node_modules = pytest.mark.skipif(
    not os.environ.get("CI") and not (WEB / "node_modules/acorn").exists(),
    reason="make check-web installs the parser",
)

HARD = {
    "a comment in a text": "const a = \"/* no */ // no\"; // yes\nconst b = '//';",
    "a template in a template": "x = `a ${b ? `c // ${d({ e: `/* ${f} */` })} }` : {}} // g`; // h",
    "a brace in a hole": "x = `${(() => { return { a: `${1}` }; })()} /* stays */`;",
    "an expression for patterns": "y = a.replace(/[/*]\\/\\//g, 'x') / 2 / 3; // z",
    "one after a word": "function f() { return /\\/* no *\\//.test(g) } // yes",
    "a division": "const h = (a + b) / 2 /* by two */ / c;",
    "words around a comment": "const/* */a = typeof/**/b;",
    "a line that ends a statement": "const a = b\n/* c */\nconst d = `\n  // stays\n`\n++e",
}


def differing(pairs: dict[str, tuple[str, str]], folder: Path) -> list[str]:
    """Those that do not say the same, by a parser that we did not write."""
    file = folder / "pairs.json"
    file.write_text(json.dumps(pairs))
    told = subprocess.run(
        ["node", "same.mjs", str(file)], cwd=WEB, capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(told.stdout)
    return found


@needs_node_modules
def test_every_script_that_is_sent_says_what_we_wrote(tmp_path: Path) -> None:
    pairs = {}
    for path in SCRIPTS:
        body = path.read_bytes()
        pairs[str(path.relative_to(STATIC))] = (body.decode(), small_script(body).decode())
    assert len(pairs) > 100
    assert differing(pairs, tmp_path) == []


@needs_node_modules
def test_what_only_looks_like_a_comment_stays(tmp_path: Path) -> None:
    pairs = {name: (text, small_script(text.encode()).decode()) for name, text in HARD.items()}
    assert differing(pairs, tmp_path) == []
    assert differing({"other": ("a = `b // c`", "a = `b `")}, tmp_path) == ["other"]


@pytest.mark.parametrize("text", HARD.values(), ids=HARD.keys())
def test_comments_go(text: str) -> None:
    made = small_script(text.encode()).decode()
    for gone in ("// yes", "// z", "// h", "by two", "/* c */"):
        assert gone not in made


def test_scripts_and_styles_become_much_smaller() -> None:
    before = sum(path.stat().st_size for path in SCRIPTS)
    after = sum(len(small_script(path.read_bytes())) for path in SCRIPTS)
    assert after < 0.85 * before


def test_a_style_keeps_its_rules_and_its_texts() -> None:
    style = b'/* why */\na::before {\n  content: "/* no */  ";\n}\n\n@media x { b { c: d } }\n'
    assert (
        small_style(style) == b'a::before {\ncontent: "/* no */  ";\n}\n@media x { b { c: d } }\n'
    )
