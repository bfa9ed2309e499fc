"""Scripts and styles made small do the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from handheld.adapters.small_files import small_script, small_style

NODE = shutil.which("node")
ROOT = Path(__file__).parents[2]

COMPILES = """
import vm from "node:vm";
import fs from "node:fs";
for (const [name, text] of JSON.parse(fs.readFileSync(0, "utf8"))) {
  try {
    new vm.SourceTextModule(text);
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
"""


@pytest.mark.parametrize(
    ("whole", "small"),
    [
        ("// why\nlet a = 1; // so\n\n  let b;\n", "let a = 1; \nlet b;\n"),
        ('const s = "// not /* one";\n', 'const s = "// not /* one";\n'),
        ("const r = /\\/\\/[/\"']/g; // a\n", "const r = /\\/\\/[/\"']/g; \n"),
        (
            "const half = whole / 2; const x = y / 3;\n",
            "const half = whole / 2; const x = y / 3;\n",
        ),
        ("const v = /** @type {string} */ (w);\n", "const v =  (w);\n"),
        ("return/* x */value;\n", "return value;\n"),
        (
            "html`<a title=${ok ? `// ${{ n: 1 }.n} ` : ''}>\n  // words\n</a>`; // end\n",
            "html`<a title=${ok ? `// ${{ n: 1 }.n} ` : ''}>\n  // words\n</a>`; \n",
        ),
        ("const t = `\\` ${a /* b */ + c} $x`;\n", "const t = `\\` ${a  + c} $x`;\n"),
    ],
)
def test_comments_and_indentation_go_and_nothing_else(whole: str, small: str) -> None:
    assert small_script(whole.encode()).decode() == small


def test_a_style_keeps_what_it_says() -> None:
    whole = '/* why */\na {\n  content: "/* no */";\n\n  color: red;\n}\n'
    assert small_style(whole.encode()).decode() == 'a {\ncontent: "/* no */";\ncolor: red;\n}\n'


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_every_script_that_is_shipped_still_compiles() -> None:
    assert NODE is not None
    static = Path(str(files("handheld.web") / "static"))
    scripts = [
        (str(path.relative_to(static)), small_script(path.read_bytes()).decode())
        for path in sorted(static.rglob("*.js"))
    ]
    told = subprocess.run(
        [NODE, "--experimental-vm-modules", "--no-warnings", "--input-type=module", "-e", COMPILES],
        input=json.dumps(scripts),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stdout == ""
    assert len(scripts) > 100
