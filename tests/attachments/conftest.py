from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support_attachments import Place


@pytest.fixture
def place(tmp_path: Path) -> Generator[Place]:
    found = Place(tmp_path / "data")
    yield found
    found.close()
