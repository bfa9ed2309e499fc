"""The contract's assertions are told in full, like those of any test."""

import pytest

pytest.register_assert_rewrite(
    "tests.adapters.contract_writing",
    "tests.adapters.contract_reading",
    "tests.adapters.contract_following",
)
