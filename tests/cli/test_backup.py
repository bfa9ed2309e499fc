"""Backing up and restoring at a terminal: what is said, and what is there afterwards."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from handheld.bootstrap import Home
from tests.cli.driving import Terminal, program, start


def test_what_was_backed_up_is_restored_with_an_id_of_its_own(
    county: Terminal, tmp_path: Path
) -> None:
    start(county)
    before, log = county.json("board"), county.json("log", "list", "--limit", "0")
    said = county.ok("backup", tmp_path / "backup")
    assert "whole and checked" in said
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text("utf-8"))
    assert manifest["made"]["facts"] == len(log)
    again = Terminal(tmp_path / "again")
    told = again.json("restore", tmp_path / "backup")
    assert told["former"][0]["log_id"] == manifest["log_id"] != told["log_id"]
    assert told["position"] == manifest["made"]["position"] == log[-1]["position"]
    assert again.json("board") == before
    assert [fact["data"] for fact in again.json("log", "list", "--limit", "0")] == [
        fact["data"] for fact in log
    ]
    assert "same" in again.ok("log", "verify")
    assert start(again)


def test_a_directory_gets_a_folder_for_each_backup(county: Terminal, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "keys").mkdir()
    told = county.json("backup", tmp_path / "backups", "--keyring", tmp_path / "keys")
    place, keys = Path(told["path"]), Path(told["keyring"])
    assert (place.parent, keys.parent) == (tmp_path / "backups", tmp_path / "keys")
    assert place.name == keys.name
    again = Terminal(tmp_path / "again")
    ran = again.run("restore", place)
    assert ran.code == 1
    assert "--keyring" in ran.err
    assert again.run("restore", place, "--keyring", keys).code == 0
    assert "erased" not in again.ok("people", "list")


def test_a_backup_is_taken_while_another_process_holds_the_directory(
    county: Terminal, tmp_path: Path
) -> None:
    with Home(county.data):
        refused = county.process("board")
        assert "in use" in refused.err
        ran = county.process("backup", tmp_path / "backup")
    assert ran.code == 0, ran
    Terminal(tmp_path / "again").ok("restore", tmp_path / "backup")


@pytest.mark.parametrize(("language", "word"), [("en", "is not as it was"), ("zh", "不一致")])
def test_a_damaged_backup_is_named_and_nothing_is_restored(
    county: Terminal, tmp_path: Path, language: str, word: str
) -> None:
    county.ok("backup", tmp_path / "backup")
    log = tmp_path / "backup" / "log.db"
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 1
    log.write_bytes(content)
    again = Terminal(tmp_path / "again")
    ran = again.run("restore", tmp_path / "backup", language=language)
    assert ran.code == 1
    assert word in ran.err
    assert not again.data.exists()


def test_a_manifest_that_says_otherwise_is_not_believed(county: Terminal, tmp_path: Path) -> None:
    """The hashes are right, and what is made of the facts is not what was made of them before."""
    start(county)
    county.ok("backup", tmp_path / "backup")
    path = tmp_path / "backup" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for field, value in (("inbox", "0" * 32), ("boards", "0" * 32), ("position", 3)):
        path.write_text(json.dumps({**manifest, "made": {**manifest["made"], field: value}}))
        ran = Terminal(tmp_path / "again").run("restore", tmp_path / "backup", "--json")
        assert ran.json["error"]["code"] == "backup.not_whole"
        assert not (tmp_path / "again").exists()
    path.write_text(json.dumps({**manifest, "format": 99}))
    ran = Terminal(tmp_path / "again").run("restore", tmp_path / "backup", "--json")
    assert ran.json["error"]["code"] == "backup.newer"


def test_what_cannot_be_done_is_said_with_what_to_do(county: Terminal, tmp_path: Path) -> None:
    county.ok("backup", tmp_path / "backup")
    for words, code in (
        (("backup", county.data / "backup"), "backup.inside"),
        (("restore", tmp_path), "backup.none"),
        (("restore", tmp_path / "backup"), "restore.not_empty"),
        (("backup", tmp_path / "b", "--keyring", tmp_path, "--without-keyring"), "usage.extra"),
    ):
        ran = county.run(*words, "--json")
        assert ran.code in (1, 2)
        assert ran.json["error"]["code"] == code
        assert ran.json["error"]["todo"]
    (county.data / "keyring.db").unlink()
    assert county.run("backup", tmp_path / "c", "--json").json["error"]["code"] == "keyring.missing"
    assert county.run("backup", tmp_path / "c", "--without-keyring").code == 0
    without = Terminal(tmp_path / "without")
    assert "read as erased" in without.ok("restore", tmp_path / "c", "--without-keyring")


def test_names_stay_out_of_all_that_is_printed(county: Terminal, tmp_path: Path) -> None:
    done = subprocess.run(
        program(county.data, "backup", tmp_path / "backup", "--json"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert {path.name for path in (tmp_path / "backup").iterdir()} == {
        "log.db",
        "keyring.db",
        "manifest.json",
    }
    people = county.json("people", "list")
    assert people
    listed = (
        [person["name"] for person in people["rows"]]
        if isinstance(people, dict)
        else [person["name"] for person in people]
    )
    assert not [name for name in listed if name in done.stdout + done.stderr]
