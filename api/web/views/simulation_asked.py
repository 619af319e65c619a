"""What a new simulation is of, and what its form begins with: read from address or form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.web import simulation_form
from api.web.simulation_form import known_today as known
from api.web.visit import Visit
from engine.analysis.simulation.plan import Plan
from engine.errors import NotFound
from engine.rules.procedure import Activity
from engine.service import plans, procedures
from engine.service.logs import calibrating
from engine.service.scenarios import effects
from engine.service.simulations import runs, standard
from engine.workflow.deployment import Deployment

#: kinds of sources, as they begin a source's key: `scenario:3`
SCENARIO, PROCEDURE, PORTFOLIO = "scenario", "procedure", "portfolio"
KINDS = (SCENARIO, PROCEDURE, PORTFOLIO)
#: where what is assumed comes from: `run:3`, `log:5`, or the city's own
STANDARD, RUN, LOG = "standard", "run", "log"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be simulated: its key, its base version, and its items as they would run."""

    kind: str
    key: str
    built: Deployment
    activities: tuple[Activity, ...]
    name: str

    @property
    def source(self) -> dict[str, Any]:
        """What the service is asked for."""
        return {self.kind: int(self.key) if self.kind == SCENARIO else self.key}

    @property
    def value(self) -> str:
        """The key as the form holds it."""
        return f"{self.kind}:{self.key}"


def asked(visit: Visit, names: Mapping[str, str]) -> Asked | None:
    """Return what the form or the address asks for; None where nothing is deployed.

    Raises NotFound, Invalid.
    """
    kind, _colon, key = (visit.text("source") or visit.argument("source")).partition(":")
    if kind not in KINDS:
        kind, key = of_address(visit, names)
    if not key:
        return None
    if kind == SCENARIO:
        return of_scenario(visit, key)
    if key not in names:
        raise NotFound(f"there is no procedure {key!r}")
    built = plans.of_version(visit.work, procedures.latest(visit.work, key))
    return Asked(kind, key, built, tuple(built.activities), names[key])


def of_address(visit: Visit, names: Mapping[str, str]) -> tuple[str, str]:
    """Return the kind and the key of an address: `?scenario=3`, `?again=7`, else the first one."""
    for kind in KINDS:
        if visit.argument(kind):
            return kind, visit.argument(kind)
    if visit.argument("again"):
        return again(visit)
    return PROCEDURE, next(iter(names), "")


def again(visit: Visit) -> tuple[str, str]:
    """Return of what an earlier run was."""
    source = runs.get(visit.work, number(visit.argument("again"))).source
    return next(
        ((kind, str(source[kind])) for kind in (SCENARIO, PORTFOLIO) if source.get(kind)),
        (PROCEDURE, str(source["procedure"])),
    )


def number(text: str) -> int:
    """Return an id. Raises NotFound."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004 - of a key
        raise NotFound(f"there is no {text!r}")
    return int(text)


def of_scenario(visit: Visit, key: str) -> Asked:
    """Return a scenario with its items as they would be."""
    found = effects.carried(visit.work, number(key))
    items = tuple(found.played.plan.activities.values())
    return Asked(SCENARIO, key, found.base, items, found.scenario.name)


# -- what is assumed -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Base:
    """Assumptions that the form begins with, the plan, and where they come from."""

    value: str
    data: Mapping[str, Any]
    plan: Mapping[str, Any]
    #: takes several times as long: only where it is asked for
    sensitivity: bool = False


def base(visit: Visit) -> Base:
    """Return what the form begins with. Raises NotFound, Invalid."""
    chosen = visit.text("base") or visit.argument("base")
    if not chosen and visit.argument("again"):
        chosen = f"{RUN}:{visit.argument('again')}"
    if not chosen and visit.argument("log"):
        chosen = f"{LOG}:{visit.argument('log')}"
    kind, _colon, key = chosen.partition(":")
    plain = {name: getattr(Plan(), name) for name in simulation_form.PLAN}
    if kind == RUN:
        run = runs.get(visit.work, number(key))
        return Base(chosen, known(run.assumptions), {**plain, **run.plan}, run.sensitivity)
    if kind == LOG:
        return Base(chosen, known(calibrating.assumptions(visit.work, number(key))), plain)
    return Base(STANDARD, known(standard.assumptions(visit.work.settings)), plain)
