"""A log's cases against those that a fitted model gives: both distributions, how far apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.web.gantt.words import gettext as _
from api.web.log_report import LIKELY
from api.web.log_words import short_number

Row = Mapping[str, Any]
#: distributions that are so near are alike to a reader's eye
NEAR, FAR = 0.05, 0.15
#: the same of the mean and the ninth decile, as shares of the log's
SAME, OTHER = 0.1, 0.2
#: fewer cases say nothing
FEW = 30
BOTH = ("mean", "p90")


def against(compared: Row) -> dict[str, Any] | None:
    """Return a comparison as the page shows it; None where there is nothing to compare."""
    bars = compared.get("histogram")
    if not bars:
        return None
    sides = {_("日志"): "observed", _("模型"): "simulated"}
    chart = {
        "from": bars["from"],
        "width": bars["width"],
        "sides": [
            {"name": name, "shares": [round(100 * each, 2) for each in bars[key]], "late": []}
            for name, key in sides.items()
        ],
        "lines": [],
        "across": _("每件历时（日历天）"),
        "unit": _("天"),
    }
    return {"chart": chart, "said": said(compared), "rows": rows(compared["sides"])}


def rows(sides: Row) -> list[tuple[str, str, str]]:
    """Return the figures of both sides."""
    one, other = sides["observed"], sides["simulated"]
    quantiles = ((_("中位数"), "0.5"), ("P90", "0.9"), ("P95", "0.95"))
    return [
        (_("办件"), f"{one['n']:,}", f"{other['n']:,}"),
        (_("平均"), days(one["mean"]), days(other["mean"])),
        *(
            (word, days(one["quantiles"][key]), days(other["quantiles"][key]))
            for word, key in quantiles
        ),
    ]


def days(amount: float) -> str:
    """Return days of the calendar."""
    return _("%(n)s 天", n=short_number(amount))


def said(compared: Row) -> str:
    """Return how far the two are apart, in words."""
    told = {
        "ks": f"{compared['ks']:.3f}",
        "emd": days(compared["emd"]),
    }
    return " ".join(
        (
            _("两条累积曲线最多差 %(ks)s（KS），平均差 %(emd)s（推土机距离）。", **told),
            _(
                "模型的平均 %(mean)s，P90 %(p90)s。",
                **dict(zip(BOTH, map(signed, off(compared)), strict=True)),
            ),
            verdict(compared),
        )
    )


def verdict(compared: Row) -> str:
    """Return what the distance means for whoever uses the model."""
    cases = compared["sides"]["observed"]["n"]
    if cases < FEW:
        return _("日志里走完的只有 %(n)s 件，还比不出什么。", n=cases)
    alike = compared["p"] >= LIKELY or compared["ks"] <= NEAR
    most = max(map(abs, off(compared)))
    if alike and most <= SAME:
        return _("模型和日志看不出差别，可以用来模拟。")
    if (alike or compared["ks"] <= FAR) and most <= OTHER:
        return _("模型大体像日志；看重极端情形时请小心。")
    return _("模型和日志差得多：先看上面的限制，再决定用不用。")


def off(compared: Row) -> tuple[float, float]:
    """Return by what share of the log's the model's mean and ninth decile differ from them."""
    one, other = compared["sides"]["observed"], compared["sides"]["simulated"]
    return (
        share(one["mean"], other["mean"]),
        share(one["quantiles"]["0.9"], other["quantiles"]["0.9"]),
    )


def share(observed: float, simulated: float) -> float:
    """Return by what share of what was observed something differs from it."""
    if observed == simulated:
        return 0.0
    return (simulated - observed) / observed if observed else 1.0


def signed(amount: float) -> str:
    """Return a difference as a share."""
    return f"{amount:+.0%}".replace("-", "−")


def problem(compared: Row) -> str:
    """Return why the model could not be played, '' where it was."""
    return str(compared.get("problem", ""))
