"""The model of a procedure: its control flow, what people say beyond it, the city's calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from engine.analysis.simulation.assume import model_of
from engine.analysis.simulation.assumptions import Assumptions
from engine.analysis.simulation.model import Model, Standing
from engine.rules.calendar import BusinessCalendar
from engine.rules.flow import ControlFlow
from engine.service.outlook import counted_total
from engine.workflow.deployment import Deployment
from engine.workflow.flow import control_flow


@lru_cache(maxsize=16)
def flow_of(built: Deployment) -> ControlFlow:
    """Return a deployment's control flow, made once."""
    return control_flow(built)


def monday(on: date) -> date:
    """Return the Monday of a date's week."""
    return on - timedelta(days=on.weekday())


def model(
    built: Deployment,
    assumptions: Mapping[str, Any],
    *,
    today: date,
    calendar: BusinessCalendar,
    standing: Sequence[Standing] = (),
) -> Model:
    """Return what is played: of `assumptions` as people write them. Raises Invalid.

    It begins in the week of their `start`, without one in that of `today`; with projects under
    way always in this one. The promise is the procedure's counted total,
    none where its items promise no days.
    """
    read = Assumptions.of(assumptions)
    return model_of(
        flow_of(built),
        read,
        origin=monday(today if standing else read.start or today),
        business_calendar=calendar,
        promised_days=counted_total(built) or None,
        window_months=built.procedure.window_months,
        standing=tuple(standing),
    )
