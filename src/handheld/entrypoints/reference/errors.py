"""The list of codes: what is wrong and what to do, in both languages."""

from __future__ import annotations

from handheld.texts.lookup import load

_HEAD = """\
# Codes

Each code is stable; programs may rely on it. Its words are `src/handheld/texts/` in the language of
whoever reads them. This page is made from them by `make docs`. A value in braces is filled in.
"""

_TABLES = (
    (
        "errors",
        "Errors",
        "The command was not carried out, and nothing was recorded. With `--json` it is an object "
        "`error` with `code`, `params` (the values that the text names), `wrong` and `todo`.",
    ),
    (
        "outcomes",
        "Answers",
        "What becomes of a command that makes sense: accepted without a code; already done (it is "
        "so already, nothing happens), overtaken (done too late, kept without effect) or refused "
        "(the state does not allow it) with one. Answers are kept with the command id: the same "
        "command gets the same answer again.",
    ),
)


def codes(table: str) -> list[str]:
    """The codes that have words, sorted."""
    prefix = f"{table}."
    return sorted(
        key.removeprefix(prefix).removesuffix(".wrong")
        for key in load("en")
        if key.startswith(prefix) and key.endswith(".wrong")
    )


def page() -> str:
    """The list of codes."""
    parts = [_HEAD]
    for table, title, said in _TABLES:
        parts.append(f"## {title}\n\n{said}\n\n| code | English | 中文 |\n|---|---|---|")
        parts += [
            f"| `{code}` | {_words('en', table, code)} | {_words('zh', table, code)} |"
            for code in codes(table)
        ]
        parts.append("")
    return "\n".join(parts)


def _words(language: str, table: str, code: str) -> str:
    texts = load("zh" if language == "zh" else "en")
    between = "" if language == "zh" else " "
    said = between.join(texts[f"{table}.{code}.{part}"] for part in ("wrong", "todo"))
    return said.replace("|", "\\|").replace("\n", " ")
