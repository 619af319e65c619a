"""Who may do what with event logs: analysts all, supervisors read."""

from __future__ import annotations

READERS = ("analyst", "supervisor")
WRITER = "analyst"
