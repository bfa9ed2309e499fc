from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handheld.application.access.service import Access
from tests.support_access import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    found = Office(tmp_path)
    yield found
    found.close()


@pytest.fixture
def access(office: Office) -> Access:
    return office.open()
