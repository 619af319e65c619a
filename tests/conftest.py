"""What every test may ask for: databases (tests/databases.py) and a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import settings

from engine.clock import FrozenClock

pytest_plugins = ["tests.databases"]

# The same examples every time; `--hypothesis-profile=thorough` looks for new ones.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("thorough", max_examples=2_000, deadline=None)
settings.load_profile("same")


@pytest.fixture
def clock() -> FrozenClock:
    """Monday 3 March 2014, nine in the morning in Beijing; `clock.set` moves it."""
    return FrozenClock(datetime(2014, 3, 3, 1, tzinfo=UTC))
