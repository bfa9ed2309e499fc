"""The files of deploy/ name what the program has: its commands, settings, paths and ports."""

from __future__ import annotations

import re
import shlex
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from handheld.adapters.config_file import read_config
from handheld.config import SETTINGS, resolve, unknown_variables
from handheld.domain.media import MOST
from handheld.entrypoints.cli.commands import PLACES
from handheld.entrypoints.gateway.door import PATH
from handheld.entrypoints.http.import_routes import FILE_MOST
from handheld.entrypoints.http.outline_routes import MAP_MOST

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
NGINX = DEPLOY / "nginx"
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
    assert {unit.name for unit in UNITS} == {"handheld-serve.service"} | {
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


def test_sockets_go_to_the_gateways_and_the_rest_to_the_apis() -> None:
    text = (NGINX / "server.conf").read_text()
    places = dict(re.findall(r"location (?:= )?(\S+) \{[^}]*?proxy_pass http://(\w+);", text))
    assert places.pop(PATH) == "handheld_gateways"
    assert set(places) == {"/", "/api/v1/attachments"}
    assert set(places.values()) == {"handheld_apis"}
    for name in ("upstreams.conf", "upstreams-compose.conf"):
        made = re.findall(r"^upstream (\w+) \{$", (NGINX / name).read_text(), re.M)
        assert made == ["handheld_apis", "handheld_gateways"]


def test_the_proxy_lets_the_largest_body_through() -> None:
    (most,) = re.findall(r"client_max_body_size (\d+)m;", (NGINX / "server.conf").read_text())
    assert int(most) << 20 >= max(MAP_MOST, FILE_MOST, *MOST.values())


def test_each_file_that_the_front_is_given_is_there() -> None:
    given = [volume.split(":") for volume in COMPOSE["services"]["front"]["volumes"]]
    own = {there: DEPLOY / here for here, there, _ in given if here.startswith("./nginx/")}
    assert all(one.is_file() for one in own.values())
    included = re.findall(r"include (\S+);", (NGINX / "nginx.conf").read_text())
    assert set(own) == {"/etc/nginx/nginx.conf"} | {f"/etc/nginx/{one}" for one in included}


def test_the_front_has_an_address_that_no_other_container_is_given() -> None:
    address = ip_address(COMPOSE["services"]["front"]["networks"]["inside"]["ipv4_address"])
    (pool,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert address in ip_network(pool["subnet"])
    assert address not in ip_network(pool["ip_range"])
    assert {one["environment"]["HANDHELD_PROXIES"] for one in OURS.values()} == {str(address)}


def test_each_volume_is_used_and_each_that_is_used_is_there() -> None:
    services = COMPOSE["services"].values()
    named = {volume.split(":")[0] for one in services for volume in one.get("volumes", ())}
    assert {one for one in named if not one.startswith(".")} == set(COMPOSE["volumes"])


def test_an_image_holds_what_the_program_is_made_of_and_nothing_beside_it() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    taken = {one for line in re.findall(r"^COPY (.*) \S+$", text, re.M) for one in line.split()}
    assert all((ROOT / one).exists() for one in taken)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    made_of = {one.split("/")[0] for one in project["tool"]["hatch"]["build"]["dev-mode-dirs"]}
    described = {"pyproject.toml", project["project"]["readme"], "LICENSE"}
    assert taken == made_of | described | {"requirements/runtime.txt"}
