from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handheld.bootstrap import Home, found_home
from tests.support_imports import COUNTY, import_divisions, table


@pytest.fixture
def empty_home(tmp_path: Path) -> Iterator[Home]:
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as home:
        yield home


@pytest.fixture
def home(empty_home: Home, tmp_path: Path) -> Home:
    import_divisions(empty_home, table(tmp_path, COUNTY, name="county.csv"))
    return empty_home
