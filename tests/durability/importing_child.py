"""A process that seals names and imports the people who bear them; run under strace by the tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from handheld.bootstrap import Home
from handheld.domain.register import (
    Contact,
    DivisionRow,
    ImportDivisions,
    ImportPeople,
    PersonRow,
)
from handheld_projections.organisation import Post
from tests.support_log import COUNTY, person


def main() -> None:
    with Home(Path(sys.argv[1])) as home:
        home.execute(ImportDivisions(rows=(DivisionRow(code=COUNTY, name="县"),)), "operator")
        os.write(1, b"SEALING\n")
        (name,) = home.keyring.seal([(person(1), "合成一")])
        posts = (Post("household_contact", COUNTY),)
        row = PersonRow(person=person(1), contact=Contact(name), posts=posts, synthetic=True)
        home.execute(ImportPeople(rows=(row,)), "operator")


if __name__ == "__main__":
    main()
