"""The charts of a scenario as data for the scripts that draw them; tables say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from api.web import lab_words
from api.web.language import CHINESE, language
from api.web.views.lab_rows import OperationRow
from engine.analysis.reengineering.effect import applied

Row = Mapping[str, Any]
#: letters of an operation's name that stand under its bar
LETTERS = 2


def waterfall(
    effect: Row, rows: list[OperationRow], target: int | None, *, moves_only: bool = False
) -> dict[str, Any]:
    """Return the bars from the base's total to the scenario's, one an operation that is on.

    With `moves_only` those that change no total are left out.
    """
    before, after = effect["before"]["counted_days"], effect["after"]["counted_days"]
    taken = [each for each in rows if each.days or (each.days == 0 and not moves_only)]
    return {
        "bars": [
            total(_("基础"), before, effect["procedure"]),
            *map(bar, taken),
            total(_("方案"), after, _("方案")),
        ],
        "unit": _("个工作日"),
        "target": target,
        "targetName": _("目标"),
    }


def total(label: str, days: int, name: str) -> dict[str, Any]:
    """Return the bar of a total."""
    return {
        "kind": "total",
        "from": days,
        "to": days,
        # English words are wider than their bars: they stand below the numbers
        "label": label if language() == CHINESE else f"\n{label}",
        "row": label,
        "name": name,
        "text": str(days),
    }


def bar(row: OperationRow) -> dict[str, Any]:
    """Return the bar of an operation."""
    days = row.days or 0
    kind = "saved" if days > 0 else "added" if days < 0 else "nothing"
    return {
        "kind": kind,
        "from": row.after + days,
        "to": row.after,
        "label": under(row),
        "row": beside(row),
        "name": f"{row.number} {row.name}",
        "text": f"−{days}" if days > 0 else f"+{-days}" if days else "",
    }


def under(row: OperationRow) -> str:
    """Return what stands under a bar: its number, and in Chinese what it is about."""
    if language() != CHINESE:
        return str(row.number)
    return f"{row.number}\n{row.name[:LETTERS]}\n{lab_words.operation_word(row.kind)}"


def beside(row: OperationRow) -> str:
    """Return what stands beside a bar that lies."""
    word = lab_words.operation_word(row.kind)
    if language() != CHINESE:
        return f"{row.number} {word} {row.item_id}"
    return f"{row.number} {row.name[:LETTERS]}{word}"


# -- days against cost ---------------------------------------------------------------------------


def front(effect: Row, optimum: Row, scenario: str) -> dict[str, Any]:
    """Return the front of days against cost, with the scenario and the cheapest set on it."""
    now = {"cost": effect["cost"], "days": effect["after"]["counted_days"]}
    on = len(applied(effect["steps"]))
    best = {"cost": optimum["cost"], "days": optimum["days"]} if optimum["reached"] else None
    count = len(optimum["operations"])
    told = {"n": on, **now}
    return {
        "points": [point(each) for each in optimum["front"]],
        "now": {
            **now,
            "name": _("%(name)s：%(days)s 天，%(cost)s 分，%(n)s 项", name=scenario, **told),
            "label": _("本方案 %(cost)s 分，%(n)s 项", cost=now["cost"], n=on),
        },
        "best": best
        and {
            **best,
            "name": _("最低成本：%(days)s 天，%(cost)s 分，%(n)s 项", n=count, **best),
            "label": _("最低成本 %(cost)s 分，%(n)s 项", cost=best["cost"], n=count),
        },
        "target": optimum["target"],
        "targetName": _("目标"),
        "across": _("实施成本（人力与法律难度，分）"),
        "unit": _("计时工作日"),
    }


def point(choice: Row) -> dict[str, Any]:
    """Return a choice that no other beats."""
    count = len(choice["operations"])
    told = {"days": choice["days"], "cost": choice["cost"]}
    return {
        **told,
        "count": count,
        "name": _("%(days)s 天，%(cost)s 分，%(n)s 项", n=count, **told),
    }
