"""A log on its diagram: the procedure's it was laid over, or the one that was found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.call import Content
from api.web import heat, log_heat, log_report, log_words
from api.web.gantt.words import gettext as _
from api.web.labels import drawn
from api.web.language import named
from api.web.log_heat import COUNT, MEASURES, WAITING, Scale
from api.web.log_words import LOG
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.views import deployment, procedure_diagrams
from api.web.views.procedure import XML, as_json
from api.web.views.simulation_diagrams import has_steps
from api.web.visit import Visit
from engine.errors import NotFound
from engine.rules.flow import ControlFlow
from engine.service import diagrams, drafts, plans, procedures
from engine.service.diagrams import DrawnProcess
from engine.service.drafts import Checked
from engine.service.logs import calibrating, found_diagram
from engine.service.simulations.modelling import flow_of
from engine.service.work import Work
from engine.store.database import transaction
from engine.workflow.deployment import Deployment

Row = Mapping[str, Any]
#: so many letters have room on an element
ROOM = 60
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Laid:
    """A procedure that a log was laid over."""

    built: Deployment
    files: Files
    flow: ControlFlow

    @classmethod
    def of(cls, visit: Visit, procedure: str, version: int) -> Laid:
        """Return a version of a procedure. Raises NotFound."""
        every = procedures.find(visit.work, procedure)
        found = next((each.id for each in every if each.version == version), None)
        if found is None:
            raise NotFound(f"there is no version {version} of {procedure}")
        built = plans.of_version(visit.work, found)
        return cls(built, procedures.files(visit.work, found), flow_of(built))

    def process(self, stage: str, item: str) -> DrawnProcess:
        """Return the diagram of a stage, or that of an item's steps. Raises NotFound."""
        known = {each.id: each for each in self.built.procedure.stages}
        if not item:
            return diagrams.process(self.built, self.files, self.built.stages[stage], known[stage])
        drawn_in = heat.diagram_of(self.flow, item)
        for key, each in self.built.called.items():
            if drawn_in in {key, each.id}:
                return diagrams.process(self.built, self.files, each, None)
        raise NotFound(f"{item} has no steps of its own", item=item)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at: a calibration, a stage or an item, a measure."""

    kept: Row
    laid: Laid | None
    stage: str = ""
    item: str = ""
    measure: str = COUNT

    @classmethod
    def of(cls, visit: Visit) -> Seen:
        """Return what the address asks for. Raises NotFound, NotCalibrated."""
        kept = calibrating.calibration(visit.work, visit.path["log"])
        measure = visit.argument("measure", measures(kept)) or COUNT
        if not kept["procedure"]:
            return cls(kept, None, measure=measure)
        laid = Laid.of(visit, kept["procedure"], kept["version"])
        stages = {each.id: each for each in laid.built.procedure.stages}
        item = visit.argument("item", laid.flow.items)
        stage = laid.flow.items[item].stage if item else visit.argument("stage", stages)
        return cls(kept, laid, stage or next(iter(stages)), item, measure)

    @property
    def nodes(self) -> Mapping[str, Row]:
        """What passed at each node."""
        found: Mapping[str, Row] = self.kept["report"]["heat"]
        return found

    def process(self) -> DrawnProcess | None:
        """Return the diagram that is looked at; None for one that was found."""
        return self.laid.process(self.stage, self.item) if self.laid else None

    def elements(self, process: DrawnProcess | None) -> Mapping[str, Row]:
        """Return what passed at the elements of the diagram."""
        if process is None or self.laid is None:
            return self.nodes
        return log_heat.on_diagram(process, self.laid.flow, self.nodes, self.item)

    def scale(self) -> Scale:
        """Return the scale: that of all stages, or of an item's steps."""
        largest = max(
            (log_heat.most(each.values(), self.measure) for each in self.compared()), default=0.0
        )
        return Scale(self.measure, largest, self.kept["report"]["day_hours"])

    def compared(self) -> list[Mapping[str, Row]]:
        """Return what is told on one scale."""
        if self.laid is None or self.item:
            return [self.elements(self.process())]
        stages = (self.laid.process(each.id, "") for each in self.laid.built.procedure.stages)
        return [log_heat.on_diagram(each, self.laid.flow, self.nodes) for each in stages]

    def names(self, process: DrawnProcess | None) -> Mapping[str, str]:
        """Return what elements are called."""
        if process is None:
            nodes = self.kept["report"]["found"]["nodes"]
            return {node: activity for activity, node in nodes.items()}
        titles = {each.id: procedure_diagrams.element_title(each) for each in process.elements}
        return {element: title or element for element, title in titles.items()}

    def flows(self, process: DrawnProcess | None) -> Mapping[str, int]:
        """Return how often the flows of the diagram were gone, where that is known."""
        report = self.kept["report"]
        if process is None:
            return found_diagram.counted(report)
        if self.laid is None:
            return {}
        nodes, diagram = self.laid.flow.nodes, self.stage
        if self.item:
            diagram = heat.diagram_of(self.laid.flow, self.item)
        return log_heat.branches(
            report,
            lambda node: (
                nodes[node].diagram == diagram and (not self.item or nodes[node].item == self.item)
            ),
        )


def measures(kept: Row) -> dict[str, str]:
    """Return the measures there are: waiting only where it is known."""
    known = not kept["report"]["log"]["one_timestamp"]
    words = {key: str(word) for key, (word, _hue, _icon) in MEASURES.items()}
    return words if known else {key: word for key, word in words.items() if key != WAITING}


def find(visit: Visit) -> Answer:
    """Show a log's heat map."""
    frame = log_words.frame(visit)
    if not frame["log"].calibrated:
        return Redirect(f"{frame['home']}#lay")
    seen = Seen.of(visit)
    process, scale = seen.process(), seen.scale()
    query = urlencode({"stage": seen.stage, "item": seen.item, "measure": seen.measure})
    stages = seen.laid.built.procedure.stages if seen.laid else ()
    titles = {each.id: named(each.name) for each in stages}
    report = seen.kept["report"]
    values = {
        **frame,
        **log_words.words(),
        "stages": [(each, title, None) for each, title in titles.items()],
        "stage": seen.stage,
        "title": titles.get(seen.stage, _("由日志发现的流程图")),
        "item": seen.item,
        "item_name": item_name(seen),
        "measure": seen.measure,
        "measures": [(key, word, None) for key, word in measures(seen.kept).items()],
        "measure_word": MEASURES[seen.measure][0],
        "shades": scale.legend(),
        "found": report["found"],
        "weighted": bool(seen.flows(process)),
        "worked": lambda hours: log_report.worked(hours, scale.day_hours),
        "rows": rows(seen, process, frame["home"]),
        "drawing_url": f"{frame['home']}/diagram/drawing?{query}",
        "labels_url": f"{frame['home']}/diagram/labels?{query}",
        "states_url": f"{frame['home']}/diagram/states?{query}",
    }
    return Shown("logs/diagram.html.jinja", values)


def item_name(seen: Seen) -> str:
    """Return what the item is called whose steps are shown; '' for none."""
    if seen.laid is None or not seen.item:
        return ""
    return named(seen.laid.built.procedure.items[seen.item].name)


def rows(seen: Seen, process: DrawnProcess | None, home: str) -> list[dict[str, Any]]:
    """Return the elements as a list says them."""
    elements, names = seen.elements(process), seen.names(process)
    if process is None:
        made = [{"name": names[each], "told": told} for each, told in elements.items()]
        return [{"id": "", "lane": "", "href": "", **each} for each in made]
    return [
        {
            "id": each.item.id if each.item else each.id,
            "name": names[each.id],
            "lane": drawn(each.lane),
            "told": elements[each.id],
            "href": steps(home, each.item.id, seen) if has_steps(each) and each.item else "",
        }
        for each in process.elements
        if each.id in elements
    ]


def steps(home: str, item: str, seen: Seen) -> str:
    """Return the address of an item's steps, in the measure that is looked at."""
    return f"{home}/diagram?{urlencode({'item': item, 'measure': seen.measure})}"


# -- into use --------------------------------------------------------------------------------------


def check(visit: Visit) -> Checked:
    """Check the files of the found procedure, in a transaction that keeps nobody waiting."""
    service = visit.service
    with transaction(service.engine, read_only=True) as db:
        work = Work(db, service.clock.now(), visit.actor, service.settings)
        files = found_diagram.deployable(work, visit.path["log"])
    return drafts.check(files, service.settings)


def deploy(visit: Visit) -> Answer:
    """Show what the found diagram would be as a procedure; it is deployed from there."""
    return Redirect(deployment.address(drafts.keep(visit.work, visit.prepared)))


def back(visit: Visit) -> Answer:
    """Lead back to the diagram: a form that was refused was shown at its own address."""
    return Redirect(f"{log_words.SECTION}/{visit.path['log']}/diagram")


# -- for the scripts that draw -------------------------------------------------------------------


def drawing(visit: Visit) -> Answer:
    """Give the diagram."""
    seen = Seen.of(visit)
    one = seen.process()
    if one is None or seen.laid is None:
        content = found_diagram.diagram(visit.work, visit.path["log"])
        return Content(content, XML, "discovered.bpmn")
    return Content(diagrams.drawing(seen.laid.files[one.file]), XML, one.file)


def labels(visit: Visit) -> Answer:
    """Give the names on the diagram in the page's language."""
    seen = Seen.of(visit)
    one = seen.process()
    return as_json(procedure_diagrams.labels([one], one.process) if one else shortened(seen))


def shortened(seen: Seen) -> dict[str, str]:
    """Return what is written on a found diagram in the place of names that have no room there."""
    names = seen.names(None).items()
    return {node: f"{name[: ROOM - 1]}…" for node, name in names if len(name) > ROOM}


def states(visit: Visit) -> Answer:
    """Give the shades and numbers of elements, and how thick the flows are."""
    seen = Seen.of(visit)
    process, scale = seen.process(), seen.scale()
    names, home = seen.names(process), f"{log_words.SECTION}/{visit.path['log']}"
    elements = {
        each: scale.state(told, names.get(each, each))
        for each, told in seen.elements(process).items()
    }
    for each in process.elements if process else ():
        if each.id in elements and has_steps(each) and each.item:
            elements[each.id]["href"] = steps(home, each.item.id, seen)
    return as_json({"elements": elements, "flows": log_heat.flows(seen.flows(process))})


PAGES = (
    show("log_diagram", f"{LOG}/diagram", find, "event_log_heat"),
    act(
        "log_deploy",
        f"{LOG}/deployment",
        deploy,
        "deploy_definition",
        form=find,
        prepare=check,
    ),
    show("log_deploy_back", f"{LOG}/deployment", back, "event_log_heat"),
    show("log_drawing", f"{LOG}/diagram/drawing", drawing, "event_log_heat"),
    show("log_labels", f"{LOG}/diagram/labels", labels, "event_log_heat"),
    show("log_states", f"{LOG}/diagram/states", states, "event_log_heat"),
)
