"""What a simulation assumes as the fields of a form, and back.

The form changes a few things of assumptions that are given, and leaves the rest of them as it is:
what only a file can say stays. Fields are texts, as browsers send them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from math import isclose
from typing import Any

from api.web.simulation_durations import (
    Data,
    Fields,
    Mains,
    changed,
    duration_fields,
    durations,
    without,
)
from engine.analysis.simulation.model import Arrivals
from engine.errors import Invalid

NONE, STAFFED = "none", "staffed"
#: shares that are asked for: the gateway and its flow
SHARES: Mapping[str, tuple[str, str]] = {
    "supplement": ("received", "received--supplement"),
    "returned": ("reviewed", "reviewed--returned"),
    "refused": ("decision", "decision--refused"),
}
#: what old runs assumed, and no longer can be
GONE = ("lapse",)
OFFICE = "office"
MONTHS, PER_YEAR = 12, Arrivals().per_year
MOST_YEAR, MOST_PEOPLE, MOST_BACKLOG, MOST_SEED = 100_000, 10_000, 1_000_000, 2**63 - 1


class NotANumber(Invalid):
    """A field does not hold a number within its limits."""

    code = "invalid"
    remedy = "Write a number between the two limits that the field names."


class BadAssumptions(Invalid):
    """What is assumed cannot be read, or cannot be: `reason` names every key that is wrong."""

    code = "invalid"
    remedy = "Correct what `reason` names."


@dataclass(frozen=True, slots=True)
class Limit:
    """What a number may be."""

    least: float
    most: float
    whole: bool = False

    def read(self, text: str, field: str) -> float:
        """Return the number of a text. Raises NotANumber."""
        try:
            found = float(text.strip().replace(",", ""))
        except ValueError:
            found = math.nan
        if not self.least <= found <= self.most or (self.whole and found != int(found)):
            told = {"least": f"{self.least:g}", "most": f"{self.most:,.15g}"}
            raise NotANumber(f"{text!r} is no number for {field}", field=field, **told)
        return int(found) if self.whole else found


PERCENT = Limit(0, 95)
#: numbers of the plan
PLAN: Mapping[str, Limit] = {
    "cases": Limit(1, 10_000_000, whole=True),
    "replications": Limit(1, 10_000, whole=True),
    "seed": Limit(0, MOST_SEED, whole=True),
    "warm_up_days": Limit(0, 36_500),
    "cool_down_days": Limit(0, 36_500),
}
ARRIVALS: Mapping[str, Limit] = {
    "per_year": Limit(0, MOST_YEAR),
    "backlog": Limit(0, MOST_BACKLOG, whole=True),
}


# -- from assumptions to fields --------------------------------------------------------------------


def fields(
    data: Mapping[str, Any], plan: Mapping[str, Any], mains: Mains, *, sensitivity: bool
) -> dict[str, str]:
    """Return the fields that say what assumptions and a plan say; `mains` by item."""
    return {
        **duration_fields(data, mains),
        **{each: share_field(data, *place) for each, place in SHARES.items()},
        "staffing": STAFFED if data.get("pools") else NONE,
        **people_fields(data),
        "hours": ", ".join(office(data).get("hours", [])),
        **arrival_fields(data.get("arrivals") or {}),
        **{name: plain(plan[name]) for name in PLAN if name in plan},
        "sensitivity": "1" if sensitivity else "",
    }


def office(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the calendar of the windows; one that never closes has no hours."""
    found = (data.get("calendars") or {}).get(OFFICE)
    return found if isinstance(found, Mapping) else {}


def share_field(data: Mapping[str, Any], gateway: str, flow: str) -> str:
    """Return the share of a gateway's flow in hundredths; '' where items differ in it."""
    told = data.get("shares") or {}
    if any(each.endswith(f"/{gateway}") for each in told):
        return ""
    return percent(float((told.get(gateway) or {}).get(flow, 0.0)))


def people_fields(data: Mapping[str, Any]) -> dict[str, str]:
    """Return how many serve each window, and how often they are away."""
    found: dict[str, str] = {}
    for name, pool in (data.get("pools") or {}).items():
        found[f"people-{name}"] = plain(pool.get("people", 0))
        found[f"away-{name}"] = percent((pool.get("absence") or {}).get("share", 0.0))
    return found


def arrival_fields(arrivals: Mapping[str, Any]) -> dict[str, str]:
    """Return how many projects come, and when."""
    months = arrivals.get("by_month") or [1.0] * MONTHS
    usual = "" if arrivals.get("between") else PER_YEAR
    return {
        "per_year": plain(arrivals.get("per_year", usual)),
        "backlog": plain(arrivals.get("backlog", 0)),
        **{f"month-{n}": plain(each) for n, each in enumerate(months, 1)},
    }


def plain(value: float | str) -> str:
    """Return a number as it is typed."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def percent(share: float) -> str:
    """Return a share in hundredths."""
    return f"{100 * share:.6g}"


# -- from fields to assumptions --------------------------------------------------------------------


def known_today(data: Mapping[str, Any]) -> Data:
    """Return assumptions without what can no longer be assumed."""
    return without(data, *GONE)


def assumptions(
    base: Mapping[str, Any], standard: Mapping[str, Any], typed: Fields, mains: Mains
) -> Data:
    """Return given assumptions with what was typed otherwise than `fields` shows them.

    Windows that the base does not have come from the `standard` ones. Raises NotANumber,
    InvalidDistribution, naming the field.
    """
    found, shown = deepcopy(dict(base)), fields(base, {}, mains, sensitivity=False)
    durations(found, typed, shown, mains)
    other = dict(changed(typed, shown))
    shares(found, other)
    staffing(found, standard, typed, other)
    arrivals(found, other)
    empty: tuple[Any, ...] = ({}, [], None)
    return {
        name: each
        for name, each in found.items()
        if each not in empty or (name in base and base[name] == each)
    }


def shares(data: Data, other: Fields) -> None:
    """Set how many files come back, and how many are refused."""
    found = {gateway: dict(flows) for gateway, flows in (data.get("shares") or {}).items()}
    for field in SHARES.keys() & other.keys():
        gateway, flow = SHARES[field]
        share = PERCENT.read(other[field] or "0", field) / 100
        # of single items too
        for each in {gateway, *(name for name in found if name.endswith(f"/{gateway}"))}:
            found[each] = divided(found.get(each, {}), flow, round(share, 8))
    data["shares"] = {gateway: flows for gateway, flows in found.items() if flows}


def divided(flows: Mapping[str, float], flow: str, share: float) -> dict[str, float]:
    """Return a gateway's shares with one set; where all were told the rest goes to the others."""
    others = without(flows, flow)
    rest = sum(others.values())
    if rest and isclose(rest + flows.get(flow, 0.0), 1.0, abs_tol=1e-6):
        others = {name: each * (1 - share) / rest for name, each in others.items()}
    return {**others, flow: share} if share else others


def staffing(data: Data, standard: Mapping[str, Any], typed: Fields, other: Fields) -> None:
    """Leave out everybody where nobody is to queue, or set who serves which window."""
    had = bool(data.get("pools"))
    wanted = typed.get("staffing", STAFFED if had else NONE) == STAFFED
    if wanted and not had:
        take_over(data, standard)
    if wanted:
        # windows taken over were shown as the standard has them: all that was typed is set
        staffed(data, other if had else typed)
    elif had:
        unstaffed(data)


def unstaffed(data: Data) -> None:
    """Leave out everybody."""
    data.pop("pools", None)
    data.pop("people", None)
    for part in ("items", "steps"):
        told = {each: without(own, "pool") for each, own in (data.get(part) or {}).items()}
        data[part] = {each: own for each, own in told.items() if own}


def staffed(data: Data, typed: Fields) -> None:
    """Set how many serve each window, how often they are away, and the hours of the windows."""
    for name, pool in (data.get("pools") or {}).items():
        if people := (typed.get(f"people-{name}") or "").strip():
            pool["people"] = Limit(0, MOST_PEOPLE, whole=True).read(people, f"people-{name}")
        if away := (typed.get(f"away-{name}") or "").strip():
            share = PERCENT.read(away, f"away-{name}") / 100
            pool["absence"] = {**(pool.get("absence") or {}), "share": round(share, 8)}
    hours = [each.strip() for each in (typed.get("hours") or "").split(",") if each.strip()]
    if hours and office(data):
        data["calendars"] = {**data["calendars"], OFFICE: {**office(data), "hours": hours}}


def take_over(data: Data, standard: Mapping[str, Any]) -> None:
    """Take the windows of the standard assumptions, and which of them does what."""
    for part in ("pools", "people", "calendars", "clock"):
        if part in standard:
            data.setdefault(part, deepcopy(standard[part]))
    for part in ("items", "steps"):
        own = {each: dict(told) for each, told in (data.get(part) or {}).items()}
        for each, told in (standard.get(part) or {}).items():
            if "pool" in told:
                own.setdefault(each, {})["pool"] = told["pool"]
        data[part] = own


def arrivals(data: Data, other: Fields) -> None:
    """Set how many projects come and when."""
    found = dict(data.get("arrivals") or {})
    for name, limit in ARRIVALS.items():
        if text := (other.get(name) or "").strip():
            found[name] = limit.read(text, name)
            if name == "per_year":
                found = without(found, "between", "calendar")
    weight, months = Limit(0, MOST_YEAR), list(found.get("by_month") or [1.0] * MONTHS)
    for n in range(1, MONTHS + 1):
        if text := (other.get(f"month-{n}") or "").strip():
            months[n - 1] = weight.read(text, f"month-{n}")
            found["by_month"] = months
    data["arrivals"] = found


def plan(typed: Fields) -> dict[str, float]:
    """Return how much is simulated; an empty field has its default. Raises NotANumber."""
    given = {name: (typed.get(name) or "").strip() for name in PLAN}
    return {name: PLAN[name].read(text, name) for name, text in given.items() if text}
