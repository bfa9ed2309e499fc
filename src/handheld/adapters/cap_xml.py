"""XML to a tree of elements, for messages that come from outside.

On expat, which Python brings: a document type definition is refused where it begins, and with it
all entities, inner and outer; nothing is ever fetched. defusedxml does the same with the same
parser, but had its last release in 2021; lxml would bring two C libraries for five kinds of element.
"""

from __future__ import annotations

import codecs
import re
from xml.parsers import expat

import msgspec

from handheld.adapters.cap_broken import broken
from handheld.domain.errors import Malformed

LIMIT_KIBIBYTES = 256
"""Ten times the longest that weather offices send; no fact may be longer than that either."""

DEEPEST = 8
"""CAP nests five deep. What lies deeper is not built, since what holds it is refused."""

SIGNATURES = "http://www.w3.org/2000/09/xmldsig#"
_INSTANCES = "http://www.w3.org/2001/XMLSchema-instance"

_DECLARED = re.compile(rb"<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
}
"""GB18030 contains the two before it."""


class Element(msgspec.Struct):
    """An element as it stands in the file; what a signature holds is left out."""

    name: str
    namespace: str
    line: int
    attributes: list[str]
    """Names, without those that only say where a schema is."""
    children: list[Element]
    texts: list[str]

    @property
    def text(self) -> str:
        """All the text directly inside."""
        return "".join(self.texts)


def read_tree(data: bytes, limit: int = LIMIT_KIBIBYTES) -> Element:
    """The outermost element; `limit` is in KiB.

    Raises Malformed: `cap.too_large`, `cap.encoding`, `cap.encoding_broken`, `cap.dtd`, and as
    `cap_broken.broken` says.
    """
    if len(data) > limit * 1024:
        raise Malformed("cap.too_large", size=len(data), limit=limit)
    text = _decoded(data)
    parser = expat.ParserCreate("utf-8", " ")
    building = _Building(parser)
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise broken(error, building.inside) from error
    return building.root


class _Building:
    """Takes what the parser meets."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.root = Element("", "", 0, [], [], [])
        self._parser = parser
        self._open: list[Element] = []
        self._left_out = 0
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    @property
    def inside(self) -> str:
        """The path of the innermost element that has not ended; empty before the first."""
        return "/".join(element.name for element in self._open)

    def _doctype(self, name: str, system: str | None, public: str | None, inner: bool) -> None:
        raise Malformed("cap.dtd", line=self._parser.CurrentLineNumber)

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        if self._left_out or len(self._open) == DEEPEST:
            self._left_out += 1
            return
        namespace, _, name = full.rpartition(" ")
        element = Element(
            name,
            namespace,
            self._parser.CurrentLineNumber,
            [a.rpartition(" ")[2] for a in attributes if not a.startswith(f"{_INSTANCES} ")],
            [],
            [],
        )
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        if namespace == SIGNATURES and self._open:
            self._left_out = 1
            return
        self._open.append(element)

    def _end(self, full: str) -> None:
        if self._left_out:
            self._left_out -= 1
        else:
            self._open.pop()

    def _text(self, text: str) -> None:
        if not self._left_out:
            self._open[-1].texts.append(text)


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _as(data, "utf-16")
    if data.startswith(codecs.BOM_UTF8):
        return _as(data, "utf-8-sig")
    declared = _DECLARED.match(data)
    if declared is None:
        return _as(data, "utf-8")
    name = declared[1].decode("ascii")
    if name.lower() not in _CODECS:
        raise Malformed("cap.encoding", encoding=name)
    return _as(data, _CODECS[name.lower()])


def _as(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Malformed("cap.encoding_broken", encoding=codec, line=line) from error
