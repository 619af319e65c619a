"""The inbox: open tasks by what is due first; narrowed, claimed many at once, taken along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web import display, export
from api.web.export import Column
from api.web.labels import KINDS, STEPS, drawn
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.views import inbox_wanted
from api.web.visit import Visit
from engine.errors import Invalid, NotFound
from engine.rules.catalogue import Name
from engine.service import departments, identity, inbox, inbox_facets, standings, tasks
from engine.service.inbox import Claimed, InboxRow
from engine.service.inbox_query import Wanted, scopes
from engine.service.views import Page, TaskView

TEMPLATE = "inbox.html.jinja"
ROWS = 50
#: as many as a page shows
MOST_CLAIMED = ROWS
SCOPES: Mapping[str, Any] = {"mine": _l("我的"), "department": _l("本部门"), "all": _l("全部")}
GROUPS: Mapping[str, Any] = {
    "all": _l("全部"),
    "overdue": _l("逾期"),
    "due_soon": _l("将到期"),
    "receive": _l("待受理"),
}


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A task that could not be claimed, and why not."""

    title: str
    why: str


def look(visit: Visit) -> Answer:
    """Show an inbox, or give it as a file."""
    wanted = inbox_wanted.wanted(visit)

    def part(cursor: str | None, limit: int) -> Page[InboxRow]:
        return inbox.find(visit.work, wanted, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, "tasks", columns(visit), export.every(part))
    return shown(visit, wanted, part(visit.argument("cursor") or None, ROWS))


def shown(
    visit: Visit, wanted: Wanted, found: Page[InboxRow], unclaimed: Sequence[Unclaimed] = ()
) -> Shown:
    """Return the page of an inbox."""
    numbers = inbox.counts(visit.work, wanted)
    whole = inbox_facets.scope_counts(visit.work)
    return Shown(
        TEMPLATE,
        {
            "section": "/tasks",
            "wanted": wanted,
            "query": inbox_wanted.kept(visit),
            "found": found,
            "counts": numbers,
            "scopes": [(each, SCOPES[each], whole[each]) for each in scopes(visit.work.actor)],
            "groups": [(each, word, numbers[each]) for each, word in GROUPS.items()],
            "filters": choices(visit, wanted),
            "narrowed": narrowed(wanted),
            "claimable": any(row.may_complete and not row.claimed for row in found.items),
            "unclaimed": unclaimed,
            "step": step,
        },
    )


def narrowed(wanted: Wanted) -> bool:
    """Tell whether anything but the scope leaves tasks out."""
    given = (wanted.department, wanted.stage, wanted.item, wanted.kind, wanted.text)
    return wanted.group != "all" or any(given)


def step(row: InboxRow) -> str:
    """Return the step a task is; work that has no steps by its kind."""
    return str(STEPS.get(row.element) or KINDS.get(row.kind) or drawn(row.name))


# -- filters ---------------------------------------------------------------------------------------


def choices(visit: Visit, wanted: Wanted) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the filters: name, label, and the options with their counts, the chosen one too."""
    counts = inbox_facets.facets(visit.work, wanted)
    items, stages = inbox_facets.item_names(visit.work)
    places = {each.id: each.name for each in departments.find(visit.work.settings)}
    words: Mapping[str, tuple[str, Mapping[str, Any]]] = {
        "department": (_("部门"), places),
        "stage": (_("阶段"), stages),
        "item": (_("事项"), items),
        "kind": (_("类别"), KINDS),
    }
    return [
        (name, label, options(counts[name], known, getattr(wanted, name)))
        for name, (label, known) in words.items()
    ]


def options(
    counts: Mapping[str, int], known: Mapping[str, Any], chosen: str | None
) -> list[tuple[str, str]]:
    """Return the options of a filter in the order of what they are called after."""
    values = [each for each in known if each in counts or each == chosen]
    # what is bound to no department is not chosen by it
    values += sorted(each for each in counts if each and each not in known)
    return [(each, f"{called(known.get(each), each)} {counts.get(each, 0)}") for each in values]


def called(name: Name | Any, otherwise: str) -> str:
    """Return what a value is called on the page."""
    return named(name) if isinstance(name, Name) else str(name or otherwise)


# -- as a file -------------------------------------------------------------------------------------


def columns(visit: Visit) -> list[Column[InboxRow]]:
    """Return the columns of the list as a file."""
    places = {each.id: each.name for each in departments.find(visit.work.settings)}
    return [
        Column(_("灯"), lambda row: display.light_word(row.light)),
        Column(_("剩余工作日"), lambda row: row.days_left),
        Column(_("事项编号"), lambda row: row.item),
        Column(_("事项"), lambda row: named(row.item_name)),
        Column(_("环节"), step),
        Column(_("项目编号"), lambda row: row.code),
        Column(_("项目"), lambda row: row.project_name),
        Column(_("阶段"), lambda row: named(row.stage_name)),
        Column(
            _("部门"),
            lambda row: called(places.get(row.department), row.department or _("不属部门")),
        ),
        Column(_("已用工作日"), lambda row: row.used_days),
        Column(_("共有工作日"), lambda row: row.days),
        Column(_("承诺到期"), lambda row: row.promised_due_on),
        Column(_("法定到期"), lambda row: row.statutory_due_on),
        Column(_("认领人"), lambda row: row.claimed_name),
        Column(_("开始时间"), lambda row: row.created_at),
    ]


# -- claiming --------------------------------------------------------------------------------------


def claim(visit: Visit) -> Answer:
    """Take the tasks that were chosen; where some could not be, the list says why."""
    chosen = list(dict.fromkeys(visit.form.getlist("task")))[:MOST_CLAIMED]
    if not chosen:
        raise Invalid("no task was chosen", field="task")
    results = inbox.claim_many(visit.work, chosen)
    taken = [tasks.get(visit.work, each.id) for each in results if each.claimed]
    for project in sorted({each.project for each in taken}):
        standings.refresh(visit.work, project)
    left = list(unclaimed(visit, results))
    if not left:
        notice = _("已认领 %(n)s 件。", n=len(taken))
        return Redirect(f"/tasks{inbox_wanted.kept(visit)}", notice)
    wanted = inbox_wanted.wanted(visit)
    page = shown(visit, wanted, inbox.find(visit.work, wanted, limit=ROWS), left)
    return Shown(page.template, {**page.values, "taken": len(taken)})


def unclaimed(visit: Visit, results: Iterable[Claimed]) -> Iterable[Unclaimed]:
    """Yield the tasks that could not be claimed."""
    for each in results:
        if not each.claimed:
            yield left_alone(visit, each)


def left_alone(visit: Visit, result: Claimed) -> Unclaimed:
    """Return why a task could not be claimed, as it is now."""
    try:
        task = tasks.get(visit.work, result.id)
    except NotFound:
        return Unclaimed(result.id, _("没有找到，可能已被删除。"))
    return Unclaimed(f"{task.item} · {task.project_name}", why_not(visit, task, result))


def why_not(visit: Visit, task: TaskView, result: Claimed) -> str:
    """Return why somebody could not claim a task."""
    if task.state != "open":
        return str(_("已由 %(name)s 办理。", name=identity.called(visit.work, task.ended_by)))
    if result.code == "forbidden":
        return str(_("不是您可以办理的任务。"))
    if task.assignee:
        return str(_("已由 %(name)s 认领。", name=identity.called(visit.work, task.assignee)))
    return str(_("项目现在不在办理中。"))


def return_to_list(visit: Visit) -> Answer:
    """Lead from the address that claims, which shows nothing by itself, to the list."""
    return Redirect(f"/tasks{inbox_wanted.kept(visit)}")


PAGES = (
    show("tasks", "/tasks", look, "list_tasks"),
    act("tasks_claim", "/tasks/claim", claim, "claim_task", form=look),
    show("tasks_claim_again", "/tasks/claim", return_to_list, "list_tasks"),
)
