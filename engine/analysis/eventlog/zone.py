"""The clock on the wall: how far local time is ahead of UTC, for many instants at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from engine.analysis.eventlog.log import Times

CITY: Final = ZoneInfo("Asia/Shanghai")
DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: days since 1970 of what a date can be, with room for the offset
FIRST, LAST = -719_161, 2_932_895


@dataclass(frozen=True, slots=True, eq=False)
class Offsets:
    """Periods of one offset: `ahead` seconds of each, `changes` the instants between them."""

    changes: Times
    ahead: npt.NDArray[np.int64]

    @classmethod
    def of(cls, timezone: tzinfo, since: float, until: float) -> Offsets:
        """Return the offsets of a zone between two instants, in whole minutes.

        The zone is asked day by day; where two days differ, the second of the change is looked
        for between them.
        """
        first, last = (int(min(max(each // DAY, FIRST), LAST)) for each in (since, until))
        days = range(first, min(last + 1, LAST) + 1)
        ahead = [offset(day * DAY, timezone) for day in days]
        changed = [at for at in range(1, len(ahead)) if ahead[at] != ahead[at - 1]]
        changes = [change(days[at - 1] * DAY, timezone) for at in changed]
        known = [ahead[0], *(ahead[at] for at in changed)]
        return cls(np.array(changes, dtype=np.float64), np.array(known, dtype=np.int64))

    def period(self, instants: Times) -> npt.NDArray[np.int64]:
        """Return in which period each instant is."""
        if not len(self.changes):
            return np.zeros(len(instants), dtype=np.int64)
        return np.searchsorted(self.changes, instants, side="right").astype(np.int64)


def offset(second: int, timezone: tzinfo) -> int:
    """Return how far local time is ahead at an instant, in seconds, rounded to minutes."""
    there = (EPOCH + timedelta(seconds=second)).astimezone(timezone).utcoffset()
    return round((there or timedelta()).total_seconds() / 60) * 60


def change(day: int, timezone: tzinfo) -> int:
    """Return the second at which local time changes within a day from an instant."""
    before, low, high = offset(day, timezone), day, day + DAY
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset(middle, timezone) == before else (low, middle)
    return high


def midnights(instants: Times, timezone: tzinfo) -> int:
    """Return how many instants are midnight on the wall; they are finite."""
    if not len(instants):
        return 0
    offsets = Offsets.of(timezone, float(instants.min()), float(instants.max()))
    local = instants + offsets.ahead[offsets.period(instants)]
    return int((local % DAY == 0).sum())
