"""The call list: those not reached, with the telephone number, for those who may have it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handheld.application.reading.call_list import CallList, call_list
from handheld.domain.errors import NotFound
from handheld.domain.ordering import Order
from handheld.domain.seeing import Viewer
from handheld.domain.task import Accept, Deliver, Suspend
from tests.support_ladder import PHONES, REAL, Standing, standing
from tests.support_reactions import DISTRICT, DUTY, EVERYBODY, GRID, HEAD, OFFICIAL, TOWN, task_of

A, B, C = REAL
VISIT = Order(text="走访", to=EVERYBODY, accept_within=3600)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Standing]:
    async with standing(tmp_path / "data") as made:
        yield made


def listed(here: Standing, actor: str, division: str = DISTRICT, **about: int) -> CallList:
    here.home.caught_up()
    look = here.home.looking.look()
    return call_list(look, here.home.boards, Viewer(actor), division, **about)  # type: ignore[arg-type]


def phones(found: CallList) -> dict[str, str | None]:
    return {one.person.person: one.person.phone for place in found.places for one in place.people}


async def test_who_has_no_task_on_the_phone_is_on_the_list_with_the_number(here: Standing) -> None:
    _, (order,) = here.start(VISIT)
    found = listed(here, DUTY)
    assert phones(found) == PHONES
    assert [place.division.code for place in found.places] == [GRID]
    assert found.total == 3
    here.do(Deliver(task=task_of(order, A)), A)
    here.do(Accept(task=task_of(order, B)), DUTY, on_behalf_of=B)
    assert phones(listed(here, DUTY)) == {C: PHONES[C]}
    here.do(Suspend(task=task_of(order, C), reason="路断"), DUTY)
    assert phones(listed(here, DUTY)) == {}


@pytest.mark.parametrize("actor", [TOWN, OFFICIAL, HEAD])
async def test_it_is_for_those_over_the_place(here: Standing, actor: str) -> None:
    here.start(VISIT)
    assert phones(listed(here, actor, GRID)) == PHONES


async def test_hidden_and_absent_are_answered_alike(here: Standing) -> None:
    here.start(VISIT)
    answers = []
    for actor, division in ((A, GRID), (TOWN, DISTRICT), (DUTY, "330899"), ("person-none", GRID)):
        with pytest.raises(NotFound) as refused:
            listed(here, actor, division)
        answers.append((refused.value.code, set(refused.value.params)))
    assert answers == [("division.unknown", {"division"})] * 4


async def test_drills_stand_apart(here: Standing) -> None:
    here.start(VISIT, drill=True)
    assert listed(here, DUTY).total == 0
    assert listed(here, DUTY, drills=True).total == 3


async def test_a_page_of_it(here: Standing) -> None:
    here.start(VISIT)
    seen: list[str] = []
    for offset in range(4):
        found = listed(here, DUTY, offset=offset, limit=1)
        assert found.total == 3
        seen += phones(found)
    assert sorted(seen) == sorted(REAL)


async def test_what_was_tried_is_told_and_who_is_left_to_the_telephone(here: Standing) -> None:
    here.climb({})
    here.start(VISIT)
    await here.until(15)
    (place,) = listed(here, DUTY).places
    assert all(one.listed for one in place.people)
    assert [(one.rung, one.result) for one in place.people[0].attempts] == [("call_list", "listed")]
