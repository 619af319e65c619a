"""Event logs in words: addresses, times, how well something fits, what was mended on the way in."""

from __future__ import annotations

from typing import Any

from api.web import heat
from api.web.display import WEEKDAYS
from api.web.gantt.words import gettext as _
from api.web.visit import Visit
from engine.service import identity
from engine.service.logs import logs

LAB, SECTION = "/lab", "/logs"
LOG = f"{SECTION}/<int:log>"


def frame(visit: Visit) -> dict[str, Any]:
    """Return what all pages of a log have. Raises NotFound."""
    found = logs.get(visit.work, visit.path["log"])
    return {
        "section": LAB,
        "log": found,
        "home": f"{SECTION}/{found.id}",
        "people": identity.callings(visit.work, [found.created_by]),
        "may_write": visit.actor.has("analyst"),
    }


#: from here on counts are told in thousands, to fit a cell
THOUSAND = 1_000
MINUTE = 1 / 60
#: numbers below are told by their power of ten, from here on without decimals
EXACT, HUNDRED = 1e-3, 100
#: a share so near to none or all is told with a decimal
EDGE = 0.1


def words() -> dict[str, Any]:
    """Return what templates of logs say figures with."""
    return {
        "weekdays": [str(each) for each in WEEKDAYS],
        "hours": hours,
        "percent": percent,
        "figure_short": short,
    }


def hours(amount: float | None) -> str:
    """Return hours in the unit they are read best in; a dash where nobody knows."""
    if amount is None:
        return "–"
    return _("不到 1 分") if 0 < amount < MINUTE else heat.hours(amount)


def percent(share: float | None) -> str:
    """Return a share."""
    if share is None:
        return "–"
    near = 0 < share < EDGE or 1 - EDGE < share < 1
    return f"{100 * share:.1f}%" if near else f"{100 * share:.0f}%"


def short_number(value: float) -> str:
    """Return a number with three figures that say something."""
    if value and abs(value) < EXACT:
        return f"{value:.1e}"
    if abs(value) >= HUNDRED:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def short(count: int) -> str:
    """Return a count in at most four letters."""
    if count < THOUSAND:
        return str(count)
    thousands = count / THOUSAND
    return f"{thousands:.1f}k" if thousands < 10 else f"{thousands:.0f}k"  # noqa: PLR2004
