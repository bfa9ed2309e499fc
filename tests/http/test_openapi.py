"""The OpenAPI document: valid, complete enough to make a client from, and true of the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from handheld.entrypoints.http.app import every_endpoint
from handheld.entrypoints.http.command_examples import EXAMPLES
from handheld.entrypoints.http.command_table import PATHS
from handheld.entrypoints.http.openapi import document
from tests.support_proof import proof

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


class Operation(NamedTuple):
    """One method on one path."""

    path: str
    method: str
    said: Mapping[str, Any]


@pytest.fixture(scope="module")
def whole() -> Any:
    return msgspec.json.decode(msgspec.json.encode(document(every_endpoint({}))))


def operations(whole: Any) -> Iterator[Operation]:
    for path, methods in whole["paths"].items():
        for method, said in methods.items():
            yield Operation(path, method, said)


def test_an_outside_validator_finds_it_valid(whole: Any) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(whole).iter_errors()] == []


def test_every_operation_has_what_a_client_is_made_from(whole: Any) -> None:
    ids = Counter(one.said["operationId"] for one in operations(whole))
    assert [name for name, count in ids.items() if count > 1] == []
    tags = {tag["name"] for tag in whole["tags"]}
    for path, method, said in operations(whole):
        assert said["summary"], path
        assert set(said["tags"]) <= tags, path
        named = [p for p in said["parameters"] if p["in"] == "path"]
        assert len(named) == path.count("{"), path
        for status, answer in said["responses"].items():
            assert answer["description"], (path, status)
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], (path, status)
        statuses = set(said["responses"])
        assert {"400", "500", "503"} <= statuses, path
        assert "401" in statuses or said.get("security") == [], path
        if "requestBody" in said:
            assert {"413", "415"} <= statuses, (path, method)


def test_every_link_leads_to_an_operation_that_takes_what_it_gives(whole: Any) -> None:
    known = {one.said["operationId"]: one for one in operations(whole)}
    count = 0
    for one in operations(whole):
        for answer in one.said["responses"].values():
            for link in answer.get("links", {}).values():
                (parameter,) = link["parameters"]
                assert f"{{{parameter}}}" in known[link["operationId"]].path
                count += 1
    assert count > 100


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.command.__struct_config__.tag)
def test_the_example_of_a_command_is_that_command(path: Any) -> None:
    name = path.command.__struct_config__.tag
    inside = {part[1:-1]: f"{part[1:-1]}-1" for part in path.path.split("/") if "{" in part}
    example = EXAMPLES[name]
    assert not inside.keys() & example.keys()
    command = msgspec.convert({**example, **inside, "command": name}, path.command)
    assert msgspec.to_builtins(command).items() >= {"command": name, **inside}.items()


def test_no_example_is_of_a_command_that_is_not_there(whole: Any) -> None:
    assert set(EXAMPLES) == {path.command.__struct_config__.tag for path in PATHS}
    for path, method, said in operations(whole):
        content = said.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None and method == "post" and "commands" in said["tags"]:
            assert content.get("examples") or path.endswith("/commands"), path


def test_the_page_in_the_reference_is_this_document(whole: Any) -> None:
    assert msgspec.json.decode(REFERENCE.read_bytes()) == whole, "run make docs"


def test_what_is_read_with_a_version_says_so_and_nothing_else_does(
    whole: Any, tmp_path: Path
) -> None:
    with proof(tmp_path / "data") as place:
        client = place.server.client(place.story.people.township_head)
        with client:
            assert client.get("/openapi.json").json() == whole
            for path, method, said in operations(whole):
                if method != "get":
                    continue
                names = [p["name"] for p in said["parameters"] if p["in"] == "path"]
                values = {name: place.known.get(name, ["x"])[0] for name in names}
                answer = client.get(path.removeprefix("/api/v1").format(**values))
                if answer.status_code == 200:
                    documented = "ETag" in said["responses"]["200"].get("headers", {})
                    assert documented == ("etag" in answer.headers), path
