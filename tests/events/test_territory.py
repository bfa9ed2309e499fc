from __future__ import annotations

import pytest

from handheld_events.territory import TIERS, ancestors, kind_by_code, parent_of, tier_of, within

GRID = "330825101264001"


@pytest.mark.parametrize(
    ("code", "tier"),
    [
        ("330825", "district"),
        ("330825101", "township"),
        ("330825101264", "village"),
        (GRID, "grid"),
    ],
)
def test_the_number_of_digits_says_the_tier(code: str, tier: str) -> None:
    assert tier_of(code) == tier


def test_there_are_four_tiers_from_the_district_down() -> None:
    assert list(TIERS.values()) == ["district", "township", "village", "grid"]


def test_prefixes_are_ancestors_the_district_first() -> None:
    assert ancestors(GRID) == ("330825", "330825101", "330825101264", GRID)
    assert ancestors("330825101") == ("330825", "330825101")
    assert ancestors("330825") == ("330825",)


def test_each_parent_is_the_ancestor_before() -> None:
    line = ancestors(GRID)

    assert [parent_of(code) for code in line] == [None, *line[:-1]]


def test_a_division_lies_within_itself_and_its_ancestors_and_nowhere_else() -> None:
    assert [within(GRID, code) for code in ancestors(GRID)] == [True] * 4
    assert not within("330825", "330825101")
    assert not within("330825102", "330825101")
    assert not within("330803101", "330825")


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ("000", "other"),
        ("001", "residents_committee"),
        ("199", "residents_committee"),
        ("200", "villagers_committee"),
        ("399", "villagers_committee"),
        ("400", "other"),
        ("498", "other"),
        ("999", "other"),
    ],
)
def test_the_last_digits_of_a_village_say_its_kind(last: str, kind: str) -> None:
    assert kind_by_code("330825101" + last) == kind


@pytest.mark.parametrize("code", ["330825", "330825101", GRID])
def test_other_tiers_have_no_kind(code: str) -> None:
    assert kind_by_code(code) is None
