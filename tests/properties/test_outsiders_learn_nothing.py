"""Whatever was asked for in a long story, asked for once more by somebody whom it does not concern.

The answer says that they may not, or that there is no such thing. An outcome, or an error that depends
on the state of what it is about, would tell them something.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from handheld.application.deciding import Case, decide_all
from handheld.application.loading import States
from handheld.application.requests import Request
from handheld.domain.errors import HandheldError, NotAllowed, NotFound
from handheld.domain.finding_commands import ReportFinding
from handheld.domain.register import Contact, DivisionRow, ImportDivisions, ImportPeople, PersonRow
from handheld_projections.organisation import Post
from tests.properties.rules import Result
from tests.properties.test_everything_is_asked_for import walk
from tests.properties.test_machine_in_memory import InMemory
from tests.support_log import new_command
from tests.support_story import sealed

ELSEWHERE = "330825199200"
FIELD, NOBODY = "person-S7", "person-S77"
"""A household contact without a task, and somebody who is in no register."""
OF_THE_COMMAND = (
    "words.",
    "photos.",
    "location.",
    "time.",
    "command.",
    "filled.",
    "tasks.",
    "notices.number",
    "register.drill",
)
"""Errors that follow from the command alone."""


class Kept(InMemory):
    """A machine that keeps what was asked for."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        super().__init__()

    def batch(self, desk: int, requests: list[Request]) -> list[Result]:
        self.requests += requests
        return super().batch(desk, requests)


@pytest.fixture(scope="module")
def story() -> Iterator[Kept]:
    made = walk(4, 900, Kept())
    assert isinstance(made, Kept)
    division = (
        DivisionRow(code=ELSEWHERE[:9], name="别乡"),
        DivisionRow(code=ELSEWHERE, name="别村"),
    )
    made.ask(ImportDivisions(rows=division), "here", "operator")
    made.all_kept()
    row = PersonRow(
        person=FIELD,
        contact=Contact(sealed(FIELD)),
        posts=(Post("household_contact", ELSEWHERE),),
        synthetic=True,
    )
    made.ask(ImportPeople(rows=(row,)), "here", "operator")
    made.all_kept()
    yield made
    made.teardown()


def answer(story: Kept, request: Request, actor: str, who: str | None) -> Any:
    """What they would be told; nothing is written."""
    meta = replace(request.meta, actor=actor, on_behalf_of=who, command=new_command())
    asked = Request(request.command, meta)
    desk = story.desks[0]
    decisions = decide_all([Case(asked, asked.key(), 0)], States(story.log), desk.writer._world)
    return decisions.ready[0].decided if decisions.ready else decisions.failed[0].error


def tells(request: Request, told: Any) -> bool:
    if isinstance(told, (NotAllowed, NotFound)):
        return False
    if isinstance(told, HandheldError):
        return not told.code.startswith(OF_THE_COMMAND) and told.code != "person.unknown"
    # Anybody who is registered reports what they find, of their own.
    return not (isinstance(request.command, ReportFinding) and request.command.task is None)


def test_whom_it_does_not_concern_is_told_that_they_may_not_or_that_there_is_none(
    story: Kept,
) -> None:
    """Which commands the story asks for is told by test_everything_is_asked_for."""
    learned = {}
    for request in story.requests:
        for actor in (FIELD, NOBODY):
            for who in {None, request.meta.on_behalf_of, request.meta.actor}:
                told = answer(story, request, actor, who)
                if tells(request, told):
                    key = (type(request.command).__name__, str(told)[:90], who is not None)
                    learned[key] = (actor, who)
    assert not learned, "\n".join(map(str, sorted(learned)))
