"""Identities for NATS, made anew for tests: nkeys, and the JWTs of an operator, an account, a user.

As https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth has
them: Ed25519 keys in base32 with a prefix and a checksum; JWTs signed with them (`ed25519-nkey`).
"""

from __future__ import annotations

import base64
import binascii
import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Kind = Literal["operator", "account", "user"]
_PREFIX: dict[Kind, int] = {"operator": 14 << 3, "account": 0, "user": 20 << 3}
_SEED = 18 << 3


class Nkey(NamedTuple):
    """One identity."""

    kind: Kind
    key: Ed25519PrivateKey

    @classmethod
    def new(cls, kind: Kind) -> Nkey:
        return cls(kind, Ed25519PrivateKey.generate())

    @property
    def public(self) -> str:
        return _base32(bytes([_PREFIX[self.kind]]) + self.key.public_key().public_bytes_raw())

    @property
    def seed(self) -> str:
        prefix = _PREFIX[self.kind]
        head = bytes([_SEED | prefix >> 5, (prefix & 31) << 3])
        return _base32(head + self.key.private_bytes_raw())

    def signed(self, name: str, of: Nkey, about: dict[str, Any]) -> str:
        """A JWT about somebody, signed by this one."""
        claims: dict[str, Any] = {
            "iat": 1_600_000_000,
            "iss": self.public,
            "jti": "",
            "name": name,
            "nats": {"type": of.kind, "version": 2, **about},
            "sub": of.public,
        }
        claims["jti"] = base64.b32encode(sha256(json.dumps(claims).encode()).digest()).decode()[:52]
        head = _base64(b'{"typ":"JWT","alg":"ed25519-nkey"}')
        body = f"{head}.{_base64(json.dumps(claims).encode())}"
        return f"{body}.{_base64(self.key.sign(body.encode()))}"


class Trust(NamedTuple):
    """An operator with one account, as a server knows them."""

    configuration: str
    account: Nkey

    def credentials(self, file: Path, signer: Nkey | None = None) -> Path:
        """The file of a new user of the account; `signer` is another who vouches for them."""
        user = Nkey.new("user")
        jwt = (signer or self.account).signed(
            "relay", user, {"subs": -1, "data": -1, "payload": -1}
        )
        file.write_text(
            f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
            f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n------END USER NKEY SEED------\n"
        )
        return file


def trust() -> Trust:
    """A new operator and account; the account has JetStream."""
    operator, account, system = Nkey.new("operator"), Nkey.new("account"), Nkey.new("account")
    unlimited = {"subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "conn": -1}
    storage = {"mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1}
    limits = {"limits": {**unlimited, "leaf": -1, "wildcards": True, **storage}}
    of_system = {"limits": {**unlimited, "leaf": -1, "wildcards": True}}
    known = {
        account: operator.signed("district", account, limits),
        system: operator.signed("system", system, of_system),
    }
    preloaded = "\n".join(f"  {one.public}: {jwt}" for one, jwt in known.items())
    said = operator.signed("operator", operator, {"system_account": system.public})
    return Trust(
        f"operator: {said}\nsystem_account: {system.public}\n"
        f"resolver: MEMORY\nresolver_preload: {{\n{preloaded}\n}}\n",
        account,
    )


def _base32(raw: bytes) -> str:
    checksum = binascii.crc_hqx(raw, 0).to_bytes(2, "little")
    return base64.b32encode(raw + checksum).decode().rstrip("=")


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
