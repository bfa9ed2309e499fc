"""The contract of reading: in order, within bounds, and never assuming contiguous positions."""

from __future__ import annotations

from bisect import bisect_right

import pytest

from handheld.application.ports import Log, Row, Written
from tests.adapters.contract_base import Contract
from tests.support_log import decided, key, new_command, rows


class ReadingContract(Contract):
    """Reading what was written."""

    @pytest.fixture
    def filled(self, log: Log) -> Log:
        """Thirty commits of three facts each, on streams of four kinds, one second apart."""
        for n in range(30):
            facts = (
                rows(f"person-{n:02d}", 1, state=b"person %d" % n)
                + rows("tf-1", n + 1)
                + rows(("task-1", "plan-1")[n % 2], n // 2 + 1)
            )
            log.commit([decided(facts)], lambda n=n: 1_000_000 * (n + 1))  # type: ignore[misc]
        return log

    def test_an_empty_log_has_nothing_to_read(self, log: Log) -> None:
        assert log.end() == 0
        assert list(log.read(0, 10)) == []
        assert list(log.read_streams(["task-1"])) == []
        assert list(log.read_kinds(0, ["task"])) == []
        assert list(log.read_positions([1])) == []
        assert log.position_at(1_000) == 0
        assert log.known_commands([key()]) == {}

    def test_a_row_is_read_as_it_was_written(self, log: Log) -> None:
        state = '{"text":"走访 \\u0000 \U0001f33f"}'.encode()
        (verdict,) = log.commit(
            [decided([("task-1", 1, "task.reported.v1", state)])], lambda: 1_627_023_600_123_456
        )
        assert isinstance(verdict, Written)
        expected = (verdict.first, "task-1", 1, "task.reported.v1", state, 1_627_023_600_123_456)
        assert list(log.read(0, 1)) == [expected]
        assert list(log.read_streams(["task-1"])) == [expected]

    def test_positions_grow_and_the_end_is_the_last(self, filled: Log) -> None:
        positions = [row[0] for row in filled.read(0, 1_000)]
        assert len(positions) == 90
        assert positions == sorted(set(positions))
        assert filled.end() == positions[-1]

    def test_read_goes_on_after_a_position(self, filled: Log) -> None:
        everything = list(filled.read(0, 1_000))
        pages: list[Row] = []
        after = 0
        while page := filled.read(after, 7):
            assert len(page) <= 7
            pages += page
            after = page[-1][0]
        assert pages == everything
        assert list(filled.read(filled.end(), 10)) == []

    def test_read_stops_at_a_position(self, filled: Log) -> None:
        everything = list(filled.read(0, 1_000))
        middle = everything[40][0]
        assert list(filled.read(0, 1_000, middle)) == everything[:41]
        assert list(filled.read(everything[29][0], 5, middle)) == everything[30:35]
        assert list(filled.read(middle, 5, middle)) == []
        assert list(filled.read(0, 1_000, filled.end() + 100)) == everything

    def test_streams_are_read_whole_by_stream_and_version(self, filled: Log) -> None:
        found = [row[1:3] for row in filled.read_streams(["tf-1", "plan-1", "task-none"])]
        assert found == [("plan-1", v) for v in range(1, 16)] + [("tf-1", v) for v in range(1, 31)]

    def test_very_many_streams_are_read_at_once(self, filled: Log) -> None:
        wanted = [f"task-none-{n}" for n in range(40_000)] + ["person-07"]
        assert [row[4] for row in filled.read_streams(wanted)] == [b"person 7"]

    @pytest.mark.parametrize("kinds", [["person"], ["task", "plan"], ["tf", "division"]])
    @pytest.mark.parametrize("index", [None, 0, 44, 88, 89])
    def test_kinds_of_stream_are_read_after_a_position_in_order(
        self, filled: Log, kinds: list[str], index: int | None
    ) -> None:
        everything = list(filled.read(0, 1_000))
        after = 0 if index is None else everything[index][0]
        expected = [r for r in everything if r[0] > after and r[1].partition("-")[0] in kinds]
        assert list(filled.read_kinds(after, kinds)) == expected

    def test_a_kind_is_not_the_beginning_of_another(self, log: Log) -> None:
        log.commit([decided(rows("task-1", 1) + rows("taskforce-1", 1) + rows("tas-1", 1))], int)
        assert [row[1] for row in log.read_kinds(0, ["task"])] == ["task-1"]
        log.commit([decided(rows("taskforce-1", 2) + rows("task-1", 2))], int)
        assert [row[1] for row in log.read_kinds(log.end() - 2, ["task"])] == ["task-1"]

    def test_rows_are_read_by_position_in_order(self, filled: Log) -> None:
        everything = list(filled.read(0, 1_000))
        wanted = [everything[n] for n in (3, 50, 51, 89)]
        positions = [row[0] for row in reversed(wanted)]
        assert list(filled.read_positions([*positions, filled.end() + 1, 0])) == wanted

    def test_the_position_at_an_instant_is_the_last_one_recorded_by_then(self, filled: Log) -> None:
        everything = list(filled.read(0, 1_000))
        times = [row[5] for row in everything]
        for us in (0, 999_999, 1_000_000, 1_000_001, 15_500_000, 30_000_000, 99_000_000):
            index = bisect_right(times, us)
            assert filled.position_at(us) == (everything[index - 1][0] if index else 0)

    def test_known_commands_are_found_by_actor_and_id(self, log: Log) -> None:
        command = new_command()
        mine, other_body = key(command, "person-1"), key(command, "person-1", b"other")
        not_mine = key(command, "person-2")
        (written,) = log.commit([decided(rows("task-1", 1), about=mine)], int)
        assert isinstance(written, Written)
        name = ("person-1", command)
        assert log.known_commands([mine, key(), not_mine]) == {
            name: written._replace(repeated=True)
        }
        assert type(log.known_commands([other_body])[name]).__name__ == "Reused"
