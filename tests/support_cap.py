"""CAP messages for tests: of an office that does not exist, about things that did not happen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from handheld.adapters.cap import read_cap
from handheld.domain.cap import CapAlert
from handheld.domain.register import DivisionRow
from handheld_projections.organisation import Organisation
from tests.support_organisation import import_divisions

TYPHOON = (Path(__file__).parent / "data" / "cap" / "typhoon.xml").read_bytes()
SENDER = "cap@weather.example"

COUNTY, NORTH, SOUTH, FAR = "330825", "330825101", "330825102", "330803"
DIVISIONS = {
    COUNTY: "龙游县",
    NORTH: "北乡",
    SOUTH: "湖镇镇",
    NORTH + "200": "希塘村",
    NORTH + "201": "上村",
    SOUTH + "200": "上村",
    NORTH + "200001": "第一网格",
    FAR: "衢江区",
    FAR + "100": "双桥乡",
}


def moment(hour: int, minute: int = 0) -> datetime:
    """An instant of 23 July 2021 (UTC)."""
    return datetime(2021, 7, 23, hour, minute, tzinfo=UTC)


def register() -> Organisation:
    """Two districts with some of what lies in them."""
    made = Organisation()
    import_divisions(made, *(DivisionRow(code=c, name=name) for c, name in DIVISIONS.items()))
    return made


def message(
    identifier: str = "T1",
    *,
    sent: datetime | None = None,
    kind: str = "Alert",
    status: str = "Actual",
    references: str = "",
    info: str | None = None,
    sender: str = SENDER,
    note: str = "",
) -> bytes:
    """A message as XML; `info` is the whole block, or "" for none."""
    at = (sent or moment(7)).isoformat()
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>{identifier}</identifier><sender>{sender}</sender><sent>{at}</sent>
<status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>
{f"<note>{note}</note>" if note else ""}
{f"<references>{references}</references>" if references else ""}
{block() if info is None else info}
</alert>""".encode()


def block(
    *,
    event: str = "台风",
    headline: str = "发布台风橙色预警",
    severity: str = "Severe",
    area: str = "龙游县",
    codes: tuple[str, ...] = (COUNTY,),
    language: str = "zh-CN",
    expires: datetime | None = None,
    response: str = "",
    parameter: str = "",
    polygon: str = "",
) -> str:
    """An info block as XML."""
    geocodes = "".join(
        f"<geocode><valueName>c</valueName><value>{code}</value></geocode>" for code in codes
    )
    return f"""<info><language>{language}</language><category>Met</category><event>{event}</event>
{f"<responseType>{response}</responseType>" if response else ""}
<urgency>Expected</urgency><severity>{severity}</severity><certainty>Likely</certainty>
{f"<expires>{expires.isoformat()}</expires>" if expires else ""}
<headline>{headline}</headline>{parameter}
<area><areaDesc>{area}</areaDesc>{polygon}{geocodes}</area></info>"""


def alert(data: bytes) -> CapAlert:
    return read_cap(data)


def about(identifier: str, sent: datetime | None = None, sender: str = SENDER) -> str:
    """How a later message names this one."""
    return f"{sender},{identifier},{(sent or moment(7)).isoformat()}"
