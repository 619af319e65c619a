"""Setting a simulation up: of what, how long things take, who is there, how much is played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.reading import MARGIN_BYTES
from api.web import simulation_form
from api.web.gantt.words import gettext as _
from api.web.labels import drawn
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.simulation_form import WORKERS, BadAssumptions, Data
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
    known = simulation_form.fields(begin.data, begin.plan, sensitivity=begin.sensitivity)
    usual = simulation_form.fields(city(visit), begin.plan, sensitivity=True)
    values = {
        "section": "/lab",
        "asked": found,
        "sources": sources(visit, names),
        "base": begin.value,
        "bases": list(bases(visit, begin)),
        "known": {**usual, **known},
        "workers": [(each, str(word)) for each, word in WORKERS.items()],
        "presets": presets,
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


def presets(text: str) -> list[tuple[str, str]]:
    """Return the factors to choose from, with their words."""
    return [(each, str(word)) for each, word in simulation_form.preset(text)]


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
            [(f"{PORTFOLIO}:{each}", word) for each, word in of_names],
        ),
    ]
    return [(word, options) for word, options in found if options]


def bases(visit: Visit, begin: Base) -> Iterator[tuple[str, str]]:
    """Yield where the assumptions can come from."""
    yield STANDARD, _("本市的设定（人手、来件、退回）")
    for log in logs.find(visit.work, limit=MOST_CHOICES).items:
        if log.calibrated:
            yield f"{LOG}:{log.id}", _("按事件日志“%(name)s”校准", name=log.name)
    if begin.value.startswith(f"{RUN}:"):
        run = runs.get(visit.work, number(begin.value.partition(":")[2]))
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
        raise placed(error, written=written is not None) from error
    return Redirect(f"{SECTION}/{made}", _("已开始模拟。"))


def assumed(visit: Visit, found: Asked) -> Data:
    """Return what the form assumes. Raises Invalid naming the field."""
    ids = [each["id"] for each in item_rows(found)]
    return simulation_form.assumptions(base(visit).data, city(visit), visit.form, ids)


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
        raise BadAssumptions(str(error), field="resources", reason=str(error)) from error


def placed(error: Invalid, *, written: bool) -> Invalid:
    """Return an error that names the form's field: what a file says stands in the file's."""
    name = str(error.detail.get("field", ""))
    plain = name.removeprefix("plan.")
    if plain in simulation_form.PLAN or name == "name":
        error.detail["field"] = plain
        return error
    if name.startswith("source"):
        error.detail["field"] = "procedure"
        return error
    field = "resources" if written else field_of(name)
    return BadAssumptions(error.message, field=field, reason=error.message)


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
    """Return the field of the form that a key of the assumptions is about."""
    part, _dot, below = name.partition(".")
    return FIELDS.get(part, part).format(below.partition(".")[0])


PAGES = (
    show("simulation_new", FORM, form, "create_simulation"),
    act("simulation_start", SECTION, start, "create_simulation", form=form, limit=limit),
)
