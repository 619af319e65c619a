"""The catalogue of a procedure: what each item promises, against what the law allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from api.web import export
from api.web.export import Column
from api.web.labels import GUARDS, KINDS, UNITS
from api.web.language import named
from api.web.law import law
from api.web.page import Answer, Shown
from api.web.rendering import department_names
from api.web.views.procedure_version import Opened, activity_names, frame
from api.web.visit import Visit
from engine.service import plans
from engine.service.plans import CatalogueItem

TAB = "catalogue"


def find(visit: Visit, version: Opened) -> Answer:
    """Show the items by stage, or those of one stage."""
    every = plans.catalogue(version.built)
    stages = {each.id: named(each.name) for each in version.built.procedure.stages}
    stage = visit.argument("stage", stages)
    found = [each for each in every if stage in ("", each.stage)]
    if export.wanted(visit):
        return export.file(
            visit, f"{version.version.procedure}-items", columns(visit, version), found
        )
    values = {
        **frame(visit, version, TAB),
        "groups": grouped(found, stages),
        "stage": stage,
        "stages": choices(every, stages),
        "reduction": plans.reduction(found),
        "activity": activity_names(version.built),
        "leads": {each.id: each.lead for each in version.built.procedure.stages},
        "percent": percent,
        "law": law,
    }
    return Shown("procedure_catalogue.html.jinja", values)


def grouped(
    items: Sequence[CatalogueItem], stages: Mapping[str, str]
) -> list[tuple[str, str, list[CatalogueItem]]]:
    """Return the items of each stage that has some, with the stage's id and name."""
    found = [
        (stage, name, [each for each in items if each.stage == stage])
        for stage, name in stages.items()
    ]
    return [each for each in found if each[2]]


def choices(
    items: Sequence[CatalogueItem], stages: Mapping[str, str]
) -> list[tuple[str, str, int]]:
    """Return the stages to choose from with how many items each has."""
    known = [
        (stage, name, sum(1 for each in items if each.stage == stage))
        for stage, name in stages.items()
    ]
    return [("", _("全部"), len(items)), *known]


def percent(share: float | None) -> str:
    """Return a share as whole percents."""
    return "" if share is None else f"{share * 100:.0f}%"


def columns(visit: Visit, version: Opened) -> list[Column[CatalogueItem]]:
    """Return the columns of the catalogue as a file."""
    places, names = department_names(visit.work), activity_names(version.built)
    stages = {each.id: named(each.name) for each in version.built.procedure.stages}

    def listed(codes: Sequence[str], known: Mapping[str, str]) -> str:
        return "; ".join(known.get(each, each) for each in codes)

    def yes(value: Any) -> str:
        return _("是") if value else ""

    return [
        Column(_("代码"), lambda each: each.id),
        Column(_("事项"), lambda each: named(each.name)),
        Column(_("阶段"), lambda each: stages[each.stage]),
        Column(_("类别"), lambda each: KINDS[each.kind]),
        Column(_("部门"), lambda each: places.get(each.department, each.department)),
        Column(_("承诺工作日"), lambda each: each.promised_days),
        Column(_("预计工作日"), lambda each: each.expected_days),
        Column(_("法定天数"), lambda each: each.statutory_days),
        Column(_("法定单位"), lambda each: UNITS[each.unit] if each.statutory_days else ""),
        Column(_("压缩比例"), lambda each: percent(each.reduction)),
        Column(_("法律依据"), lambda each: law(each.legal_basis)),
        Column(_("材料"), lambda each: "; ".join(each.materials)),
        Column(_("收费"), lambda each: yes(each.fee)),
        Column(_("即办"), lambda each: yes(each.instant)),
        Column(_("参与部门"), lambda each: listed(each.participants, places)),
        Column(_("决定须等"), lambda each: listed(each.decision_waits_for, names)),
        Column(_("可容缺的材料"), lambda each: "; ".join(each.secondary)),
        Column(_("承诺核查工作日"), lambda each: each.commitment_check_days),
        Column(_("风险"), lambda each: "; ".join(str(GUARDS[code]) for code in each.guards)),
        Column(_("超时默认"), lambda each: yes(each.deemed_on_lapse)),
    ]
