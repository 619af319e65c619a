"""Many durations at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.analysis.simulation.distribution import Distribution
from engine.analysis.simulation.kernel.quantile import quantiles
from engine.analysis.simulation.kernel.records import NODE
from engine.analysis.simulation.shapes import write


def draw(work: Distribution, numbers: Any) -> Any:
    """Return a distribution's quantiles at numbers between 0 and 1, both excluded."""
    nodes, tables = np.zeros(1, NODE), list[float]()
    write(nodes[0], work, tables)
    found = np.empty(len(numbers))
    quantiles(np.clip(numbers, 2.0**-54, 1 - 2.0**-53), nodes, np.array(tables, np.float64), found)
    return found
