"""The key by which push services know an installation: made once, and the same for all processes."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from handheld.adapters.database import Database
from handheld.adapters.database_told import told
from handheld.adapters.push_tables import prepare_push


def key_in_file(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key in a file of its own. Raises ValueError for a file that holds another."""
    if path.exists():
        return _read(path.read_bytes())
    text = _made()
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, text)
        os.fsync(handle)
    finally:
        os.close(handle)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return _read(text)


def key_in_database(database: Database) -> ec.EllipticCurvePrivateKey:
    """The key beside the subscriptions; of several processes that make one at once, one does.

    Raises Busy, Installation (`store.unwritable`), ValueError for one that is not of this kind.
    """
    prepare_push(database)
    with told(database):
        with database.reading() as c:
            found = c.execute("SELECT pem FROM vapid").fetchone()
        if found is None:
            with database.writing() as c:
                c.execute(
                    "INSERT INTO vapid VALUES ('key', ?) ON CONFLICT DO NOTHING",
                    (_made().decode(),),
                )
                found = c.execute("SELECT pem FROM vapid").fetchone()
    return _read(str(found[0]).encode() if found is not None else b"")


def _made() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read(text: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(text, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        msg = "not a key of P-256"
        raise ValueError(msg)
    return key
