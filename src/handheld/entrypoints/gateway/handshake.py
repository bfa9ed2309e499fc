"""The opening handshake, from what the HTTP server has read already: a storm of phones opens thousands.

Whatever is not as every client does it is left to `websockets`, which says what is wrong with it.
"""

from __future__ import annotations

from binascii import Error as NotBase64
from binascii import a2b_base64

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.utils import accept_key

HEADERS = 64
_SWITCHED = {"Upgrade": "websocket", "Connection": "Upgrade"}
_UNUSUAL = frozenset((b"transfer-encoding", b"content-length"))


def request_of(before: HttpToolsProtocol) -> Request | None:
    """The request that the HTTP server hands over; None where it is to be read anew."""
    if before.scope["method"] != "GET" or before.scope["http_version"] != "1.1":
        return None
    found = before.headers
    if len(found) > HEADERS or not before.url.isascii():
        return None
    headers = Headers()
    for name, value in found:
        if name in _UNUSUAL or not value.isascii():
            return None
        headers[name.decode("ascii")] = value.decode("ascii")
    return Request(before.url.decode("ascii"), headers)


def accepted(protocol: ServerProtocol, request: Request) -> Response:
    """The answer that opens the connection; or the one that says what is wrong (4xx)."""
    headers = request.headers
    keys = headers.get_all("Sec-WebSocket-Key")
    if (
        request.method != "GET"
        or request.protocol != "HTTP/1.1"
        or headers.get_all("Sec-WebSocket-Version") != ["13"]
        or [value.lower() for value in headers.get_all("Connection")] != ["upgrade"]
        or [value.lower() for value in headers.get_all("Upgrade")] != ["websocket"]
        or "Sec-WebSocket-Protocol" in headers
        or len(keys) != 1
        or not _is_key(keys[0])
    ):
        return protocol.accept(request)
    answer = Headers(_SWITCHED)
    answer["Sec-WebSocket-Accept"] = accept_key(keys[0])
    return Response(101, "Switching Protocols", answer)


def _is_key(key: str) -> bool:
    try:
        return len(a2b_base64(key, strict_mode=True)) == 16
    except (NotBase64, ValueError):
        return False
