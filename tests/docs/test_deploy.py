"""The files of deploy/ name what the program has: its commands, settings, paths and ports."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from handheld.adapters.config_file import read_config
from handheld.config import SETTINGS, resolve, unknown_variables
from handheld.entrypoints.cli.commands import PLACES
from handheld.entrypoints.gateway.door import PATH

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "handheld"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_of_ours(unit: Path) -> None:
    (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.M)
    program, *words = shlex.split(line)
    assert program == "/opt/handheld/bin/handheld"
    assert words[:2] == ["--config", "/etc/handheld/handheld.toml"]
    assert words[2] in PLACES
    flags = {setting.flag for setting in SETTINGS}
    assert {word for word in words[3:] if word.startswith("--")} <= flags


def test_each_kind_of_process_has_a_unit_and_a_container() -> None:
    kinds = {"api", "gateway", "follow"}
    assert {unit.name for unit in UNITS} == {"handheld.service"} | {
        f"handheld-{kind}@.service" for kind in kinds
    }
    assert {one["command"][0] for one in OURS.values()} == kinds | {"migrate"}
    assert all(OURS[kind]["deploy"]["replicas"] == 2 for kind in kinds)


def test_containers_are_told_settings_that_there_are() -> None:
    for one in OURS.values():
        told = {name: str(value) for name, value in one["environment"].items()}
        assert unknown_variables(told) == []
        plain = {
            name: re.sub(r"\$\{(\w+)[^}]*\}", "https://a.example", value)
            for name, value in told.items()
        }
        plain["HANDHELD_DISTRICT"] = "handheld"
        settings = resolve({}, plain, None).settings
        assert settings.port == 8750
        assert len(settings.nats) == settings.nats_replicas == 3


def test_the_file_of_settings_is_taken() -> None:
    settings = resolve({}, {}, read_config(DEPLOY / "handheld.toml")).settings
    assert settings.district == "longyou"
    variables = dict(
        line.split("=", 1) for line in (DEPLOY / "environment").read_text().splitlines()
    )
    assert unknown_variables(variables) == []
    assert resolve({}, variables, None).settings.database == variables["HANDHELD_DATABASE"]


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-compose.conf"])
def test_sockets_go_to_the_gateways_and_the_rest_to_the_apis(name: str) -> None:
    text = (DEPLOY / name).read_text()
    places = dict(re.findall(r"location (?:= )?(\S+) \{[^}]*?proxy_pass http://(\w+);", text))
    assert places == {PATH: "handheld_gateways", "/": "handheld_apis"}
    assert text.count("{") == text.count("}")
