"""The lab: every scenario with what it comes to, a new one, a draft's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from api.web import export, lab_words
from api.web.export import Column
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.views import lab_page
from api.web.views.lab_page import SCENARIO, SECTION
from api.web.visit import Visit
from engine.rules.catalogue import Name
from engine.service import identity, overview
from engine.service.scenarios import effects, kept, scenarios
from engine.service.scenarios.kept import Figures
from engine.service.scenarios.scenarios import Wanted
from engine.service.scenarios.views import ScenarioRow

LIMIT = 30
#: what a new scenario begins with
PUBLISHED, EMPTY = "published", "empty"


def find(visit: Visit) -> Answer:
    """Show scenarios, the newest first; or all that the filters leave as a file."""
    state = visit.argument("state", lab_words.STATES)
    procedure = visit.argument("procedure")
    wanted = Wanted(state or None, procedure or None, visit.argument("q") or None)
    if export.wanted(visit):
        return file(visit, wanted)
    part = scenarios.find(visit.work, wanted, cursor=visit.argument("cursor") or None, limit=LIMIT)
    values = {
        "section": SECTION,
        "found": part.items,
        "next": part.next,
        "people": identity.callings(visit.work, (each.updated_by for each in part.items)),
        "figures": kept.figures(visit.work, [each.id for each in part.items]),
        "filtered": bool(state or procedure or wanted.text),
        "states": [("", _("全部"), None)]
        + [(code, str(word), None) for code, word in lab_words.STATES.items()],
        "state": state,
        "procedures": procedures(visit),
        "signs": lab_words.SIGNS,
        "state_word": lab_words.scenario_state,
        "may_write": visit.actor.has("analyst"),
    }
    return Shown("lab/list.html.jinja", values)


def procedures(visit: Visit) -> list[tuple[str, str]]:
    """Return the deployed procedures: their ids and names."""
    return [(each.id, named(Name(**each.newest.name))) for each in overview.find(visit.work)]


def file(visit: Visit, wanted: Wanted) -> Answer:
    """Return all scenarios with their figures as a file."""
    found = list(
        export.every(lambda cursor, n: scenarios.find(visit.work, wanted, cursor=cursor, limit=n))
    )
    figures = kept.figures(visit.work, [each.id for each in found])
    return export.file(visit, "scenarios", columns(figures), found)


def columns(figures: Mapping[int, Figures]) -> list[Column[ScenarioRow]]:
    """Return the columns of the list as a file."""
    return [
        Column(_("方案"), lambda each: each.name),
        Column(_("基础流程"), lambda each: each.procedure),
        Column(_("基础版本"), lambda each: each.base_version),
        Column(_("状态"), lambda each: lab_words.scenario_state(each.state)),
        Column(_("再造前计时天数"), lambda each: figures[each.id].before_days),
        Column(_("再造后计时天数"), lambda each: figures[each.id].after_days),
        Column(_("再造前历时天数"), lambda each: figures[each.id].elapsed_before_days),
        Column(_("再造后历时天数"), lambda each: figures[each.id].elapsed_after_days),
        Column(_("实施成本"), lambda each: figures[each.id].cost),
        Column(_("启用措施"), lambda each: each.enabled),
        Column(_("全部措施"), lambda each: each.operations),
        Column(_("违反规定"), lambda each: figures[each.id].breaches),
        Column(_("冲突"), lambda each: figures[each.id].conflicts),
        Column(_("修改人"), lambda each: each.updated_by),
        Column(_("修改时间"), lambda each: each.updated_at),
    ]


# -- a new one -----------------------------------------------------------------------------------


def new(visit: Visit) -> Answer:
    """Ask for the base and what to begin with."""
    known = procedures(visit)
    lists = {each: effects.published(visit.work.settings, each) for each, _name in known}
    part = scenarios.find(visit.work, limit=100)
    values = {
        "section": SECTION,
        "procedures": known,
        "lists": {each: (makes, len(found)) for each, (makes, found) in lists.items() if found},
        "chosen": visit.argument("procedure"),
        "others": [(each.id, f"{each.name} · {each.procedure}") for each in part.items],
    }
    return Shown("lab/new.html.jinja", values)


def create(visit: Visit) -> Answer:
    """Make a scenario of the published list, of nothing, or of another one."""
    begin, name = visit.text("begin"), visit.text("name")
    if begin == "copy":
        made = scenarios.copy(visit.work, visit.whole("copy_of") or 0, name)
        return Redirect(f"{SECTION}/{made}", _("已建立方案。"))
    operations: list[Any] | None = [] if begin == EMPTY else None
    made = scenarios.create(
        visit.work, name, visit.text("procedure"), operations, visit.text("note")
    )
    return Redirect(f"{SECTION}/{made}", _("已建立方案。"))


# -- its words -----------------------------------------------------------------------------------


def edit(visit: Visit) -> Answer:
    """Ask for another name, note, or procedure to deploy it as."""
    scenario = scenarios.get(visit.work, visit.path["scenario"])
    values = {**lab_page.frame(visit, scenario), "procedures": procedures(visit)}
    return Shown("lab/edit.html.jinja", values)


def change(visit: Visit) -> Answer:
    """Keep what was typed."""
    identifier = visit.path["scenario"]
    scenarios.update(
        visit.work,
        identifier,
        visit.expected_version,
        name=visit.text("name"),
        note=visit.text("note"),
        target_procedure=visit.text("target_procedure"),
    )
    return Redirect(f"{SECTION}/{identifier}", _("已保存。"))


def ask_removal(visit: Visit) -> Answer:
    """Ask before a draft is removed."""
    scenario = scenarios.get(visit.work, visit.path["scenario"])
    return Shown("lab/remove.html.jinja", lab_page.frame(visit, scenario))


def remove(visit: Visit) -> Answer:
    """Remove a draft."""
    scenarios.remove(visit.work, visit.path["scenario"], visit.expected_version)
    return Redirect(SECTION, _("已删除方案。"))


PAGES = (
    show("lab", SECTION, find, "list_scenarios"),
    show("lab_new", f"{SECTION}/new", new, "create_scenario"),
    act("lab_create", f"{SECTION}/new", create, "create_scenario", form=new),
    show("lab_edit", f"{SCENARIO}/edit", edit, "change_scenario"),
    act("lab_change", f"{SCENARIO}/edit", change, "change_scenario", form=edit),
    show("lab_removal", f"{SCENARIO}/remove", ask_removal, "remove_scenario"),
    act("lab_remove", f"{SCENARIO}/remove", remove, "remove_scenario", form=ask_removal),
)
