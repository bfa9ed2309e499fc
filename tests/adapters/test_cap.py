"""CAP 1.2 in: what the standard allows is read, what it forbids is refused by name."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from handheld.adapters.cap import read_cap
from handheld.domain.cap import Circle, Named, Point
from handheld.domain.errors import Malformed
from handheld.texts import LANGUAGES, Language, Texts
from tests.support_cap import TYPHOON, about, block, message, moment

TEXT = TYPHOON.decode()


def changed(old: str, new: str, count: int = 1) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new, count).encode()


def refused(data: bytes) -> Malformed:
    with pytest.raises(Malformed) as caught:
        read_cap(data)
    return caught.value


def test_everything_that_a_message_says_is_read() -> None:
    alert = read_cap(TYPHOON)

    assert (alert.identifier, alert.sender) == ("T20210723001", "cap@weather.example")
    assert alert.sent == datetime(2021, 7, 23, 14, 58, tzinfo=timezone(timedelta(hours=8)))
    assert (alert.status, alert.msg_type, alert.scope) == ("Actual", "Alert", "Public")
    english, chinese = alert.infos
    assert (english.language, english.event, english.expires) == ("en-US", "Typhoon", None)
    assert chinese.categories == ("Met", "Safety")
    assert chinese.response_types == ("Shelter", "Prepare")
    assert chinese.event_codes == (Named(value_name="code", value="11B01"),)
    assert chinese.expires == moment(7) + timedelta(days=1)
    assert chinese.resources[0].size == 20480
    area = chinese.areas[0]
    assert area.polygons[0][1] == Point(29.0, 119.4)
    assert area.circles == (Circle(Point(28.95, 119.17), 15.5),)
    assert area.geocodes[0].value == "330825000000"
    assert (area.altitude, area.ceiling) == (0.0, 3000.0)


def test_a_message_without_info_is_one() -> None:
    assert read_cap(message(info="")).infos == ()


def test_two_blocks_in_two_languages_without_what_is_optional_are_read() -> None:
    alert = read_cap(message(info=block(language="es-US") + block(language="en-US")))

    assert [info.language for info in alert.infos] == ["es-US", "en-US"]


def test_a_block_without_language_is_in_english() -> None:
    info = block().replace("<language>zh-CN</language>", "")
    assert read_cap(message(info=info)).infos[0].language == "en-US"


def test_references_name_earlier_messages() -> None:
    alert = read_cap(
        message("T3", kind="Update", references=f"{about('T1')}\n  {about('T2', moment(8))}")
    )

    assert [(r.identifier, r.sent) for r in alert.references] == [
        ("T1", moment(7)),
        ("T2", moment(8)),
    ]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "gb18030"])
def test_other_encodings_that_offices_use_are_read(codec: str) -> None:
    named = {"utf-16": "UTF-16", "gb18030": "GBK"}.get(codec, "UTF-8")
    data = TEXT.replace('encoding="UTF-8"', f'encoding="{named}"').encode(codec)

    assert read_cap(data) == read_cap(TYPHOON)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2021-07-23T06:58:00-00:00", moment(6, 58)),
        ("2021-07-23T06:58:00+00:00", moment(6, 58)),
        ("\n 2021-07-23T14:58:00+08:00 ", moment(6, 58)),
        ("2021-07-22T24:00:00-00:00", moment(0)),
    ],
)
def test_a_time_has_its_offset_in_digits(written: str, meant: datetime) -> None:
    alert = read_cap(changed("2021-07-23T14:58:00+08:00", written))
    assert alert.sent.astimezone(UTC) == meant


@pytest.mark.parametrize(
    "written",
    [
        "2021-07-23T06:58:00Z",
        "2021-07-23T14:58:00",
        "2021-07-23T14:58:00.5+08:00",
        "2021-07-23 14:58:00+08:00",
        "2021-07-23T14:58:00,08:00",
        "2021-02-30T14:58:00+08:00",
        "2021-07-23T24:00:01+08:00",
        "2021-07-23T14:58:60+08:00",
        "2021-07-23T14:58:00+14:30",
        "0000-07-23T14:58:00+08:00",
        "0001-01-01T00:00:00+08:00",
        "２０２１-07-23T14:58:00+08:00",
        "",
    ],
)
def test_any_other_form_of_time_is_refused(written: str) -> None:
    error = refused(changed("2021-07-23T14:58:00+08:00", written))
    assert (error.code, error.params["element"]) == ("cap.time", "alert/sent")


@pytest.mark.parametrize(
    ("element", "path"),
    [
        ("identifier", "alert/identifier"),
        ("sender", "alert/sender"),
        ("sent", "alert/sent"),
        ("status", "alert/status"),
        ("msgType", "alert/msgType"),
        ("scope", "alert/scope"),
        ("category", "alert/info[1]/category"),
        ("event", "alert/info[1]/event"),
        ("urgency", "alert/info[1]/urgency"),
        ("severity", "alert/info[1]/severity"),
        ("certainty", "alert/info[1]/certainty"),
        ("areaDesc", "alert/info[1]/area[1]/areaDesc"),
        ("valueName", "alert/info[1]/area[1]/geocode[1]/valueName"),
        ("resourceDesc", "alert/info[2]/resource[1]/resourceDesc"),
        ("mimeType", "alert/info[2]/resource[1]/mimeType"),
    ],
)
def test_what_is_required_may_not_be_missing(element: str, path: str) -> None:
    error = refused(re.sub(f"<{element}>.*?</{element}>", "", TEXT, count=1).encode())
    assert (error.code, error.params["element"]) == ("cap.missing", path)


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        (">Actual<", ">actual<", "cap.value", "alert/status"),
        (">Alert<", ">Warning<", "cap.value", "alert/msgType"),
        (">Public<", "> Public<", "cap.value", "alert/scope"),
        (">Met<", ">Weather<", "cap.value", "alert/info[1]/category[1]"),
        (">Safety<", ">Safe<", "cap.value", "alert/info[2]/category[2]"),
        (">Prepare<", ">Wait<", "cap.value", "alert/info[2]/responseType[2]"),
        (">Severe<", ">Orange<", "cap.value", "alert/info[1]/severity"),
        (">Expected<", ">Soon<", "cap.value", "alert/info[1]/urgency"),
        (">Likely<", ">Certain<", "cap.value", "alert/info[1]/certainty"),
        (">T20210723001<", ">T 1<", "cap.characters", "alert/identifier"),
        (">cap@weather.example<", ">a,b<", "cap.characters", "alert/sender"),
        (">cap@weather.example<", ">a&amp;b<", "cap.characters", "alert/sender"),
        (">cap@weather.example<", "> <", "cap.empty", "alert/sender"),
        (">Typhoon<", "><", "cap.empty", "alert/info[1]/event"),
        (">zh-CN<", ">中文<", "cap.language", "alert/info[2]/language"),
        (">20480<", ">20 KB<", "cap.number", "alert/info[2]/resource[1]/size"),
        (">3000<", ">1e3<", "cap.number", "alert/info[2]/area[1]/ceiling"),
        ("28.95,119.17 15.5", "28.95,119.17", "cap.circle", "alert/info[2]/area[1]/circle[1]"),
        ("119.17 15.5", "119.17 -1", "cap.circle", "alert/info[2]/area[1]/circle[1]"),
        ("28.95,119.17", "28.95;119.17", "cap.point", "alert/info[2]/area[1]/circle[1]"),
        (" 29.0,119.4", " 91,119.4", "cap.point", "alert/info[2]/area[1]/polygon[1]"),
        ("28.8,119.0 29.0,119.0<", "28.8,119.0<", "cap.polygon_open", "alert/info[2]/area[1]/polygon[1]"),
        (" 29.0,119.4 28.8,119.4", "", "cap.polygon_short", "alert/info[2]/area[1]/polygon[1]"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_at_its_element(old: str, new: str, code: str, path: str) -> None:
    error = refused(changed(old, new))
    assert (error.code, error.params["element"]) == (code, path)


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("<status>", "<priority>1</priority><status>", "cap.unknown_element", "alert/priority"),
        ("<event>台风", "<level>2</level><event>台风", "cap.unknown_element", "alert/info[2]/level"),
        (">台风<", "><b>台风</b><", "cap.unknown_element", "alert/info[2]/event/b"),
        ("<status>", "<status xmlns=''>", "cap.namespace", "alert/status"),
        ("<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>", "cap.repeated", "alert/scope"),
        ("<status>Actual</status>\n  <msgType>Alert</msgType>", "<msgType>Alert</msgType><status>Actual</status>", "cap.order", "alert/status"),
        ("<status>", "Actual<status>", "cap.stray_text", "alert"),
        ("<status>", "<status lang='zh'>", "cap.attribute", "alert/status"),
        ("<altitude>0</altitude>", "", "cap.depends", "alert/info[2]/area[1]/altitude"),
        (">Public<", ">Private<", "cap.depends", "alert/addresses"),
        (">Public<", ">Restricted<", "cap.depends", "alert/restriction"),
        (">Alert<", ">Update<", "cap.depends", "alert/references"),
        (">Alert<", ">Cancel<", "cap.depends", "alert/references"),
        ("</alert>", "<info/></alert>", "cap.missing", "alert/info[3]/category"),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_refused_at_its_element(old: str, new: str, code: str, path: str) -> None:
    error = refused(changed(old, new))
    assert (error.code, error.params["element"]) == (code, path)


def test_nothing_follows_a_signature() -> None:
    info = "<info><category>Met</category><event>e</event><urgency>Past</urgency><severity>Minor</severity><certainty>Likely</certainty></info>"
    error = refused(changed("</alert>", f"{info}</alert>"))
    assert (error.code, error.params["after"]) == ("cap.order", "Signature")


def test_a_signature_may_hold_anything_however_deep() -> None:
    deep = "<x>" * 2000 + "</x>" * 2000
    assert read_cap(changed("not a real one", deep)) == read_cap(TYPHOON)


@pytest.mark.parametrize(
    "references", ["T1", "a@b.example,T1", "a@b.example,T1,2021-07-23T07:00:00Z", "a,b,c,d"]
)
def test_references_of_another_form_are_refused(references: str) -> None:
    error = refused(message(kind="Update", references=references))
    assert (error.code, error.params["element"]) == ("cap.references", "alert/references")


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:oasis:names:tc:emergency:cap:1.1",
        "http://www.incident.com/cap/1.0",
    ],
)
def test_other_versions_are_told_from_other_files(namespace: str) -> None:
    error = refused(changed("urn:oasis:names:tc:emergency:cap:1.2", namespace))
    assert (error.code, error.params["found"]) == ("cap.version", namespace)


@pytest.mark.parametrize(
    "data", [b"<html/>", b"<alert/>", b'<feed xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>']
)
def test_another_document_is_refused(data: bytes) -> None:
    assert refused(data).code == "cap.root"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE alert [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE alert [<!ENTITY f SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE alert SYSTEM "http://weather.example/cap.dtd">',
        '<!DOCTYPE alert [<!ENTITY % p SYSTEM "http://weather.example/p.dtd"> %p;]>',
        "<!DOCTYPE alert>",
    ],
)
def test_document_types_and_with_them_all_entities_are_refused(doctype: str) -> None:
    error = refused(changed("<!-- A message", f"{doctype}<!-- A message"))
    assert (error.code, error.params["line"]) == ("cap.dtd", 2)


@pytest.mark.parametrize(
    ("data", "code", "line", "element"),
    [
        (b"", "cap.xml_empty", 1, None),
        (b"{}", "cap.xml_character", 1, "-"),
        (TYPHOON[:-20], "cap.xml_cut_off", 62, "alert"),
        (TEXT.replace("台风", "&wind;", 1).encode(), "cap.xml_entity", 27, "alert/info/event"),
        (TYPHOON + b"<more/>", "cap.xml_after_end", 64, None),
        (TEXT.replace("Typhoon", "\x01").encode(), "cap.xml_character", 13, "alert/info/event"),
        (TEXT.replace("Typhoon", "a & b").encode(), "cap.xml_character", 13, "alert/info/event"),
        (TEXT.replace("Typhoon", "&#0;").encode(), "cap.xml_reference", 13, "alert/info/event"),
        (TEXT.replace("</event>", "</evnt>", 1).encode(), "cap.xml_tags", 13, "alert/info/event"),
        (TEXT.replace("<event>", "<x:event>", 1).encode(), "cap.xml_prefix", 13, "alert/info"),
        (
            TEXT.replace("<event>", "<event a='1' a='2'>", 1).encode(),
            "cap.xml_attribute_twice",
            13,
            "alert/info",
        ),
        (b"\n" + TYPHOON, "cap.xml_declaration", 2, None),
        (b"<alert xmlns:xml='x'/>", "cap.not_xml", 1, "-"),
    ],
)
def test_what_is_no_xml_is_refused_with_its_reason_line_and_element(
    data: bytes, code: str, line: int, element: str | None
) -> None:
    error = refused(data)
    assert (error.code, error.params["line"]) == (code, line)
    assert error.params.get("element") == element


@pytest.mark.parametrize("language", LANGUAGES)
def test_none_of_the_parsers_english_stands_in_what_people_read(language: Language) -> None:
    error = refused(TEXT.replace("台风", "&wind;", 1).encode())
    said = " ".join(Texts(language).error(error.code, error.params))
    assert "alert/info/event" in said
    assert "27" in said
    assert "undefined entity" not in said


def test_an_encoding_that_is_not_read_is_named() -> None:
    error = refused(changed('"UTF-8"', '"EUC-KR"'))
    assert (error.code, error.params["encoding"]) == ("cap.encoding", "EUC-KR")


def test_bytes_that_are_not_of_the_encoding_are_refused_with_their_line() -> None:
    error = refused(TEXT.encode("gb18030"))
    assert (error.code, error.params["line"]) == ("cap.encoding_broken", 27)


def test_a_message_over_the_limit_is_refused_before_it_is_read() -> None:
    filler = "<!--" + "x" * 256 * 1024 + "-->"
    error = refused(changed("<status>", f"{filler}<status>"))
    assert (error.code, error.params["limit"]) == ("cap.too_large", 256)

    assert read_cap(changed("<status>", f"{filler}<status>")[:], limit=300).status == "Actual"


def test_elements_nested_without_end_are_refused_like_any_unknown_one() -> None:
    error = refused(changed(">Typhoon<", ">" + "<a>" * 20_000 + "</a>" * 20_000 + "<"))
    assert (error.code, error.params["element"]) == (
        "cap.unknown_element",
        "alert/info[1]/event/a",
    )
