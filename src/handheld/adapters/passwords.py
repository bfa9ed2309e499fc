"""Hashes of passwords: argon2id (RFC 9106) with the library's defaults, a fifth of a second each."""

from __future__ import annotations

from base64 import b64encode
from secrets import token_bytes

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    """Hashes and checks passwords."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._unmatched()

    @property
    def nobodys(self) -> str:
        """A hash that no password gives, as dear to check as any other."""
        return self._nobodys

    def _unmatched(self) -> str:
        """Made of random bytes: to hash something for it would take the time that it is to cost."""
        p = self._hasher
        salt, result = (
            b64encode(token_bytes(size)).decode().rstrip("=") for size in (p.salt_len, p.hash_len)
        )
        costs = f"m={p.memory_cost},t={p.time_cost},p={p.parallelism}"
        return f"$argon2id$v=19${costs}${salt}${result}"

    def hash(self, password: str) -> str:
        """The hash of a password, with a salt of its own."""
        return self._hasher.hash(_bytes(password))

    def verify(self, hashed: str, password: str) -> bool:
        """Whether a password gives this hash."""
        try:
            return self._hasher.verify(hashed, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, hashed: str) -> bool:
        """Whether a hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(hashed)


def _bytes(password: str) -> bytes:
    """Half a surrogate pair, which JSON can hold, is no reason to fail."""
    return password.encode("utf-8", "surrogatepass")
