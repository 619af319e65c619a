"""What was found in a log with how well it fits, as JSON for pages and programs.

```
{"log": {"cases", "events", "used", "activities", "resources", "one_timestamp", "staffed",
         "first", "last"},       # seconds since 1970
 "mapping": {"nodes": {activity: node}, "by": {activity: how}, "missing": {activity: why}},
 "unseen": [ids of WORK nodes that do not occur],
 "fitness": {"mapped", "allowed", "cases", "misfits": [[before, node, n]]},
 "found": null | {"nodes", "moves": [{"source", "target", "count", "share"}], "dropped",
                  "covered", "least"},
 "activities": [Timing.data()],  # node, name, count, cases, pool, exact, waiting, and two
                                 # Fitted.data(): elapsed, work
 "taken": "elapsed" | "work",    # which of the two stands in assumptions, of what pools do
 "shares": [Choice.data()],      # node, name, kind, visits, untold,
                                 # branches: flow, target, name, count, share, low, high
 "arrivals": Arriving.data(), "calendars": {name: Week.data()}, "clock": "office",
 "office_given": bool, "pools": Pools.data(), "day_hours": 8.0,
 "heat": {node: {"count","cases","median_hours","p90_hours","waiting_hours","work_hours"}},
 "flows": [[from, to, n]],
 "cases": {"n", "mean", "sd", "quantiles": {share: days}},  # first end to last, working days
 "limits": [sentences of `limits.Limit`]}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.analysis.discovery.arrivals import CASES, LEAST
from engine.analysis.discovery.comparison import figures, known
from engine.analysis.discovery.durations import of_cases, together
from engine.analysis.discovery.heat import heat, passed
from engine.analysis.discovery.limits import Limit
from engine.rules.flow import FlowKind

if TYPE_CHECKING:
    from engine.analysis.discovery.calibrate import Calibration


#: durations of a case go together with a rank correlation above this
TOGETHER = 0.2


def report(found: Calibration) -> dict[str, Any]:
    """Return all that was found; plain numbers, none of them infinite."""
    nodes = found.matched.nodes
    flows = passed(found.log, nodes)
    days = of_cases(found.log, found.clock, ends_only=not found.log.has_starts)
    return {
        "log": facts(found),
        "mapping": found.matched.data(),
        "unseen": unseen(found),
        "fitness": found.fitness.data(),
        "found": found.found.data() if found.found else None,
        "activities": [each.data() for each in found.timings],
        "taken": "work" if found.staffed else "elapsed",
        "shares": [each.data() for each in found.choices],
        "arrivals": found.arriving.data(),
        "calendars": {name: week.data() for name, week in found.weeks.items()},
        "clock": "office",
        "office_given": found.given is not None,
        "pools": found.pools.data(),
        "day_hours": found.day_hours,
        "heat": heat(found.log, nodes, found.measured),
        "flows": [[*pair, count] for pair, count in flows.items()],
        "cases": figures(known(days) / found.day_hours),
        "limits": [str(each) for each in limits(found)],
    }


def facts(found: Calibration) -> dict[str, Any]:
    """Return what the log holds."""
    log = found.log
    return {
        "cases": len(np.unique(log.case)),
        "events": found.events,
        "used": len(log),
        "activities": len(np.unique(log.activity)),
        "resources": len(np.unique(log.resource[log.resource >= 0])),
        "first": float(np.nanmin(np.concatenate([log.ready, log.start, log.end]))),
        "last": float(np.nanmax(log.end)),
        "one_timestamp": not log.has_starts,
        "staffed": found.staffed,
    }


def unseen(found: Calibration) -> list[str]:
    """Return the WORK nodes that do not occur in the log."""
    seen = {each.node for each in found.timings}
    return [
        each.id
        for each in found.flow.nodes.values()
        if each.kind is FlowKind.WORK and each.id not in seen
    ]


def limits(found: Calibration) -> Iterator[Limit]:
    """Yield what the log cannot tell."""
    exact, ready = found.measured.exact, np.isfinite(found.log.ready)
    held = {
        Limit.ONE_TIMESTAMP: not exact.any(),
        Limit.UPPER: found.staffed and not exact.all(),
        Limit.DEPENDENT: abs(together(found.log, found.measured)) > TOGETHER,
        Limit.FIRST: bool((~np.isfinite(found.measured.elapsed)).any()),
        Limit.CONCURRENT: not ready.all(),
        Limit.DATES: any(each.dates_only for each in found.weeks.values()),
        Limit.HOLIDAYS: found.given is None and bool(found.weeks["office"].closed),
        Limit.FOUND: found.found is not None,
        Limit.PEOPLE: found.staffed,
        Limit.ABSENCE: found.staffed,
        Limit.ARRIVALS: found.arriving.cases < CASES or found.arriving.days < LEAST,
        Limit.UNTOLD: any(each.untold for each in found.choices),
        Limit.UNMAPPED: bool(found.matched.missing),
        Limit.UNSEEN: bool(unseen(found)),
        Limit.OPTIMISTIC: any(each.elapsed.candidates for each in found.timings),
    }
    return (limit for limit, holds in held.items() if holds)
