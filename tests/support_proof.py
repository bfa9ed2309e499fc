"""Everything that can be asked for, on a running server, by one of each kind. All people synthetic."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from handheld.application.access.records import DeviceSaid
from handheld.domain.plan import AdoptPlan
from handheld.domain.register_groups import FormGroup
from handheld.domain.warning_commands import TellWarning
from handheld_events.ids import warning_id
from handheld_events.orders import PlanOrder, Target
from tests.support_reading import DISTRICT, GRID, PHOTO, TOWNSHIP, VILLAGE, Town, town
from tests.support_server import Served, served

PASSWORD = "correct horse battery"
DESK = "desk-1"
PEOPLE = ("commander", "grid worker", "operator")


class Proof:
    """A server on the story's data, and the names of what is in it."""

    def __init__(self, story: Town, server: Served) -> None:
        self.story, self.server = story, server
        home, people = story.home, story.people
        plan = AdoptPlan(
            plan="flood",
            title="防汛应急预案",
            division=DISTRICT,
            orders=(PlanOrder(key="patrol", text="巡查", to=(Target(role="grid_head"),)),),
        )
        home.execute(plan, "operator")
        group = FormGroup(
            group="rescue", name="应急小分队", division=TOWNSHIP, members=(people.grid_head,)
        )
        home.execute(group, "operator")
        told = home.new_command_id()
        warning = TellWarning(event="台风", level="orange", divisions=(DISTRICT,), told_by="气象台")
        home.execute(warning, "operator", command_id=told)
        home.caught_up()
        access = home.access
        self._accounts = 0
        access.create_account(DESK, PASSWORD, person=people.township_duty)
        self.tokens: dict[str, str | None] = {"nobody": None}
        for who in PEOPLE:
            self.tokens[who] = self._token(who)
        self.known = self._known(warning_id(told))

    def _token(self, who: str) -> str:
        people = self.story.people
        match who:
            case "commander":
                return self.server.token(people.township_head)
            case "grid worker":
                return self.server.token(people.grid_worker)
            case _:  # an account of its own each time: operators disable accounts
                self._accounts += 1
                name, access = f"ops-{self._accounts}", self.story.home.access
                access.create_account(name, PASSWORD, role="operator")
                return access.sign_in(name, PASSWORD, device=DeviceSaid(id="device-0009")).token

    def renew(self, who: str) -> None:
        """Somebody signs in again, where their session was ended meanwhile."""
        token = self.tokens[who]
        if token is not None and self.story.home.access.identify(token) is None:
            self.tokens[who] = self._token(who)

    def _known(self, warning: str) -> Mapping[str, list[Any]]:
        """Values that mean something here, by the name of a parameter or field."""
        story, people = self.story, self.story.people
        persons = [people.grid_worker, people.grid_head, people.township_official, story.erased]
        tasks = [story.task(person) for person in persons]
        divisions = [DISTRICT, TOWNSHIP, VILLAGE, GRID]
        position = story.home.log.end()
        now = story.home.clock.now()
        return {
            "account": [DESK],
            "after": [0, 5, position],
            "at": [str(position - 40), now.isoformat(), (now - timedelta(hours=3)).isoformat()],
            "attachment": [PHOTO, sha256(b"%PDF-").hexdigest()],
            "before": [position],
            "below": divisions,
            "command": [],
            "department": ["enforcement", "planning"],
            "desk": ["department-enforcement", DISTRICT],
            "device": ["device-0001"],
            "division": divisions,
            "divisions": divisions,
            "entry": [story.entry, story.struck],
            "finding": [story.finding],
            "group": ["rescue"],
            "household": ["H001"],
            "key": [*divisions, "enforcement"],
            "lead": ["enforcement"],
            "members": persons,
            "order": [story.order],
            "people": persons,
            "person": persons,
            "persons": persons,
            "plan": ["plan-flood", "flood"],
            "code": ["command.stale", "order.withdrawn", "writer.busy"],
            "role": ["grid_head", "duty_officer"],
            "task": tasks,
            "task_force": [story.flood, story.workshop],
            "to": [*persons, "department-enforcement"],
            "version": [1, 2, 3],
            "warning": [warning],
        }

    def headers(self, who: str) -> dict[str, str]:
        """With which somebody calls."""
        token = self.tokens[who]
        found = {"accept-language": "zh"}
        return found if token is None else found | {"authorization": f"Bearer {token}"}


@contextmanager
def proof(directory: Path, **settings: Any) -> Generator[Proof]:
    """The story, and a server on it, until the end of the block."""
    with town(directory) as story, served(story.home, **settings) as server:
        yield Proof(story, server)
