"""Scenarios side by side: what they come to, and which operations each has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from api.web import lab_words
from api.web.gantt import Words
from api.web.page import Answer, Shown, show
from api.web.views import lab_charts, lab_rows
from api.web.views.lab_page import SECTION
from api.web.views.procedure_version import words
from api.web.visit import Visit
from engine.errors import NotFound
from engine.service.scenarios import effects, scenarios
from engine.service.scenarios.views import ScenarioView

#: more do not stand side by side
MOST = 3


@dataclass(frozen=True, slots=True)
class Side:
    """A scenario that is compared."""

    scenario: ScenarioView
    effect: Mapping[str, Any]
    rows: list[lab_rows.OperationRow]
    waterfall: Mapping[str, Any]
    words: Words


def find(visit: Visit) -> Answer:
    """Show the scenarios asked for; further ones can be chosen."""
    sides = [side(visit, identifier) for identifier in identifiers(visit)]
    most = max((each.effect["before"]["counted_days"] for each in sides), default=0)
    others = scenarios.find(visit.work, limit=100).items
    values = {
        "section": SECTION,
        "sides": sides,
        "most": MOST,
        "others": others,
        "ids": [each.scenario.id for each in sides],
        "waterfalls": [{**each.waterfall, "max": most} for each in sides],
        "figures": figures(sides),
        "operations": operations(sides),
        "signs": lab_words.SIGNS,
        "state_word": lab_words.scenario_state,
        "operation_word": lab_words.operation_word,
        "operation_tones": lab_words.TONES,
    }
    return Shown("lab/compare.html.jinja", values)


def identifiers(visit: Visit) -> list[int]:
    """Return the scenarios asked for: `ids` may stand often, and name several with commas."""
    texts = ",".join(visit.args.getlist("ids")).split(",")
    found = dict.fromkeys(int(each) for each in texts if each.isascii() and each.isdecimal())
    return list(found)[:MOST]


def side(visit: Visit, identifier: int) -> Side:
    """Return a scenario and its effect. Raises NotFound."""
    if identifier > 2**31:
        raise NotFound(f"there is no scenario {identifier}")
    found = effects.carried(visit.work, identifier)
    told = effects.told(visit.work, found)
    names = words(visit, found.base)
    rows = lab_rows.rows(told, found.scenario.operations, names, None)
    waterfall = lab_charts.waterfall(told, rows, None, moves_only=True)
    return Side(found.scenario, told, rows, waterfall, names)


def figures(sides: list[Side]) -> list[tuple[str, list[tuple[Any, Any]], bool]]:
    """Return rows of figures: word, before and after of each side, whether the least is best."""
    keys = {
        _("计时总天数"): "counted_days",
        _("历时（含企业、中介）"): "elapsed_days",
        _("竣工验收"): "acceptance_days",
        _("开工前事项"): "items",
        _("承诺天数合计"): "sum_days",
    }
    found: list[tuple[str, list[tuple[Any, Any]], bool]] = [
        (word, [(each.effect["before"][key], each.effect["after"][key]) for each in sides], True)
        for word, key in keys.items()
    ]
    costs = [(None, each.effect["cost"]) for each in sides]
    wrong = [(None, len(each.effect["breaches"])) for each in sides]
    clash = [(None, len(each.effect["conflicts"])) for each in sides]
    return [
        *found,
        (_("实施成本（分）"), costs, True),
        (_("违反规定"), wrong, True),
        (_("冲突"), clash, True),
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """An operation that some have: what each has of it, None where it has none."""

    name: str
    kind: str
    cells: tuple[lab_rows.OperationRow | None, ...]

    @property
    def same(self) -> bool:
        """Whether all have it on, or none."""
        return len({each is not None and each.on for each in self.cells}) == 1


def operations(sides: list[Side]) -> list[Line]:
    """Return the operations of all sides, each once: by what it does, not by its id."""
    found: dict[tuple[str, str, str], dict[int, lab_rows.OperationRow]] = {}
    for number, each in enumerate(sides):
        for row in each.rows:
            found.setdefault((row.kind, row.item, row.name), {})[number] = row
    return [
        Line(name, kind, tuple(cells.get(number) for number in range(len(sides))))
        for (kind, _item, name), cells in found.items()
    ]


PAGES = (show("lab_compare", f"{SECTION}/compare", find, "scenario_effect"),)
