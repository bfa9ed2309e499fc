"""Markdown pages as the tests see them: blocks of code, changes to files, links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<body>.*?)^(?P=indent)```$", re.S | re.M
)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.M)


class Block(NamedTuple):
    language: str
    body: str


def pages() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(text: str, language: str) -> list[Block]:
    found = (Block(m["language"], m["body"]) for m in _FENCE.finditer(text))
    return [block for block in found if block.language == language]


def section(page: Path, heading: str) -> str:
    """What stands under a heading of the second level."""
    return page.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]


def links(page: Path) -> list[str]:
    return _LINK.findall(_FENCE.sub("", page.read_text()))


def anchors(page: Path) -> set[str]:
    """The names by which headings can be linked, as code hosts make them."""
    names: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", page.read_text())):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        candidate, number = name, 0
        while candidate in names:
            number += 1
            candidate = f"{name}-{number}"
        names.add(candidate)
    return names


class DoesNotApply(AssertionError):
    """A change on a page does not fit the file that it is for."""


def apply(root: Path, diff: str) -> list[str]:
    """Make the changes of a `diff` block in the files below `root`; gives their names.

    `--- file` begins a file and `@@` a change. The lines of a change that are there before it must
    be found in the file exactly once.
    """
    changed: list[str] = []
    for part in re.split(r"^--- ", diff, flags=re.M)[1:]:
        name, _, rest = part.partition("\n")
        path = root / name
        text = path.read_text()
        for hunk in rest.split("@@\n")[1:]:
            lines = [line if line else " " for line in hunk.splitlines()]
            before = "".join(line[1:] + "\n" for line in lines if line[0] in " -")
            after = "".join(line[1:] + "\n" for line in lines if line[0] in " +")
            if text.count(before) != 1:
                message = f"{name}: found {text.count(before)} times, not once:\n{before}"
                raise DoesNotApply(message)
            text = text.replace(before, after)
        path.write_text(text)
        changed.append(name)
    return changed
