"""The parser of the AsyncAPI project itself finds nothing wrong in what we publish of our channels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.support_node import needs_clients, run

REFERENCE = ROOT / "docs/reference"
DOCUMENTS = sorted(REFERENCE.glob("*asyncapi.json"))


@needs_clients
def test_the_documents_are_valid_and_whole() -> None:
    assert [path.name for path in DOCUMENTS] == ["asyncapi.json", "gateway.asyncapi.json"]
    for path, said in zip(DOCUMENTS, run("validate.mjs", *DOCUMENTS), strict=True):
        document = json.loads(path.read_text("utf-8"))
        assert said == {
            "version": document["asyncapi"],
            "channels": len(document["channels"]),
            "messages": len(document["components"]["messages"]),
            "wrong": [],
        }, path.name


@needs_clients
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_the_parser_refuses_what_is_none(document: Path, tmp_path: Path) -> None:
    wrong = json.loads(document.read_text("utf-8"))
    next(iter(wrong["operations"].values()))["action"] = "shout"
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    (said,) = run("validate.mjs", tmp_path / "wrong.json")
    assert any("action" in one for one in said["wrong"])
