"""The diagrams of a procedure: drawn, and as a list that says the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web.labels import Labels, drawn, label
from api.web.language import CHINESE, language, named
from api.web.page import Answer, Shown
from api.web.views.procedure_version import Opened, activity_names, frame
from api.web.visit import Visit
from engine.rules.catalogue import Item
from engine.rules.procedure import Kind
from engine.service import diagrams, plans, procedures
from engine.service.diagrams import DrawnElement, DrawnProcess

TAB = ""
#: what the elements of a diagram are called
ELEMENTS: Labels = {
    "startEvent": _l("开始"),
    "endEvent": _l("结束"),
    "task": _l("人工任务"),
    "userTask": _l("人工任务"),
    "manualTask": _l("人工任务"),
    "scriptTask": _l("计算"),
    "callActivity": _l("审批事项"),
    "subProcess": _l("子流程"),
    "exclusiveGateway": _l("排他网关"),
    "inclusiveGateway": _l("包容网关"),
    "parallelGateway": _l("并行网关"),
    "eventBasedGateway": _l("事件网关"),
    "intermediateCatchEvent": _l("等待"),
    "intermediateThrowEvent": _l("里程碑"),
    "boundaryEvent": _l("边界事件"),
}
#: what the ids of lanes begin with, and letters that fit on one in two lines
LANE, LONGEST_LANE = "lane-", 30
#: how an item looks in a diagram on paper: its state, and the icon of its days
CRITICAL, PLAN, OWN = "critical", "plan", "own"
ICONS = {CRITICAL: "flag", PLAN: "calendar", OWN: "user"}
element_name = label(ELEMENTS)


def find(visit: Visit, version: Opened) -> Answer:
    """Show one diagram, the first or the one asked for; the others a click away."""
    every = diagrams.find(version.built, procedures.files(visit.work, version.version.id))
    wanted = visit.argument("diagram")
    shown = next((each for each in every if each.process == wanted), every[0])
    names = activity_names(version.built)
    values = {
        **frame(visit, version, TAB),
        "shown": shown.process,
        "diagrams": [diagram(version, each, names) for each in every],
    }
    return Shown("procedure_diagrams.html.jinja", values)


def diagram(version: Opened, process: DrawnProcess, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a diagram with its addresses and its list."""
    return {
        "process": process.process,
        "name": diagram_name(process),
        "lead": process.stage.lead if process.stage else "",
        "in_stage": process.stage is not None,
        "looks": process.looks,
        "elements": [element(each, names) for each in process.elements],
        "url": version.url(diagram=process.process),
        "file_url": version.url("files", process.file),
        "xml_url": version.url("diagrams", process.file),
        "labels_url": version.url("labels", process.process),
        "states_url": version.url("states", process.process),
    }


def diagram_name(process: DrawnProcess) -> str:
    """Return a diagram's name in the page's language."""
    return named(process.name) if process.name.en else drawn(process.name.zh)


def element(each: DrawnElement, names: Mapping[str, str]) -> dict[str, Any]:
    """Return an element as the list says it."""
    return {
        "id": each.id,
        "item": each.item.id if each.item else "",
        "type": element_name(each.tag),
        "name": element_title(each),
        "lane": drawn(each.lane),
        "kind": each.kind.value if each.kind else "",
        "days": days_of(each),
        "roles": each.roles,
        "outcomes": each.outcomes,
        "waits_for": [names[name] for name in each.waits_for if name in names],
        "decision_waits_for": [names.get(name, name) for name in each.decision_waits_for],
    }


def element_title(each: DrawnElement) -> str:
    """Return what an element is called: as its item where it stands for one."""
    return named(each.item.name) if each.item else drawn(each.name)


def days_of(each: DrawnElement) -> str:
    """Return the days of an item."""
    return _("%(n)s 天", n=each.days) if each.days is not None else ""


def labels(processes: list[DrawnProcess], process: str) -> dict[str, str]:
    """Return what a diagram's elements, lanes and pool are called, by id."""
    found = next((each for each in processes if each.process == process), None)
    if found is None:
        return {}
    items = {each.id: each.item for each in found.elements if each.item}
    return {
        identifier: lane_name(identifier, name)
        if identifier.startswith(LANE)
        else written(name, items.get(identifier))
        for identifier, name in found.names.items()
    }


def written(name: str, item: Item | None) -> str:
    """Return what is written on an element: the diagram's name, its item's where that is all."""
    told = drawn(name)
    return named(item.name) if item and told == name and language() != CHINESE else told


def lane_name(identifier: str, name: str) -> str:
    """Return what is written on a lane: what is too long for its height goes by its code."""
    told = drawn(name)
    return told if len(told) <= LONGEST_LANE else identifier.removeprefix(LANE)


def states(version: Opened, processes: list[DrawnProcess], process: str) -> dict[str, Any]:
    """Return how the items of a diagram look on paper: their days, which are critical."""
    report = plans.critical_path(version.built, 1)
    critical = {row["id"] for row in report["activities"] if row["critical"]}
    found = [each for each in processes if each.process == process]
    elements = dict(states_of(version, found[0], critical)) if found else {}
    return {"elements": elements, "flows": {}}


def states_of(
    version: Opened, process: DrawnProcess, critical: set[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each item's element with its look, its days, and the way to the catalogue."""
    for each in process.elements:
        if each.item is None:
            continue
        plain = PLAN if each.item.kind is Kind.APPROVAL else OWN
        look = CRITICAL if plain == PLAN and each.item.id in critical else plain
        yield (
            each.id,
            {
                "state": look,
                "badge": days_of(each),
                "icon": ICONS[look],
                "soft": bool(each.decision_waits_for),
                "title": _(
                    "%(name)s，%(days)s", name=written(each.name, each.item), days=days_of(each)
                ),
                "href": f"{version.url(tab='catalogue')}#item-{each.item.id}",
            },
        )
