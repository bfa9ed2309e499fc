"""What other systems may: only what their register names, and never more than this."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from handheld.adapters.systems_file import read_systems
from handheld.domain import finding_commands, ordering, starting, task_commands, warning_commands
from handheld.domain.errors import HandheldError, Installation
from handheld.domain.policy import TABLE, Subject, may
from handheld.domain.policy.systems import System, check_command, check_system
from handheld_projections.organisation import Organisation

KNOWN = System(
    source="urn:x",
    may=frozenset(("cap", "warning", "start")),
    divisions=("330825", "330803101"),
    cap_senders=("cap@weather.example",),
)


def refused(
    kind: Any,
    *divisions: str,
    known: System = KNOWN,
    drill: bool = False,
    sender: str | None = None,
    at_once: bool = False,
) -> str | None:
    try:
        check_system(known, kind, divisions, drill=drill, cap_sender=sender, at_once=at_once)
    except HandheldError as error:
        return error.code
    return None


def test_each_grant_is_needed_and_enough() -> None:
    assert refused("warning", "330825", "330825101264") is None
    assert refused("warning", "330825101", "330803") == "system.elsewhere"
    assert refused("finding", "330825") == "system.not_granted"
    assert refused("cap", sender="cap@weather.example") is None
    assert refused("cap", sender="CAP@weather.example") == "system.cap_sender"
    assert refused("start", "330825", at_once=True) == "system.not_at_once"
    assert (
        refused("start", "330825", at_once=True, known=replace(KNOWN, starts_at_once=True)) is None
    )
    assert refused("warning", known=replace(KNOWN, drills_only=True)) == "system.drills_only"
    assert refused("warning", known=replace(KNOWN, drills_only=True), drill=True) is None


def test_of_all_commands_four_are_open_to_systems() -> None:
    subject = Subject(Organisation(), "330825")
    allowed = {action for action in TABLE if may("system-weather", action, subject)}
    assert allowed == {
        warning_commands.ReceiveCap,
        warning_commands.RaiseWarning,
        finding_commands.ReportFinding,
        starting.StartFromPlan,
    }
    for action in TABLE:
        check_command("operator", action)
        if action in allowed:
            check_command("system-weather", action)
        else:
            with pytest.raises(HandheldError):
                check_command("system-weather", action)
    assert {ordering.IssueOrder, task_commands.Verify} <= set(TABLE) - allowed


GOOD = """
[systems.weather]
source = "urn:x"
may = ["warning", "start"]
divisions = ["330825"]
"""


def test_the_register_is_read_and_what_it_says_must_make_sense(tmp_path: Path) -> None:
    file = tmp_path / "systems.toml"
    file.write_text("\ufeff" + GOOD, "utf-8")
    assert read_systems(file)["weather"].may == {"warning", "start"}
    for wrong in (
        GOOD.replace("weather", '"Weather Bureau"'),
        GOOD.replace('"warning", ', ""),
        GOOD.replace("start", "finding"),
        GOOD.replace("start", "cap"),
        GOOD.replace("start", "everything"),
        GOOD.replace('"start"', '"cap"') + "starts_at_once = true",
        GOOD + "plain = 1",
        GOOD.replace('source = "urn:x"', ""),
        GOOD + "[",
    ):
        file.write_text(wrong)
        with pytest.raises(Installation) as found:
            read_systems(file)
        assert found.value.code == "systems.file"
        assert found.value.params["reason"]
    with pytest.raises(Installation):
        read_systems(tmp_path / "none.toml")
