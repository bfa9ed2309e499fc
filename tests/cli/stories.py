"""A county in which a flood is answered: a plan with every step, a form, reminders and waves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.driving import DIVISIONS, Terminal

FORM = [
    {"key": "moved", "label": "转移人数", "kind": "number", "unit": "人", "most": 200},
    {"key": "road", "label": "道路", "kind": "choice", "choices": ["通", "不通"]},
]
PLAN: dict[str, Any] = {
    "plan": "flood",
    "title": "防汛演练方案",
    "division": "999901",
    "level": "III",
    "orders": [
        {
            "key": "check",
            "text": "巡查本网格",
            "to": [{"role": "grid_head", "tier": "grid"}],
            "steps": ["accept", "en_route", "on_scene", "report", "verify"],
            "accept_within": 3600,
            "report_within": 14400,
            "form": FORM,
            "remind_accept": {"after": 1800, "every": 1200, "most": 1},
        },
        {"key": "visit", "text": "走访联系户", "to": [{"role": "household_contact"}]},
        {
            "key": "pump",
            "text": "排水队待命",
            "to": [{"role": "village_official"}],
            "level": "II",
        },
        {
            "key": "round",
            "text": "再巡一遍",
            "to": [{"role": "grid_head"}],
            "after": 7200,
            "every": 7200,
        },
    ],
}
DEPARTMENTS = "key,name,division,synthetic\ntraffic,演练交通局,999901,是\n"
OFFICERS = """编号,姓名,电话,角色,区划,部门,虚构
D1,演练交通甲,13800000001,部门负责人,999901,traffic,是
D2,演练交通乙,13800000002,执法队员,999901101,traffic,是
"""


def flood_county(terminal: Terminal, folder: Path, *, rate: str = "0") -> None:
    """Two townships, six grids, a department with an officer stationed in a township."""
    files = {
        "divisions.csv": DIVISIONS,
        "plan.json": json.dumps(PLAN, ensure_ascii=False),
        "departments.csv": DEPARTMENTS,
        "officers.csv": OFFICERS,
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    terminal.ok("init", "--simulated-from", "2021-07-23T15:00", "--rate", rate)
    terminal.ok("divisions", "import", folder / "divisions.csv")
    terminal.ok("people", "generate", "--contacts", "6", "--grids", "6")
    terminal.ok("department", "import", folder / "departments.csv")
    terminal.ok("people", "import", folder / "officers.csv")
    terminal.ok("plan", "adopt", folder / "plan.json")


def somebody(terminal: Terminal, role: str, division: str = "999901") -> str:
    """The number of the first who holds a post of this role."""
    words = ("people", "list", "--role", role, "--division", division, "--limit", "1")
    person = str(terminal.json(*words)[0]["person"])
    return person.removeprefix("person-")


def newest_task(terminal: Terminal, person: str) -> str:
    """The task that reached somebody last."""
    items = terminal.json("inbox", person, "--limit", "0")
    dispatched = (i for i in reversed(items) if i["topic"].startswith("task.dispatched"))
    return str(next(dispatched)["stream"])
