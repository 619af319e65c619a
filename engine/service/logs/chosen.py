"""The cases of one procedure, where a log tells which each is of: others may share its ids."""

from __future__ import annotations

import numpy as np

from engine.analysis.discovery.subset import part
from engine.analysis.eventlog.log import EventLog

#: the attribute of cases that the city's own history has
PROCEDURE = "procedure"


def of_procedure(log: EventLog, procedure: str | None) -> EventLog:
    """Return the cases of a procedure; all of them where the log names it nowhere."""
    named = log.traits.get(PROCEDURE, ())
    its = np.array([each == procedure for each in named], bool)
    return part(log, its[log.case]) if its.any() else log
