"""A small county, a server on it, and a fleet that is signed in."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from handheld.application.access.records import DeviceSaid
from handheld.bootstrap import Home
from handheld.entrypoints.fleet.owners import Owner
from tests.support_gateway import Site, opened, serving
from tests.support_log import copied, person, populated

PEOPLE = 40


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return populated(tmp_path_factory.mktemp("fleet") / "data", PEOPLE)


@pytest.fixture
def home(county: Path, tmp_path: Path) -> Iterator[Home]:
    with opened(copied(county, tmp_path / "data")) as home:
        yield home


@pytest.fixture
async def site(home: Home) -> AsyncGenerator[Site]:
    async with serving(home) as site:
        yield site


@pytest.fixture
def owners(home: Home) -> list[Owner]:
    people = [person(n) for n in range(PEOPLE)]
    said = [(who, DeviceSaid(id=f"fleet-{who}")) for who in people]
    known = home.organisation.caught_up()[0].people
    return [
        Owner(
            person=who,
            token=made.token,
            device=device.id,
            posts=known[who].posts,
            households=(f"{who[-3:]}-1",),
        )
        for (who, device), made in zip(said, home.access.grant_sessions(said), strict=True)
    ]
