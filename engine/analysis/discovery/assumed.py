"""What was found in a log, written as assumptions of a simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.analysis.discovery.fit import Reason
from engine.analysis.discovery.shares import Choice
from engine.analysis.discovery.staffing import staff
from engine.analysis.simulation.distribution import fixed
from engine.rules.flow import FlowKind
from engine.rules.procedure import Kind

if TYPE_CHECKING:
    from engine.analysis.discovery.calibrate import Calibration

#: what work takes of which nobody knows how long it did: a case's first event
MOMENT = fixed(0.0003)
#: of a gateway with more visits than this share that the log does not tell apart nothing is said
TOLD = 0.5


def assumptions(found: Calibration) -> dict[str, Any]:
    """Return all that a log told, as assumptions. Hours are those of the calendar named."""
    staff = staffing(found) if found.staffed else {}
    return {
        "start": found.clock.origin.isoformat(),
        "calendars": calendars(found),
        "clock": "office",
        "steps": steps(found),
        "shares": {each.node: shares(each) for each in found.choices if known(each)},
        "arrivals": {
            "per_year": round(found.arriving.per_year, 3),
            "by_month": list(found.arriving.by_month),
            "backlog": 0,
        },
        **staff,
    }


def known(choice: Choice) -> bool:
    """Tell whether a gateway's shares are more than guessed: most visits are told apart."""
    return choice.visits > 0 and choice.untold <= TOLD * choice.visits


def shares(choice: Choice) -> dict[str, float]:
    """Return a gateway's shares by flow id; those of an exclusive one add up to 1."""
    told = {way.flow: round(way.share, 6) for way in choice.branches}
    if choice.kind == FlowKind.EXCLUSIVE:
        most = max(told, key=lambda flow: told[flow])
        told[most] = round(1 - sum(share for flow, share in told.items() if flow != most), 6)
    return told


def calendars(found: Calibration) -> dict[str, Any]:
    """Return the calendars: the office's, and where work is staffed those of pools."""
    office = found.given.written if found.given else found.weeks["office"].written()
    own = {name: week.written() for name, week in found.weeks.items() if name != "office"}
    return {"office": dict(office), **(own if found.staffed else {})}


def steps(found: Calibration) -> dict[str, Any]:
    """Return how long each node takes: by its pool where work is staffed, else as time passes."""
    made: dict[str, Any] = {}
    for each in found.timings:
        pool = pool_of(found, each.node, each.pool)
        fits = each.work if pool else each.elapsed
        # a moment, and not nothing, is spent in hours of work as what follows is
        takes = MOMENT if fits.reason is Reason.NONE else fits.distribution
        made[each.node] = {"hours": str(takes)} | ({"pool": pool} if pool else {})
    return made


def pool_of(found: Calibration, node: str, pool: str) -> str:
    """Return the pool of a node; none for what applicants do, whose time is their own."""
    own = found.flow.nodes[node].worker in {Kind.APPLICANT, Kind.INTERMEDIARY}
    return pool if found.staffed and not own else ""


def staffing(found: Calibration) -> dict[str, Any]:
    """Return the pools that do something, and who serves several of them."""
    used = {pool_of(found, each.node, each.pool) for each in found.timings} - {""}
    known = staff(found.log, found.clock, found.pools, used)
    served = {pool for mine in known.several.values() for pool in mine}
    made = {
        pool.id: {
            "name": pool.id,
            "department": department(found, pool.id),
            # somebody does what is done there
            "people": max(known.alone[pool.id], 0 if pool.id in served else 1),
            "calendar": pool.calendar or "office",
        }
        for pool in found.pools.pools
        if pool.id in used
    }
    people = [
        {"id": person, "pools": mine, "calendar": made[mine[0]]["calendar"]}
        for person, mine in known.several.items()
    ]
    return {"pools": made, **({"people": people} if people else {})}


def department(found: Calibration, pool: str) -> str:
    """Return the department of a pool: the one whose nodes it works at most."""
    count: dict[str, int] = {}
    for each in found.timings:
        node = found.flow.nodes[each.node]
        if each.pool == pool and node.kind is FlowKind.WORK and node.department:
            count[node.department] = count.get(node.department, 0) + each.count
    return max(count, key=lambda name: count[name], default="")
