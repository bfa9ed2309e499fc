"""Which elements a CAP 1.2 message has, in which order, how often: the schema of the standard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from handheld.adapters.cap_values import (
    Value,
    circle,
    decimal,
    integer,
    language,
    moment,
    name,
    one_of,
    polygon,
    references,
    some_words,
    words,
)
from handheld.adapters.cap_xml import SIGNATURES, Element
from handheld.domain.cap import CapStatus, Category, MsgType, ResponseType, Scope
from handheld.domain.errors import Malformed
from handheld_events.warning import Certainty, Severity, Urgency

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_FAMILY = ("urn:oasis:names:tc:emergency:cap:", "http://www.incident.com/cap/")
"""CAP 1.1 and its drafts, and CAP 1.0."""


class Rule(NamedTuple):
    """How an element may occur within another."""

    name: str
    content: Value | tuple[Rule, ...] = words
    least: int = 0
    many: bool = False


_NAMED = (Rule("valueName", least=1), Rule("value", least=1))

_RESOURCE = (
    Rule("resourceDesc", least=1),
    Rule("mimeType", least=1),
    Rule("size", integer),
    Rule("uri"),
    Rule("derefUri"),
    Rule("digest"),
)

_AREA = (
    Rule("areaDesc", least=1),
    Rule("polygon", polygon, many=True),
    Rule("circle", circle, many=True),
    Rule("geocode", _NAMED, many=True),
    Rule("altitude", decimal),
    Rule("ceiling", decimal),
)

_INFO = (
    Rule("language", language),
    Rule("category", one_of(Category), 1, many=True),
    Rule("event", some_words, 1),
    Rule("responseType", one_of(ResponseType), many=True),
    Rule("urgency", one_of(Urgency), 1),
    Rule("severity", one_of(Severity), 1),
    Rule("certainty", one_of(Certainty), 1),
    Rule("audience"),
    Rule("eventCode", _NAMED, many=True),
    Rule("effective", moment),
    Rule("onset", moment),
    Rule("expires", moment),
    Rule("senderName"),
    Rule("headline"),
    Rule("description"),
    Rule("instruction"),
    Rule("web"),
    Rule("contact"),
    Rule("parameter", _NAMED, many=True),
    Rule("resource", _RESOURCE, many=True),
    Rule("area", _AREA, many=True),
)

ALERT = (
    Rule("identifier", name, 1),
    Rule("sender", name, 1),
    Rule("sent", moment, 1),
    Rule("status", one_of(CapStatus), 1),
    Rule("msgType", one_of(MsgType), 1),
    Rule("source"),
    Rule("scope", one_of(Scope), 1),
    Rule("restriction"),
    Rule("addresses"),
    Rule("code", many=True),
    Rule("note"),
    Rule("references", references),
    Rule("incidents"),
    Rule("info", _INFO, many=True),
)


def check_root(root: Element) -> None:
    """The file is a CAP 1.2 message.

    Raises Malformed: `cap.version` (of another version), `cap.root` (something else).
    """
    if root.name == "alert" and root.namespace.startswith(_FAMILY):
        if root.namespace != NAMESPACE:
            raise Malformed("cap.version", found=root.namespace)
        return
    raise Malformed("cap.root", element=root.name, namespace=root.namespace or "-")


def read(element: Element, path: str, rules: Sequence[Rule], *, signed: bool) -> dict[str, Any]:
    """What the element says, by the names of its parts; `signed`: signatures may end it.

    Raises Malformed: `cap.attribute`, `cap.stray_text`, `cap.unknown_element`, `cap.namespace`,
    `cap.missing`, `cap.repeated`, `cap.order`, and what the values raise.
    """
    _check_plain(element, path)
    if element.text.strip():
        raise Malformed("cap.stray_text", element=path, line=element.line)
    places = {rule.name: index for index, rule in enumerate(rules)}
    said: dict[str, Any] = {}
    furthest = 0
    late: tuple[str, str, int] | None = None
    ended = False
    for child in element.children:
        if signed and child.namespace == SIGNATURES:
            ended = True
            continue
        inner = f"{path}/{child.name}"
        if child.name not in places:
            raise Malformed("cap.unknown_element", element=inner, line=child.line)
        if child.namespace != NAMESPACE:
            raise Malformed(
                "cap.namespace", element=inner, line=child.line, found=child.namespace or "-"
            )
        place = places[child.name]
        rule = rules[place]
        if late is None and (place < furthest or ended):
            after = "Signature" if ended else rules[furthest].name
            late = (inner, after, child.line)
        furthest = max(furthest, place)
        if rule.many:
            values = said.setdefault(rule.name, [])
            values.append(_value(child, f"{inner}[{len(values) + 1}]", rule))
        elif rule.name in said:
            raise Malformed("cap.repeated", element=inner, line=child.line)
        else:
            said[rule.name] = _value(child, inner, rule)
    for rule in rules:
        if rule.least and rule.name not in said:
            raise Malformed("cap.missing", element=f"{path}/{rule.name}", line=element.line)
    if late is not None:
        raise Malformed("cap.order", element=late[0], after=late[1], line=late[2])
    return said


def _value(element: Element, path: str, rule: Rule) -> Any:
    if isinstance(rule.content, tuple):
        return read(element, path, rule.content, signed=False)
    _check_plain(element, path)
    if element.children:
        child = element.children[0]
        raise Malformed("cap.unknown_element", element=f"{path}/{child.name}", line=child.line)
    return rule.content(path, element.text)


def _check_plain(element: Element, path: str) -> None:
    if element.attributes:
        raise Malformed(
            "cap.attribute", element=path, attribute=element.attributes[0], line=element.line
        )
