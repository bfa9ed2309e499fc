from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from handheld.entrypoints.cli.wrapping import NOT_FIRST, breaks

WORDS = st.text("三门峡，。（）“” abc019:", max_size=60)


def lines(text: str, width: int) -> list[str]:
    cuts = [0, *breaks(text, width), len(text)]
    return [text[a:b] for a, b in pairwise(cuts)]


def test_chinese_is_broken_between_characters_and_not_before_a_comma() -> None:
    assert lines("立即上报险情，先设警示", 12) == ["立即上报险", "情，先设警示"]
    assert lines("（10300 人，空岗）", 8) == ["（10300 ", "人，空", "岗）"]


def test_numbers_and_words_stay_whole_where_there_is_room() -> None:
    assert lines("共有 10,300 人到场", 10) == ["共有 ", "10,300 人", "到场"]
    assert lines("see handheld board", 11) == ["see ", "handheld ", "board"]


@given(WORDS, st.integers(4, 40))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    found = lines(text, width)
    assert "".join(found) == text
    assert all(cell_len(line.rstrip(" ")) <= width for line in found)


@given(st.text("三门峡，。", min_size=1, max_size=60), st.integers(8, 40))
def test_no_line_begins_with_a_comma_unless_commas_fill_the_line(text: str, width: int) -> None:
    for before, line in pairwise(lines(text, width)):
        if line[0] in NOT_FIRST:
            assert all(character in NOT_FIRST for character in before[1:])
