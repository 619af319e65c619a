"""An event log as columns of numbers: 100,000 events are a few megabytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Times: TypeAlias = npt.NDArray[np.float64]
Indices: TypeAlias = npt.NDArray[np.int32]
UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class EventLog:
    """One row for each time somebody did something; all columns have the same length.

    Rows stand by case, inside a case by end and then as in the file. `case`, `activity`,
    `resource` and `group` index the names; `UNKNOWN` where the log does not say. `ready`,
    `start` and `end` are seconds since 1970 in UTC; NaN where unknown: a log of one timestamp an
    event knows the end alone. `traits` are the cases' own attributes, by name, one value a case.
    `notes` say in words what was mended or left out on the way in.
    """

    cases: tuple[str, ...]
    activities: tuple[str, ...]
    resources: tuple[str, ...]
    groups: tuple[str, ...]
    case: Indices
    activity: Indices
    resource: Indices
    group: Indices
    ready: Times
    start: Times
    end: Times
    traits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.case)

    @property
    def has_starts(self) -> bool:
        """Whether service time is known of any row; else waiting and service are one."""
        return bool(np.isfinite(self.start).any())
