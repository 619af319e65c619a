"""Simulations: every run with how far it is and what came of it; two are chosen to compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.web import export, simulation_words
from api.web.export import Column
from api.web.gantt.words import gettext as _
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, show
from api.web.simulation_words import SECTION, origin
from api.web.visit import Visit
from engine.rules.catalogue import Name
from engine.rules.simulation import ENDED
from engine.service import identity, procedures
from engine.service.simulations import headlines, runs
from engine.service.simulations.runs import Wanted
from engine.service.simulations.views import RunRow
from engine.service.work import Work

LIMIT = 30
#: seconds after which a list with runs under way is asked for again
EVERY, SELDOM = 2, 30


def find(visit: Visit) -> Answer:
    """Show runs, the newest first; or all that the filters leave as a file."""
    state = visit.argument("state", simulation_words.STATES)
    procedure = visit.argument("procedure")
    wanted = Wanted(state or None, procedure or None, None, visit.argument("q") or None)
    names = procedure_names(visit.work)
    if export.wanted(visit):
        return file(visit, wanted, names)
    part = runs.find(visit.work, wanted, cursor=visit.argument("cursor") or None, limit=LIMIT)
    values = {
        "section": "/lab",
        "found": part.items,
        "next": part.next,
        "figures": headlines.find(visit.work, [each.id for each in part.items]),
        "origin": lambda run: origin(run.source, names),
        "people": identity.callings(visit.work, (each.created_by for each in part.items)),
        "filtered": bool(state or procedure or wanted.text),
        "states": [("", _("全部"), None)]
        + [(code, str(word), None) for code, word in simulation_words.STATES.items()],
        "state": state,
        "procedures": list(names.items()),
        "every": EVERY if any(each.state not in ENDED for each in part.items) else SELDOM,
        "first": next(iter(names), ""),
        "may_write": visit.actor.has("analyst"),
        **simulation_words.GLOBALS,
    }
    return Shown("simulations/list.html.jinja", values)


def procedure_names(work: Work) -> dict[str, str]:
    """Return the names of the deployed procedures by id, in the page's language."""
    found: dict[str, str] = {}
    for each in procedures.find(work):
        found.setdefault(each.procedure, named(Name(**each.name)))
    return found


def file(visit: Visit, wanted: Wanted, names: Mapping[str, str]) -> Answer:
    """Return all runs with their figures as a file."""
    found = list(
        export.every(lambda cursor, n: runs.find(visit.work, wanted, cursor=cursor, limit=n))
    )
    told = headlines.find(visit.work, [each.id for each in found])
    return export.file(visit, "simulations", columns(told, names), found)


def columns(
    told: Mapping[int, Mapping[str, Any]], names: Mapping[str, str]
) -> list[Column[RunRow]]:
    """Return the columns of the list as a file."""

    def counted(key: str) -> Any:
        return lambda each: each.id in told and told[each.id]["counted"][key]["value"]

    def chance(key: str) -> Any:
        return lambda each: each.id in told and (told[each.id][key] or EMPTY)["chance"]["value"]

    return [
        Column(_("模拟"), lambda each: each.name),
        Column(_("对象"), lambda each: origin(each.source, names).name),
        Column(_("状态"), lambda each: simulation_words.run_state(each.state)),
        Column(_("平均计时天数"), blank(counted("mean"))),
        Column(_("九成在（计时天数）"), blank(counted("p90"))),
        Column(_("守住承诺的机会"), blank(chance("promise"))),
        Column(_("窗口内开工的机会"), blank(chance("window"))),
        Column(_("项目数"), simulation_words.played),
        Column(_("种子"), lambda each: each.plan["seed"]),
        Column(_("发起人"), lambda each: simulation_words.caller({}, each.created_by)),
        Column(_("时间"), lambda each: each.created_at),
    ]


#: the chance of what is not promised
EMPTY: Mapping[str, Any] = {"chance": {"value": None}}


def blank(value: Any) -> Any:
    """Return a column's value, None where the run has no result."""

    def told(row: RunRow) -> Any:
        found = value(row)
        return None if found is False else found

    return told


def compare(visit: Visit) -> Answer:
    """Lead from the list's checkboxes to the comparison of the first two."""
    chosen = [each for each in visit.args.getlist("ids") if each.isascii() and each.isdecimal()]
    first, second = (*chosen, "", "")[:2]
    return Redirect(f"{SECTION}/compare?first={first}&second={second}")


PAGES = (
    show("simulations", SECTION, find, "list_simulations"),
    show("simulations_chosen", f"{SECTION}/chosen", compare, "list_simulations"),
)
