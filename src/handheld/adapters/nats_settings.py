"""Where NATS is and as whom this installation goes there: what an operator sets, checked once."""

from __future__ import annotations

import re
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from handheld.domain.errors import Installation

USUAL_PORT = 4222

_SEED = r"SU[A-D][A-Z2-7]{55}"
SEED = re.compile(rf"\A\s*{_SEED}\s*\Z")
"""The file of a user's nkey."""
CREDENTIALS = re.compile(
    r"BEGIN NATS USER JWT-+\s+[\w-]+\.[\w-]+\.[\w-]+\s+-+END"
    rf"[^\0]*BEGIN USER NKEY SEED-+\s+{_SEED}\s"
)
"""The file of a user's JWT and nkey."""

StreamName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,200}$")]
Domain = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,200}$")]


class Login(NamedTuple):
    """What the URLs say of who comes: a user with a password, or a token. Secret."""

    user: str | None = None
    password: str | None = None
    token: str | None = None

    def __repr__(self) -> str:
        return "Login(…)"


class NatsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator sets. It shows nothing secret, however it is printed.

    Raises Installation (`nats.servers`, `nats.together`) where it contradicts itself.
    """

    servers: str
    """URLs, comma separated: `nats://host:4222,tls://user:password@other`. A user or token in one of
    them goes to all of them; a byte that a URL cannot have stands as `%` and two hex digits."""
    ca: Path | None = None
    """Certificates (PEM) of the authorities that servers are trusted by, instead of the machine's own.
    With it, or with one `tls://` among the servers, nothing is said without TLS."""
    certificate: Path | None = None
    """The certificate chain (PEM) that this side shows."""
    key: Path | None = None
    """The private key (PEM) of that certificate."""
    credentials: Path | None = None
    """A user's JWT and seed in one file, as `nsc` writes it (`.creds`)."""
    seed: Path | None = None
    """The seed of a user's nkey (`SU…`)."""
    domain: Domain | None = None
    """JetStream's domain, where the servers have one."""
    stream: StreamName = "handheld"
    """The stream of one log's facts; it stays when the log is restored under a new id."""
    replicas: Literal[1, 3, 5] = 1
    """On how many servers each message lies, where the stream is made."""

    def __post_init__(self) -> None:
        """Check what belongs together."""
        for first, second in (("certificate", "key"), ("key", "certificate")):
            if getattr(self, first) is not None and getattr(self, second) is None:
                raise Installation("nats.together", given=f"nats_{first}", missing=f"nats_{second}")
        given = [bool(self.credentials), bool(self.seed), self.login != Login()]
        if sum(given) > 1:
            raise Installation("nats.one_way")

    def __repr__(self) -> str:
        return f"NatsSettings({', '.join(self.shown)})"

    @property
    def urls(self) -> list[str]:
        """The servers for the client: without what is secret. Raises Installation."""
        return [f"{one.scheme}://{_place(one)}" for one in self._split()]

    @property
    def shown(self) -> list[str]:
        """The servers for people: host and port. Raises Installation."""
        return [_place(one) for one in self._split()]

    @property
    def login(self) -> Login:
        """Who comes, by the URLs. Raises Installation."""
        found = {
            Login(user=unquote(one.username), password=unquote(one.password))
            if one.password is not None
            else Login(token=unquote(one.username))
            for one in self._split()
            if one.username
        }
        if len(found) > 1:
            raise Installation("nats.servers", position=2)
        return found.pop() if found else Login()

    def tls(self) -> ssl.SSLContext | None:
        """How servers are known and this side is; None where nobody asks for TLS.

        Raises Installation (`nats.file`).
        """
        asked = any(one.scheme == "tls" for one in self._split())
        if not asked and self.ca is None and self.certificate is None:
            return None
        context = ssl.create_default_context()
        if self.ca is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            with _told(self.ca):
                context.load_verify_locations(self.ca)
        if self.certificate is not None:
            with _told(self.certificate):
                context.load_cert_chain(self.certificate, self.key)
        return context

    def _split(self) -> list[SplitResult]:
        found: list[SplitResult] = []
        for number, text in enumerate(self.servers.split(","), 1):
            url = text.strip()
            try:
                one = urlsplit(url if "://" in url else f"nats://{url}")
                fits = one.scheme in ("nats", "tls") and one.path in ("", "/")
                if not (fits and one.hostname and one.port != 0):
                    raise ValueError
            except ValueError:
                # The URL itself is not told: it may hold a password.
                raise Installation("nats.servers", position=number) from None
            found.append(one)
        return found


def _place(url: SplitResult) -> str:
    host = url.hostname or ""
    return f"{f'[{host}]' if ':' in host else host}:{url.port or USUAL_PORT}"


def readable(path: Path, form: re.Pattern[str]) -> Path:
    """A file that is there and has this form in it. Raises Installation (`nats.file`)."""
    with _told(path):
        if form.search(path.read_text("ascii")) is None:
            raise ValueError
    return path


@contextmanager
def _told(path: Path) -> Generator[None]:
    """A file that cannot be used is told with its path, never with what it holds."""
    try:
        yield
    except ssl.SSLError as error:
        raise Installation("nats.file", path=str(path), reason=error.reason or "PEM") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Installation("nats.file", path=str(path), reason=reason) from None
    except ValueError:
        raise Installation("nats.file", path=str(path), reason="format") from None
