"""What holds for all tests."""

from __future__ import annotations

import os
import sys

# The tests start hundreds of processes, and each would compile the whole program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
