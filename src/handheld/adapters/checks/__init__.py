"""What `handheld doctor` looks at: the machine, the data directory, the server's settings.

Each check gives what it found, with a code that has words in both languages; none raises for what
it was made to find.
"""

from handheld.adapters.checks.result import Checked, State

__all__ = ["Checked", "State"]
