"""What is said of every log of the city's own history."""

from __future__ import annotations

STOPPED = "times when a clock stood still are taken out of waiting and work"
PSEUDONYMS = "people are numbers: their accounts', which an administrator can resolve"
