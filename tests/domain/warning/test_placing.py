from __future__ import annotations

import pytest

from handheld.domain.errors import NotFound
from handheld.domain.placing import checked, common, placed
from tests.support_cap import COUNTY, FAR, NORTH, SOUTH, register

ORGANISATION = register()


@pytest.mark.parametrize(
    ("codes", "divisions"),
    [
        (["330825"], (COUNTY,)),
        (["330825000000"], (COUNTY,)),
        (["330825101000"], (NORTH,)),
        (["330825101200"], (NORTH + "200",)),
        (["330825101200001"], (NORTH + "200001",)),
        (["330825101,330825102"], (NORTH, SOUTH)),
        (["330825101000；330825102000 "], (NORTH, SOUTH)),
        (["330825", "330825101"], (COUNTY,)),
        (["330800"], (FAR, COUNTY)),
        (["330800000000"], (FAR, COUNTY)),
        (["330000"], (FAR, COUNTY)),
        (["330700"], ()),
        (["006109"], ()),
        (["330826", "330825"], (COUNTY,)),
        (["3308251012", "CAE", ""], ()),
    ],
)
def test_codes_mean_divisions_of_the_register(codes: list[str], divisions: tuple[str, ...]) -> None:
    assert placed(codes, [], ORGANISATION) == divisions


@pytest.mark.parametrize(
    ("area", "divisions"),
    [
        ("龙游县", (COUNTY,)),
        ("浙江省衢州市龙游县境内", (COUNTY,)),
        ("龙游县、衢江区", (FAR, COUNTY)),
        ("龙游县湖镇镇", (SOUTH,)),
        ("龙游县的湖镇镇、北乡", (NORTH, SOUTH)),
        ("龙游县，湖镇镇", (COUNTY,)),
        ("北乡希塘村", (NORTH + "200",)),
        ("上村", ()),
        ("湖镇镇上村", (SOUTH + "200",)),
        ("湖镇镇、北乡上村", (NORTH + "201", SOUTH)),
        ("沿江地区", ()),
        ("第一网格", ()),
        ("", ()),
    ],
)
def test_names_in_the_words_mean_divisions_where_no_code_does(
    area: str, divisions: tuple[str, ...]
) -> None:
    assert placed(["006109"], [area], ORGANISATION) == divisions


def test_codes_count_before_names() -> None:
    assert placed([NORTH], ["龙游县"], ORGANISATION) == (NORTH,)


def test_what_somebody_typed_must_be_known() -> None:
    assert checked([NORTH, "330800"], ORGANISATION) == (FAR, COUNTY)
    with pytest.raises(NotFound) as caught:
        checked([NORTH, "330826"], ORGANISATION)
    assert caught.value.params == {"division": "330826"}


@pytest.mark.parametrize(
    ("codes", "whole"),
    [
        ([NORTH, SOUTH], COUNTY),
        ([NORTH + "200", NORTH + "201"], NORTH),
        ([NORTH + "200"], NORTH + "200"),
        ([COUNTY, NORTH], COUNTY),
        ([COUNTY, FAR], None),
        ([], None),
    ],
)
def test_where_several_lie_together(codes: list[str], whole: str | None) -> None:
    assert common(codes) == whole
