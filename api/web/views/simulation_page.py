"""One run of the simulation: how far it is; then whether the promise holds, and why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml
from flask_babel import lazy_gettext as _l

from api.call import Content
from api.web import simulation_charts, simulation_refusals, simulation_words
from api.web.gantt import Words
from api.web.gantt.words import gettext as _
from api.web.labels import drawn
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.simulation_words import SECTION, origin
from api.web.views.procedure import YAML
from api.web.views.procedure_version import words
from api.web.views.simulation_list import procedure_names
from api.web.visit import Visit
from engine.service import identity, plans
from engine.service.simulations import headlines, results, runs
from engine.service.simulations.views import RunView
from engine.workflow.deployment import Deployment

Row = Mapping[str, Any]
RUN = f"{SECTION}/<int:simulation>"
#: busier windows do not get through their work
OVERLOADED = 0.97
#: projects under way that are listed
MOST_PROJECTS = 100
#: what a tornado is drawn of
FIGURES: Mapping[str, Any] = {"mean": _l("平均"), "p90": "P90"}
#: by what the items are ordered
SORTS: Mapping[str, Callable[[Row], float]] = {
    "": lambda _row: 0.0,
    "criticality": lambda row: -(row["criticality"] or 0.0),
    "waiting": lambda row: -(row["waiting"] or 0.0),
    "late": lambda row: row["within_promise"] if row["within_promise"] is not None else 2.0,
}


def find(visit: Visit) -> Answer:
    """Show a run by its state."""
    run = runs.get(visit.work, visit.path["simulation"])
    values = frame(visit, run)
    if run.state != "done":
        return Shown("simulations/under_way.html.jinja", values)
    result = simulation_words.measured(results.result(visit.work, run.id))
    return Shown("simulations/run.html.jinja", {**values, **told(visit, run, result)})


def frame(visit: Visit, run: RunView) -> dict[str, Any]:
    """Return what all pages of a run have."""
    return {
        "section": "/lab",
        "run": run,
        "home": f"{SECTION}/{run.id}",
        "origin": origin(run.source, procedure_names(visit.work)),
        "people": identity.callings(visit.work, (run.created_by,)),
        "share": run.done / run.of if run.of else 0.0,
        "took": (run.finished_at - run.started_at).total_seconds()
        if run.finished_at and run.started_at
        else None,
        "may_write": visit.actor.has("analyst"),
        "failed": simulation_refusals.sentence(run.error),
        "assumed": written(run),
        **simulation_words.GLOBALS,
    }


def told(visit: Visit, run: RunView, result: Row) -> dict[str, Any]:
    """Return what a result is shown as."""
    names = words(visit, built_of(visit, run))
    measure = visit.argument("measure", simulation_words.MEASURES) or "counted"
    sort = visit.argument("sort", SORTS)
    figure = visit.argument("of", FIGURES) or "mean"
    items = [each for each in result["items"] if each["kind"] != "milestone"]
    bins = simulation_charts.bins(result["measures"][measure]["histogram"])
    projects = at_risk(result.get("projects") or [])
    return {
        "result": result,
        "names": names,
        "item_name": lambda row: names.item(row["id"], drawn(row["name"])),
        "kept": simulation_words.kept(result),
        "opened": simulation_words.opened(result),
        "measure": measure,
        "measures": [(key, str(word), None) for key, word in simulation_words.MEASURES.items()],
        "meaning": simulation_words.MEANINGS[measure],
        "distribution": simulation_charts.distribution(result, measure),
        "bins": bins,
        "tail": simulation_charts.tail(result["measures"][measure], bins),
        "items": sorted(items, key=SORTS[sort]),
        "sort": sort,
        "sorts": sorts(),
        "longest": max(map(simulation_charts.hours_of, items), default=0.0),
        "pieces": simulation_charts.pieces,
        "departments_told": departments_told(items, names),
        "pools": busy(result["pools"]),
        "idle": simulation_words.listed(
            pool_name(row, names) for row in result["pools"] if not row["tasks"]
        ),
        "pool_name": lambda row: pool_name(row, names),
        "pool_names": {row["id"]: pool_name(row, names) for row in result["pools"]},
        "overloaded": overloaded(result["pools"], names),
        "projects": projects,
        "all_projects": len(result.get("projects") or []),
        "project_names": headlines.project_names(visit.work, (row["id"] for row in projects)),
        "warm_up": warm_up(result),
        "tornado": tornado(result, names, figure),
        "tornado_of": figure,
        "tornado_figures": [(key, str(word), None) for key, word in FIGURES.items()],
    }


def built_of(visit: Visit, run: RunView) -> Deployment:
    """Return the deployed version that a run stands on: it names items and stages."""
    return plans.of_version(visit.work, run.source["version_id"])


def at_risk(projects: Sequence[Row]) -> list[Row]:
    """Return the projects that least likely keep their promise, as many as are shown."""

    def chance(row: Row) -> float:
        return row["within_promise"] if row["within_promise"] is not None else 1.0

    return sorted(projects, key=lambda row: (chance(row), row["id"]))[:MOST_PROJECTS]


def pool_name(row: Row, names: Words) -> str:
    """Return what a window is called."""
    department = row["department"]
    called = names.department(department) if department else ""
    return simulation_words.pool_name(row["id"], row["name"], department, called)


def busy(pools: Sequence[Row]) -> list[Row]:
    """Return the windows that had work, the busiest first."""
    found = [row for row in pools if row["tasks"]]
    return sorted(found, key=lambda row: -(row["utilisation"]["value"] or 0.0))


def overloaded(pools: Sequence[Row], names: Words) -> str:
    """Return the names of the windows whose queues only grow; '' where there are none."""
    found = [row for row in pools if (row["utilisation"]["value"] or 0.0) > OVERLOADED]
    return simulation_words.listed(pool_name(row, names) for row in found)


def sorts() -> list[tuple[str, str, None]]:
    """Return the orders of the items, as links."""
    return [
        ("", _("流程次序"), None),
        ("criticality", _("最常决定工期"), None),
        ("waiting", _("排队最久"), None),
        ("late", _("最难按期"), None),
    ]


def departments_told(items: Sequence[Row], names: Words) -> list[dict[str, Any]]:
    """Return where the hours of each department's items go, the longest first."""
    found: dict[str, dict[str, Any]] = {}
    for row in items:
        mine = found.setdefault(row["department"], {"items": 0})
        mine["items"] += 1
        for part in simulation_words.PARTS:
            mine[part] = added(mine.get(part), row[part])
    rows = [{"name": names.department(code) or code, **each} for code, each in found.items()]
    return sorted(rows, key=lambda row: -simulation_charts.hours_of(row))


def added(sum_: float | None, more: float | None) -> float | None:
    """Return a sum; None as long as nothing is known."""
    return sum_ if more is None else (sum_ or 0.0) + more


def warm_up(result: Row) -> dict[str, Any] | None:
    """Return the chart of the beginning; None where there is nothing to cut."""
    if not simulation_charts.known(result["warm_up"]["series"]):
        return None
    mean = result["measures"]["counted"]["mean"]["value"]
    return simulation_charts.warmup(result["warm_up"], mean)


def tornado(result: Row, names: Words, key: str) -> dict[str, Any] | None:
    """Return the chart of what the result depends on; None where it was not asked for."""
    base = usual(result, key) if result["sensitivity"] else None
    if base is None:
        return None

    def name(row: Row) -> str:
        pools = {each["id"]: pool_name(each, names) for each in result["pools"]}
        return names.items.get(row["input"]) or pools.get(row["input"]) or drawn(row["name"])

    return simulation_charts.tornado(result["sensitivity"], base, key, name)


def assumptions(visit: Visit) -> Answer:
    """Give what a run assumed as a file that another one can be started with."""
    run = runs.get(visit.work, visit.path["simulation"])
    return Content(written(run).encode(), YAML, f"simulation-{run.id}.yaml")


def written(run: RunView) -> str:
    """Return what a run assumed as YAML."""
    return yaml.safe_dump(run.assumptions, allow_unicode=True, sort_keys=False)


def usual(result: Row, key: str) -> float | None:
    """Return the days that the inputs move from: a long run is varied in a shorter one."""
    mean, p90 = result["sensitivity"][0]["base"]
    found: float | None = {"mean": mean, "p90": p90}[key]
    return found


# -- what is done to it ----------------------------------------------------------------------------


def cancel(visit: Visit) -> Answer:
    """End it before its time."""
    runs.cancel(visit.work, visit.path["simulation"])
    return Redirect(f"{SECTION}/{visit.path['simulation']}", _("已取消；做完的部分没有保留。"))


def ask_removal(visit: Visit) -> Answer:
    """Ask before a run is removed."""
    run = runs.get(visit.work, visit.path["simulation"])
    return Shown("simulations/remove.html.jinja", frame(visit, run))


def remove(visit: Visit) -> Answer:
    """Remove it with its result."""
    runs.remove(visit.work, visit.path["simulation"])
    return Redirect(SECTION, _("已删除模拟。"))


PAGES: Sequence[Page] = (
    show("simulation", RUN, find, "get_simulation"),
    show("simulation_assumed", f"{RUN}/assumptions.yaml", assumptions, "get_simulation"),
    act("simulation_cancel", f"{RUN}/cancel", cancel, "cancel_simulation", form=find),
    show("simulation_removal", f"{RUN}/remove", ask_removal, "remove_simulation"),
    act("simulation_remove", f"{RUN}/remove", remove, "remove_simulation", form=ask_removal),
)
