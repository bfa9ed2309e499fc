"""The server's certificate and key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from handheld.adapters.checks.ports import is_loopback
from handheld.adapters.checks.result import Checked, failed, fine, skipped, warning

SOON = timedelta(days=30)


def none(host: str) -> Checked:
    """No TLS is set, which is right for this machine alone."""
    if is_loopback(host):
        return skipped("tls.none")
    return warning("tls.plain", host=host)


def look(
    certificate: Path, key: Path, now: datetime, origins: Sequence[str] = ()
) -> Iterator[Checked]:
    """Whether both can be read, belong together, and hold now and for a while."""
    for path in (certificate, key):
        trouble = _unreadable(path)
        if trouble is not None:
            yield trouble
            return
    try:
        shown = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    except ValueError:
        yield failed("tls.no_certificate", path=certificate)
        return
    yield _matching(shown, certificate, key)
    yield _in_time(shown, certificate, now)
    if key.stat().st_mode & 0o007:
        yield failed("tls.key_open", path=key)
    yield from _named(shown, certificate, origins)


def _unreadable(path: Path) -> Checked | None:
    try:
        path.read_bytes()
    except FileNotFoundError:
        return failed("tls.missing", path=path)
    except OSError as error:
        return failed("tls.unreadable", path=path, reason=error.strerror)
    return None


def _matching(shown: x509.Certificate, certificate: Path, key: Path) -> Checked:
    try:
        private = serialization.load_pem_private_key(key.read_bytes(), None)
    except TypeError:
        return failed("tls.key_locked", path=key)
    except (ValueError, UnsupportedAlgorithm):
        return failed("tls.no_key", path=key)
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    if private.public_key().public_bytes(*form) != shown.public_key().public_bytes(*form):
        return failed("tls.mismatch", path=certificate, key=key)
    return fine("tls.matches", path=certificate)


def _in_time(shown: x509.Certificate, certificate: Path, now: datetime) -> Checked:
    begins, ends = shown.not_valid_before_utc, shown.not_valid_after_utc
    if now < begins:
        return failed("tls.not_yet", path=certificate, begins=begins)
    if now >= ends:
        return failed("tls.expired", path=certificate, ends=ends)
    if ends - now < SOON:
        return warning("tls.ends_soon", path=certificate, ends=ends, days=(ends - now).days)
    return fine("tls.in_time", path=certificate, ends=ends)


def _named(shown: x509.Certificate, certificate: Path, origins: Sequence[str]) -> Iterator[Checked]:
    """Browsers refuse a certificate that does not name the host that they asked for."""
    try:
        names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        known = [name.lower() for name in names.get_values_for_type(x509.DNSName)]
        known += [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    except (x509.ExtensionNotFound, ValueError):
        known = []
    for origin in origins:
        parts = urlsplit(origin)
        host = parts.hostname or ""
        wild = f"*.{host.partition('.')[2]}"
        if parts.scheme == "https" and host not in known and wild not in known:
            yield failed("tls.other_name", path=certificate, origin=origin)
