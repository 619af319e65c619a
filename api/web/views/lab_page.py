"""A scenario in the lab: what its operations do to the days, the items, the law, and whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from api.web import failure, gantt, lab_legality, lab_words
from api.web.failure import Failure
from api.web.gantt import Words
from api.web.gantt.words import gettext as _
from api.web.lab_legality import Check
from api.web.language import CHINESE, ENGLISH, language
from api.web.page import Answer, Shown, show
from api.web.views import lab_charts, lab_rows
from api.web.views.procedure_version import words
from api.web.visit import Visit
from engine.analysis.reengineering.effect import applied
from engine.errors import Invalid
from engine.rules.scenario import EDITABLE, State, is_second
from engine.service import identity
from engine.service.scenarios import effects, kept
from engine.service.scenarios.checkable import checkable
from engine.service.scenarios.effects import Carried
from engine.service.scenarios.views import ScenarioView

SECTION = "/lab"
SCENARIO = f"{SECTION}/<int:scenario>"
COUNTED, ELAPSED = "counted", "elapsed"
#: how the keys of a report begin
PREFIXES = {COUNTED: "", ELAPSED: "elapsed_"}
#: arguments of the address that forms keep
KEPT = ("target", "view", "optimum")
#: more operations to choose among are computed only when somebody asks: each doubles the time
MOST_CHOICES = 20
#: pixels that the page leaves for the Gantt charts' days; names are longer in English
GANTT_WIDTHS = {CHINESE: 664, ENGLISH: 604}
#: from one working day to 9999
TARGET = re.compile(r"0{0,9}[1-9][0-9]{0,3}")


def find(visit: Visit) -> Answer:
    """Show a scenario with all that it does."""
    found = effects.carried(visit.work, visit.path["scenario"])
    told = effects.told(visit.work, found)
    optimum, target, error = optimum_of(visit, found)
    names = words(visit, found.base)
    chosen = optimum["operations"] if optimum and optimum["reached"] else None
    rows = lab_rows.rows(told, found.scenario.operations, names, chosen)
    view = visit.argument("view", PREFIXES) or COUNTED
    values = {
        **frame(visit, found.scenario),
        "effect": told,
        "names": names,
        "rows": rows,
        "on": sum(each.on for each in rows),
        "target": target,
        "view": view,
        "views": [(COUNTED, _("计时"), None), (ELAPSED, _("历时"), None)],
        "waterfall": lab_charts.waterfall(told, rows, target),
        "charts": gantt.compared_gantts(
            (told["before"], told["after"]), names, GANTT_WIDTHS[language()], view=view
        ),
        "checks": checks(visit, found, told, names),
        "changes": lab_words.by_department(told["changes"], names),
        "paths": paths(told, PREFIXES[view]),
        "optimum": optimum,
        "optimum_error": error,
        "front": optimum and lab_charts.front(told, optimum, found.scenario.name),
        "numbers": lambda ids: numbers(rows, ids),
        "hindrance": hindrance(told),
        **waiting(visit, found, told=bool(optimum or error)),
    }
    return Shown("lab/scenario.html.jinja", values)


def checks(visit: Visit, found: Carried, told: Mapping[str, Any], names: Words) -> list[Check]:
    """Return the checks of legality, as far as anything is known of the base."""
    laws = effects.laws(visit.work.settings)
    base = found.played.base
    known = checkable(base.items.values(), base.activities, laws)
    return lab_legality.checks(told, laws, names, known)


def frame(visit: Visit, scenario: ScenarioView) -> dict[str, Any]:
    """Return what all pages of a scenario have: itself, its address, what the visitor may do."""
    writes = visit.actor.has("analyst")
    people = (scenario.updated_by, scenario.proposed_by, scenario.decided_by)
    return {
        "people": identity.callings(visit.work, people),
        "section": SECTION,
        "scenario": scenario,
        "url": lambda *more, **arguments: url(visit, scenario, *more, **arguments),
        "home": url(visit, scenario),
        "base_url": base_url(scenario),
        "signs": lab_words.SIGNS,
        "state_word": lab_words.scenario_state,
        "operation_word": lab_words.operation_word,
        "operation_tones": lab_words.TONES,
        "may_write": writes,
        "may_edit": writes and scenario.state in EDITABLE,
        "may_decide": writes and scenario.state == State.PROPOSED,
        "own_proposal": not is_second(
            visit.actor.name, proposed_by=scenario.proposed_by, updated_by=scenario.updated_by
        ),
    }


def url(visit: Visit, scenario: ScenarioView, *more: str, **arguments: Any) -> str:
    """Return an address of a scenario's pages; what is looked at is kept."""
    path = "/".join((SECTION, str(scenario.id), *(quote(each, safe="") for each in more)))
    given = {name: visit.args.get(name, "") for name in KEPT} | arguments
    query = urlencode({name: value for name, value in given.items() if value not in (None, "")})
    return f"{path}?{query}" if query else path


def base_url(scenario: ScenarioView) -> str:
    """Return the address of the version that a scenario stands on."""
    path = f"/procedures/{quote(scenario.procedure, safe='')}"
    old = scenario.base_version != scenario.newest_version
    return f"{path}?version={scenario.base_version}" if old else path


def target_of(visit: Visit, found: Carried) -> int:
    """Return the target asked for: else the usual one. Raises Invalid for what is no target."""
    text = visit.argument("target")
    if not text:
        return usual_target(visit, found)
    if not TARGET.fullmatch(text):
        raise Invalid(f"a target has 1 to 9999 working days, not {text!r}", field="target")
    return int(text)


def usual_target(visit: Visit, found: Carried) -> int:
    """Return the days that the published list reaches, else those that this scenario does."""
    published = kept.published_days(visit.work, found.base)
    after = kept.figures_of(visit.work, found.base, found.scenario.operations).after_days
    return published or max(1, after)


def optimum_of(
    visit: Visit, found: Carried
) -> tuple[Mapping[str, Any] | None, int, Failure | None]:
    """Return the optimum where it is known or asked for, its target, and why there is none."""
    try:
        target = target_of(visit, found)
        return optimum(visit, found, target), target, None
    except Invalid as error:
        wrong = error.detail.get("field") == "target"
        target = usual_target(visit, found) if wrong else target_of(visit, found)
        return None, target, failure.told(error)


def optimum(visit: Visit, found: Carried, target: int) -> Mapping[str, Any] | None:
    """Return the optimum where it is known or asked for. Raises Invalid."""
    if not found.played.steps:
        return None
    if visit.argument("optimum"):
        return kept.optimum(visit.work, found, target)
    return kept.known_optimum(visit.work, found, target)


def waiting(visit: Visit, found: Carried, *, told: bool) -> dict[str, Any]:
    """Return whether the optimum is asked for by the page itself, and among how many choices.

    With too many choices it is not offered, and `refused` says why.
    """
    if told or not found.played.steps:
        return {"loads": False, "choices": 0, "refused": None}
    choices = kept.choices(visit.work, found)
    refused = None
    if choices > effects.AT_ONCE:
        refused = failure.told(effects.too_many(choices))
    return {"loads": choices <= MOST_CHOICES, "choices": choices, "refused": refused}


def numbers(rows: list[lab_rows.OperationRow], ids: Iterable[str]) -> str:
    """Return the numbers of operations in one line."""
    wanted = set(ids)
    return lab_words.listed(str(each.number) for each in rows if each.id in wanted)


def hindrance(told: Mapping[str, Any]) -> str:
    """Return why the scenario cannot be proposed, '' where it can."""
    if told["outdated"]:
        return _("基础流程已有新版本：先换版")
    if told["breaches"]:
        return _("有违反规定之处：见合法性检查")
    if told["conflicts"]:
        return _("有冲突的措施：先停用或改动")
    return "" if applied(told["steps"]) else _("没有启用的措施")


def paths(told: Mapping[str, Any], prefix: str) -> list[dict[str, Any]]:
    """Return the critical paths before and after, in one view."""
    return [
        {
            "name": name,
            "days": told[side][f"{prefix or 'counted_'}days"],
            "first": told[side][f"{prefix}critical_paths"],
            "count": told[side][f"{prefix}critical_path_count"],
            "lengths": {each["id"]: each["days"] for each in told[side]["activities"]},
        }
        for side, name in (("before", _("再造前")), ("after", _("再造后")))
    ]


PAGES = (show("lab_scenario", SCENARIO, find, "scenario_effect"),)
