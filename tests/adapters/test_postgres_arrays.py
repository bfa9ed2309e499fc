"""Arrays that we encode are those that the server reads."""

from __future__ import annotations

import psycopg
from hypothesis import given
from hypothesis import strategies as st

from handheld.adapters.postgres_arrays import blobs, integers, texts, understand
from tests.support_postgres import Postgres

_TEXTS = st.lists(st.none() | st.text(st.characters(exclude_characters="\0", codec="utf-8")))
_INTEGERS = st.lists(st.none() | st.integers(-(2**63), 2**63 - 1))


def test_the_server_reads_columns_as_they_were(server: Postgres) -> None:
    with psycopg.connect(server.conninfo) as conn:
        understand(conn)

        @given(_TEXTS, st.lists(st.binary()), _INTEGERS)
        def read_back(some: list[str | None], data: list[bytes], numbers: list[int | None]) -> None:
            row = conn.execute(
                "SELECT %b::text[], %b::bytea[], %b::int8[]",
                (texts(some), blobs(data), integers(numbers)),
            ).fetchone()

            assert row == (some, data, numbers)

        read_back()
