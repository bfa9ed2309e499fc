"""Reading files: whatever is not a table is refused as a whole, with a code of its own."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from handheld.adapters.tables import read_divisions, read_people
from handheld.domain.errors import HandheldError
from handheld.domain.register import DivisionRow
from tests.support_imports import PEOPLE, table

LIST = "编码,名称,类别\n330825,龙游县,\n330825101,湖镇镇,\n330825101264,希塘村,村民委员会\n"
ROWS = [
    (2, DivisionRow(code="330825", name="龙游县")),
    (3, DivisionRow(code="330825101", name="湖镇镇")),
    (4, DivisionRow(code="330825101264", name="希塘村", kind="villagers_committee")),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_alike_in_every_form_that_offices_save(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    text = LIST.replace(",", separator).replace("\n", end)
    assert read_divisions(table(tmp_path, text, encoding)) == ROWS


def test_columns_come_in_any_order_and_under_english_or_chinese_names(tmp_path: Path) -> None:
    english = table(tmp_path, "Name,CODE\n龙游县,330825\n", name="a.csv")
    mixed = table(tmp_path, "区划名称,代码\n龙游县,３３０８２５\n", name="b.csv")
    assert read_divisions(english) == read_divisions(mixed) == ROWS[:1]


def test_people_under_chinese_headers_have_roles_by_chinese_name(tmp_path: Path) -> None:
    text = "区划代码,岗位,手机,姓名,工号\n330825101264,联村团长,000-1,演练甲,S1\n"
    english = "number,name,phone,role,division\nS1,演练甲,000-1,village_team_leader,330825101264\n"
    chinese = read_people(table(tmp_path, text, "gbk", "a.csv"))
    assert chinese == read_people(table(tmp_path, english, name="b.csv"))
    assert chinese[0].posts == (("village_team_leader", "330825101264", None),)


def test_blank_rows_blank_columns_at_the_end_and_short_rows_are_borne(tmp_path: Path) -> None:
    text = "\n code ,name,kind,,\n,,,,\n330825,龙游县\n\n330825101, 湖镇镇 ,,,\n"
    assert read_divisions(table(tmp_path, text)) == [(4, ROWS[0][1]), (6, ROWS[1][1])]


def test_a_quoted_cell_may_hold_the_separator(tmp_path: Path) -> None:
    text = 'code;name\n330825;"龙游;县"\n'
    assert read_divisions(table(tmp_path, text)) == [
        (2, DivisionRow(code="330825", name="龙游;县"))
    ]


def _damaged() -> bytes:
    """UTF-8 with one wrong byte, which passes for GB18030 and would be read as other characters."""
    data = bytearray("code,name\n330803,衢江区县\n330803203,双桥\n".encode())
    data[17] = 0xB7
    assert data.decode("gb18030").startswith("code,name\n330803,贰㈡")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table.empty"),
        (b" \r\n\n\t", "table.empty"),
        (b"\xef\xbb\xbf", "table.empty"),
        (b"code,name\n\n,\n", "table.no_rows"),
        (b"PK\x03\x04" + bytes(200), "table.workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "table.spreadsheet"),
        (b"code,name\n330825,\x00\n", "table.binary"),
        (b"code,name\n330825,a\x07b\n", "table.binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "table.binary"),
        (b"code,name\n330825,\xff\xff\n", "table.encoding"),
        (_damaged(), "table.encoding"),
        (b"\xff\xfec\x00o\x00", "table.columns_missing"),
        (b"\xff\xfec\x00o", "table.encoding"),
        (b'code,name\n330825,"a"b\n', "table.quoting"),
        (b'code,name\n330825,"never closed\n330825101,b\n', "table.quoting"),
        (b"code,name\n330825," + b"a" * 200_000, "table.line_too_long"),
        (b"a,b\n1,2\n", "table.columns_missing"),
        (b"330825,x\n", "table.columns_missing"),
        (b"code\n330825\n", "table.columns_missing"),
        (b"code,name,colour\n330825,a,red\n", "table.column_unknown"),
        (b"code,,name\n330825,x,a\n", "table.column_unknown"),
        ("code,name,名称\n330825,a,b\n".encode(), "table.column_twice"),
    ],
)
def test_what_is_no_table_of_divisions_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    with pytest.raises(HandheldError) as caught:
        read_divisions(path)
    assert (caught.value.code, caught.value.params["file"]) == (code, "file.csv")


@pytest.mark.parametrize("seed", range(3))
def test_five_megabytes_of_garbage_are_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    kinds = (
        chance.randbytes(5_000_000),
        bytes(byte or 1 for byte in chance.randbytes(5_000_000)),
        bytes(32 + byte % 95 for byte in chance.randbytes(5_000_000)),
    )
    path = tmp_path / "garbage"
    path.write_bytes(kinds[seed])
    with pytest.raises(HandheldError, match=r"^table\.") as caught:
        read_people(path)
    assert len(str(caught.value)) < 1_000


def _code_of(path: Path) -> str:
    try:
        read_people(path)
    except HandheldError as error:
        return error.code
    return "read"


def test_every_short_piece_of_garbage_gets_an_error_with_a_code(tmp_path: Path) -> None:
    chance = random.Random(7)
    alphabet = [*b'",;\t\r\n', *range(256), *b"330825", *PEOPLE.encode()]
    path = tmp_path / "garbage"
    header = b"number,name,phone,role,division\n"
    codes: set[str] = set()
    for n in range(2_000):
        junk = bytes(chance.choices(alphabet, k=chance.randrange(60)))
        path.write_bytes(header + junk if n % 2 else junk)
        codes.add(_code_of(path))
    assert codes >= {"table.binary", "table.encoding", "table.columns_missing", "read"}
    assert {code.split(".")[0] for code in codes} == {"table", "import", "read"}


def test_the_line_of_an_unclosed_quotation_mark_is_where_its_row_begins(tmp_path: Path) -> None:
    with pytest.raises(HandheldError) as caught:
        read_divisions(
            table(tmp_path, 'code,name\n330825,龙游县\n330825101,"湖镇镇\n330825102,x\n')
        )
    assert caught.value.params["line"] == 3


def test_unknown_and_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(HandheldError) as unknown:
        read_people(table(tmp_path, "工号,姓名,岗位,区划代码,生肖,血型\n1,a,b,c,d,e\n"))
    assert unknown.value.params["columns"] == "生肖, 血型"
    with pytest.raises(HandheldError) as missing:
        read_people(table(tmp_path, "工号,姓名,电话\n1,a,2\n"))
    assert missing.value.params["columns"] == "role (岗位), division (区划代码)"


def test_a_path_without_a_file_is_not_found_and_a_directory_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(HandheldError) as none:
        read_divisions(tmp_path / "none.csv")
    with pytest.raises(HandheldError) as directory:
        read_divisions(tmp_path)
    assert (none.value.code, directory.value.code) == ("table.not_found", "table.unreadable")


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(64 * 1_048_576 + 1)
    with pytest.raises(HandheldError) as caught:
        read_divisions(path)
    assert (caught.value.code, caught.value.params["limit"]) == ("table.too_large", 64)
