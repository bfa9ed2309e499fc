from __future__ import annotations

from collections.abc import Iterator

import pytest

from handheld.application.access.service import Access
from tests.support_access import Office
from tests.support_stores import Stores


@pytest.fixture
def office(stores: Stores) -> Iterator[Office]:
    found = Office(stores)
    yield found
    found.close()


@pytest.fixture
def access(office: Office) -> Access:
    return office.open()
