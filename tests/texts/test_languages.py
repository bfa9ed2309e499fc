from __future__ import annotations

import re
import string
from typing import get_args

import pytest

from handheld.application.telling.values import ENDINGS, TOLD
from handheld.domain.roles import ROLES
from handheld.texts import LANGUAGES, Language, Texts, language_from
from handheld.texts.lookup import load
from handheld_events.base import Event
from handheld_events.catalogue import CATALOGUE
from handheld_events.division import DivisionKind
from handheld_events.orders import Level, PlanOrder, Step
from handheld_events.territory import TIERS
from handheld_events.warning import WarningContent
from handheld_projections.open_tasks import (
    STAGES,
    STATES,
)
from handheld_projections.task_forces import Status

ZH, EN = load("zh"), load("en")
HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")


def _params(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert ZH.keys() == EN.keys()


def test_both_languages_name_the_same_values() -> None:
    assert {k for k in ZH if _params(ZH[k]) != _params(EN[k])} == set()


def test_no_text_is_empty() -> None:
    assert {k for k in ZH if not ZH[k].strip()} == {"units.between"}
    assert {k for k in EN if not EN[k].strip()} == {"units.between"}


def test_english_holds_no_chinese() -> None:
    assert {key: text for key, text in EN.items() if HAN.search(text)} == {}


def test_chinese_holds_no_english_sentences() -> None:
    def bare(text: str) -> str:
        text = re.sub(r"\{\w+\}", "", text)
        text = re.sub(r"--[\w-]+( [\w-]+)?|handheld [\w -]+", "", text)
        return text

    words = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}")
    assert {key: text for key, text in ZH.items() if words.search(bare(text))} == {}


def test_chinese_is_chinese() -> None:
    plain = {
        key
        for key, text in ZH.items()
        if key.startswith(("errors.", "outcomes.", "cli.help.")) and not HAN.search(text)
    }
    assert plain == set()


@pytest.mark.parametrize("texts", [ZH, EN], ids=["zh", "en"])
def test_every_error_says_what_is_wrong_and_what_to_do(texts: dict[str, str]) -> None:
    codes = {
        key.rpartition(".")[0] for key in texts if key.startswith(("errors.", "outcomes.", "rows."))
    }
    assert len(codes) > 100
    for code in codes:
        wrong, todo = texts[f"{code}.wrong"], texts[f"{code}.todo"]
        assert wrong != todo, code
        for sentence in (wrong, todo):
            assert sentence.rstrip("}")[-1] in ".。？?…-" or sentence.endswith("DIR"), sentence


def test_the_states_are_called_as_on_every_board() -> None:
    zh = [Texts("zh").state(state) for state in STATES]
    assert " · ".join(zh) == "未领办 · 办理中 · 待核查 · 已办结 · 已退单 · 已撤回"
    en = [Texts("en").state(state) for state in STATES]
    assert en == ["not accepted", "in progress", "to verify", "closed", "declined", "withdrawn"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_has_a_key_has_a_name(language: Language) -> None:
    texts = Texts(language)
    for role in ROLES:
        assert texts.role(role) != role
    for stage in STAGES:
        assert texts.stage(stage)
    for tier in TIERS.values():
        assert texts.tier(tier)
    for kind in get_args(DivisionKind):
        assert texts.kind(kind)
    for status in get_args(Status):
        assert texts.status(status)
    for level in get_args(Level):
        assert texts.level(level)
    for step in get_args(Step):
        assert texts.say(f"steps.{step}")


def _field(name: str) -> str:
    """The field of an event that a value is made of: `due_at` of `due_at_time`."""
    return next((name.removesuffix(end) for end in ENDINGS if name.endswith(end)), name)


def _fields(event: type[Event]) -> set[str]:
    """The fields of an event, and of the order or the warning that it holds."""
    fields = set(event.__struct_fields__)
    held = {"order": PlanOrder, "content": WarningContent}
    for name, kind in held.items():
        if name in fields:
            fields |= set(kind.__struct_fields__)
    return fields


@pytest.mark.parametrize("texts", [ZH, EN], ids=["zh", "en"])
def test_every_event_has_a_line_that_names_what_it_holds(texts: dict[str, str]) -> None:
    for topic, event in CATALOGUE.items():
        named = _params(texts[f"topics.{topic}"])
        assert {_field(name) for name in named - TOLD} <= _fields(event), topic
    topics = {key.removeprefix("topics.") for key in texts if key.startswith("topics.")}
    assert topics == CATALOGUE.keys()


@pytest.mark.parametrize(
    ("env", "flag", "expected"),
    [
        ({}, None, "zh"),
        ({"LANG": "C.UTF-8"}, None, "zh"),
        ({"LANG": "en_GB.UTF-8"}, None, "en"),
        ({"LANG": "zh_CN.GB18030"}, None, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, None, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, None, "zh"),
        ({"LANG": "en_US.UTF-8", "HANDHELD_LANG": "zh"}, None, "zh"),
        ({"HANDHELD_LANG": "zh-CN"}, "en", "en"),
        ({"HANDHELD_LANG": "fr", "LANG": "en_US"}, None, "en"),
        ({"LANG": "de_DE.UTF-8"}, None, "zh"),
    ],
)
def test_the_language_is_that_of_the_flag_then_the_variable_then_the_locale(
    env: dict[str, str], flag: str | None, expected: str
) -> None:
    assert language_from(env, flag) == expected
