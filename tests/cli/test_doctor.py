"""The doctor finds what is really broken, says what to do, and breaks nothing itself."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3 as systems_own
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import handheld.adapters.checks as checks
from handheld.adapters.checks import clock, data, disk, program
from handheld.adapters.checks.ports import listening
from handheld.adapters.ownership import Ownership
from handheld.bootstrap import Home, found_home
from handheld.texts.lookup import load
from tests.cli.driving import Ran, Terminal

NOW = datetime.now(UTC)


def examined(terminal: Terminal, *words: str | Path, **env: str) -> tuple[int, dict[str, Any]]:
    """Exit code, and what was found by code."""
    line = ("doctor", "--port", "0", "--json", *words)
    ran = terminal.process(*line, **env) if env else terminal.run(*line)
    assert "Traceback" not in ran.err
    assert ran.json["healthy"] == (ran.code == 0)
    return ran.code, {check["code"]: check for check in ran.json["checks"]}


def expect(found: dict[str, Any], code: str, state: str) -> dict[str, Any]:
    assert code in found, sorted(found)
    check: dict[str, Any] = found[code]
    assert check["state"] == state
    assert check["said"]
    assert bool(check["todo"]) == (state in ("failed", "warning"))
    return check


@pytest.fixture
def founded(tmp_path: Path) -> Terminal:
    """A data directory with an empty log and the real clock."""
    found_home(tmp_path / "data")
    with Home(tmp_path / "data"):
        pass
    return Terminal(tmp_path / "data")


# --- all is well ----------------------------------------------------------------------------


def test_of_a_sound_machine_nothing_fails_and_nothing_is_changed(founded: Terminal) -> None:
    def seen() -> dict[str, bytes]:
        kept = (p for p in founded.data.iterdir() if p.suffix == ".db")
        return {p.name: p.read_bytes() for p in kept}

    before = seen()
    code, found = examined(founded)
    assert code == 0, found
    assert seen() == before
    for fine in ("log.there", "sqlite.version", "disk.flushed", "clock.plausible", "port.free"):
        expect(found, fine, "fine")
    assert not list(founded.data.glob("tmp*"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_get_a_table_with_a_remedy_and_a_sum(founded: Terminal, language: str) -> None:
    (founded.data / "log.db").write_bytes(b"this is no database at all" * 99)
    ran: Ran = founded.process("doctor", HANDHELD_LANG=language)
    assert ran.code == 1
    words = load("zh" if language == "zh" else "en")
    assert words["doctor_states.failed"] in ran.out
    assert words["cli.todo"].strip() in ran.out
    assert "Traceback" not in ran.err


def test_where_nothing_was_founded_yet_it_says_what_comes_first(terminal: Terminal) -> None:
    code, found = examined(terminal)
    assert "init" in expect(found, "data.not_there", "warning")["todo"]
    assert code == 0
    terminal.data.mkdir(mode=0o700)
    expect(examined(terminal)[1], "data.empty", "warning")


# --- the data directory ---------------------------------------------------------------------


def test_a_directory_that_others_may_read_fails(founded: Terminal) -> None:
    founded.data.chmod(0o755)
    code, found = examined(founded)
    assert expect(found, "data.exposed", "failed")["params"]["mode"] == "755"
    assert code == 1


def test_a_log_that_is_garbage_or_none_of_ours_fails(founded: Terminal) -> None:
    log = founded.data / "log.db"
    log.write_bytes(b"garbage" * 1000)
    assert examined(founded)[0] == 1
    expect(examined(founded)[1], "log.unreadable", "failed")
    log.unlink()
    other = systems_own.connect(log)
    other.execute("CREATE TABLE t (x)")
    other.close()
    expect(examined(founded)[1], "log.none", "failed")
    founded.data.rename(founded.data.with_name("gone"))
    founded.data.write_text("a file")
    expect(examined(founded)[1], "data.no_directory", "failed")


def test_people_without_a_keyring_fail_and_lost_views_only_warn(county: Terminal) -> None:
    code, found = examined(county)
    assert code == 0
    assert expect(found, "keyring.there", "fine")["params"]["count"] > 0
    expect(found, "clock.no_record", "skipped")  # its clock is a simulated one
    for name in ("keyring.db", "views.db"):
        (county.data / name).rename(county.data.parent / name)
    code, found = examined(county)
    assert code == 1
    expect(found, "keyring.not_there", "failed")
    expect(found, "views.not_there", "warning")
    (county.data / "keyring.db").write_bytes(b"garbage" * 1000)
    (county.data / "views.db").write_bytes(b"garbage" * 1000)
    code, found = examined(county)
    expect(found, "keyring.unreadable", "failed")
    expect(found, "views.damaged", "warning")


def test_who_has_the_directory_open_is_named_and_not_disturbed(founded: Terminal) -> None:
    if not data.LOCKS.exists():
        pytest.skip("this system does not list its locks")
    assert data.owner(founded.data) is None
    with Ownership(founded.data):
        assert data.owner(founded.data) == str(os.getpid())
        code, found = examined(founded)
        assert code == 0, "an open log is looked at beside its owner"
        assert expect(found, "data.open", "fine")["params"]["process"] == str(os.getpid())
    assert data.owner(founded.data) is None, "the lock file stays and means nothing"


# --- the clock ------------------------------------------------------------------------------


def test_a_log_written_with_a_later_clock_fails(county: Terminal, tmp_path: Path) -> None:
    ahead = datetime.now(UTC) + timedelta(days=400)
    terminal = Terminal(tmp_path / "ahead")
    divisions = tmp_path / "divisions.csv"
    terminal.ok("init", "--simulated-from", ahead.strftime("%Y-%m-%dT%H:%M"), "--rate", "0")
    terminal.ok("divisions", "import", divisions)
    # As if it had been the machine's clock that was wrong.
    log = systems_own.connect(terminal.data / "log.db")
    log.execute("DELETE FROM log_facts WHERE name='clock'")
    log.commit()
    log.close()
    code, found = examined(terminal)
    assert code == 1
    assert expect(found, "clock.behind", "failed")["params"]["seconds"] > 399 * 86_400


def test_a_small_step_back_only_warns_and_none_is_fine() -> None:
    def state(seconds: float) -> str:
        return clock.beside_log(NOW, NOW + timedelta(seconds=seconds)).state

    assert [state(s) for s in (-10, 1, 60, 301)] == ["fine", "fine", "warning", "failed"]


def test_a_clock_before_this_version_fails_and_its_date_has_passed() -> None:
    assert clock.plausible(datetime(1970, 1, 2, tzinfo=UTC)).state == "failed"
    assert clock.plausible(NOW).state == "fine"


def test_missing_zone_data_are_found(founded: Terminal, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['tzdata'] = None\n"
        "from handheld.adapters.checks.clock import zone; print(zone().code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONTZPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "clock.no_zone"
    expect(examined(founded)[1], "clock.zone", "fine")


# --- the disk -------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of one megabyte, where the machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_fails_and_one_in_memory_warns(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(b"x" * (1 << 20))
    code, found = examined(Terminal(small_disk / "data"))
    assert code == 1
    expect(found, "disk.full", "failed")
    expect(found, "disk.write_failed", "failed")
    expect(found, "disk.memory", "warning")


def test_a_disk_that_may_only_be_read_fails(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    found = list(disk.look(small_disk / "data"))
    assert "disk.write_failed" in [check.code for check in found]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("nfs4", "failed"),
        ("cifs", "failed"),
        ("fuse.sshfs", "failed"),
        ("fuse.other", "warning"),
        ("tmpfs", "warning"),
        ("ext4", "fine"),
        ("xfs", "fine"),
    ],
)
def test_a_network_file_system_fails(tmp_path: Path, kind: str, state: str) -> None:
    place = tmp_path / "a b"
    place.mkdir()
    octal = str(place.resolve()).replace(" ", "\\040")
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - btrfs /dev/vda1 rw\n"
        f"40 22 0:50 / {octal} rw,relatime shared:9 master:3 - {kind} server:/x rw\n"
        f"41 22 0:51 / {octal}c rw - proc proc rw\n"
    )
    assert disk.system(place, mounts).state == state
    assert disk.system(tmp_path, mounts).params["kind"] == "btrfs"
    assert disk.system(place, tmp_path / "none").state == "skipped"


# --- ports ----------------------------------------------------------------------------------


def test_an_occupied_port_fails_unless_it_is_perhaps_our_own_server(founded: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, found = examined(founded, "--port", port)
        assert code == 1
        assert port in expect(found, "port.taken", "failed")["said"]
        assert listening("127.0.0.1", int(port), "77").code == "port.perhaps_ours"
    assert listening("127.0.0.1", int(port)).code == "port.free"


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("192.0.2.1", "port.not_here"),
        ("no-such-host.invalid", "port.no_host"),
        ("a..b", "port.no_host"),
        ("127.0.0.1", "port.free"),
    ],
)
def test_a_host_that_is_not_this_machine_fails(host: str, code: str) -> None:
    assert listening(host, 0).code == code


# --- TLS ------------------------------------------------------------------------------------


def certified(
    folder: Path, *, begins: int = -10, days: int = 90, name: str = "command.example"
) -> tuple[Path, Path]:
    """A self-signed certificate and its key, in days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=begins))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    write_key(private, key)
    return certificate, private


def write_key(path: Path, key: ec.EllipticCurvePrivateKey, password: bytes = b"") -> None:
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        lock = serialization.BestAvailableEncryption(password)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(*form, lock))
    path.chmod(0o600)


def of_tls(terminal: Terminal, certificate: Path, key: Path, *more: str) -> dict[str, Any]:
    words = ["--tls-certificate", str(certificate), "--tls-key", str(key), *more]
    code, found = examined(terminal, *words)
    states = {check["state"] for name, check in found.items() if name.startswith("tls.")}
    assert code == ("failed" in states)
    return found


def test_a_sound_certificate_is_fine_and_no_other_name_is(
    founded: Terminal, tmp_path: Path
) -> None:
    pair = certified(tmp_path / "tls")
    found = of_tls(founded, *pair, "--origin", "https://command.example:8443")
    expect(found, "tls.matches", "fine")
    expect(found, "tls.in_time", "fine")
    assert "tls.other_name" not in found
    found = of_tls(founded, *pair, "--origin", "https://other.example")
    expect(found, "tls.other_name", "failed")


@pytest.mark.parametrize(
    ("begins", "days", "code", "state"),
    [
        (-30, -1, "tls.expired", "failed"),
        (1, 90, "tls.not_yet", "failed"),
        (-30, 5, "tls.ends_soon", "warning"),
    ],
)
def test_a_certificate_out_of_its_time_is_found(
    founded: Terminal, tmp_path: Path, begins: int, days: int, code: str, state: str
) -> None:
    found = of_tls(founded, *certified(tmp_path / "tls", begins=begins, days=days))
    expect(found, code, state)


def test_a_key_that_does_not_fit_cannot_be_read_or_lies_open_fails(
    founded: Terminal, tmp_path: Path
) -> None:
    certificate, key = certified(tmp_path / "tls")
    _, other = certified(tmp_path / "other")
    expect(of_tls(founded, certificate, other), "tls.mismatch", "failed")
    expect(of_tls(founded, certificate, tmp_path / "none"), "tls.missing", "failed")
    expect(of_tls(founded, certificate, tmp_path), "tls.unreadable", "failed")
    expect(of_tls(founded, key, key), "tls.no_certificate", "failed")
    expect(of_tls(founded, certificate, certificate), "tls.no_key", "failed")
    key.chmod(0o644)
    expect(of_tls(founded, certificate, key), "tls.key_open", "failed")
    locked = tmp_path / "locked.pem"
    write_key(locked, ec.generate_private_key(ec.SECP256R1()), b"secret")
    expect(of_tls(founded, certificate, locked), "tls.key_locked", "failed")


def test_half_of_tls_fails_and_none_warns_only_where_others_can_listen(
    founded: Terminal, tmp_path: Path
) -> None:
    code, found = examined(founded, "--tls-key", str(tmp_path / "k"))
    assert code == 1
    expect(found, "tls.half", "failed")
    code, found = examined(founded, "--host", "0.0.0.0")
    assert code == 0
    expect(found, "tls.plain", "warning")
    expect(examined(founded)[1], "tls.none", "skipped")


# --- the program ----------------------------------------------------------------------------


def test_an_sqlite_that_can_corrupt_a_log_fails() -> None:
    for version in ("3.40.1", "3.51.2"):
        assert program.sqlite(version).state == "failed"
    assert program.sqlite("3.51.3").state == "fine"


def test_few_open_files_are_found(founded: Terminal) -> None:
    shell = 'ulimit -n 256; exec "$0" "$@"'
    words = [sys.executable, "-c", "from handheld.entrypoints.cli import main; main()"]
    ran = subprocess.run(
        ["sh", "-c", shell, *words, "--data", str(founded.data), "doctor", "--port", "0"],
        env={**os.environ, "HANDHELD_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, "a warning does not fail"
    assert "Only 256 files" in ran.stdout


def test_missing_fonts_and_no_way_to_look_are_told_apart(founded: Terminal, tmp_path: Path) -> None:
    expect(examined(founded, PATH=str(tmp_path))[1], "fonts.cannot_look", "skipped")
    if shutil.which("fc-list") is None:
        pytest.skip("fontconfig is not installed")
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    expect(examined(founded, FONTCONFIG_FILE=str(bare))[1], "fonts.none", "warning")


def test_a_mistyped_variable_is_named_with_what_was_meant(founded: Terminal) -> None:
    code, found = examined(founded, HANDHELD_PROT="1")
    assert code == 0
    check = expect(found, "variable.near", "warning")
    assert check["params"] == {"name": "HANDHELD_PROT", "near": "HANDHELD_PORT"}


# --- words ----------------------------------------------------------------------------------


def test_every_finding_has_words_and_every_trouble_a_remedy() -> None:
    folder = Path(checks.__file__).parent
    sources = [*folder.glob("*.py"), folder.parents[1] / "entrypoints/cli/doctor.py"]
    made = re.compile(r'\b(fine|skipped|warning|failed)\(\s*"([a-z]+\.[a-z_]+)"')
    found = {match for path in sources for match in made.findall(path.read_text("utf-8"))}
    assert len(found) > 50
    for texts in (load("zh"), load("en")):
        for state, code in found:
            assert f"doctor.{code}.said" in texts
            assert (f"doctor.{code}.todo" in texts) == (state in ("warning", "failed")), code
        codes = {key.split(".", 1)[1].rpartition(".")[0] for key in texts if key[:7] == "doctor."}
        assert codes == {code for _, code in found}
