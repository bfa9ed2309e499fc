"""What is wrong with a message that is no XML, in codes that have words in every language.

The parser's own phrases are English, and speak of tokens; whoever reads them is to telephone an office.
"""

from __future__ import annotations

from xml.parsers.expat import ExpatError, errors

from handheld.domain.errors import Malformed

_CODES = {
    name: errors.codes[phrase]
    for name, phrase in vars(errors).items()
    if name.startswith("XML_ERROR_") and phrase in errors.codes
}


def broken(error: ExpatError, inside: str) -> Malformed:
    """The error to raise; `inside` is the path of the innermost element that has not ended.

    It names line, column (from 1) and element: `cap.xml_empty`, `cap.xml_cut_off`,
    `cap.xml_character`, `cap.xml_tags`, `cap.xml_attribute_twice`, `cap.xml_after_end`,
    `cap.xml_entity`, `cap.xml_reference`, `cap.xml_prefix`, `cap.xml_declaration`; what is rarer is
    `cap.not_xml`.
    """
    line, column, element = error.lineno, error.offset + 1, inside or "-"
    if _is(error, "NO_ELEMENTS") and not inside:
        return Malformed("cap.xml_empty", line=line)
    if _is(error, "NO_ELEMENTS", "UNCLOSED_TOKEN", "PARTIAL_CHAR", "UNCLOSED_CDATA_SECTION"):
        return Malformed("cap.xml_cut_off", line=line, column=column, element=element)
    if _is(error, "INVALID_TOKEN", "SYNTAX"):
        return Malformed("cap.xml_character", line=line, column=column, element=element)
    if _is(error, "TAG_MISMATCH", "ASYNC_ENTITY"):
        return Malformed("cap.xml_tags", line=line, column=column, element=element)
    if _is(error, "DUPLICATE_ATTRIBUTE"):
        return Malformed("cap.xml_attribute_twice", line=line, column=column, element=element)
    if _is(error, "JUNK_AFTER_DOC_ELEMENT"):
        return Malformed("cap.xml_after_end", line=line, column=column)
    if _is(error, "UNDEFINED_ENTITY"):
        return Malformed("cap.xml_entity", line=line, column=column, element=element)
    if _is(error, "BAD_CHAR_REF"):
        return Malformed("cap.xml_reference", line=line, column=column, element=element)
    if _is(error, "UNBOUND_PREFIX"):
        return Malformed("cap.xml_prefix", line=line, column=column, element=element)
    if _is(error, "MISPLACED_XML_PI", "XML_DECL"):
        return Malformed("cap.xml_declaration", line=line, column=column)
    return Malformed("cap.not_xml", line=line, column=column, element=element)


def _is(error: ExpatError, *names: str) -> bool:
    return error.code in {_CODES.get(f"XML_ERROR_{name}") for name in names}
