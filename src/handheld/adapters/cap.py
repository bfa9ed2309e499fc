"""CAP 1.2 messages in: bytes of XML to a checked CapAlert.

Strict: what the standard or its schema forbids is refused, and the error names the element by its
path and says why. Two things that the schema cannot say are checked as section 3.2 says them: which
elements depend on others, and that `+00:00`, which the schema allows, means the same as `-00:00`.
"""

from __future__ import annotations

import msgspec

from handheld.adapters.cap_schema import ALERT, check_root, read
from handheld.adapters.cap_xml import LIMIT_KIBIBYTES, read_tree
from handheld.domain.cap import CapAlert
from handheld.domain.errors import Malformed


def read_cap(data: bytes, limit: int = LIMIT_KIBIBYTES) -> CapAlert:
    """The message in the bytes of a file; `limit` is in KiB.

    Raises Malformed: as `cap_xml.read_tree` and `cap_schema.read` say, and `cap.depends`.
    """
    root = read_tree(data, limit)
    check_root(root)
    alert = msgspec.convert(read(root, "alert", ALERT, signed=True), CapAlert)
    _check_dependent(alert)
    return alert


def _check_dependent(alert: CapAlert) -> None:
    """Elements that others make necessary. Raises Malformed (`cap.depends`)."""
    if alert.scope == "Restricted" and not (alert.restriction or "").strip():
        raise Malformed("cap.depends", element="alert/restriction", because="scope Restricted")
    if alert.scope == "Private" and not (alert.addresses or "").strip():
        raise Malformed("cap.depends", element="alert/addresses", because="scope Private")
    if alert.msg_type != "Alert" and not alert.references:
        raise Malformed(
            "cap.depends", element="alert/references", because=f"msgType {alert.msg_type}"
        )
    for number, info in enumerate(alert.infos, 1):
        for place, area in enumerate(info.areas, 1):
            if area.ceiling is not None and area.altitude is None:
                path = f"alert/info[{number}]/area[{place}]"
                raise Malformed("cap.depends", element=f"{path}/altitude", because="ceiling")
