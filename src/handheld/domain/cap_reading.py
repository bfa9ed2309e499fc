"""What a CAP message says to this district: one of its info blocks, a colour, and divisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from handheld.domain.cap import CapAlert, CapInfo, Named
from handheld.domain.placing import placed
from handheld.domain.warning_commands import ReceiveCap
from handheld_events.warning import WARNING_LEVELS, Cap, Severity, WarningContent, WarningLevel
from handheld_projections.organisation import Organisation

_COLOURS: dict[str, WarningLevel] = {"红": "red", "橙": "orange", "黄": "yellow", "蓝": "blue"}
_SEVERITIES: dict[Severity, WarningLevel] = {
    "Extreme": "red",
    "Severe": "orange",
    "Moderate": "yellow",
    "Minor": "blue",
    "Unknown": "blue",
}
_COLOUR = re.compile("([红橙黄蓝])色")
_BECOMES = re.compile("(?:为|至|到|成)[^，。；、]{0,8}?([红橙黄蓝])色")
_ISSUED = re.compile("发布[^，。；]*?([红橙黄蓝])色")
_LEVEL_NAME = re.compile("level|colou?r|级|色", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(red|orange|yellow|blue)\b", re.IGNORECASE)


def from_cap(
    alert: CapAlert, organisation: Organisation, languages: Sequence[str] = ("zh", "en")
) -> ReceiveCap:
    """The command that brings a message in.

    Of its info blocks one counts: in the first of these languages that there is, else the first
    block's; of those one that is for somewhere here, and of these the one of the highest level.
    """
    blocks = _in_language(alert.infos, languages)
    weighed = [(_content(alert, info, organisation), info) for info in blocks]
    best = max(
        weighed,
        key=lambda pair: (bool(pair[0].divisions), WARNING_LEVELS.index(pair[0].level)),
        default=None,
    )
    lifted = best is not None and "AllClear" in best[1].response_types
    return ReceiveCap(
        cap=Cap(sender=alert.sender, identifier=alert.identifier, sent=_utc(alert.sent)),
        status=alert.status,
        # An update that gives the all-clear says that the hazard is over (section 3.2.2).
        kind="Cancel" if alert.msg_type == "Update" and lifted else alert.msg_type,
        references=tuple(
            Cap(sender=r.sender, identifier=r.identifier, sent=_utc(r.sent))
            for r in alert.references
        ),
        content=best[0] if best else None,
        note=(alert.note or "").strip() or None,
    )


def is_drill(alert: CapAlert) -> bool:
    """Whether the request that brings it in is to be marked as a drill (`Meta.drill`)."""
    return alert.status == "Exercise"


def level_of(info: CapInfo) -> WarningLevel:
    """The colour of a warning.

    As Chinese offices name it: in a parameter or an event code, in the headline, or in the name of
    the event; where none of them has a colour, by its severity.
    """
    for named in (*info.parameters, *info.event_codes):
        level = _named_colour(named)
        if level is not None:
            return level
    for text in (info.headline or "", info.event):
        level = _colour_in(text)
        if level is not None:
            return level
    return _SEVERITIES[info.severity]


def _in_language(infos: Sequence[CapInfo], languages: Iterable[str]) -> list[CapInfo]:
    wanted = [*languages, infos[0].language if infos else ""]
    for language in wanted:
        found = [i for i in infos if _speaks(i.language, language)]
        if found:
            return found
    return []


def _speaks(code: str, language: str) -> bool:
    return (code.lower() + "-").startswith(language.lower() + "-")


def _named_colour(named: Named) -> WarningLevel | None:
    value = named.value.strip()
    if value in _COLOURS:
        return _COLOURS[value]
    level = _colour_in(value)
    english = _ENGLISH.findall(value)
    if level is None and len(english) == 1 and _LEVEL_NAME.search(named.value_name):
        return WARNING_LEVELS[[*WARNING_LEVELS].index(english[0].lower())]
    return level


def _colour_in(text: str) -> WarningLevel | None:
    """The colour that holds now: the one it becomes, the one issued, or the highest named."""
    becomes = _BECOMES.findall(text)
    if becomes:
        return _COLOURS[becomes[-1]]
    issued = _ISSUED.search(text)
    if issued:
        return _COLOURS[issued[1]]
    named = {_COLOURS[c] for c in _COLOUR.findall(text)}
    return next((level for level in reversed(WARNING_LEVELS) if level in named), None)


def _content(alert: CapAlert, info: CapInfo, organisation: Organisation) -> WarningContent:
    areas = [area.area_desc.strip() for area in info.areas]
    codes = [geocode.value for area in info.areas for geocode in area.geocodes]
    event = info.event.strip()
    begins = info.effective or info.onset
    return WarningContent(
        event=event,
        level=level_of(info),
        headline=(info.headline or "").strip() or event,
        divisions=placed(codes, areas, organisation),
        area="；".join(area for area in areas if area),
        description=(info.description or "").strip() or None,
        instruction=(info.instruction or "").strip() or None,
        severity=info.severity,
        urgency=info.urgency,
        certainty=info.certainty,
        effective=_utc(begins) if begins else None,
        expires=_utc(info.expires) if info.expires else None,
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
