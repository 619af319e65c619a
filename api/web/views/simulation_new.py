"""Setting a simulation up: of what, how long things take, who is there, how much is played."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from api.reading import MARGIN_BYTES
from api.web import simulation_durations, simulation_form, simulation_refusals
from api.web.gantt.words import gettext as _
from api.web.labels import drawn
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.simulation_durations import KEPT, WORKERS, Data, Main
from api.web.simulation_form import BadAssumptions
from api.web.simulation_words import SECTION, pool_name
from api.web.views.simulation_asked import (
    LOG,
    PORTFOLIO,
    PROCEDURE,
    RUN,
    SCENARIO,
    STANDARD,
    Asked,
    Base,
    asked,
    base,
    number,
)
from api.web.views.simulation_list import procedure_names
from api.web.visit import Visit
from engine.errors import Invalid, TooLarge
from engine.rules.procedure import Kind
from engine.service import departments
from engine.service.logs import logs
from engine.service.scenarios import scenarios
from engine.service.simulations import runs, standard
from engine.service.simulations.modelling import flow_of
from engine.settings import Settings

FORM = f"{SECTION}/new"
#: a file of assumptions is small
MOST_BYTES = 1_000_000
MOST_CHOICES = 100
#: how many letters of what is simulated go into a name
LONGEST = 200


# -- the form --------------------------------------------------------------------------------------


def form(visit: Visit) -> Answer:
    """Ask for everything; one press starts it as it stands."""
    names = procedure_names(visit.work)
    found = asked(visit, names)
    if found is None:
        return Shown("simulations/new.html.jinja", {"section": "/lab", "asked": None})
    begin = base(visit)
    mains = mains_of(found)
    known = simulation_form.fields(
        begin.data, plan_of(found, begin), mains, sensitivity=begin.sensitivity
    )
    kept = kept_word(begin)
    values = {
        "section": "/lab",
        "asked": found,
        "sources": sources(visit, names),
        "base": begin.value,
        "bases": list(bases(visit, found, begin)),
        "known": {**simulation_form.people_fields(city(visit)), **known},
        "workers": [(each, str(word)) for each, word in WORKERS.items()],
        "presets": lambda worker, chosen: simulation_durations.offered(
            worker, chosen, kept if known[f"factor-{worker}"] == KEPT else ""
        ),
        "kept": kept,
        "kept_items": {
            each for each, main in mains.items() if simulation_durations.is_kept(begin.data, main)
        },
        "rows": item_rows(found),
        "windows": list(windows(visit, found, begin.data)),
        "months": [_("%(n)s 月", n=each) for each in range(1, simulation_form.MONTHS + 1)],
        "name": usual_name(found),
        "most_bytes": MOST_BYTES,
    }
    return Shown("simulations/new.html.jinja", values)


def city(visit: Visit) -> Mapping[str, Any]:
    """Return what the city assumes."""
    return standard.assumptions(visit.work.settings)


def kept_word(begin: Base) -> str:
    """Return where times come from that are written of steps."""
    words = {LOG: _("按日志"), RUN: _("与那次相同")}
    return words.get(begin.value.partition(":")[0], _("按本市的设定"))


def mains_of(found: Asked) -> dict[str, Main]:
    """Return the main step of each item that takes time, by its keys among the steps."""
    flow = flow_of(found.built)
    made = {}
    for each in found.activities:
        if each.kind is not Kind.MILESTONE:
            node = flow.nodes.get(flow.items[each.id].main) if each.id in flow.items else None
            # an item that a scenario brings in has the steps of every other
            keys = (f"{each.id}/review", each.id) if node is None else (node.id, node.element)
            made[each.id] = Main(each.kind.value, tuple(dict.fromkeys(keys)))
    return made


def plan_of(found: Asked, begin: Base) -> dict[str, Any]:
    """Return the plan as the form asks for it: projects under way have no beginning to leave out.

    Others go on arriving for both of its times together.
    """
    days = ("warm_up_days", "cool_down_days")
    if found.kind != PORTFOLIO:
        return dict(begin.plan)
    return {**begin.plan, days[0]: 0.0, days[1]: sum(begin.plan[each] for each in days)}


def usual_name(found: Asked) -> str:
    """Return the name of a run that nobody named."""
    of = found.name[:LONGEST]
    return _("%(name)s（在办项目）", name=of) if found.kind == PORTFOLIO else of


def sources(visit: Visit, names: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be simulated, by kind."""
    part = scenarios.find(visit.work, limit=MOST_CHOICES)
    of_scenarios = [
        (f"{SCENARIO}:{each.id}", f"{each.name} · {each.procedure}") for each in part.items
    ]
    of_names = [(each, f"{name} · {each}") for each, name in names.items()]
    found = [
        (_("流程"), [(f"{PROCEDURE}:{each}", word) for each, word in of_names]),
        (_("方案"), of_scenarios),
        (
            _("在办项目，从现在的进度算起"),
            [
                (f"{PORTFOLIO}:{each}", _("%(name)s的在办项目", name=word))
                for each, word in of_names
            ],
        ),
    ]
    return [(word, options) for word, options in found if options]


def bases(visit: Visit, found: Asked, begin: Base) -> Iterator[tuple[str, str]]:
    """Yield where the assumptions can come from: logs of the same procedure, and what is chosen."""
    yield STANDARD, _("本市的设定（人手、来件、退回）")
    procedure = found.built.procedure.id
    told = {
        f"{LOG}:{log.id}": log.name
        for log in logs.find(visit.work, procedure=procedure, limit=MOST_CHOICES).items
        if log.calibrated
    }
    kind, _colon, key = begin.value.partition(":")
    if kind == LOG and begin.value not in told:
        told[begin.value] = logs.get(visit.work, number(key)).name
    for value, name in told.items():
        yield value, _("按事件日志“%(name)s”校准", name=name)
    if kind == RUN:
        run = runs.get(visit.work, number(key))
        yield begin.value, _("与模拟“%(name)s”相同", name=run.name)


def item_rows(found: Asked) -> list[dict[str, Any]]:
    """Return the items whose days can be written one by one."""
    items = found.built.procedure.items
    return [
        {
            "id": each.id,
            "name": named(items[each.id].name) if each.id in items else drawn(each.name),
            "department": each.department,
            "kind": each.kind.value,
            "days": each.days,
        }
        for each in found.activities
        if each.kind is not Kind.MILESTONE
    ]


def windows(visit: Visit, found: Asked, data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the windows that serve the items, with their names and who serves several of them."""
    mine = {each.department for each in found.activities}
    called = {each.id: named(each.name) for each in departments.find(visit.work.settings)}
    whole = data if data.get("pools") else city(visit)
    for key, pool in (whole.get("pools") or {}).items():
        department = str(pool.get("department") or "")
        if not department or department in mine:
            name = str(pool.get("name") or "")
            shared = [each["id"] for each in whole.get("people") or [] if key in each["pools"]]
            yield {
                "id": key,
                "name": pool_name(key, name, department, called.get(department, department)),
                "shared": shared,
                "by_others": bool(shared) and not pool.get("people"),
            }


# -- starting it -----------------------------------------------------------------------------------


def limit(_settings: Settings) -> int:
    """Return how long the form may be, with its file."""
    return MOST_BYTES + MARGIN_BYTES


def start(visit: Visit) -> Answer:
    """Queue the run that was set up, and go where it can be watched."""
    found = asked(visit, procedure_names(visit.work))
    if found is None:
        raise Invalid("there is nothing to simulate", field="procedure")
    written = resources(visit)
    given = assumed(visit, found) if written is None else written
    try:
        made = runs.create(
            visit.work,
            name=visit.text("name") or usual_name(found),
            source=found.source,
            assumptions=given,
            plan=simulation_form.plan(visit.form),
            sensitivity=bool(visit.text("sensitivity")),
        )
    except Invalid as error:
        raise placed(error, "resources" if written is not None else "", visit.form) from error
    return Redirect(f"{SECTION}/{made}", _("已开始模拟。"))


def assumed(visit: Visit, found: Asked) -> Data:
    """Return what the form assumes. Raises Invalid naming the field."""
    data = base(visit).data
    return simulation_form.assumptions(data, city(visit), visit.form, mains_of(found))


def resources(visit: Visit) -> Data | None:
    """Return the assumptions of the file or the text that was given; None without one."""
    sent = visit.files.get("file")
    content = sent.read(MOST_BYTES + 1) if sent and sent.filename else b""
    content = content or visit.text("resources").encode()
    if not content:
        return None
    if len(content) > MOST_BYTES:
        raise TooLarge("the file is too large", field="resources")
    try:
        return standard.mapping(content)
    except ValueError as error:
        raise bad([{"field": "", "message": str(error)}], "resources") from error


def placed(error: Invalid, written: str, form: Container[str]) -> Invalid:
    """Return an error that names the form's field: what a file says stands in that of `written`."""
    name = str(error.detail.get("field", ""))
    plain = name.removeprefix("plan.")
    if plain in simulation_form.PLAN or name == "name":
        error.detail["field"] = plain
        return error
    if name.startswith("source"):
        error.detail["field"] = "procedure"
        return error
    problems = error.detail.get("problems") or [{"field": name, "message": error.message}]
    return bad(problems, written, form)


def bad(
    problems: Sequence[Mapping[str, str]], written: str, form: Container[str] = ()
) -> BadAssumptions:
    """Return the error of assumptions: each problem at its field, or all above the form."""
    places: dict[str, list[Mapping[str, str]]] = {}
    for each in problems:
        field = field_of(each["field"])
        # what the form has no field for can only be told above it
        place = written or (field if field in form else "")
        places.setdefault(place, []).append(each)
    reason = simulation_refusals.reason(problems)
    if "" in places:
        return BadAssumptions(reason, reason=reason)
    fields = {field: simulation_refusals.reason(told) for field, told in places.items()}
    return BadAssumptions(reason, field=next(iter(fields)), fields=fields, reason=reason)


#: by part of the assumptions: the field of the form that it comes from; {} is the key below it
FIELDS: Mapping[str, str] = {
    "items": "days-{}",
    "durations": "factor-{}",
    "pools": "people-{}",
    "calendars": "hours",
    "arrivals": "{}",
    "shares": "supplement",
}


def field_of(name: str) -> str:
    """Return the field of the form that a key of the assumptions is about; '' for none."""
    part, _dot, below = name.partition(".")
    return FIELDS.get(part, "").format(below.partition(".")[0])


PAGES = (
    show("simulation_new", FORM, form, "create_simulation"),
    act("simulation_start", SECTION, start, "create_simulation", form=form, limit=limit),
)
