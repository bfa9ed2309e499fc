"""docs/reference/ is what `make docs` writes today, and leaves nothing out."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from handheld.entrypoints.reference import describing, events
from handheld_events.catalogue import CATALOGUE
from tests.docs.pages import ROOT, anchors

REFERENCE = ROOT / "docs/reference"


def write(directory: Path, *, language: str = "zh") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "handheld.entrypoints.reference", str(directory)],
        env={**os.environ, "HANDHELD_LANG": language},
        capture_output=True,
        text=True,
        check=True,
    )


def files(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): path.read_text(encoding="utf-8")
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_no_generated_page_is_stale(tmp_path: Path) -> None:
    write(tmp_path)
    written, kept = files(tmp_path), files(REFERENCE)
    assert written.keys() == kept.keys()
    stale = [name for name in written if written[name] != kept[name]]
    assert not stale, "run `make docs`"


def test_writing_again_changes_nothing_and_clears_what_is_gone(tmp_path: Path) -> None:
    write(tmp_path)
    assert write(tmp_path, language="en").stdout == ""
    gone = tmp_path / "schemas/task.forgotten.v1.json"
    gone.write_text("{}")
    (tmp_path / "events.md").write_text("old")
    assert write(tmp_path).stdout.split() == [str(tmp_path / "events.md"), str(gone)]
    assert not gone.exists()


@pytest.mark.parametrize("topic", CATALOGUE)
def test_every_event_is_described_with_its_fields_an_example_and_a_schema(topic: str) -> None:
    page = (REFERENCE / "events.md").read_text()
    assert topic.replace(".", "") in anchors(REFERENCE / "events.md")
    section = page.split(f"\n### {topic}\n")[1].split("\n### ")[0]
    event = CATALOGUE[topic]
    assert describing.meaning(event) in section
    for field in describing.fields(event):
        assert f"| `{field.name}`" in section
        assert field.meaning
    assert "```json" in section
    assert (REFERENCE / f"schemas/{topic}.json").exists()
    properties = events.schema(topic)["$defs"][event.__name__]["properties"]
    assert all(field["description"] for field in properties.values())


def test_every_command_is_listed_and_everything_about_it_is_explained() -> None:
    listed = subprocess.run(
        [
            sys.executable,
            "-c",
            "from handheld.entrypoints.reference.cli import commands; print(*commands(), sep='\\n')",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    page = (REFERENCE / "cli.md").read_text()
    assert re.findall(r"^##+ (handheld.*)$", page, re.M) == listed
    assert {"handheld demo", "handheld start", "handheld log verify"} <= set(listed)
    unexplained = re.findall(r"^\| `.* \| *\|$", page, re.M)
    assert not unexplained


def codes_raised() -> set[str]:
    """Every code that the source gives to an error or an answer, where it is written out."""
    makers = {
        "Malformed",
        "NotAllowed",
        "NotFound",
        "Installation",
        "HandheldError",
        "already_done",
        "refused",
    }
    found: set[str] = set()
    for path in (ROOT / "src/handheld").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id=name), args=[ast.Constant(value=str() as code), *_]
                ) if name in makers:
                    found.add(code)
                case ast.Call(
                    func=ast.Attribute(attr="__init__"),
                    args=[ast.Constant(value=str() as code), *_],
                ) if "errors.py" in path.name:
                    found.add(code)
                case _:
                    pass
    return found


def test_every_code_that_the_source_writes_out_is_explained() -> None:
    page = (REFERENCE / "errors.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([\w.]+)` \|", page, re.M))
    raised = codes_raised()
    assert {"task.not_yours", "writer.busy", "task.nothing_to_verify"} <= raised
    assert not raised - explained
