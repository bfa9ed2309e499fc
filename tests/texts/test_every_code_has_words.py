from __future__ import annotations

import string
from collections import defaultdict

import pytest

from handheld.domain.errors import HandheldError
from handheld.texts import LANGUAGES, Language, Texts
from handheld.texts.lookup import load
from tests.texts.raised_codes import Raised, raised

NEVER = {"task.waiting", "task.in_progress", "task.to_verify"}
"""Statuses in which nothing is refused by the status alone."""


@pytest.fixture(scope="module")
def codes() -> list[Raised]:
    """All that the source raises or answers with."""
    return raised()


def _key(language: Language, found: Raised) -> str | None:
    texts = load(language)
    tables = ("rows", "errors") if found.table == "rows" else (found.table,)
    return next((t for t in tables if f"{t}.{found.code}.wrong" in texts), None)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_scan_finds_what_is_known_to_be_there(codes: list[Raised]) -> None:
    known = {(found.table, found.code) for found in codes}
    assert ("errors", "plan.elsewhere") in known
    assert ("errors", "data.in_use") in known
    assert ("outcomes", "task.withdrawn") in known
    assert ("outcomes", "task_force.tasks_open") in known
    assert ("rows", "person.phone_differs") in known
    assert len(known) > 90


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_raised_anywhere_has_words_in_both_languages(
    language: Language, codes: list[Raised]
) -> None:
    missing = [f for f in codes if f.code not in NEVER and _key(language, f) is None]
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_name_only_values_that_come_with_the_code(
    language: Language, codes: list[Raised]
) -> None:
    texts = load(language)
    wrong = []
    for found in codes:
        table = _key(language, found)
        if table is None or found.params is None:
            continue
        for part in ("wrong", "todo"):
            unknown = _placeholders(texts[f"{table}.{found.code}.{part}"]) - found.params
            if unknown:
                wrong.append((found, part, unknown))
    assert not wrong


def test_no_words_are_kept_for_a_code_that_nobody_raises(codes: list[Raised]) -> None:
    used: dict[str, set[str]] = defaultdict(set)
    for found in codes:
        used[_key("en", found) or ""].add(found.code)
    # Chosen by name at run time: see errors.py of the command line, and demo.
    used["errors"] |= {"unexpected", "internal"}
    used["errors"] |= {f"usage.{name}" for name in ("missing", "value", "option", "other")}
    kept = defaultdict(set)
    for key in load("en"):
        table, _, rest = key.partition(".")
        if table in ("errors", "outcomes", "rows") and rest.endswith(".wrong"):
            kept[table].add(rest.removesuffix(".wrong"))
    assert {table: codes - used[table] for table, codes in kept.items()} == {
        "errors": set(),
        "outcomes": set(),
        "rows": set(),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_code_is_named_rather_than_lost(language: Language) -> None:
    explained = Texts(language).error("never.heard_of", {"x": 1})
    assert "never.heard_of" in explained.wrong
    assert explained.todo


def test_a_value_that_is_missing_does_not_lose_the_words() -> None:
    error = HandheldError("plan.unknown")
    assert Texts("en").error(error.code, error.params).wrong.startswith("There is no plan")
