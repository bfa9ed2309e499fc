from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

from handheld.application.access.records import DeviceSaid
from handheld.bootstrap import Home
from tests.cli.driving import Terminal

PHONE = DeviceSaid(id="phone-0000000001")


def people(county: Terminal, role: str) -> list[str]:
    return [one["person"] for one in county.json("people", "list", "--role", role)]


def code_of(county: Terminal, *words: str | Path) -> str:
    ran = county.run(*words, "--json")
    assert ran.code != 0
    code: str = ran.json["error"]["code"]
    return code


def test_accounts_are_made_listed_disabled_and_enabled(county: Terminal) -> None:
    officer = people(county, "duty_officer")[0]
    made = county.json("account", "create", "Duty.Room", "--person", officer)
    assert (made["account"], made["person"]) == ("duty.room", officer)
    told = county.ok("account", "create", "ops")
    password = re.search(r"once\): (\S+)", told)
    assert password is not None
    with Home(county.data) as home:
        assert home.access.sign_in("ops", password[1]).identity.actor == "operator"
        assert home.access.sign_in("duty.room", made["password"]).identity.actor == officer
    assert [one["sessions"] for one in county.json("account", "list")] == [1, 1]
    assert "ops" in county.ok("account", "list")
    assert "操作员" in county.ok("account", "list", language="zh")
    assert county.json("account", "disable", "ops") == {"account": "ops", "changed": True}
    assert "like this already" in county.ok("account", "disable", "ops")
    assert "disabled since" in county.ok("account", "list")
    county.ok("account", "enable", "ops")
    assert [one["sessions"] for one in county.json("account", "list")] == [1, 0]


def test_a_password_comes_by_standard_input_and_stands_on_no_command_line(
    county: Terminal,
) -> None:
    good = "three bridges in bamboo"
    made = county.run("account", "create", "ops", "--password-stdin", "--json", stdin=f"{good}\n")
    assert made.json["password"] is None
    with Home(county.data) as home:
        home.access.sign_in("ops", good)
    ran = county.run("account", "password", "ops", "--password-stdin", stdin="1234567890\n")
    assert ran.code == 1
    assert "everybody tries first" in ran.err
    assert county.run("account", "password", "ops", "--password-stdin").code == 1
    ran = county.run("account", "password", "ops", "--password-stdin", stdin="山后老樟树旁有口井\n")
    assert ran.code == 1
    assert "too short" in ran.err
    assert county.json("account", "password", "ops")["password"]


WRONG = [
    (["account", "create", "x"], "account.name"),
    (["account", "create", "an", "--role", "analyst"], "account.analyst_person"),
    (["account", "create", "an", "--role", "boss"], "account.role"),
    (["account", "create", "an", "--person", "NOBODY1"], "person.unknown"),
    (["account", "disable", "nobody"], "account.unknown"),
    (["account", "revoke"], "session.which"),
    (["account", "revoke", "--session", "session-1", "--account", "a"], "session.which"),
    (["account", "revoke", "--session", "session-1"], "session.not_found"),
    (["account", "revoke", "--account", "nobody"], "account.unknown"),
    (["link", "issue", "--person", "NOBODY1"], "link.url_missing"),
    (["link", "issue", "--url", "https://x.example"], "link.whom"),
    (["link", "issue", "--url", "https://x.example", "--person", "NOBODY1"], "person.unknown"),
    (["link", "issue", "--url", "http://x.example", "--division", "999901"], "link.url"),
    (["link", "issue", "--url", "https://x.example/#a", "--division", "999901"], "link.url"),
    (["link", "issue", "--url", "https://[x", "--division", "999901"], "link.url"),
    (["link", "revoke"], "link.which"),
    (["link", "revoke", "--link", "link-1"], "link.not_found"),
]


def test_what_makes_no_sense_is_refused_with_its_reason(county: Terminal) -> None:
    for words, code in WRONG:
        assert code_of(county, *words) == code, words
    assert county.json("account", "list") == []
    assert county.json("link", "list") == []


def test_a_sheet_has_a_card_a_person_and_each_link_on_it_works_once(
    county: Terminal, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheets.html"
    told = county.ok(
        "link", "issue", "--division", "999901101", "--role", "网格长",
        "--url", "https://command.example/", "--out", sheet,
    )  # fmt: skip
    assert "destroy the file" in told
    text = sheet.read_text("utf-8")
    listed = county.json("link", "list", "--division", "999901101")
    assert len(listed) == text.count('<section class="card">') == text.count("<svg") > 1
    assert sheet.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if ".part-" in path.name] == []
    for word in ("网格长", "grid head", "丙村", "Works once", "只能用一次", "虚构人员"):
        assert word in text, word
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_a_table_holds_the_links_and_no_formula(county: Terminal, tmp_path: Path) -> None:
    head = people(county, "grid_head")[0]
    out = tmp_path / "links.csv"
    county.ok(
        "link", "issue", "--person", head, "--url", "https://command.example", "--out", out,
    )  # fmt: skip
    header, row = out.read_text("utf-8-sig").splitlines()
    assert header == "number,name,posts,link,usable_until"
    secret = row.split("https://command.example/s#")[1].split(",")[0]
    with Home(county.data) as home:
        done = home.access.redeem(secret, PHONE)
        assert done.identity.actor == head
    (shown,) = county.json("account", "sessions", "--person", head)
    assert shown["session"] == done.identity.session
    assert county.json("account", "revoke", "--person", head) == {"ended": 1}
    assert county.json("account", "sessions") == []


def test_what_people_are_called_is_words_on_the_card_and_never_markup(
    county: Terminal, tmp_path: Path
) -> None:
    table = tmp_path / "people.csv"
    table.write_text(
        "number,name,phone,role,division,synthetic\n"
        "X1,<img src=x>&\"',,grid_worker,999901001001,yes\n"
        "X2,=HYPERLINK(1),,grid_worker,999901001001,yes\n",
        "utf-8",
    )
    county.ok("people", "import", table)
    sheet, cells = tmp_path / "a.html", tmp_path / "a.csv"
    whom = ("--person", "X1", "--person", "X2", "--url", "https://command.example")
    county.ok("link", "issue", *whom, "--out", sheet)
    text = sheet.read_text("utf-8")
    assert "<img" not in text
    assert "<img src=x>&\"'" in unescape(text)
    county.ok("link", "issue", *whom, "--out", cells)
    assert "'=HYPERLINK(1)" in cells.read_text("utf-8-sig")


def test_a_sheet_that_cannot_be_written_changes_nothing(county: Terminal, tmp_path: Path) -> None:
    words = ("link", "issue", "--division", "999901", "--url", "https://command.example", "--out")
    there = tmp_path / "there.html"
    there.write_text("somebody's")
    assert code_of(county, *words, there) == "link.file_exists"
    assert code_of(county, *words, tmp_path / "sheet.docx") == "link.file_kind"
    assert code_of(county, *words, tmp_path / "no folder" / "sheet.html") == "data.io"
    assert there.read_text() == "somebody's"
    assert county.json("link", "list") == []


def test_only_those_who_are_not_signed_in_yet_get_a_card(county: Terminal) -> None:
    url = ("--url", "https://command.example")
    heads = people(county, "grid_head")
    everybody = ("--division", "999901", "--role", "grid_head")
    made = county.json("link", "issue", *everybody, *url)["links"]
    assert {one["person"] for one in made} == set(heads)
    with Home(county.data) as home:
        home.access.redeem(made[0]["url"].split("#")[1], PHONE)
    again = county.json("link", "issue", *everybody, "--missing", *url)["links"]
    assert {one["person"] for one in again} == set(heads) - {made[0]["person"]}
    assert county.json("link", "revoke", "--division", "999901") == {"ended": len(again)}
    states = [one["state"] for one in county.json("link", "list", "--limit", "0")]
    assert states.count("redeemed") == 1
    assert states.count("open") == 0
    assert "ended" in county.ok("link", "list")


def test_all_of_it_works_while_a_server_holds_the_directory(
    county: Terminal, tmp_path: Path
) -> None:
    head = people(county, "grid_head")[0]
    with Home(county.data) as server:
        (made,) = server.access.issue_links([head])
        done = server.access.redeem(made.secret, PHONE)
        ended: list[str] = []
        server.access.on_revoked(ended.extend)
        county.ok("account", "create", "ops", "--person", head)
        county.ok("account", "password", "ops")
        county.ok("account", "audit")
        county.ok("link", "list")
        whom = ("link", "issue", "--person", head, "--url", "https://x.example")
        county.ok(*whom, "--out", tmp_path / "s.html")
        ran = county.process("account", "revoke", "--person", head)
        assert ran.code == 0, ran
        server.access.refresh()
        assert server.access.identify(done.token) is None
        assert done.identity.session in ended


def test_the_audit_names_people_by_number_in_both_languages(county: Terminal) -> None:
    county.ok("account", "create", "ops")
    head = people(county, "grid_head")[0]
    county.ok("link", "issue", "--person", head, "--url", "https://x.example")
    assert "link issued" in county.ok("account", "audit")
    assert "发登录码" in county.ok("account", "audit", language="zh")
    notes = county.json("account", "audit", "--person", head)
    assert [note["what"] for note in notes] == ["link_issued"]
    shown = county.ok("account", "audit", "--limit", "1")
    assert "--before" in shown
    (line,) = json.loads(county.ok("account", "audit", "--before", "2", "--json"))
    assert line["what"] == "account_created"
