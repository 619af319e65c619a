"""What a procedure consists of: items (事项), stages, and the activities of its network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Who works on an activity, and so whether its days count."""

    #: a department's item: its promised days count
    APPROVAL = "approval"
    #: the applicant's own work: no legal clock, counts 0, expected days in the elapsed total
    APPLICANT = "applicant"
    #: an intermediary's work (中介), as the applicant's
    INTERMEDIARY = "intermediary"
    #: a point in time
    MILESTONE = "milestone"


START = "START"
OPEN = "OPEN"


@dataclass(frozen=True, slots=True)
class Activity:
    """One node of a procedure's network.

    `days` are working days: promised for approvals, expected for applicant and
    intermediary work, 0 for milestones. `predecessors` are direct finish-to-start
    edges with gateways and gates resolved; `decision_waits_for` are finish-to-finish
    edges of soft gates: work may start without them, the decision may not fall.
    """

    id: str
    name: str
    stage: str
    department: str
    kind: Kind
    days: int
    predecessors: tuple[str, ...] = ()
    decision_waits_for: tuple[str, ...] = ()
