"""What a message says to this district."""

from __future__ import annotations

import pytest

from handheld.domain.cap_reading import from_cap, is_drill
from handheld.domain.warning_commands import ReceiveCap
from handheld_events.warning import WarningContent
from tests.support_cap import COUNTY, NORTH, TYPHOON, alert, block, message, moment, register

ORGANISATION = register()


def read(*blocks: str, **about: str) -> ReceiveCap:
    data = message(info="".join(blocks), **about)  # type: ignore[arg-type]
    return from_cap(alert(data), ORGANISATION)


def content(*blocks: str) -> WarningContent:
    found = read(*blocks).content
    assert found is not None
    return found


def test_the_chinese_block_is_taken_with_all_that_it_says() -> None:
    found = from_cap(alert(TYPHOON), ORGANISATION)

    assert found.cap.sent == moment(6, 58)
    assert (found.kind, found.status) == ("Alert", "Actual")
    said = found.content
    assert said is not None
    assert (said.event, said.level, said.headline) == (
        "台风",
        "orange",
        "虚构气象台发布台风橙色预警",
    )
    assert (said.divisions, said.area) == ((COUNTY,), "龙游县")
    assert (said.effective, said.expires) == (moment(7), moment(7).replace(day=24))
    assert said.instruction == "停止户外作业，转移危房人员。"
    assert (said.severity, said.urgency, said.certainty) == ("Severe", "Expected", "Likely")


def test_the_first_block_is_taken_where_none_is_in_a_language_that_is_read() -> None:
    assert content(block(language="es-ES", event="tifón"), block(language="fr")).event == "tifón"


def test_english_comes_after_chinese_and_before_the_rest() -> None:
    assert (
        content(block(language="fr"), block(language="en-GB", event="typhoon")).event == "typhoon"
    )


def test_the_block_that_is_for_here_is_taken_even_if_another_is_graver() -> None:
    here = block(headline="黄色预警", codes=(NORTH,))
    there = block(headline="红色预警", codes=("330700",), area="别处")
    assert content(there, here).divisions == (NORTH,)


def test_the_gravest_of_those_for_here_is_taken() -> None:
    assert content(block(headline="黄色预警"), block(headline="红色预警")).level == "red"


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        ("Extreme", "red"),
        ("Severe", "orange"),
        ("Moderate", "yellow"),
        ("Minor", "blue"),
        ("Unknown", "blue"),
    ],
)
def test_severity_gives_the_level_where_no_colour_is_named(severity: str, level: str) -> None:
    assert content(block(severity=severity, headline="台风预警")).level == level


@pytest.mark.parametrize(
    ("headline", "level"),
    [
        ("发布台风红色预警信号", "red"),
        ("台风橙色预警", "orange"),
        ("将台风黄色预警升级为橙色", "orange"),
        ("台风红色预警信号降低至黄色预警信号", "yellow"),
        ("发布橙色预警，原黄色预警解除", "orange"),
        ("蓝色预警、黄色预警", "yellow"),
    ],
)
def test_the_colour_in_the_headline_gives_the_level(headline: str, level: str) -> None:
    assert content(block(severity="Minor", headline=headline)).level == level


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("颜色", "红色", "red"),
        ("预警级别", "红", "red"),
        ("awareness_level", "2; yellow; Moderate", "yellow"),
        ("color", "RED", "red"),
        ("HSAS", "RED", "blue"),
        ("levels", "red or orange", "blue"),
    ],
)
def test_a_parameter_gives_the_level_before_anything_else(
    name: str, value: str, level: str
) -> None:
    parameter = f"<parameter><valueName>{name}</valueName><value>{value}</value></parameter>"
    said = content(block(severity="Minor", headline="蓝色预警", parameter=parameter))
    assert said.level == level


def test_an_area_that_is_only_drawn_is_for_nowhere_yet() -> None:
    drawn = "<polygon>29,119 29,120 28,120 29,119</polygon>"
    said = content(block(area="沿江地区", codes=(), polygon=drawn))
    assert (said.divisions, said.area) == ((), "沿江地区")


def test_an_update_that_gives_the_all_clear_lifts() -> None:
    found = read(
        block(response="AllClear"), kind="Update", references="a,b,2021-07-23T07:00:00-00:00"
    )
    assert found.kind == "Cancel"


def test_a_message_without_blocks_has_no_content() -> None:
    assert read().content is None


def test_an_exercise_is_a_drill() -> None:
    assert is_drill(alert(message(status="Exercise")))
    assert not is_drill(alert(message()))
