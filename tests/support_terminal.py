"""What somebody at a terminal has at hand: CAP messages, plans with triggers, photos, workbooks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from tests.cli.driving import PLAN, Terminal

COUNTY, TOWNSHIP, VILLAGE = "999901", "999901101", "999901101201"
JPEG = b"\xff\xd8\xff\xe0 a photo of nothing"


def cap(
    folder: Path,
    name: str,
    *,
    identifier: str = "T1",
    sent: str = "2021-07-23T14:50:00+08:00",
    kind: str = "Alert",
    status: str = "Actual",
    code: str = COUNTY,
    references: str = "",
    headline: str = "发布台风橙色预警",
) -> Path:
    """A CAP message in a file, of an office that does not exist."""
    refers = f"<references>{references}</references>" if references else ""
    path = folder / name
    path.write_text(
        f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>{identifier}</identifier><sender>cap@weather.example</sender><sent>{sent}</sent>
<status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>{refers}
<info><language>zh-CN</language><category>Met</category><event>台风</event>
<urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty>
<headline>{headline}</headline>
<area><areaDesc>虚拟县</areaDesc><geocode><valueName>c</valueName><value>{code}</value></geocode></area>
</info></alert>""",
        "utf-8",
    )
    return path


def adopt_triggered(terminal: Terminal, folder: Path, does: str = "propose") -> None:
    """A plan that answers typhoons of orange or higher."""
    trigger = {"event": "台风", "at_least": "orange", "does": does, "level": "II"}
    plan = {**PLAN, "plan": "typhoon-here", "title": "防台风", "triggers": [trigger]}
    path = folder / "triggered.json"
    path.write_text(json.dumps(plan, ensure_ascii=False), "utf-8")
    terminal.ok("plan", "adopt", path)


def workbook(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    """A workbook with these rows in its only sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    made.save(path)
    return path


def somebody(terminal: Terminal, role: str) -> tuple[str, str]:
    """Number and division of the first person with a role."""
    found = terminal.json("people", "list", "--role", role, "--limit", "1")[0]
    return found["person"].removeprefix("person-"), found["posts"][0]["division"]
