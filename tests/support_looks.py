"""What is wrong with a page as it stands: for the eye, for the ear, for the keyboard, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parent.parent / "scripts/web/node_modules/axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

# Controls that lie on each other are looked for among those that scroll together; what is cut at the
# edge of a box that scrolls is not lost.
LAYOUT = """() => {
  const found = [];
  const wide = innerWidth;
  const page = document.scrollingElement;
  const told = (one) => `${one.tagName.toLowerCase()}.${String(one.className.baseVal ?? one.className)} “${one.textContent.trim().slice(0, 40)}”`;
  const box = (one) => one.getBoundingClientRect();
  if (page.scrollWidth > wide) {
    const out = [...document.body.querySelectorAll("*")].filter((one) => box(one).width && box(one).right > wide + 1);
    found.push(`the page is ${page.scrollWidth} wide of ${wide}: ${out.slice(0, 4).map(told).join("; ")}`);
  }
  const heard = ".only-heard, .skip, [aria-hidden=true], svg, [hidden]";
  for (const one of document.body.querySelectorAll("*")) {
    if (one.closest(heard) || !one.checkVisibility()) continue;
    const style = getComputedStyle(one);
    const cuts = style.overflowX === "hidden" || style.overflowX === "clip";
    const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (cuts && words && one.scrollWidth > one.clientWidth + 1 && style.textOverflow !== "ellipsis" && !one.closest("[title]"))
      found.push(`cut: ${told(one)}`);
    if (words && style.display !== "inline" && style.overflowX === "visible" && one.scrollWidth > one.clientWidth + 2 && one.clientWidth)
      found.push(`sticks out: ${told(one)}`);
  }
  const layer = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const { position, zIndex } = getComputedStyle(at);
      if (position === "fixed" || position === "sticky" || (position === "absolute" && zIndex !== "auto")) return at;
    }
    return document.body;
  };
  const seen = (one) => {
    const at = box(one);
    const part = { left: at.left, top: at.top, right: at.right, bottom: at.bottom };
    for (let above = one.parentElement; above; above = above.parentElement) {
      if (getComputedStyle(above).overflowX === "visible") continue;
      const edge = box(above);
      part.left = Math.max(part.left, edge.left); part.top = Math.max(part.top, edge.top);
      part.right = Math.min(part.right, edge.right); part.bottom = Math.min(part.bottom, edge.bottom);
    }
    return part;
  };
  const controls = [...document.querySelectorAll("button, a[href], input, select, textarea, summary")]
    .filter((one) => one.checkVisibility() && !one.closest(heard) && box(one).width > 1)
    .map((one) => ({ one, at: seen(one), layer: layer(one) }))
    .filter(({ at }) => at.right - at.left > 1 && at.bottom - at.top > 1);
  controls.forEach((a, i) => {
    for (const b of controls.slice(i + 1)) {
      if (a.layer !== b.layer || a.one.contains(b.one) || b.one.contains(a.one)) continue;
      if (a.one.closest("label") && a.one.closest("label") === b.one.closest("label")) continue;
      const across = Math.min(a.at.right, b.at.right) - Math.max(a.at.left, b.at.left);
      const down = Math.min(a.at.bottom, b.at.bottom) - Math.max(a.at.top, b.at.top);
      if (across > 2 && down > 2) found.push(`on each other: ${told(a.one)} and ${told(b.one)}`);
    }
  });
  return found.slice(0, 12);
}"""

# What is read on the page, or aloud: texts, and names that stand in attributes.
WORDS = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const lies = "script, style, code, pre, body [lang], .raw";
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const box = walker.currentNode.parentElement;
    if (text && !box.closest(lies) && box.checkVisibility()) found.add(text);
  }
  for (const one of document.body.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
    for (const name of ["aria-label", "title", "placeholder", "alt"])
      if (one.getAttribute(name) && !one.closest(lies)) found.add(one.getAttribute(name));
  found.add(document.title);
  return [...found];
}"""

CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]+")
LATIN = re.compile(r"[A-Za-z]{2,}")
RAW = re.compile(
    r"\b(?:tf|task|person|plan|finding|warning|order|message|batch|session)-[0-9A-Za-z]"
    r"|\b[a-z]+(?:_[a-z]+)+\b|\b33\d{4}(?:\d{3}){0,3}\b|\bundefined\b|\bnull\b|\bNaN\b|\[object"
)


@cache
def _axe() -> str:
    return AXE.read_text()


async def violations(page: Page) -> list[str]:
    """What axe-core finds, by the rules of WCAG 2.2 A and AA, and its best practices."""
    await page.evaluate(f"{_axe()}; 0")
    answer: dict[str, Any] = await page.evaluate(
        """(rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] })""",
        list(RULES),
    )
    return [
        f"{one['id']}: {node['html'][:200]} | {_why(node)}"
        for one in answer["violations"]
        for node in one["nodes"][:3]
    ]


def _why(node: dict[str, Any]) -> str:
    said = [check["message"] for key in ("any", "all", "none") for check in node[key]]
    return said[0] if said else ""


async def lay_out_all(page: Page) -> None:
    """From now on also what is out of sight, as it will be when somebody comes there."""
    await page.evaluate(
        """for (const one of document.querySelectorAll("main section"))
          one.style.contentVisibility = "visible";"""
    )


async def misplaced(page: Page) -> list[str]:
    """What overflows, is cut, or lies on something else."""
    found: list[str] = await page.evaluate(LAYOUT)
    return found


async def words(page: Page) -> list[str]:
    """All that can be read on the page."""
    found: list[str] = await page.evaluate(WORDS)
    return found


def foreign(read: Iterable[str], language: str, data: str) -> list[str]:
    """What is in the other language and is not in the data: names, and texts that people wrote."""
    pattern = CHINESE if language == "en" else LATIN
    return [text for text in read if any(one[0] not in data for one in pattern.finditer(text))]


def raw(read: Iterable[str]) -> list[str]:
    """What shows a code where a name belongs."""
    return [text for text in read if RAW.search(text)]


TABBABLE = """() => {
  window.around = new Set();
  window.told = (one) => `${one.tagName.toLowerCase()}.${String(one.className.baseVal ?? one.className)} “${(one.textContent || one.getAttribute("aria-label") || "").trim().slice(0, 40)}”`;
  document.activeElement?.blur();
  const wanted = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";
  const all = [...document.querySelectorAll(wanted)].filter((one) => one.checkVisibility() && one.tabIndex >= 0 && one.getClientRects().length);
  // Of the radio buttons of a group the keyboard reaches one.
  return all.filter((one) => one.type !== "radio" || one.checked).map((one, n) => { one.dataset.tabbed = String(n); return told(one); });
}"""

FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const shown = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  const box = at.getBoundingClientRect();
  return { n: at.dataset.tabbed ?? "", told: told(at), shown, inside: box.bottom > 0 && box.top < innerHeight };
}"""


async def unreached(page: Page, most: int = 400) -> list[str]:
    """What the tabulator does not reach, and where it does not show that it is there.

    A page that was still being drawn meanwhile is walked through once more.
    """
    return await _walk(page, most) and await _walk(page, most)


async def _walk(page: Page, most: int) -> list[str]:
    await page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    all_there: list[str] = await page.evaluate(TABBABLE)
    reached: set[str] = set()
    found: list[str] = []
    last = ""
    for _ in range(most):
        await page.keyboard.press("Tab")
        at = await page.evaluate(FOCUSED)
        # A field for a date and a time has stops of its own within it.
        if at is None or (at["n"] in reached and at["n"] != last):
            break
        if at["n"]:
            reached.add(at["n"])
        if at["n"] != last and not (at["shown"] and at["inside"]):
            found.append(f"cannot be seen to have the focus: {at['told']}")
        last = at["n"]
    found += [f"not reached: {one}" for n, one in enumerate(all_there) if str(n) not in reached]
    return found[:8]
