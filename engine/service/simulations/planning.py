"""How much is played, as people ask for it in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from engine.analysis.simulation.plan import InvalidPlan, Plan
from engine.errors import Invalid

NAMES = tuple(each.name for each in fields(Plan))
#: the others are days, of which there may be a part
WHOLE = frozenset({"cases", "seed", "replications"})


def plan_of(data: Mapping[str, Any]) -> Plan:
    """Return a plan; what is left out has its default. Raises Invalid naming the field."""
    for name, value in data.items():
        check(name, value)
    try:
        return Plan(**data)
    except InvalidPlan as error:
        raise InvalidPlan(error.message, field=f"plan.{error.detail['field']}") from error


def check(name: str, value: Any) -> None:
    """Refuse what is no figure of a plan. Raises Invalid."""
    if name not in NAMES:
        text = f"a plan has no {name!r}; it has {', '.join(NAMES)}"
        raise Invalid(text, field=f"plan.{name}")
    number = int if name in WHOLE else int | float
    if not isinstance(value, number) or isinstance(value, bool):
        kind = "a whole number" if name in WHOLE else "a number"
        raise Invalid(f"{name} is {kind}, not {value!r}", field=f"plan.{name}")


def steps(*, sensitivity: bool) -> str:
    """Return what `done` and `of` of a run count."""
    return "replications and inputs" if sensitivity else "replications"


def told(plan: Plan) -> dict[str, Any]:
    """Return a plan as plain data."""
    return asdict(plan)
