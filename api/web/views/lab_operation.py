"""One operation of a scenario: added and changed, by a form of its kind with lists to pick from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from api.web import lab_naming, lab_words
from api.web.gantt import Words
from api.web.labels import drawn
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.views import lab_page
from api.web.views.lab_page import SCENARIO
from api.web.views.procedure_version import words
from api.web.visit import Visit
from engine.analysis.reengineering.operation import LISTS, NEEDED, NUMBERS, OPTIONAL, OperationKind
from engine.errors import Invalid, NotFound
from engine.rules.procedure import OPEN, START, Activity, Kind
from engine.service import departments, plans
from engine.service.scenarios import scenarios
from engine.service.scenarios.checking import OUTSIDE
from engine.service.scenarios.views import ScenarioView
from engine.workflow.deployment import Deployment

OPERATIONS = f"{SCENARIO}/operations"
ONE = f"{OPERATIONS}/<name:operation>"
#: kinds that only departments' items may be subject to
OF_DEPARTMENTS = frozenset({"merge", "drop", "joint_review", "commitment"})
EFFORT, LEGAL = 2, 0


@dataclass(frozen=True, slots=True)
class Pick:
    """A line of a list to pick from; `near` ones are told first, `on` ones are picked."""

    id: str
    name: str
    note: str = ""
    on: bool = False
    near: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What the form of an operation is made of. `standing` is the operation that is changed."""

    visit: Visit
    scenario: ScenarioView
    built: Deployment
    kind: str
    item: str
    standing: Mapping[str, Any] | None = None

    @property
    def activities(self) -> dict[str, Activity]:
        """The base's activities by id."""
        return {each.id: each for each in self.built.activities}

    @property
    def names(self) -> Words:
        """What items and departments are called."""
        return words(self.visit, self.built)

    def picked(self, field: str, otherwise: tuple[str, ...] = ()) -> set[str]:
        """Return what is picked of a list: as it was sent, as it stands, or by default."""
        if self.visit.error:
            return set(self.visit.form.getlist(field))
        return set(otherwise if self.standing is None else self.standing.get(field, ()))


def new(visit: Visit) -> Answer:
    """Ask for the kind and the item, then for what that kind needs."""
    scenario = scenarios.get(visit.work, visit.path["scenario"])
    built = plans.of_version(visit.work, scenario.version_id)
    kind = visit.argument("kind", dict.fromkeys(OperationKind))
    item = visit.argument("item", {each.id: each for each in built.activities})
    desk = Desk(visit, scenario, built, kind or OperationKind.SHORTEN.value, item)
    return Shown("lab/operation.html.jinja", values(desk))


def edit(visit: Visit) -> Answer:
    """Show an operation to be changed."""
    scenario = scenarios.get(visit.work, visit.path["scenario"])
    standing = standing_of(scenario, visit.path["operation"])
    built = plans.of_version(visit.work, scenario.version_id)
    desk = Desk(visit, scenario, built, standing["kind"], standing["item"], standing)
    return Shown("lab/operation.html.jinja", values(desk))


def standing_of(scenario: ScenarioView, identifier: str) -> Mapping[str, Any]:
    """Return an operation of a scenario. Raises NotFound."""
    for each in scenario.operations:
        if each["id"] == identifier:
            return each
    raise NotFound(f"there is no operation {identifier!r}", operation=identifier)


def values(desk: Desk) -> dict[str, Any]:
    """Return what the template needs."""
    item = desk.built.procedure.items.get(desk.item)
    return {
        **lab_page.frame(desk.visit, desk.scenario),
        "kinds": [(each.value, lab_words.operation_word(each.value)) for each in OperationKind],
        "meaning": str(lab_words.MEANINGS[desk.kind]),
        "kind": desk.kind,
        "item": desk.item,
        "item_name": desk.names.item(desk.item, desk.item) if desk.item else "",
        "item_options": list(item_options(desk)),
        "item_data": item,
        "activity": desk.activities.get(desk.item),
        "standing": desk.standing,
        "needs": {*NEEDED[OperationKind(desk.kind)], *OPTIONAL.get(OperationKind(desk.kind), ())},
        "lists": dict(lists(desk)) if desk.item else {},
        "departments_picked": list(department_picks(desk)),
        "excluded": list(exclusions(desk)),
        "names": desk.names,
        "default_effort": EFFORT,
        "default_legal": LEGAL,
    }


# -- lists to pick from --------------------------------------------------------------------------


def worked(desk: Desk) -> Iterator[Activity]:
    """Yield what somebody works on."""
    return (each for each in desk.built.activities if each.kind is not Kind.MILESTONE)


def item_options(desk: Desk) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield stages, each with the items that an operation of the kind may be done to."""
    for stage in desk.built.procedure.stages:
        found = [
            (each.id, f"{called(desk, each.id)} · {each.id} · {_('%(n)s 天', n=each.days)}")
            for each in worked(desk)
            if each.stage == stage.id and fits(desk, each)
        ]
        if found:
            yield desk.names.stage(stage.id).name, found


def fits(desk: Desk, activity: Activity) -> bool:
    """Tell whether an operation of the kind may be done to an activity."""
    return activity.kind is Kind.APPROVAL or desk.kind not in OF_DEPARTMENTS


def called(desk: Desk, identifier: str) -> str:
    """Return what an activity is called."""
    return desk.names.item(identifier, drawn(desk.activities[identifier].name))


def lists(desk: Desk) -> Iterator[tuple[str, list[Pick]]]:
    """Yield the lists of items that the kind of operation asks for."""
    own = desk.activities[desk.item]
    gates = (*own.predecessors, *own.decision_waits_for)
    after = tuple(
        each.id
        for each in desk.built.activities
        if own.id in (*each.predecessors, *each.decision_waits_for)
    )
    yield "absorb", picks(desk, "absorb", (), approvals=True)
    yield "predecessors", picks(desk, "predecessors", gates, start=True, otherwise=gates)
    yield "remove_from", picks(desk, "remove_from", after, opening=True)
    yield "add_to", picks(desk, "add_to", (), opening=True)


def picks(
    desk: Desk, field: str, near: tuple[str, ...], otherwise: tuple[str, ...] = (), **wanted: bool
) -> list[Pick]:
    """Return a list of activities, those that are near first."""
    on = desk.picked(field, otherwise)
    found = [
        Pick(
            each.id,
            called(desk, each.id),
            desk.names.department(each.department),
            on=each.id in on,
            near=each.id in near,
        )
        for each in desk.built.activities
        if each.id != desk.item and listed(each, wanted)
    ]
    return sorted(found, key=lambda each: not (each.near or each.on))


def listed(activity: Activity, wanted: Mapping[str, bool]) -> bool:
    """Tell whether an activity stands in a list: milestones only where they mean something."""
    if activity.kind is Kind.MILESTONE:
        return bool(
            (activity.id == START and wanted.get("start"))
            or (activity.id == OPEN and wanted.get("opening"))
        )
    return activity.kind is Kind.APPROVAL or not wanted.get("approvals")


def department_picks(desk: Desk) -> Iterator[Pick]:
    """Yield the departments that may take part in a joint review."""
    item = desk.built.procedure.items.get(desk.item)
    on = desk.picked("participants", item.participants if item else ())
    for each in departments.find(desk.visit.work.settings):
        if each.id not in OUTSIDE:
            yield Pick(each.id, desk.names.department(each.id), on=each.id in on)


def exclusions(desk: Desk) -> Iterator[Pick]:
    """Yield the other operations, which this one may exclude."""
    own = desk.standing["id"] if desk.standing else ""
    on = desk.picked("excludes")
    for each in desk.scenario.operations:
        if each["id"] != own:
            yield Pick(each["id"], lab_words.operation_name(each["name"]), on=each["id"] in on)


# -- what was sent -------------------------------------------------------------------------------


def add(visit: Visit) -> Answer:
    """Put a new operation at the end of the list."""
    scenario = scenarios.get(visit.work, visit.path["scenario"])
    made = read(visit, scenario, visit.text("kind"), visit.text("item"))
    made["id"] = free_id(scenario, made)
    return keep(visit, scenario, [*scenario.operations, made], _("已加入措施。"))


def change(visit: Visit) -> Answer:
    """Keep a changed operation in its place."""
    scenario = scenarios.get(visit.work, visit.path["scenario"])
    standing = standing_of(scenario, visit.path["operation"])
    made = {**read(visit, scenario, standing["kind"], standing["item"]), "id": standing["id"]}
    found = [made if each["id"] == made["id"] else each for each in scenario.operations]
    return keep(visit, scenario, found, _("已保存措施。"))


def keep(visit: Visit, scenario: ScenarioView, operations: list[Any], notice: str) -> Answer:
    """Keep a list of operations and go back to the scenario."""
    scenarios.update(visit.work, scenario.id, visit.expected_version, operations=operations)
    return Redirect(f"{lab_page.SECTION}/{scenario.id}", notice)


def read(visit: Visit, scenario: ScenarioView, kind: str, item: str) -> dict[str, Any]:
    """Return the operation that was sent as plain data. Raises Invalid."""
    if kind not in NEEDED:
        raise Invalid(f"there is no kind of operation {kind!r}", field="kind")
    wanted = (*NEEDED[OperationKind(kind)], *OPTIONAL.get(OperationKind(kind), ()))
    made: dict[str, Any] = {"kind": kind, "item": item}
    made |= {name: visit.whole(name) for name in NUMBERS if name in wanted}
    made |= {name: visit.form.getlist(name) for name in LISTS if name in wanted}
    made["cost"] = {name: visit.whole(name) or 0 for name in ("effort", "legal")}
    made["excludes"] = visit.form.getlist("excludes")
    made["enabled"] = "enabled" in visit.form
    return {**made, "name": name_of(visit, scenario, made)}


def name_of(visit: Visit, scenario: ScenarioView, made: Mapping[str, Any]) -> dict[str, str]:
    """Return the name that was typed; what was not typed is made of what it does."""
    built = plans.of_version(visit.work, scenario.version_id)
    days = {each.id: each.days for each in built.activities}
    plain = lab_naming.name_of(made, built.procedure.items, days.get(made["item"]))
    typed = {"zh": visit.text("name_zh"), "en": visit.text("name_en")}
    if typed["zh"] and not typed["en"]:
        return {"zh": typed["zh"], "en": ""}
    return {code: typed[code] or plain[code] for code in plain}


def free_id(scenario: ScenarioView, made: Mapping[str, Any]) -> str:
    """Return an id that no operation of the scenario has."""
    taken = {each["id"] for each in scenario.operations}
    plain = f"{made['kind'].replace('_', '-')}-{made['item']}"[:50]
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (plain, *numbered) if each not in taken)


PAGES = (
    show("lab_operation_new", f"{OPERATIONS}/new", new, "change_scenario"),
    act("lab_operation_add", f"{OPERATIONS}/new", add, "change_scenario", form=new),
    show("lab_operation", ONE, edit, "change_scenario"),
    act("lab_operation_change", ONE, change, "change_scenario", form=edit),
)
