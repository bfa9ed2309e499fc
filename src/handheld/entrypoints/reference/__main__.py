"""`python -m handheld.entrypoints.reference DIRECTORY` writes the pages; names those changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from handheld.entrypoints.reference.writing import write
from handheld.texts.language import VARIABLE


def main() -> None:
    """Write the pages in English, whoever asks."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m handheld.entrypoints.reference DIRECTORY")
    os.environ[VARIABLE] = "en"
    for path in write(Path(sys.argv[1])):
        print(path)


if __name__ == "__main__":
    main()
