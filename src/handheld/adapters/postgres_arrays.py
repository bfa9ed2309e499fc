"""Columns as arrays in PostgreSQL's binary form, made in one piece: a third of what a list costs.

The form is that of `array_send`: dimensions, whether there are nulls, the type of the elements, count
and lower bound; then each element with its length before it. All numbers are big-endian.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from struct import Struct, pack

from psycopg.abc import AdaptContext
from psycopg.adapt import Dumper
from psycopg.pq import Format

_length = Struct("!i").pack
_head = Struct("!iiIii").pack
_NULL = _length(-1)
_TEXT, _BYTES, _INTEGER = 25, 17, 20
"""The numbers of text, bytea and int8 in PostgreSQL's catalogue, which are the same everywhere."""


class TextArray(bytes):
    """A `text[]`."""


class BytesArray(bytes):
    """A `bytea[]`."""


class IntegerArray(bytes):
    """An `int8[]`."""


def texts(values: Sequence[str | None]) -> TextArray:
    """Texts, or nulls."""
    return TextArray(_array(_TEXT, [None if one is None else one.encode() for one in values]))


def blobs(values: Sequence[bytes]) -> BytesArray:
    """Bytes."""
    return BytesArray(_array(_BYTES, values))


def integers(values: Sequence[int | None]) -> IntegerArray:
    """Integers of 64 bits, or nulls."""
    if None in values:
        eight = Struct("!q").pack
        return IntegerArray(
            _array(_INTEGER, [None if one is None else eight(one) for one in values])
        )
    count = len(values)
    head = _head(1, 0, _INTEGER, count, 1) if count else _head(0, 0, _INTEGER, 0, 0)[:12]
    return IntegerArray(
        head + pack(f"!{'iq' * count}", *chain.from_iterable(zip(repeat(8), values, strict=False)))
    )


def _array(kind: int, values: Sequence[bytes | None]) -> bytes:
    if not values:
        return _head(0, 0, kind, 0, 0)[:12]
    elements = [_NULL if one is None else _length(len(one)) + one for one in values]
    return _head(1, int(None in values), kind, len(values), 1) + b"".join(elements)


class _ArrayDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return obj


class _TextArrayDumper(_ArrayDumper):
    oid = 1009


class _BytesArrayDumper(_ArrayDumper):
    oid = 1001


class _IntegerArrayDumper(_ArrayDumper):
    oid = 1016


def understand(context: AdaptContext) -> None:
    """Let a connection or cursor take these arrays as parameters (`%b`)."""
    dumpers: Iterable[tuple[type[bytes], type[Dumper]]] = (
        (TextArray, _TextArrayDumper),
        (BytesArray, _BytesArrayDumper),
        (IntegerArray, _IntegerArrayDumper),
    )
    for array, dumper in dumpers:
        context.adapters.register_dumper(array, dumper)
