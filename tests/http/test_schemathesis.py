"""Every operation on a running server, asked sensibly and senselessly: each answer is as documented.

Longer under `make soak`.
"""

from __future__ import annotations

from collections.abc import Generator
from itertools import cycle

import pytest
from schemathesis import GenerationMode

from tests.support_proof import proof
from tests.support_schemathesis import Driver, in_turn

MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Generator[Driver]:
    with proof(tmp_path_factory.mktemp("proof") / "data") as place:
        driver = Driver(place)
        yield driver
        driver.session.close()


@pytest.fixture
def driver(kept: Driver) -> Driver:
    kept.failures.clear()
    kept.statuses.clear()
    return kept


def test_the_examples_of_the_document_are_answered_as_it_says(driver: Driver) -> None:
    for operation in driver.operations():
        driver.try_examples(operation, seed=1)
    assert not driver.failures, _told(driver)
    assert driver.statuses[200] > 100, driver.statuses  # it is the rules that answer
    assert driver.statuses[409] > 10, driver.statuses


def test_what_is_made_up_is_answered_as_documented(driver: Driver) -> None:
    for operation, mode in zip(driver.operations(), cycle(MODES), strict=False):
        driver.try_out(operation, mode, examples=1, seed=2)
    assert not driver.failures, _told(driver)
    assert {200, 400, 401, 403, 404} <= set(driver.statuses)


def test_what_one_answer_names_is_asked_for_next(driver: Driver) -> None:
    in_turn(driver, scenarios=4, steps=8, seed=3)
    assert not driver.failures, _told(driver)
    assert driver.statuses[200] > 5, driver.statuses


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_the_same_for_long(driver: Driver, seed: int) -> None:
    for operation in driver.operations():
        driver.try_examples(operation, seed)
        for mode in MODES:
            driver.try_out(operation, mode, examples=40, seed=seed)
    in_turn(driver, scenarios=60, steps=20, seed=seed)
    assert not driver.failures, _told(driver)


def _told(driver: Driver) -> str:
    return "\n\n".join(f"{label}: {told}" for label, told in driver.failures.items())
