"""The critical path of a procedure: a table, a chart, and every path there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from api.web import export, gantt
from api.web.export import Column
from api.web.labels import KINDS
from api.web.language import named
from api.web.page import Answer, Shown
from api.web.rendering import department_names
from api.web.views.procedure_version import Opened, frame, words
from api.web.visit import Visit
from engine.analysis.network import ACCEPTANCE_STAGE
from engine.rules.procedure import Kind
from engine.service import plans

TAB = "path"
COUNTED, ELAPSED = "counted", "elapsed"
#: how the keys of the report begin
PREFIXES = {COUNTED: "", ELAPSED: "elapsed_"}
#: paths shown; the count is told
MOST_PATHS = 12
TIMES = (
    "earliest_start",
    "earliest_finish",
    "latest_start",
    "latest_finish",
    "total_float",
    "free_float",
)

Row = Mapping[str, Any]


def find(visit: Visit, version: Opened) -> Answer:
    """Show the path in one view: of the counted days, or of all that pass."""
    view = visit.argument("view", PREFIXES) or COUNTED
    report = plans.critical_path(version.built, MOST_PATHS)
    if export.wanted(visit):
        name = f"{version.version.procedure}-critical-path"
        return export.file(visit, name, columns(visit, version), rows_of(report))
    rows = [seen(each, PREFIXES[view]) for each in rows_of(report)]
    stages = {each.id: named(each.name) for each in version.built.procedure.stages}
    values = {
        **frame(visit, version, TAB),
        "view": view,
        "views": [(COUNTED, _("计时"), None), (ELAPSED, _("历时"), None)],
        "parts": [each for each in parts(rows, stages, report, PREFIXES[view]) if each["rows"]],
        "stages": stages,
        "paths": paths(report, PREFIXES[view]),
        "activity": words(visit, version.built).items,
        "days": {each["id"]: each["length"] for each in rows},
        "chart": gantt.procedure_gantt(
            report,
            words(visit, version.built),
            view=view,
        ),
    }
    return Shown("procedure_path.html.jinja", values)


def rows_of(report: Row) -> list[Row]:
    """Return the activities that somebody works on."""
    return [each for each in report["activities"] if each["kind"] != Kind.MILESTONE]


def seen(row: Row, prefix: str) -> dict[str, Any]:
    """Return an activity with the times of one view; `length` is what it counts there."""
    times = {name: row[prefix + name] for name in (*TIMES, "critical")}
    counts = bool(prefix) or row["kind"] == Kind.APPROVAL
    plain = {name: row[name] for name in ("id", "name", "stage", "department", "kind", "days")}
    return {**plain, **times, "length": row["days"] if counts else 0}


def parts(
    rows: list[dict[str, Any]], stages: Mapping[str, str], report: Row, prefix: str
) -> list[dict[str, Any]]:
    """Return the rows up to construction start, and those of acceptance apart."""
    view = prefix or "counted_"
    accepted = [each for each in rows if each["stage"] == ACCEPTANCE_STAGE]
    opening = [each for each in rows if each["stage"] != ACCEPTANCE_STAGE]
    acceptance = stages.get(ACCEPTANCE_STAGE, _("验收"))
    before = _("开工之前") if accepted else _("全部事项")
    return [
        {"name": before, "days": report[f"{view}days"], "rows": opening},
        {"name": acceptance, "days": report[f"{prefix}acceptance_days"], "rows": accepted},
    ]


def paths(report: Row, prefix: str) -> dict[str, Any]:
    """Return the critical paths of a view, how many there are, and that of acceptance."""
    return {
        "first": report[f"{prefix}critical_paths"],
        "count": report[f"{prefix}critical_path_count"],
        "acceptance": report[f"{prefix}acceptance_critical_path"],
    }


def columns(visit: Visit, version: Opened) -> list[Column[Row]]:
    """Return the columns of the table as a file: both views side by side."""
    known = words(visit, version.built)
    places = department_names(visit.work)
    plain: list[Column[Row]] = [
        Column(_("代码"), lambda row: row["id"]),
        Column(_("事项"), lambda row: known.item(row["id"], row["name"])),
        Column(_("阶段"), lambda row: known.stage(row["stage"]).name),
        Column(_("部门"), lambda row: places.get(row["department"], row["department"])),
        Column(_("类别"), lambda row: KINDS[row["kind"]]),
        Column(_("天数"), lambda row: row["days"]),
        Column(_("前置"), lambda row: "; ".join(row["predecessors"])),
        Column(_("决定须等"), lambda row: "; ".join(row["decision_waits_for"])),
    ]
    counted, elapsed = _("计时"), _("历时")
    return [*plain, *times_of(counted, ""), *times_of(elapsed, "elapsed_")]


def times_of(view: str, prefix: str) -> list[Column[Row]]:
    """Return the columns of one view."""
    headings = {
        "earliest_start": _("%(view)s 最早开始", view=view),
        "earliest_finish": _("%(view)s 最早完成", view=view),
        "latest_start": _("%(view)s 最迟开始", view=view),
        "latest_finish": _("%(view)s 最迟完成", view=view),
        "total_float": _("%(view)s 总时差", view=view),
        "free_float": _("%(view)s 自由时差", view=view),
    }
    numbers: list[Column[Row]] = [
        Column(heading, number(prefix + name)) for name, heading in headings.items()
    ]
    critical = _("%(view)s 关键", view=view)
    return [*numbers, Column(critical, lambda row: _("是") if row[f"{prefix}critical"] else "")]


def number(key: str) -> Any:
    """Return the function that takes a number out of a row."""
    return lambda row: row[key]
