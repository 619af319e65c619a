"""What a simulation assumes as the fields of a form, and back.

The form changes a few things of assumptions that are given, and leaves the rest of them as it is:
what only a file can say stays. Fields are texts, as browsers send them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from engine.analysis.simulation.distribution import Distribution, InvalidDistribution
from engine.errors import Invalid

Data = dict[str, Any]
Fields = Mapping[str, str]

PROMISED, SPREAD = "promised", "spread"
NONE, STAFFED = "none", "staffed"
EXACT = "fixed(1)"
#: kinds of workers, each with a factor on the plan's days
WORKERS: Mapping[str, Any] = {
    "approval": _l("部门审批"),
    "applicant": _l("企业"),
    "intermediary": _l("中介"),
}
#: factors that are offered
PRESETS: Mapping[str, Any] = {
    "pert(0.03, 0.08, 0.22)": _l("动手只占不到一成，其余是排队"),
    EXACT: _l("正好是计划天数"),
    "pert(0.9, 1, 1.2)": _l("略有快慢：0.9 至 1.2 倍"),
    "pert(0.8, 1, 1.5)": _l("常有拖延：0.8 至 1.5 倍"),
    "pert(0.6, 1, 2.5)": _l("快慢悬殊：0.6 至 2.5 倍"),
}
#: shares that are asked for: the gateway and its flow
SHARES: Mapping[str, tuple[str, str]] = {
    "supplement": ("received", "received--supplement"),
    "returned": ("reviewed", "reviewed--returned"),
    "refused": ("decision", "decision--refused"),
}
OFFICE = "office"
MONTHS = 12
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
    "per_year": Limit(0.1, MOST_YEAR),
    "backlog": Limit(0, MOST_BACKLOG, whole=True),
}


# -- from assumptions to fields --------------------------------------------------------------------


def fields(
    data: Mapping[str, Any], plan: Mapping[str, Any], *, sensitivity: bool
) -> dict[str, str]:
    """Return the fields that say what assumptions and a plan say."""
    factors = {each: str(data.get("durations", {}).get(each, EXACT)) for each in WORKERS}
    days = {f"days-{each}": str(own["days"]) for each, own in items(data).items() if "days" in own}
    spread = bool(days) or any(each not in (EXACT, "1") for each in factors.values())
    return {
        "durations": SPREAD if spread else PROMISED,
        **{f"factor-{each}": text for each, text in factors.items()},
        **days,
        **{each: percent(share_of(data, *place)) for each, place in SHARES.items()},
        "staffing": STAFFED if data.get("pools") else NONE,
        **people_fields(data),
        "hours": ", ".join(office(data).get("hours", [])),
        **arrival_fields(data.get("arrivals") or {}),
        **{name: plain(plan[name]) for name in PLAN if name in plan},
        "sensitivity": "1" if sensitivity else "",
    }


def items(data: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return what is said of single items."""
    return data.get("items") or {}


def office(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the calendar of the windows; one that never closes has no hours."""
    found = (data.get("calendars") or {}).get(OFFICE)
    return found if isinstance(found, Mapping) else {}


def share_of(data: Mapping[str, Any], gateway: str, flow: str) -> float:
    """Return the share of a gateway's flow."""
    return float(((data.get("shares") or {}).get(gateway) or {}).get(flow, 0.0))


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
    return {
        "per_year": plain(arrivals.get("per_year", 82)),
        "backlog": plain(arrivals.get("backlog", 0)),
        **{f"month-{n}": plain(each) for n, each in enumerate(months, 1)},
    }


def plain(value: float) -> str:
    """Return a number as it is typed."""
    return f"{value:.15g}"


def percent(share: float) -> str:
    """Return a share in hundredths."""
    return f"{100 * share:.6g}"


# -- from fields to assumptions --------------------------------------------------------------------


def assumptions(
    base: Mapping[str, Any], standard: Mapping[str, Any], typed: Fields, known: Iterable[str]
) -> Data:
    """Return given assumptions with what was typed; `known` are the items that have a field.

    Windows that the base does not have come from the `standard` ones. Raises NotANumber,
    InvalidDistribution, naming the field.
    """
    found = deepcopy(dict(base))
    for change in (durations, shares, staffing, arrivals):
        change(found, typed)
    if typed.get("durations") != PROMISED:
        item_days(found, typed, known)
    if typed.get("staffing") == STAFFED:
        staffed(found, standard, typed)
    return {name: each for name, each in found.items() if each not in ({}, [], None)}


def durations(data: Data, typed: Fields) -> None:
    """Set how long work takes: as promised, or with the factors that were chosen."""
    if typed.get("durations") == PROMISED:
        data["durations"] = dict.fromkeys(WORKERS, EXACT)
        data["items"] = {each: without(own, "days") for each, own in items(data).items()}
        steps = data.get("steps") or {}
        data["steps"] = {each: without(own, "days", "hours") for each, own in steps.items()}
        return
    data["durations"] = {
        each: str(distribution(typed.get(f"factor-{each}") or EXACT, f"factor-{each}"))
        for each in WORKERS
    }


def item_days(data: Data, typed: Fields, known: Iterable[str]) -> None:
    """Set the days of single items; an empty field leaves them to the factors."""
    own = {each: dict(told) for each, told in items(data).items()}
    for item in known:
        text = (typed.get(f"days-{item}") or "").strip()
        rest = without(own.get(item, {}), "days")
        own[item] = {**rest, "days": str(distribution(text, f"days-{item}"))} if text else rest
    data["items"] = {each: told for each, told in own.items() if told}


def distribution(text: str, field: str) -> Distribution:
    """Return what is written in a field. Raises InvalidDistribution, naming it."""
    try:
        plain_number = text.strip().replace(".", "", 1).isdecimal()
        return Distribution.of(float(text) if plain_number else text)
    except InvalidDistribution as error:
        error.detail["field"] = field
        raise


def shares(data: Data, typed: Fields) -> None:
    """Set how many files come back, and how many are refused."""
    found = {gateway: dict(flows) for gateway, flows in (data.get("shares") or {}).items()}
    for field, (gateway, flow) in SHARES.items():
        share = PERCENT.read(typed.get(field) or "0", field) / 100
        flows = without(found.get(gateway, {}), flow)
        found[gateway] = {**flows, flow: round(share, 8)} if share else flows
    data["shares"] = {gateway: flows for gateway, flows in found.items() if flows}


def staffing(data: Data, typed: Fields) -> None:
    """Leave out everybody where nobody is to queue."""
    if typed.get("staffing") == STAFFED:
        return
    data.pop("pools", None)
    data.pop("people", None)
    for part in ("items", "steps"):
        told = {each: without(own, "pool") for each, own in (data.get(part) or {}).items()}
        data[part] = {each: own for each, own in told.items() if own}


def staffed(data: Data, standard: Mapping[str, Any], typed: Fields) -> None:
    """Set who serves which window, how often they are away, and the hours of the windows."""
    if not data.get("pools"):
        take_over(data, standard)
    pools = {name: dict(pool) for name, pool in (data.get("pools") or {}).items()}
    for name, pool in pools.items():
        if people := (typed.get(f"people-{name}") or "").strip():
            pool["people"] = Limit(0, MOST_PEOPLE, whole=True).read(people, f"people-{name}")
        if away := (typed.get(f"away-{name}") or "").strip():
            share = PERCENT.read(away, f"away-{name}") / 100
            pool["absence"] = {**(pool.get("absence") or {}), "share": round(share, 8)}
    data["pools"] = pools
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


def arrivals(data: Data, typed: Fields) -> None:
    """Set how many projects come and when."""
    found = dict(data.get("arrivals") or {})
    for name, limit in ARRIVALS.items():
        if text := (typed.get(name) or "").strip():
            found[name] = limit.read(text, name)
    months = [typed.get(f"month-{n}") for n in range(1, MONTHS + 1)]
    if all(months):
        weight = Limit(0, MOST_YEAR)
        found["by_month"] = [
            weight.read(str(each), f"month-{n}") for n, each in enumerate(months, 1)
        ]
    data["arrivals"] = found


def plan(typed: Fields) -> dict[str, float]:
    """Return how much is simulated; an empty field has its default. Raises NotANumber."""
    given = {name: (typed.get(name) or "").strip() for name in PLAN}
    return {name: PLAN[name].read(text, name) for name, text in given.items() if text}


def without(mapping: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return a mapping without some keys."""
    return {name: each for name, each in mapping.items() if name not in names}


def preset(text: str) -> list[tuple[str, Any]]:
    """Return the factors that are offered, with one that is written otherwise."""
    said: Callable[[str], Any] = PRESETS.get
    known = [(each, said(each)) for each in PRESETS]
    return known if text in PRESETS or not text else [(text, text), *known]
