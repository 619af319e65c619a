"""What differs between two versions, as pages say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web.labels import GUARDS, HANDLINGS, KINDS, UNITS, Labels, drawn, label
from api.web.language import named
from api.web.rendering import department_names
from api.web.visit import Visit
from engine.rules.catalogue import Name
from engine.service.differences import ADDED, CHANGED, REMOVED, Change, Difference

#: what happened to something: its word, its tone, its icon
HOW: Mapping[str, tuple[Any, str, str]] = {
    ADDED: (_l("新增"), "done", "plus"),
    REMOVED: (_l("删去"), "red", "x"),
    CHANGED: (_l("改动"), "running", "pencil"),
}
FIELDS: Labels = {
    "name": _l("名称"),
    "stage": _l("阶段"),
    "kind": _l("类别"),
    "department": _l("部门"),
    "promised_days": _l("承诺工作日"),
    "expected_days": _l("预计工作日"),
    "statutory_days": _l("法定天数"),
    "unit": _l("法定单位"),
    "legal_basis": _l("法律依据"),
    "materials": _l("材料"),
    "fee": _l("收费"),
    "instant": _l("即办"),
    "participants": _l("参与部门"),
    "decision_waits_for": _l("决定须等"),
    "promised_unit": _l("承诺单位"),
    "handling": _l("办理方式"),
    "special_extension_days": _l("可延长天数"),
    "secondary": _l("可容缺的材料"),
    "commitment_check_days": _l("承诺核查工作日"),
    "guards": _l("风险"),
    "deemed_on_lapse": _l("超时默认"),
    "on_lapse": _l("到期视为"),
    "type": _l("元素类型"),
    "lane": _l("泳道"),
    "roles": _l("角色"),
    "outcomes": _l("结论"),
    "case_state": _l("办件状态"),
}
GATES: Labels = {"start": _l("开始须等"), "decision": _l("决定须等")}

field_name = label(FIELDS)
gate_name = label(GATES)


def values(visit: Visit, found: Difference) -> dict[str, Any]:
    """Return what the template of a difference needs."""
    say = Saying(visit, found.names)
    return {
        "difference": found,
        "how": HOW,
        "field_name": field_name,
        "gate_name": gate_name,
        "said": say.value,
        "activity": say.names,
        "changed_days": [
            (_("计时总天数"), found.before.counted_days, found.after.counted_days),
            (_("历时总天数"), found.before.elapsed_days, found.after.elapsed_days),
            (_("验收计时"), found.before.acceptance_days, found.after.acceptance_days),
            (_("审批事项数"), found.before.items, found.after.items),
        ],
    }


class Saying:
    """The value of a field in the page's language."""

    def __init__(self, visit: Visit, names: Mapping[str, Name]) -> None:
        self.departments = department_names(visit.work)
        #: activities by id
        self.names = {
            each: named(name) if name.en else drawn(name.zh) for each, name in names.items()
        }
        self.ways: Mapping[str, Callable[[Any], str]] = {
            "name": lambda value: named(value) if isinstance(value, Name) else drawn(str(value)),
            "kind": label(KINDS),
            "unit": label(UNITS),
            "promised_unit": label(UNITS),
            "handling": label(HANDLINGS),
            "secondary": lambda value: self.listed(map(drawn, value)),
            "guards": lambda value: self.listed(map(label(GUARDS), value)),
            "department": self.department,
            "participants": lambda value: self.listed(map(self.department, value)),
            "materials": lambda value: self.listed(map(drawn, value)),
            "decision_waits_for": lambda value: self.listed(
                self.names.get(each, each) for each in value
            ),
            "lane": lambda value: str(value).removeprefix("lane-"),
        }

    def value(self, change: Change, side: str) -> str:
        """Return one side of a change, `before` or `after`."""
        value = getattr(change, side)
        if value is None or value in ("", ()):
            return str(_("无"))
        if isinstance(value, bool):
            return str(_("是") if value else _("否"))
        return self.ways.get(change.field, str)(value)

    def department(self, code: str) -> str:
        """Return a department's name."""
        return self.departments.get(code, code)

    def listed(self, texts: Any) -> str:
        """Return several texts in one line."""
        return str(_("、")).join(texts)
