"""Scripts and styles as they go over a weak signal: without comments and indentation.

The words between quotes and backquotes stay as they are, and each statement stays on its line.
"""

from __future__ import annotations

import re

_SCRIPT = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[`{}/]|\s*\n\s*""", re.DOTALL
)
_WORDS = re.compile(r"(?:\\.|\$(?!\{)|[^`\\$])*", re.DOTALL)
"""Of a template, up to its end or to an expression in it."""
_PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_BEFORE_PATTERN = re.compile(
    r"(?:^|[(,=:\[!&|?{};+\-*%<>~^\n]|\b(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield))\s*\Z"
)
"""Where a slash begins a regular expression rather than divides."""
_STYLE = re.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\s*\n\s*""", re.DOTALL)
_LOOK_BACK = 32


def small_script(body: bytes) -> bytes:
    """A script that does the same."""
    return _Script(body.decode()).small().encode()


def small_style(body: bytes) -> bytes:
    """A style sheet that says the same."""
    out: list[str] = []
    text, at = body.decode(), 0
    for found in _STYLE.finditer(text):
        out.append(text[at : found.start()])
        at = found.end()
        piece = found[0]
        if piece.isspace():
            out.append("\n")
        elif not piece.startswith("/*"):
            out.append(piece)
    out.append(text[at:])
    return re.sub(r"\n{2,}", "\n", "".join(out)).lstrip().encode()


class _Script:
    """One script, read from its beginning."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._out: list[str] = []
        self._braces: list[int] = []
        """Of each template that is open: how many braces are open in its expression."""

    def small(self) -> str:
        """All of it."""
        while (found := _SCRIPT.search(self._text, self._at)) is not None:
            self._out.append(self._text[self._at : found.start()])
            self._at = found.end()
            self._take(found[0], found.start())
        self._out.append(self._text[self._at :])
        return "".join(self._out)

    def _take(self, piece: str, start: int) -> None:
        match piece[0]:
            case "`":
                self._out.append(piece)
                self._words()
            case "{":
                if self._braces:
                    self._braces[-1] += 1
                self._out.append(piece)
            case "}":
                self._out.append(piece)
                self._close()
            case "/":
                self._slash(piece, start)
            case '"' | "'":
                self._out.append(piece)
            case _:
                if not self._ends_with("\n"):
                    self._out.append("\n")

    def _slash(self, piece: str, start: int) -> None:
        if len(piece) > 1:  # a comment; what stands on both sides of it stays apart
            after = self._text[self._at : self._at + 1]
            if self._ends_with_word() and (after.isalnum() or after in "_$"):
                self._out.append(" ")
            return
        pattern = _PATTERN.match(self._text, start)
        if pattern is not None and _BEFORE_PATTERN.search(self._last()) is not None:
            self._out.append(pattern[0])
            self._at = pattern.end()
        else:
            self._out.append(piece)

    def _words(self) -> None:
        """The words of a template, up to its end or to the next expression in it."""
        words = _WORDS.match(self._text, self._at)
        end = words.end() if words is not None else self._at
        expression = self._text.startswith("${", end)
        stop = end + (2 if expression else 1)
        self._out.append(self._text[self._at : stop])
        self._at = stop
        if expression:
            self._braces.append(0)

    def _close(self) -> None:
        if not self._braces:
            return
        if self._braces[-1]:
            self._braces[-1] -= 1
            return
        self._braces.pop()
        self._words()

    def _last(self) -> str:
        """The end of what is written so far."""
        found = ""
        for piece in reversed(self._out):
            found = piece + found
            if len(found) >= _LOOK_BACK:
                break
        return found

    def _ends_with(self, text: str) -> bool:
        last = self._last()
        return not last or last.endswith(text)

    def _ends_with_word(self) -> bool:
        last = self._last()[-1:]
        return last.isalnum() or last in ("_", "$")
