"""A process that brings attachments until it is killed, and says what was acknowledged."""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection
from pathlib import Path

from tests.support_attachments import Place, big_photo, hash_of

SIZES = (70_000, 3_000, 200_000, 130_000)


def photo(number: int) -> bytes:
    return big_photo(SIZES[number % len(SIZES)], seed=number)


def bring_for_ever(directory: Path, told: Connection) -> None:
    place = Place(directory)
    number = 0
    while True:
        data = photo(number)
        upload = place.begin(data, "image/jpeg")
        for offset in range(0, len(data), 50_000):
            place.send(upload, data[offset : offset + 50_000], offset)
            told.send((number, offset, ""))
        found = place.store.finish(upload)
        told.send((number, len(data), found.sha256))
        number += 1


def main() -> None:
    """One attachment, under strace."""
    place = Place(Path(sys.argv[1]))
    data = photo(0)
    upload = place.begin(data, "image/jpeg")
    place.send(upload, data)
    print("SENT", flush=True)
    place.store.finish(upload)
    print("STORED", hash_of(data), flush=True)
    place.close()


if __name__ == "__main__":
    main()
