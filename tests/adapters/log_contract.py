"""The contract of a log port, for every adapter to join:

class TestMemoryLog(LogContract):
    def open_log(self, directory: Path) -> CommandLog:
        return open_memory()
"""

from tests.adapters.contract_following import FollowingContract
from tests.adapters.contract_reading import ReadingContract
from tests.adapters.contract_writing import WritingContract


class LogContract(WritingContract, ReadingContract, FollowingContract):
    """What every log does."""
