"""What scenarios answer: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NotRequired

from typing_extensions import TypedDict


class NameData(TypedDict):
    """A name in the interface's two languages; `en` may be empty."""

    zh: str
    en: str


class CostData(TypedDict):
    """Points, ours: people, systems and training; what must be decided or amended before."""

    effort: int
    legal: int


class OperationData(TypedDict):
    """An operation, see `engine.analysis.reengineering.operation`; each kind has its own fields."""

    id: str
    kind: str
    name: NameData
    item: str
    cost: CostData
    excludes: list[str]
    enabled: bool
    days: NotRequired[int]
    absorb: NotRequired[list[str]]
    predecessors: NotRequired[list[str]]
    remove_from: NotRequired[list[str]]
    add_to: NotRequired[list[str]]
    participants: NotRequired[list[str]]
    check_days: NotRequired[int]


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A scenario. `base_version` and `newest_version` are numbers of the procedure's versions.

    `version_id` is the base's id, `deployed_version_id` of what it was deployed as.
    `operations` are as `Operation.as_dict` gives them, in the order in which they take effect.
    """

    id: int
    name: str
    procedure: str
    version_id: int
    base_version: int
    newest_version: int
    outdated: bool
    operations: list[OperationData]
    note: str
    state: str
    target_procedure: str
    version: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    proposed_at: datetime | None
    proposed_by: str | None
    decided_at: datetime | None
    decided_by: str | None
    decision_note: str
    deployed_version_id: int | None


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A row of the list: `operations` is how many there are, `enabled` how many are on."""

    id: int
    name: str
    procedure: str
    version_id: int
    base_version: int
    newest_version: int
    outdated: bool
    operations: int
    enabled: int
    state: str
    target_procedure: str
    version: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    proposed_by: str | None
    deployed_version_id: int | None
