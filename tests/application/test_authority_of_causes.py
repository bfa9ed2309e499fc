"""Nobody starts anything on a warning or a finding that they cannot see: it is as if there were none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from handheld.application.deciding import Case, decide_all
from handheld.application.loading import States
from handheld.application.requests import Request
from handheld.domain.ordering import Order
from handheld.domain.starting import StartAdHoc
from handheld_events.envelope import Meta
from handheld_events.ids import person_stream
from tests.application.test_policy_as_decided import COUNTY, NEXT, TOWN, VILLAGE, Place
from tests.support_log import new_command


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("county"))
    yield made
    made.bench.close()


def start(place: Place, actor: str, division: str, **cause: Any) -> str:
    """The outcome, or the code of the error; nothing is written."""
    people = (person_stream("contact"),) if division != NEXT else (person_stream("both"),)
    command = StartAdHoc(
        title="处置", division=division, orders=(Order(text="到场", people=people),), **cause
    )
    meta = Meta(actor=actor, command=new_command(), occurred_at=place.now)
    request = Request(command, meta)
    decided = decide_all(
        [Case(request, request.key(), 0)], States(place.bench.log), place.bench.world
    )
    return decided.ready[0].decided.outcome if decided.ready else decided.failed[0].error.code


@pytest.mark.parametrize(
    ("who", "division", "told_for", "answer"),
    [
        ("town-duty", TOWN, TOWN, "accepted"),
        ("town-duty", TOWN, COUNTY, "accepted"),  # of the whole county: it is theirs as well
        ("town-duty", TOWN, "", "accepted"),  # nobody has said yet where it is for
        ("town-duty", TOWN, NEXT, "warning.unknown"),
        ("duty", COUNTY, NEXT, "accepted"),
        ("duty", TOWN, NEXT, "accepted"),
    ],
)
def test_a_start_on_a_warning(
    place: Place, who: str, division: str, told_for: str, answer: str
) -> None:
    told = place.told[told_for]
    assert start(place, person_stream(who), division, warning=told) == answer


@pytest.mark.parametrize(
    ("who", "division", "desk", "answer"),
    [
        ("town-duty", TOWN, VILLAGE, "accepted"),
        ("town-duty", TOWN, COUNTY, "accepted"),  # it was found in their territory
        ("next-duty", NEXT, VILLAGE, "finding.unknown"),
        ("next-duty", NEXT, COUNTY, "finding.unknown"),
        ("duty", COUNTY, "department-water", "accepted"),
    ],
)
def test_a_start_about_a_finding(
    place: Place, who: str, division: str, desk: str, answer: str
) -> None:
    assert start(place, person_stream(who), division, finding=place.desks[desk]) == answer


def test_what_there_is_not_is_answered_in_the_same_way(place: Place) -> None:
    who = person_stream("next-duty")
    assert start(place, who, NEXT, finding="finding-none") == "finding.unknown"
    assert start(place, who, NEXT, warning="warning-none") == "warning.unknown"
