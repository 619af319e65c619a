"""The critical path of a procedure as plain data: what pages, commands and clients read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.analysis.network import ActivityNetwork, Phase, View
from engine.analysis.paths import PATH_LIMIT, CriticalPaths
from engine.analysis.schedule import Schedule, Times, schedule

if TYPE_CHECKING:
    from engine.rules.procedure import Activity


def report(
    procedure_id: str, network: ActivityNetwork, *, limit: int = PATH_LIMIT
) -> dict[str, Any]:
    """Totals, critical paths, and every activity with its times and floats, JSON-ready.

    All numbers are working days after START. `critical_path` and `critical_paths` are the
    counted ones up to construction start; `critical_path_count` is exact where the list is
    cut at `limit`. The same keys with `elapsed_` take everybody's work into account.
    """
    counted, elapsed = schedule(network, View.COUNTED), schedule(network, View.ELAPSED)
    return {
        "procedure": procedure_id,
        "counted_days": counted.days,
        "elapsed_days": elapsed.days,
        "acceptance_days": counted.acceptance_days,
        "elapsed_acceptance_days": elapsed.acceptance_days,
        **_paths(counted, limit),
        **_prefixed("elapsed_", _paths(elapsed, limit)),
        "activities": [_row(activity, counted, elapsed) for activity in network],
    }


def _paths(view: Schedule, limit: int) -> dict[str, Any]:
    opening = CriticalPaths(view)
    acceptance = CriticalPaths(view, Phase.ACCEPTANCE)
    paths = opening.first(limit)
    return {
        "critical_path": paths[0] if paths else [],
        "critical_paths": paths,
        "critical_path_count": opening.count,
        "acceptance_critical_path": next(iter(acceptance), []),
    }


def _row(activity: Activity, counted: Schedule, elapsed: Schedule) -> dict[str, Any]:
    return {
        "id": activity.id,
        "name": activity.name,
        "stage": activity.stage,
        "department": activity.department,
        "kind": activity.kind.value,
        "days": activity.days,
        "predecessors": list(activity.predecessors),
        "decision_waits_for": list(activity.decision_waits_for),
        **_times(counted[activity.id]),
        **_prefixed("elapsed_", _times(elapsed[activity.id])),
    }


def _times(times: Times) -> dict[str, Any]:
    return times._asdict()


def _prefixed(prefix: str, values: dict[str, Any]) -> dict[str, Any]:
    return {prefix + key: value for key, value in values.items()}
