"""docs/reference/gateway.asyncapi.json: valid AsyncAPI 3.0, and what the running server gives."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from jsonschema import Draft7Validator, Draft202012Validator, ValidationError

from handheld.bootstrap import Home, found_home
from handheld.entrypoints.gateway.asyncapi import document
from handheld.entrypoints.gateway.messages import FromClient, FromGateway
from tests.docs.pages import ROOT
from tests.support_server import served

DOCUMENT: dict[str, Any] = json.loads(json.dumps(document()))
SPECIFICATION = json.loads(
    (ROOT / "tests/docs/data/asyncapi-3.0.0.schema.json").read_text(encoding="utf-8")
)


def test_it_is_an_asyncapi_document() -> None:
    Draft7Validator(SPECIFICATION).validate(DOCUMENT)


def test_the_specification_refuses_what_is_none() -> None:
    wrong = deepcopy(DOCUMENT)
    wrong["operations"]["hello"]["action"] = "shout"
    with pytest.raises(ValidationError):
        Draft7Validator(SPECIFICATION).validate(wrong)


def test_it_is_the_page_in_the_reference() -> None:
    page = ROOT / "docs/reference/gateway.asyncapi.json"
    assert json.loads(page.read_text(encoding="utf-8")) == DOCUMENT


def test_the_running_server_gives_the_same(tmp_path: Path) -> None:
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as home, served(home) as server:
        answer = httpx.get(f"{server.api}/asyncapi.json", trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0].endswith("json")
    assert answer.json() == DOCUMENT


def test_each_message_is_in_it_in_the_right_direction() -> None:
    operations = DOCUMENT["operations"]
    asked = {kind.__struct_config__.tag for kind in get_args(FromClient)}
    told = {kind.__struct_config__.tag for kind in get_args(FromGateway)}
    assert {name for name, one in operations.items() if one["action"] == "receive"} == asked
    sent = {name for name, one in operations.items() if one["action"] == "send"}
    replies = {
        message["$ref"].rpartition("/")[2]
        for one in operations.values()
        for message in one.get("reply", {}).get("messages", ())
    }
    assert sent | replies == told
    assert set(DOCUMENT["components"]["messages"]) == asked | told


def test_every_reference_in_it_leads_somewhere() -> None:
    def follow(node: Any) -> None:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                found: Any = DOCUMENT
                for key in reference.removeprefix("#/").split("/"):
                    found = found[key]
            for value in node.values():
                follow(value)
        elif isinstance(node, list):
            for value in node:
                follow(value)

    follow(DOCUMENT)


def test_its_schemas_are_schemas() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
