"""The base's and the scenario's diagrams side by side: what went, came, moved and changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from api.call import Content
from api.web import failure, lab_marks
from api.web.failure import Failure
from api.web.gantt import Words
from api.web.lab_marks import ADDED, MARKS, REMOVED, Marked
from api.web.labels import drawn
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.views import lab_page, procedure_diagrams
from api.web.views.lab_page import SCENARIO
from api.web.views.procedure import XML, as_json
from api.web.views.procedure_version import words
from api.web.visit import Visit
from engine.errors import Invalid, NotFound
from engine.rules.procedure import Activity, Kind
from engine.service import diagrams, procedures
from engine.service.diagrams import DrawnProcess
from engine.service.scenarios import effects, kept
from engine.service.scenarios.effects import Carried
from engine.workflow.deployment import Deployment

BEFORE, AFTER = "before", "after"
SIDE = f"{SCENARIO}/diagrams/<name:stage>/<name:side>"
Files = Mapping[str, bytes]
#: how the two diagrams stand
LAYOUTS: Mapping[str, Any] = {"": _l("上下"), "beside": _l("左右")}


@dataclass(frozen=True, slots=True)
class Two:
    """A scenario with both procedures; the second is None where it cannot be drawn, and why."""

    found: Carried
    base_files: Files
    after: kept.Drawn | None
    error: Failure | None

    @classmethod
    def of(cls, visit: Visit) -> Two:
        """Return both procedures of a scenario."""
        found = effects.carried(visit.work, visit.path["scenario"])
        files = procedures.files(visit.work, found.scenario.version_id)
        try:
            return cls(found, files, kept.drawn(visit.work, found), None)
        except Invalid as error:
            return cls(found, files, None, failure.told(error))

    def side(self, name: str) -> tuple[Deployment, Files]:
        """Return one side. Raises NotFound where it cannot be drawn."""
        if name == BEFORE:
            return self.found.base, self.base_files
        if name != AFTER or self.after is None:
            raise NotFound(f"there is no diagram {name!r}")
        return self.after.built, self.after.files

    def process(self, name: str, stage: str) -> tuple[Deployment, DrawnProcess, Files]:
        """Return the diagram of a stage on one side. Raises NotFound."""
        built, files = self.side(name)
        known = {each.id: each for each in built.procedure.stages}
        if stage not in known:
            raise NotFound(f"there is no stage {stage!r}")
        one = diagrams.process(built, files, built.stages[stage], known[stage])
        return built, one, files


def find(visit: Visit) -> Answer:
    """Show one stage's diagrams, the first or the one asked for."""
    two = Two.of(visit)
    told = effects.told(visit.work, two.found)
    names = words(visit, two.found.base)
    stages = {each.id: named(each.name) for each in two.found.base.procedure.stages}
    stage = visit.argument("stage", stages) or next(iter(stages))
    marks = lab_marks.marks(two.found.played, told["changes"], names)
    after = two.after.built.procedure.stages if two.after else ()
    values = {
        **lab_page.frame(visit, two.found.scenario),
        "effect": told,
        "names": names,
        "stages": [
            (each, name, count(two.found.base, each, marks)) for each, name in stages.items()
        ],
        "stage": stage,
        "layout": visit.argument("layout", LAYOUTS),
        "layouts": [(each, str(word), None) for each, word in LAYOUTS.items()],
        "stage_word": stages[stage],
        "gone": two.error is None and stage not in {each.id for each in after},
        "diagram_error": two.error,
        "marks": MARKS,
        "items": list(items(two, stage, marks, names)),
    }
    return Shown("lab/diagrams.html.jinja", values)


def count(built: Deployment, stage: str, marks: Mapping[str, Marked]) -> int:
    """Return how many items of a stage bear a mark."""
    return sum(each.stage == stage and each.id in marks for each in built.activities)


def items(
    two: Two, stage: str, marks: Mapping[str, Marked], names: Words
) -> Iterator[dict[str, Any]]:
    """Yield the items of a stage as a list says them: days and what they wait for, both sides."""
    plan = two.found.played.plan.activities
    for each in two.found.base.activities:
        if each.stage != stage or each.kind is Kind.MILESTONE:
            continue
        after = plan.get(each.id)
        yield {
            "id": each.id,
            "name": names.item(each.id, drawn(each.name)),
            "department": each.department,
            "mark": marks.get(each.id),
            "before": side_of(each, names),
            "after": None if after is None else side_of(after, names),
        }


def side_of(activity: Activity, names: Words) -> dict[str, Any]:
    """Return an activity's days and what it waits for."""
    gates = (*activity.predecessors, *activity.decision_waits_for)
    return {"days": activity.days, "gates": [names.item(each, each) for each in gates]}


# -- for the scripts that draw -------------------------------------------------------------------


def drawing(visit: Visit) -> Answer:
    """Give a diagram of one side."""
    _built, one, files = Two.of(visit).process(visit.path["side"], visit.path["stage"])
    return Content(diagrams.drawing(files[one.file]), XML, one.file)


def labels(visit: Visit) -> Answer:
    """Give the names on a diagram in the page's language."""
    _built, one, _files = Two.of(visit).process(visit.path["side"], visit.path["stage"])
    return as_json(procedure_diagrams.labels([one], one.process))


def states(visit: Visit) -> Answer:
    """Give the marks of a diagram's items."""
    two = Two.of(visit)
    told = effects.told(visit.work, two.found)
    marks = lab_marks.marks(two.found.played, told["changes"], words(visit, two.found.base))
    _built, one, _files = two.process(visit.path["side"], visit.path["stage"])
    known = {each.id for each in two.found.base.activities}
    elements = dict(marked(one, marks, known, visit.path["side"]))
    return as_json({"elements": elements, "flows": {}})


def marked(
    process: DrawnProcess, marks: Mapping[str, Marked], known: set[str], side: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each item's element with its mark; what the base does not have is new."""
    for each in process.elements:
        if each.item is None:
            continue
        found = marks.get(each.item.id)
        if side == AFTER and each.item.id not in known:
            yield each.id, {"state": ADDED, "badge": str(MARKS[ADDED][0]), "icon": MARKS[ADDED][1]}
        elif found is None or (side == AFTER and found.state == REMOVED):
            yield each.id, {"state": "same"}
        else:
            name = procedure_diagrams.element_title(each)
            title = " ".join((name, *found.sentences))
            told = {"state": found.state, "badge": found.badge, "icon": found.icon}
            yield each.id, {**told, "title": title}


PAGES = (
    show("lab_diagrams", f"{SCENARIO}/diagrams", find, "scenario_effect"),
    show("lab_drawing", f"{SIDE}/drawing", drawing, "scenario_files"),
    show("lab_labels", f"{SIDE}/labels", labels, "scenario_files"),
    show("lab_states", f"{SIDE}/states", states, "scenario_files"),
)
