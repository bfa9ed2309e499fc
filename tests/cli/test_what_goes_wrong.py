from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from handheld.bootstrap import Home
from tests.cli.driving import Terminal, program, small_county

HAN = re.compile(r"[\u4e00-\u9fff]")
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def explains(err: str, language: str) -> None:
    """Two lines: what is wrong, what to do; in one language."""
    lines = err.strip().splitlines()
    assert len(lines) == 2, err
    todo = {"zh": "怎么办：", "en": "What to do: "}[language]
    assert lines[1].startswith(todo)
    assert bool(HAN.search(err)) is (language == "zh")


@LANGUAGES
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["board", "33"], 1),
        (["board", "777777"], 1),
        (["board", "--at", "yesterday"], 2),
        (["board", "--at", "2031-01-01"], 2),
        (["board", "--waiting", "many"], 2),
        (["bord"], 2),
        (["task", "acept"], 2),
        (["task", "accept"], 2),
        (["task", "accept", "x", "--bogus"], 2),
        (["task", "accept", "nope"], 1),
        (["task", "accept", "tf-1"], 2),
        (["task", "accept", "person-S0000001"], 1),
        (["task", "accept", "nope", "--as", "S9999999"], 1),
        (["task", "accept", "nope", "--as", "a b"], 1),
        (["task", "show", "nope"], 1),
        (["task", "correct", "nope", "--version", "1", "--reason", "r"], 1),
        (["start", "--division", "999901"], 2),
        (["start", "--division", "999901", "--plan", "flood", "--on-duty", "--yes"], 2),
        (["start", "--division", "999901", "--plan", "none", "--yes"], 1),
        (["start", "--division", "999901", "--plan", "UPPER", "--yes"], 1),
        (["start", "--division", "888888", "--plan", "flood", "--yes"], 1),
        (["start", "--division", "999901", "--plan", "flood"], 2),
        (["start", "--division", "999901", "--title", "t", "--order", "o", "--to", "king"], 1),
        (["start", "--division", "999901", "--title", "t", "--order", "o", "--to", "x@y"], 2),
        (["start", "--division", "999901", "--title", "t", "--order", "o", "--to", "a@"], 2),
        (["start", "--division", "999901", "--title", "t", "--order", "o", "--level", "V"], 2),
        (["start", "--division", "999901", "--title", " ", "--order", "o", "--to", "grid_head"], 1),
        (["order", "issue", "tf-1", "--text", "x", "--to", "grid_head"], 1),
        (["force", "show", "nope"], 1),
        (["force", "close", "nope", "--outcome", "x"], 1),
        (["force", "entry", "nope", "--text", "x", "--command-id", "12"], 1),
        (["force", "entry", "nope", "--text", "x", "--occurred-at", "2031-01-01"], 2),
        (["plan", "show", "nope"], 1),
        (["plan", "retire", "nope", "--reason", "x"], 1),
        (["plan", "adopt", "missing.json"], 1),
        (["people", "show", "ghost"], 1),
        (["people", "list", "--role", "king"], 1),
        (["people", "list", "--division", "12"], 1),
        (["people", "erase", "ghost", "--reason", "x"], 1),
        (["people", "generate", "--contacts=-1"], 1),
        (["people", "import", "missing.csv"], 1),
        (["divisions", "import", "missing.csv"], 1),
        (["divisions", "sample", "mars"], 1),
        (["timeline", "nothing"], 1),
        (["inbox", "ghost"], 1),
        (["log", "show", "99999999999999999999"], 1),
        (["log", "show", "division-999901/99"], 1),
        (["log", "export", "--format", "xml"], 2),
        (["init", "--rate", "2"], 2),
        (["init", "--simulated-from", "then"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_explained_in_both_languages(
    bad_county: Terminal, language: str, words: list[str], code: int
) -> None:
    ran = bad_county.run(*words, language=language)
    assert (ran.code, ran.out) == (code, "")
    if words not in (["bord"], ["task", "acept"]):  # help's language is that of the process
        explains(ran.err, language)


@pytest.fixture(scope="module")
def bad_county(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    folder = tmp_path_factory.mktemp("county")
    terminal = Terminal(folder / "data")
    small_county(terminal, folder)
    return terminal


def test_nothing_bad_was_written(bad_county: Terminal) -> None:
    before = bad_county.json("log", "list", "--limit", "0")
    bad_county.run("force", "close", "nope", "--outcome", "x")
    bad_county.run("people", "erase", "ghost", "--reason", "x")
    assert bad_county.json("log", "list", "--limit", "0") == before


@LANGUAGES
def test_each_bad_row_is_named_and_nothing_is_imported(
    bad_county: Terminal, tmp_path: Path, language: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("code,name\n33,a\n999902,\n999902001,好\n", "utf-8")
    known = len(bad_county.json("divisions", "list"))
    ran = bad_county.run("divisions", "import", file, language=language)
    assert ran.code == 1
    rows = [line.split()[0] for line in ran.err.splitlines() if re.match(r" +\d+ ", line)]
    assert rows == ["2", "3"]
    assert len(bad_county.json("divisions", "list")) == known
    machine = bad_county.run("divisions", "import", file, "--json").json["error"]
    assert [(row["line"], row["column"]) for row in machine["rows"]] == [(2, "code"), (3, "name")]


@LANGUAGES
def test_an_error_is_machine_readable_too(bad_county: Terminal, language: str) -> None:
    ran = bad_county.run("plan", "show", "nope", "--json", language=language)
    error = ran.json["error"]
    assert (error["code"], error["params"]) == ("plan.unknown", {"plan": "nope"})
    assert ("预案" if language == "zh" else "plans") in error["todo"]


@LANGUAGES
@pytest.mark.parametrize("what", ["file", "garbage", "empty", "torn", "other", "missing"])
def test_a_data_directory_that_is_none_is_explained(
    tmp_path: Path, language: str, what: str
) -> None:
    data = tmp_path / "data"
    if what == "file":
        data.write_text("no directory")
    elif what != "missing":
        Terminal(data).ok("init")
        log = data / "log.db"
        if what == "garbage":
            log.write_bytes(os.urandom(20_000))
        elif what == "empty":
            for name in ("log.db", "log.db-wal", "log.db-shm"):
                (data / name).unlink(missing_ok=True)
            log.touch()
        elif what == "torn":
            log.write_bytes(log.read_bytes()[:4096])
        else:
            _another_database(log)
    here = Terminal(data, language)
    for ran in (
        here.process("board"),
        here.run("log", "verify"),
        here.run("force", "entry", "tf-1", "--text", "x"),
    ):
        assert (ran.code, ran.out) == (1, ""), ran
        explains(ran.err, language)


def _another_database(path: Path) -> None:
    script = "import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE t (x)')"
    for name in ("log.db", "log.db-wal", "log.db-shm"):
        path.with_name(name).unlink(missing_ok=True)
    subprocess.run(["python3", "-c", script, str(path)], check=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
@LANGUAGES
def test_a_directory_that_may_not_be_read_is_explained(tmp_path: Path, language: str) -> None:
    terminal = Terminal(tmp_path / "data")
    terminal.ok("init")
    (terminal.data / "log.db").chmod(0)
    ran = terminal.process("board", HANDHELD_LANG=language)
    assert ran.code == 1
    explains(ran.err, language)


@LANGUAGES
def test_a_directory_in_use_names_the_process_that_holds_it(
    terminal: Terminal, language: str
) -> None:
    terminal.ok("init")
    with Home(terminal.data):
        ran = terminal.process("board", HANDHELD_LANG=language)
    assert ran.code == 1
    assert str(os.getpid()) in ran.err
    explains(ran.err, language)


def test_an_error_that_nobody_foresaw_has_no_stack_trace_unless_asked_for(
    county: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("handheld.entrypoints.cli.boards.board_tables.show", fail)
    ran = county.run("board")
    assert ran.code == 1
    assert "ZeroDivisionError" in ran.err
    assert "unharmed" in ran.err
    assert "HANDHELD_DEBUG=1" in ran.err
    assert county.run("board", "--json").code == 0


def asked(county: Terminal) -> tuple[subprocess.Popen[bytes], int]:
    """A start at a real terminal that has just asked whether to go on."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        program(county.data, "start", "--plan", "flood", "--division", "999901"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        # Whoever runs the tests in the background has them inherit an ignored SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    os.close(theirs)
    assert "[y/N]" in read_until(ours, "[y/N]")
    return running, ours


def press_until_it_ends(running: subprocess.Popen[bytes]) -> None:
    """Ctrl-C, and once more if it was lost, as a person would."""
    for _ in range(8):
        running.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            running.wait(5)
            return
    running.kill()


def read_until(terminal: int, words: str) -> str:
    shown = b""
    with suppress(OSError):  # the other end is closed when the program has ended
        while words not in shown.decode(errors="ignore") or not words:
            chunk = os.read(terminal, 4096)
            if not chunk:
                break
            shown += chunk
    return shown.decode(errors="ignore")


@pytest.mark.parametrize(("answer", "started"), [(b"y\n", 1), (b"n\n", 0), (b"\n", 0)])
def test_a_start_is_asked_for_at_a_terminal(county: Terminal, answer: bytes, started: int) -> None:
    running, terminal = asked(county)
    os.write(terminal, answer)
    read_until(terminal, "")
    assert running.wait(30) == (0 if started else 1)
    os.close(terminal)
    assert len(county.json("force", "list")) == started


def test_ctrl_c_ends_cleanly_and_starts_nothing(county: Terminal) -> None:
    running, terminal = asked(county)
    pressing = Thread(target=press_until_it_ends, args=(running,))
    pressing.start()
    shown = read_until(terminal, "")
    pressing.join()
    assert running.wait(30) == 130
    os.close(terminal)
    assert "Traceback" not in shown
    assert re.search("中断|Interrupted", shown)
    assert county.json("force", "list") == []


def test_a_reader_that_goes_away_leaves_no_trace(county: Terminal) -> None:
    command = " ".join(map(repr, program(county.data, "log", "export")))
    done = subprocess.run(
        ["bash", "-c", f"{command} | head -1"], capture_output=True, text=True, check=False
    )
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
