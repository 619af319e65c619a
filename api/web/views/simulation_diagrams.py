"""A run on its procedure's diagrams: where work waits, how long it takes, how often it passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.call import Content
from api.web import heat, simulation_words
from api.web.gantt.words import gettext as _
from api.web.heat import Heat
from api.web.labels import drawn
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.views import procedure_diagrams, simulation_page
from api.web.views.procedure import XML, as_json
from api.web.views.procedure_version import words
from api.web.views.simulation_page import RUN
from api.web.visit import Visit
from engine.errors import NotFound
from engine.rules.flow import ControlFlow
from engine.rules.procedure import Kind
from engine.service import diagrams, plans, procedures
from engine.service.diagrams import DrawnProcess
from engine.service.scenarios import effects, kept
from engine.service.simulations import results, runs
from engine.service.simulations.modelling import flow_of
from engine.service.simulations.views import RunView
from engine.workflow.deployment import Deployment

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A run with what is drawn of it: a procedure, its files, and the heats of its nodes."""

    run: RunView
    built: Deployment
    files: Files
    flow: ControlFlow
    heats: Mapping[str, Heat]

    @classmethod
    def of(cls, visit: Visit) -> Drawn:
        """Return a run's diagrams. Raises NotFound, NotDone."""
        run = runs.get(visit.work, visit.path["simulation"])
        result = results.result(visit.work, run.id)
        built, files = procedure_of(visit, run)
        heats = {
            each["id"]: Heat(each["visits"], each["waiting"], each["working"], each["held"])
            for each in result["nodes"]
        }
        return cls(run, built, files, flow_of(built), heats)

    def process(self, stage: str, item: str) -> DrawnProcess:
        """Return the diagram of a stage, or that of the steps of an item. Raises NotFound."""
        known = {each.id: each for each in self.built.procedure.stages}
        if item:
            return self.steps(item)
        if stage not in known:
            raise NotFound(f"there is no stage {stage!r}")
        return diagrams.process(self.built, self.files, self.built.stages[stage], known[stage])

    def steps(self, item: str) -> DrawnProcess:
        """Return the diagram that an item calls. Raises NotFound."""
        drawn_in = heat.diagram_of(self.flow, item)
        called = self.built.called.items()
        found = next((each for key, each in called if drawn_in in (key, each.id)), None)
        if found is None:
            raise NotFound(f"{item} has no steps of its own", item=item)
        return diagrams.process(self.built, self.files, found, None)

    def on(self, process: DrawnProcess, item: str) -> Mapping[str, Heat]:
        """Return the heats of a diagram's elements."""
        return heat.on_diagram(process, self.flow, self.heats, item)


def procedure_of(visit: Visit, run: RunView) -> tuple[Deployment, Files]:
    """Return what a run is drawn on: the version it stands on, or its scenario as it is now."""
    if run.source.get("scenario") is None:
        version = run.source["version_id"]
        return plans.of_version(visit.work, version), procedures.files(visit.work, version)
    found = kept.drawn(visit.work, effects.carried(visit.work, run.source["scenario"]))
    return found.built, found.files


def asked(visit: Visit, drawing: Drawn) -> tuple[str, str, str]:
    """Return the stage, the item and the measure asked for."""
    stages = {each.id: each for each in drawing.built.procedure.stages}
    item = visit.argument("item", drawing.flow.items)
    of_item = drawing.flow.items[item].stage if item else ""
    stage = of_item or visit.argument("stage", stages) or next(iter(stages))
    return stage, item, visit.argument("measure", heat.MEASURES) or heat.WAITING


def find(visit: Visit) -> Answer:
    """Show one stage's heat map, the first or the one asked for; or an item's steps."""
    drawing = Drawn.of(visit)
    stage, item, measure = asked(visit, drawing)
    process = drawing.process(stage, item)
    names = words(visit, drawing.built)
    query = urlencode({"stage": stage, "item": item, "measure": measure})
    at = f"{simulation_words.SECTION}/{drawing.run.id}/diagram"
    stages = {each.id: named(each.name) for each in drawing.built.procedure.stages}
    largest = scale(drawing, measure, item)
    values = {
        **simulation_page.frame(visit, drawing.run),
        "stages": [(each, name, None) for each, name in stages.items()],
        "stage": stage,
        "stage_name": stages[stage],
        "item": item,
        "item_name": names.item(item, item) if item else "",
        "measure": measure,
        "measures": [(key, str(word), None) for key, (word, _h, _i) in heat.MEASURES.items()],
        "measure_word": heat.MEASURES[measure][0],
        "shades": heat.legend(measure, largest),
        "drawing_url": f"{at}/drawing?{query}",
        "labels_url": f"{at}/labels?{query}",
        "states_url": f"{at}/states?{query}",
        "rows": rows(process, drawing, item, visit),
        "hours": heat.hours,
        "count": heat.count,
        "changed": changed(visit, drawing.run),
    }
    return Shown("simulations/diagram.html.jinja", values)


def scale(drawing: Drawn, measure: str, item: str) -> float:
    """Return the largest value of all stages, for one scale; or that of an item's steps."""
    if item:
        return heat.most(drawing.on(drawing.steps(item), item).values(), measure)
    found = [drawing.process(each.id, "") for each in drawing.built.procedure.stages]
    return max((heat.most(drawing.on(each, "").values(), measure) for each in found), default=0.0)


def rows(process: DrawnProcess, drawing: Drawn, item: str, visit: Visit) -> list[dict[str, Any]]:
    """Return the elements of a diagram as a list says them."""
    heats = drawing.on(process, item)
    return [
        {
            "id": each.item.id if each.item else each.id,
            "name": procedure_diagrams.element_title(each) or each.id,
            "lane": drawn(each.lane),
            "heat": heats[each.id],
            "href": steps_url(visit, each.item.id) if has_steps(each) and each.item else "",
        }
        for each in process.elements
        if each.id in heats
    ]


def has_steps(element: diagrams.DrawnElement) -> bool:
    """Tell whether an element stands for an item with steps of its own."""
    return element.item is not None and element.item.kind is Kind.APPROVAL


def steps_url(visit: Visit, item: str) -> str:
    """Return the address of an item's steps, in the measure that is looked at."""
    measure = visit.argument("measure", heat.MEASURES)
    query = urlencode({"item": item, "measure": measure} if measure else {"item": item})
    return f"{simulation_words.SECTION}/{visit.path['simulation']}/diagram?{query}"


def changed(visit: Visit, run: RunView) -> str:
    """Return the warning that a scenario is no longer what was played; '' where it is."""
    if run.source.get("scenario") is None:
        return ""
    now = effects.carried(visit.work, run.source["scenario"]).scenario.version
    if now == run.source.get("scenario_version", now):
        return ""
    return _("方案在模拟之后又改过：图是现在的方案，数字是当时的。")


# -- for the scripts that draw -------------------------------------------------------------------


def drawing(visit: Visit) -> Answer:
    """Give the diagram."""
    found = Drawn.of(visit)
    one = found.process(*asked(visit, found)[:2])
    return Content(diagrams.drawing(found.files[one.file]), XML, one.file)


def labels(visit: Visit) -> Answer:
    """Give the names on the diagram in the page's language."""
    found = Drawn.of(visit)
    one = found.process(*asked(visit, found)[:2])
    return as_json(procedure_diagrams.labels([one], one.process))


def states(visit: Visit) -> Answer:
    """Give the shades and numbers of the diagram's elements; items lead to their steps."""
    found = Drawn.of(visit)
    stage, item, measure = asked(visit, found)
    one = found.process(stage, item)
    names = {each.id: procedure_diagrams.element_title(each) for each in one.elements}
    told = heat.states(found.on(one, item), names, measure, scale(found, measure, item))
    for each in one.elements:
        if each.id in told["elements"] and has_steps(each) and each.item:
            told["elements"][each.id]["href"] = steps_url(visit, each.item.id)
    return as_json(told)


PAGES = (
    show("simulation_diagram", f"{RUN}/diagram", find, "get_simulation"),
    show("simulation_drawing", f"{RUN}/diagram/drawing", drawing, "get_simulation"),
    show("simulation_labels", f"{RUN}/diagram/labels", labels, "get_simulation"),
    show("simulation_states", f"{RUN}/diagram/states", states, "get_simulation"),
)
