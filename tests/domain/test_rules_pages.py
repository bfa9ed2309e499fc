"""docs/rules/ shows the rules as they are.

`HANDHELD_WRITE_DOCS=1 pytest tests/domain/test_rules_pages.py` writes the pages anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.domain.rules_page import (
    task_force_page,
    task_page,
    who_may_page,
    who_may_see_page,
)

RULES = Path(__file__).parents[2] / "docs" / "rules"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("task.md", task_page),
        ("task-force.md", task_force_page),
        ("who-may.md", who_may_page),
        ("who-may-see.md", who_may_see_page),
    ],
)
def test_the_page_shows_the_rules_as_they_are(name: str, made: Callable[[], str]) -> None:
    page = RULES / name
    if os.environ.get("HANDHELD_WRITE_DOCS"):
        page.parent.mkdir(exist_ok=True)
        page.write_text(made(), encoding="utf-8")

    assert page.read_text(encoding="utf-8") == made(), (
        f"docs/rules/{name} is stale: HANDHELD_WRITE_DOCS=1 pytest tests/domain/test_rules_pages.py"
    )
