"""Settings come from the file, the environment and flags, each over the one before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handheld.adapters.config_file import read_config
from handheld.config import (
    MASK,
    SETTINGS,
    Entry,
    Origin,
    Setting,
    Settings,
    resolve,
    secrets_masked,
    tls_files,
)
from handheld.domain.errors import Installation
from handheld.texts import LANGUAGES, Language, Texts
from tests.cli.driving import Ran

START = "from handheld.entrypoints.cli import main; main()"


def run(folder: Path, *words: str, **env: str) -> Ran:
    """The program in a working directory, with no other variables of ours than these."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("HANDHELD_", "LC_", "LANG"))}
    done = subprocess.run(
        [sys.executable, "-c", START, *words],
        cwd=folder,
        env={**bare, "COLUMNS": "80", **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def shown(folder: Path, *words: str, **env: str) -> dict[str, Any]:
    ran = run(folder, *words, "--json", **env)
    assert ran.code == 0, ran
    settings: dict[str, Any] = ran.json["settings"]
    return settings


def write(folder: Path, text: str, name: str = "handheld.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def broken(path: Path) -> Installation:
    with pytest.raises(Installation) as caught:
        resolve({}, {}, read_config(path))
    return caught.value


def test_every_field_is_a_setting_with_a_name_in_each_place() -> None:
    assert tuple(setting.key for setting in SETTINGS) == Settings.__struct_fields__
    for names in ("variable", "flag"):
        given = [name for setting in SETTINGS if (name := getattr(setting, names))]
        assert len(set(given)) == len(given)
    assert all(setting.variable for setting in SETTINGS)


def test_without_a_word_everything_is_as_it_was(tmp_path: Path) -> None:
    settings = shown(tmp_path, "config", "show")
    assert settings["data"] == {"value": "handheld-data", "source": "default", "origin": ""}
    assert settings["language"]["value"] == "zh"
    assert settings["host"]["value"] == "127.0.0.1"
    assert {entry["source"] for entry in settings.values()} == {"default"}


def test_the_environment_goes_over_the_file_and_flags_over_both(tmp_path: Path) -> None:
    write(tmp_path, '# here\n\nhost = "0.0.0.0"\nport = 9001\nlog_level = "debug"\n')
    settings = shown(
        tmp_path, "config", "show", "--port", "9003", HANDHELD_PORT="9002", HANDHELD_HOST="::1"
    )
    assert settings["port"] == {"value": 9003, "source": "flag", "origin": "--port"}
    assert settings["host"] == {"value": "::1", "source": "environment", "origin": "HANDHELD_HOST"}
    assert settings["log_level"] == {
        "value": "debug",
        "source": "file",
        "origin": "handheld.toml:5",
    }
    settings = shown(tmp_path, "config", "show", HANDHELD_PORT="")
    assert settings["port"]["value"] == 9001, "an empty variable says nothing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_see_each_value_and_its_origin(tmp_path: Path, language: Language) -> None:
    write(tmp_path, 'port = 9001\norigins = ["https://a.example", "https://b.example:8443"]\n')
    out = run(tmp_path, "--data", "elsewhere", "config", "show", HANDHELD_LANG=language).out
    texts = Texts(language)
    assert texts.say("cli.config.source.file", name="handheld.toml:1") in out
    assert texts.say("cli.config.source.flag", name="--data") in out
    assert texts.say("cli.config.file", path="handheld.toml") in out
    for value in ("9001", "elsewhere", "https://a.example", "https://b.example:8443"):
        assert value in out


def test_the_data_directory_is_that_of_the_flag_then_the_variable_then_the_file(
    tmp_path: Path,
) -> None:
    write(tmp_path, 'data = "from-file"\n')
    for words, env, made in (
        ((), {}, "from-file"),
        ((), {"HANDHELD_DATA": "from-variable"}, "from-variable"),
        (("--data", "from-flag"), {"HANDHELD_DATA": "from-variable"}, "from-flag"),
    ):
        ran = run(tmp_path, *words, "init", **env)
        assert ran.code == 0, ran
        assert (tmp_path / made / "log.db").exists()
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == [
        "from-file",
        "from-flag",
        "from-variable",
    ]


def test_a_path_in_a_file_is_seen_from_that_file(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    write(tmp_path / "etc", 'data = "log"\ntls_key = "/k.pem"\n', "mine.toml")
    for words, env in (
        (("--config", "etc/mine.toml"), {}),
        ((), {"HANDHELD_CONFIG": "etc/mine.toml"}),
    ):
        settings = shown(tmp_path, *words, "config", "show", **env)
        assert settings["data"]["value"] == "etc/log"
        assert settings["tls_key"]["value"] == "/k.pem"


def test_the_language_is_that_of_flag_variable_file_locale(tmp_path: Path) -> None:
    english = "There is no log"
    words = ("log", "list")
    write(tmp_path, 'language = "en"\n')
    assert english in run(tmp_path, *words).err
    assert english in run(tmp_path, *words, LANG="zh_CN.UTF-8").err
    assert english not in run(tmp_path, *words, HANDHELD_LANG="zh").err
    assert english in run(tmp_path, *words, "--lang", "en", HANDHELD_LANG="zh").err
    assert "Show the version" in run(tmp_path, "--help").out, "help too"
    write(tmp_path, "")
    assert english in run(tmp_path, *words, LANG="en_GB.UTF-8").err
    assert english not in run(tmp_path, *words).err
    origin = shown(tmp_path, "config", "show", LANG="en_GB.UTF-8")["language"]
    assert origin == {"value": "en", "source": "locale", "origin": "LANG"}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("prot = 1\n", "config.key_near", 1),
        ("port = 1\n\ntls-key = 'x'\n", "config.key_near", 3),
        ("[server]\nport = 1\n", "config.key", 1),
        ('origins = [\n  "https://a.example",\n]\nport = "8750"\n', "config.port", 4),
        ("port = 70000\n", "config.port", 1),
        ("port = true\n", "config.port", 1),
        ("\n\ndata = 5\n", "config.path", 3),
        ('data = ""\n', "config.path", 1),
        ("host = 127\n", "config.host", 1),
        ('language = "fr"\n', "config.language", 1),
        ("language = 1\n", "config.language", 1),
        ('origins = "https://a.example"\n', "config.origins", 1),
        ('origins = ["https://a.example/"]\n', "config.origins", 1),
        ('origins = ["*"]\n', "config.origins", 1),
        ('origins = ["https://A.example"]\n', "config.origins", 1),
        ('log_level = "loud"\n', "config.level", 1),
        ('log_format = "xml"\n', "config.format", 1),
        ("port = 1\nhost = nonsense\n", "config.syntax", 2),
        ("port = 1\nport = 2\n", "config.syntax", 2),
        ("x = " + "[" * 5000, "config.syntax", 1),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_line(
    tmp_path: Path, text: str, code: str, line: int
) -> None:
    error = broken(write(tmp_path, text))
    assert (error.code, error.params["where"]) == (code, f"{tmp_path}/handheld.toml:{line}")


def test_a_text_over_many_lines_does_not_move_the_lines_after_it(tmp_path: Path) -> None:
    text = 'host = """\nport = 3\n"""\nport = "x"\n'
    file = read_config(write(tmp_path, text))
    assert file.lines == {"host": 1, "port": 4}


def test_a_file_from_another_system_is_read_or_named(tmp_path: Path) -> None:
    path = tmp_path / "handheld.toml"
    path.write_bytes(b"\xef\xbb\xbfport = 9000\r\nhost = '::1'\r\n")
    assert resolve({}, {}, read_config(path)).settings.port == 9000
    path.write_bytes('host = "县"'.encode("gb18030"))
    assert broken(path).code == "config.encoding"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_broken_file_is_told_in_words_with_what_was_meant(
    tmp_path: Path, language: Language
) -> None:
    write(tmp_path, "prot = 1\n")
    ran = run(tmp_path, "log", "list", HANDHELD_LANG=language)
    assert ran.code == 1
    assert "handheld.toml:1" in ran.err
    assert "prot" in ran.err
    assert " port" in ran.err
    assert "Traceback" not in ran.err
    assert (ran.err.count("What to do") > 0) == (language == "en")


def test_a_named_file_that_is_not_there_is_an_error_and_the_usual_one_is_not(
    tmp_path: Path,
) -> None:
    ran = run(tmp_path, "--config", "handheld.toml", "config", "show", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "config.not_found")
    assert run(tmp_path, "config", "show").code == 0
    (tmp_path / "folder").mkdir()
    ran = run(tmp_path, "--config", "folder", "config", "show")
    assert ran.code == 1
    assert "Traceback" not in ran.err


def test_a_wrong_variable_is_named_itself(tmp_path: Path) -> None:
    ran = run(tmp_path, "config", "show", "--json", HANDHELD_PORT="many")
    assert ran.json["error"]["code"] == "config.port"
    assert ran.json["error"]["params"] == {"where": "HANDHELD_PORT", "key": "port"}


def test_origins_in_the_environment_stand_between_commas(tmp_path: Path) -> None:
    env = {"HANDHELD_ORIGINS": "https://a.example, http://[::1]:80"}
    assert shown(tmp_path, "config", "show", **env)["origins"]["value"] == [
        "https://a.example",
        "http://[::1]:80",
    ]


def test_help_is_there_where_the_file_is_broken(tmp_path: Path) -> None:
    write(tmp_path, "nonsense")
    for words in (["--help"], ["log", "list", "--help"], ["config", "--help"]):
        ran = run(tmp_path, *words)
        assert (ran.code, ran.err) == (0, "")


def test_a_secret_is_masked_wherever_it_is_shown_and_a_path_to_one_is_not() -> None:
    secret = Setting("webhook", "HANDHELD_WEBHOOK", "--webhook", "host", secret=True)
    entry = Entry(secret, "hunter2", Origin("environment", "HANDHELD_WEBHOOK"))
    assert entry.shown == MASK
    assert "hunter2" not in json.dumps(secrets_masked([entry]))
    assert Entry(secret, None, Origin("default")).shown is None, "not set is no secret"
    key = next(setting for setting in SETTINGS if setting.key == "tls_key")
    assert Entry(key, Path("/k.pem"), Origin("default")).shown == "/k.pem"


def test_a_wrong_value_is_not_repeated_as_it_may_be_a_secret_one(tmp_path: Path) -> None:
    error = broken(write(tmp_path, 'host = "hunter2 hunter2"\n'))
    assert error.code == "config.host"
    assert "hunter2" not in str(error)


def test_a_certificate_without_a_key_is_half_of_it() -> None:
    assert tls_files(Settings()) is None
    both = Settings(tls_certificate=Path("c"), tls_key=Path("k"))
    assert tls_files(both) == (Path("c"), Path("k"))
    for half, has in ((Settings(tls_key=Path("k")), "tls_key"),):
        with pytest.raises(Installation) as caught:
            tls_files(half)
        assert caught.value.params == {"has": has, "lacks": "tls_certificate"}
    with pytest.raises(Installation) as caught:
        tls_files(Settings(tls_certificate=Path("c")))
    assert caught.value.params == {"has": "tls_certificate", "lacks": "tls_key"}
