"""Cities for these tests."""

from __future__ import annotations

from tests.service.city import busy_city, city, small_city

__all__ = ["busy_city", "city", "small_city"]
