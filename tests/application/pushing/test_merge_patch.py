"""Merge patches: the examples of the standard, and that a patch always makes the one of the other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handheld.application.pushing.merge_patch import apply_patch, make_patch
from handheld.application.reading.board_documents import without_nulls
from tests.support_boards import json_of

# RFC 7396, appendix A
EXAMPLES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]

scalars = (
    st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.0, 1.0, 0.5])
    | st.text("ab", max_size=2)
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", max_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)
objects = st.dictionaries(st.text("xyz", max_size=1), values, max_size=4)


@pytest.mark.parametrize(("target", "patch", "result"), EXAMPLES)
def test_a_patch_does_what_the_standard_says(target: Any, patch: Any, result: Any) -> None:
    before = json_of(target)
    assert apply_patch(target, patch) == result
    assert json_of(target) == before


@settings(derandomize=True, deadline=None, max_examples=400)
@given(objects, objects)
def test_the_patch_between_two_makes_the_second_of_the_first(a: Any, b: Any) -> None:
    patch = make_patch(a, b)
    assert json_of(apply_patch(a, patch)) == json_of(b)
    assert make_patch(b, b) == {}
    assert (patch == {}) == (json_of(a) == json_of(b))


def test_only_what_has_changed_is_in_a_patch() -> None:
    before = {"count": {"waiting": 3, "closed": 0}, "children": {"1": {"n": 1}, "2": {"n": 2}}}
    after = {"count": {"waiting": 2, "closed": 1}, "children": {"1": {"n": 1}, "3": {"n": 2}}}
    assert make_patch(before, after) == {
        "count": {"waiting": 2, "closed": 1},
        "children": {"2": None, "3": {"n": 2}},
    }


def test_true_and_one_are_not_the_same() -> None:
    assert make_patch({"a": {"b": 1}}, {"a": {"b": True}}) == {"a": {"b": True}}
    assert make_patch({"a": [1]}, {"a": [1.0]}) == {"a": [1.0]}


def test_members_without_a_value_are_left_out_of_objects_at_any_depth() -> None:
    assert without_nulls({"a": None, "b": {"c": None, "d": [None]}}) == {"b": {"d": [None]}}
