"""What is simulated: a deployed procedure, a scenario, or the portfolio from where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.analysis.simulation.model import Standing
from engine.errors import Invalid
from engine.service import deployments, procedures
from engine.service.scenarios import effects, proposals
from engine.service.simulations import portfolio
from engine.service.work import Work
from engine.workflow.deployment import Deployment, load


@dataclass(frozen=True, slots=True)
class Source:
    """A procedure as read; `told` is what is kept of where it came from.

    With projects under way, `begun` are the hours of this week that have passed.
    """

    built: Deployment
    told: Mapping[str, Any]
    standing: tuple[Standing, ...] = ()
    begun: float = 0.0


def of(work: Work, asked: Mapping[str, Any]) -> Source:
    """Return what is asked for.

    That is `{"procedure": id, "version": n}`, without a version the newest, `{"scenario": id}`,
    or `{"portfolio": procedure id}`.

    Raises Invalid naming the field, NotFound, NotComposable for a scenario that cannot be drawn.
    """
    named = [each for each in KINDS if asked.get(each) is not None]
    if len(named) != 1:
        text = f"a source names one of {', '.join(KINDS)}; this names {len(named)}"
        raise Invalid(text, field="source")
    return KINDS[named[0]](work, asked)


def deployed(work: Work, asked: Mapping[str, Any]) -> Source:
    """Return a version of a procedure."""
    name, wanted = str(asked["procedure"]), asked.get("version")
    found = procedures.find(work, name) or [procedures.get(work, procedures.latest(work, name))]
    chosen = [each for each in found if wanted in (None, each.version)]
    if not chosen:
        known = sorted(each.version for each in found)
        text = f"{name} has no version {wanted}; it has {', '.join(map(str, known))}"
        raise Invalid(text, field="source.version", versions=known)
    return Source(*version(work, chosen[0].id))


def version(work: Work, version_id: int) -> tuple[Deployment, dict[str, Any]]:
    """Return a deployed version, read, and what is kept of it."""
    view = procedures.get(work, version_id)
    told = {"procedure": view.procedure, "version": view.version, "version_id": view.id}
    return deployments.deployment(work.db, version_id), {**told, "hash": view.hash}


def scenario(work: Work, asked: Mapping[str, Any]) -> Source:
    """Return a scenario as it would be deployed."""
    found = effects.carried(work, key(asked["scenario"]))
    view = found.scenario
    _, told = version(work, view.version_id)
    built = load(proposals.files(work, view.id))
    about = {"scenario": view.id, "scenario_name": view.name, "scenario_version": view.version}
    operations = [each.as_dict() for each in found.played.applied]
    return Source(built, {**told, **about, "operations": operations, "hash": built.hash})


def key(value: Any) -> int:
    """Return an id. Raises Invalid."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(f"a scenario is named by its number, not {value!r}", field="source.scenario")
    return value


def running(work: Work, asked: Mapping[str, Any]) -> Source:
    """Return a procedure's newest version with all its projects that run, as they stand now."""
    name = str(asked["portfolio"])
    built, told = version(work, procedures.latest(work, name))
    found = tuple(portfolio.under_way(work, built))
    if not found:
        text = f"no project of {name} is running: there is nothing to begin with"
        raise Invalid(text, field="source.portfolio")
    kept = {**told, "portfolio": name, "projects": len(found)}
    return Source(built, kept, found, portfolio.hours(work, work.now))


KINDS: Mapping[str, Callable[[Work, Mapping[str, Any]], Source]] = {
    "procedure": deployed,
    "scenario": scenario,
    "portfolio": running,
}
