"""Certificates for tests, made anew each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority(NamedTuple):
    """Who signs certificates."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    file: Path

    def certificate(self, folder: Path, host: str = "localhost") -> tuple[Path, Path]:
        """A certificate signed by this authority for a host, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        return _written(_signed(host, key, self.name, self.key, ca=False), key, folder)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate of this machine's loopback, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    return _written(_signed("localhost", key, _named("localhost"), key, ca=True), key, folder)


def authority(folder: Path) -> Authority:
    """A new authority; its certificate is in `file`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named("authority")
    file, _ = _written(_signed("authority", key, name, key, ca=True), key, folder)
    return Authority(name, key, file)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _signed(
    host: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    ca: bool,
) -> x509.Certificate:
    names: list[x509.GeneralName] = [x509.DNSName(host)]
    if host == "localhost":
        names.append(x509.IPAddress(IPv4Address("127.0.0.1")))
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(host))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def _written(
    made: x509.Certificate, key: ec.EllipticCurvePrivateKey, folder: Path
) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    chain, private = folder / "chain.pem", folder / "private.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(*form, serialization.NoEncryption()))
    private.chmod(0o600)
    return chain, private
