"""What the live diagram of a project asks for: the BPMN, the states of its elements, its labels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from api.call import Content
from api.web.labels import drawn
from api.web.page import Answer, show
from api.web.rendering import department_names
from api.web.views.project_marks import Mark, marks
from api.web.views.project_names import Names
from api.web.visit import Visit
from engine.errors import NotFound
from engine.service import course, dossier
from engine.service.dossier import Dossier

OF_STAGE = "/projects/<key:project>"
JSON, XML = "application/json", "application/xml"


def diagram(visit: Visit) -> Answer:
    """Answer a stage's diagram."""
    return Content(course.diagram(visit.work, visit.path["project"], visit.path["stage"]), XML)


def states(visit: Visit) -> Answer:
    """Answer the states of a stage's elements and flows."""
    found = of_stage(visit)
    names, stage = Names.of(found.built, found.view), found.stage
    every = marks(visit.work.calendar, found, stage, names, department_names(visit.work))
    flows = course.flows_of(visit.work, found.row["version_id"], found.built, stage)
    way = found.courses[stage]
    gone = {each.id: "done" if way.is_gone(each) else "waiting" for each in flows}
    return as_json({"elements": {each.id: element(each) for each in every}, "flows": gone})


def element(mark: Mark) -> Mapping[str, str]:
    """Return an element as the drawing takes it; what is empty is left out."""
    values = {
        "state": mark.state,
        "badge": mark.badge,
        "icon": mark.icon,
        "href": mark.href,
        "title": mark.title,
    }
    return {name: value for name, value in values.items() if value}


def labels(visit: Visit) -> Answer:
    """Answer what the elements, lanes and the pool are called in the page's language."""
    found = of_stage(visit)
    names = Names.of(found.built, found.view)
    texts = course.texts_of(visit.work, found.row["version_id"], found.built, found.stage)
    items = {each.id: each.item for each in found.courses[found.stage].definition.elements.values()}
    called = {
        key: names.items.get(items.get(key, "")) or drawn(text) for key, text in texts.items()
    }
    return as_json(called)


def of_stage(visit: Visit) -> Dossier:
    """Return the project with the stage of the address. Raises NotFound for an unknown one."""
    stage = visit.path["stage"]
    found = dossier.read(visit.work, visit.path["project"], stage)
    if found.stage != stage:
        raise NotFound(f"the procedure has no stage {stage}", stage=stage)
    return found


def as_json(value: Any) -> Content:
    """Return a value as JSON."""
    return Content(json.dumps(value, ensure_ascii=False).encode(), JSON)


PAGES = (
    show("project_diagram", f"{OF_STAGE}/diagrams/<name:stage>.bpmn", diagram, "get_project"),
    show("project_states", f"{OF_STAGE}/states/<name:stage>", states, "get_project"),
    show("project_labels", f"{OF_STAGE}/labels/<name:stage>", labels, "get_project"),
)
