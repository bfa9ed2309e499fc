"""Where the typhoon story plays and when, and the short ways by which its acts are done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from handheld.application.requests import Request
from handheld.demo.stage import Stage
from handheld_events.territory import within
from handheld_projections.open_tasks import OpenTask
from handheld_projections.task_forces import Summary

COUNTY = "330825"
TOWNSHIP = "330825101"
"""湖镇镇."""
VILLAGE = "330825101264"
"""希塘村."""
LEAD = "emergency"
"""The department that leads."""
OPERATOR = "operator"
ZONE = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has no summer time."""


def at(clock: str, day: int = 23) -> datetime:
    """A time of July 2021 by the clock in Longyou (UTC)."""
    return datetime.fromisoformat(f"2021-07-{day}T{clock}").replace(tzinfo=ZONE).astimezone(UTC)


WARNED, START = at("14:58"), at("15:00")
EVENING, STAND_DOWN = at("19:50"), at("20:00")
END, CLOSE, ARCHIVE = at("20:33"), at("20:35"), at("08:00", 24)
SHIFTS = (("08:00", 23), ("18:00", 23), ("08:00", 24))
"""When the duty changes: clock and day."""


class Scene:
    """The stage, and the task force that plays on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.task_force = ""

    def commander(self) -> str:
        """Whoever is on duty in the command room now."""
        found = self.stage.organisation().on_duty("duty_officer", COUNTY)
        return found or self.first("duty_officer", COUNTY)

    def tasks(self) -> Mapping[str, OpenTask]:
        """All tasks of the task force, done or not."""
        self.stage.home.caught_up()
        return self.stage.home.boards.tasks(self.task_force)

    def summary(self) -> Summary:
        """The task force at a glance."""
        self.stage.home.caught_up()
        return self.stage.home.boards.summary(self.task_force)

    def grids(self, territory: str = VILLAGE) -> list[str]:
        """The grids of a territory, by code."""
        divisions = self.stage.organisation().divisions
        return sorted(code for code in divisions if len(code) == 15 and within(code, territory))

    def first(self, role: str, division: str) -> str:
        """Whoever has held a post longest."""
        return self.stage.organisation().holders(role, division)[0]

    def request(self, command: Any, actor: str) -> Request:
        """A request of somebody, to be sent."""
        return self.stage.request(command, actor)

    def do(self, command: Any, actor: str, **about: Any) -> None:
        """Somebody does something, and it is accepted. Raises HandheldError."""
        self.stage.do(command, actor, **about)
