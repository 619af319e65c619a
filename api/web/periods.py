"""Periods as pages name and offer them."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.rules.period import Grain, Period

#: how many quarters back a page offers
OFFERED = 8
PRESENT = {Grain.MONTH: _l("本月"), Grain.QUARTER: _l("本季"), Grain.YEAR: _l("本年")}
QUARTERS = {1: _l("第一季度"), 2: _l("第二季度"), 3: _l("第三季度"), 4: _l("第四季度")}


def called(period: Period) -> str:
    """Return what a period is called."""
    on = period.first_on
    if period.grain is Grain.QUARTER:
        quarter = QUARTERS[(on.month + 2) // 3]
        return str(_("%(year)s 年%(quarter)s", year=on.year, quarter=quarter))
    if period.grain is Grain.MONTH:
        return str(_("%(year)s 年 %(month)s 月", year=on.year, month=on.month))
    return str(_("%(year)s 年", year=on.year))


def switch(today: date) -> list[tuple[str, str, None]]:
    """Return this month, quarter and year, to choose from."""
    return [(Period.around(today, grain).code, str(word), None) for grain, word in PRESENT.items()]


def past(today: date) -> list[tuple[str, str]]:
    """Return the present quarter and those before it, to choose from."""
    present = Period.around(today)
    several = [present.shifted(-back) for back in range(OFFERED)]
    return [(each.code, called(each)) for each in several]
