"""What tests of the adapters share: assertions that are told in full."""

import pytest

pytest.register_assert_rewrite(
    "tests.adapters.contract_writing",
    "tests.adapters.contract_reading",
    "tests.adapters.contract_following",
)
