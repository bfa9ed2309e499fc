"""What a screen may offer: the table of who may do what, asked beforehand."""

from __future__ import annotations

import pytest

from handheld.application.reading import task_forces, tasks
from handheld.domain.errors import NotAllowed
from handheld.domain.seeing import Viewer
from handheld.domain.task_commands import Remind
from tests.support_reading import Town


def test_of_a_task_each_is_offered_what_the_table_gives_them(place: Town) -> None:
    look, people = place.home.looking.look(), place.people
    task = place.task(people.contact)
    own = tasks.task_card(look, Viewer(people.contact), task)
    assert {"task.accept", "task.report", "task.resume"} <= set(own.may)
    assert "task.remind" not in own.may
    assert own.may_for == ()
    chief = tasks.task_card(look, Viewer(people.commander), task)
    assert {"task.remind", "task.verify", "task.withdraw"} <= set(chief.may)
    assert "task.accept" not in chief.may
    assert {"task.accept", "task.report"} <= set(chief.may_for)


def test_of_a_task_force_each_is_offered_what_the_table_gives_them(place: Town) -> None:
    look, boards, people = place.home.looking.look(), place.home.boards, place.people
    chief = task_forces.task_force_card(look, boards, Viewer(people.commander), place.flood)
    assert {"order.issue", "task_force.pull_in", "task_force.close"} <= set(chief.may)
    member = task_forces.task_force_card(look, boards, Viewer(people.contact), place.flood)
    assert set(member.may) == {"entry.make", "message.send", "task_force.rate"}


def test_what_is_not_offered_is_not_done(place: Town) -> None:
    contact = place.people.contact
    with pytest.raises(NotAllowed):
        place.home.execute(Remind(task=place.task(contact)), contact)
