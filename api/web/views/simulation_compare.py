"""Two runs side by side: both distributions, and whether the difference is more than chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.web import failure, simulation_charts, simulation_words
from api.web.failure import Failure
from api.web.gantt import Words
from api.web.gantt.words import gettext as _
from api.web.labels import drawn
from api.web.page import Answer, Shown, show
from api.web.simulation_words import SECTION, days, number, percent, points, real
from api.web.views import simulation_page
from api.web.views.procedure_version import words
from api.web.views.simulation_list import procedure_names
from api.web.visit import Visit
from engine.errors import Conflict, NotFound
from engine.service.simulations import results, runs
from engine.service.simulations.runs import Wanted
from engine.service.simulations.views import RunView

Row = Mapping[str, Any]
MOST_CHOICES = 100
#: what is compared: its key in the comparison, whether more of it is better
FIGURES = ("mean", "p50", "p90", "p95", "promise", "window")
SHARES = frozenset({"promise", "window"})
#: an interval so narrow is told in hundredths of days
CLOSE = 0.3


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of both runs, their difference, and whether that is more than chance."""

    name: str
    first: str
    second: str
    difference: str
    interval: str
    verdict: str


def find(visit: Visit) -> Answer:
    """Show two runs, or ask for those that are missing."""
    chosen = [run_of(visit, name) for name in ("first", "second")]
    done = runs.find(visit.work, Wanted(state="done"), limit=MOST_CHOICES).items
    values: dict[str, Any] = {
        "section": "/lab",
        "chosen": chosen,
        "choices": [(each.id, each.name) for each in done],
        "ready": None not in chosen and chosen[0] != chosen[1],
        **simulation_words.GLOBALS,
    }
    first, second = chosen
    if values["ready"] and first and second:
        values |= compared(visit, first, second)
    return Shown("simulations/compare.html.jinja", values)


def run_of(visit: Visit, name: str) -> RunView | None:
    """Return the run that an argument names; None where there is none. Raises NotFound."""
    text = visit.argument(name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004 - of a key
        raise NotFound(f"there is no simulation {text!r}")
    return runs.get(visit.work, int(text))


def compared(visit: Visit, first: RunView, second: RunView) -> dict[str, Any]:
    """Return what two runs come to side by side. Raises NotFound, NotDone."""
    both = [
        simulation_words.measured(results.result(visit.work, each.id)) for each in (first, second)
    ]
    measure = visit.argument("measure", simulation_words.MEASURES) or "counted"
    told, error = differences(visit, first, second)
    names = words(visit, simulation_page.built_of(visit, first))
    procedures = procedure_names(visit.work)
    lines = list(figures(told["figures"], both)) if told else list(plain(both))
    return {
        "runs": [first, second],
        "origins": [simulation_words.origin(each.source, procedures) for each in (first, second)],
        "both": both,
        "measure": measure,
        "measures": [(key, str(word), None) for key, word in simulation_words.MEASURES.items()],
        "distribution": simulation_charts.overlaid(
            both[0], both[1], (first.name, second.name), measure
        ),
        "lines": lines,
        "unpaired": error,
        "headline": headline(told["figures"] if told else {}, first.name, second.name),
        "items": changes(side_by_side(both, "items", lambda row: item_name(row, names))),
        "pools": list(
            side_by_side(both, "pools", lambda row: simulation_page.pool_name(row, names))
        ),
    }


def item_name(row: Row, names: Words) -> str:
    """Return what an item is called."""
    return names.item(row["id"], drawn(row["name"]))


def differences(visit: Visit, first: RunView, second: RunView) -> tuple[Row | None, Failure | None]:
    """Return the paired differences; where the runs do not pair None, and why."""
    try:
        return runs.compare(visit.work, first.id, second.id), None
    except Conflict as error:
        return None, failure.told(error)


def figures(told: Row, both: Sequence[Row]) -> Iterator[Line]:
    """Yield the figures that both runs have, as their own pages tell them, and their differences.

    A difference is the mean of those between paired replications: of quantiles it need not be
    that of the two figures, which are those of all projects together.
    """
    for key in FIGURES:
        found = told.get(key)
        if found is None:
            continue
        difference = found["difference"]
        say, change = (percent, points) if key in SHARES else (days, finely(difference))
        first, second = (own(each, key) for each in both)
        yield Line(
            name=figure_name(key),
            first=say(first),
            second=say(second),
            difference=with_unit(key, simulation_words.signed(difference["value"], change)),
            interval=spread(difference, change),
            verdict=real(difference),
        )


def own(result: Row, key: str) -> float | None:
    """Return a run's own figure, of all its projects."""
    told = result[key]["chance"] if key in SHARES else result["measures"]["counted"][key]
    value: float | None = told["value"]
    return value


def finely(difference: Row) -> Callable[[float | None], str]:
    """Return how days of a difference are written: with a decimal more where they are close."""
    close = difference["low"] is not None and difference["high"] - difference["low"] < CLOSE
    return lambda value: number(value, 2 if close else 1)


def plain(both: Sequence[Row]) -> Iterator[Line]:
    """Yield the figures of two runs that did not meet the same chance: no interval is known."""
    for key in ("mean", "p50", "p90", "p95"):
        one, other = (each["measures"]["counted"][key]["value"] for each in both)
        told = with_unit(key, simulation_words.signed(less(other, one), number))
        yield Line(figure_name(key), days(one), days(other), told, "", "unknown")
    for key in ("promise", "window"):
        if all(each[key] for each in both):
            one, other = (each[key]["chance"]["value"] for each in both)
            told = with_unit(key, simulation_words.signed(less(other, one), points))
            yield Line(figure_name(key), percent(one), percent(other), told, "", "unknown")


def less(one: float | None, other: float | None) -> float | None:
    """Return a difference; None where one of both is not known."""
    return None if one is None or other is None else one - other


def figure_name(key: str) -> str:
    """Return what a figure is called."""
    names = {
        "mean": _("平均计时天数"),
        "p50": _("一半在（P50）"),
        "p90": _("九成在（P90）"),
        "p95": _("九成五在（P95）"),
        "promise": _("守住承诺"),
        "window": _("窗口内开工"),
    }
    return names[key]


def with_unit(key: str, text: str) -> str:
    """Return a difference with its unit."""
    if text == "–":
        return text
    return _("%(n)s 个百分点", n=text) if key in SHARES else _("%(n)s 天", n=text)


def spread(difference: Row, say: Callable[[float | None], str]) -> str:
    """Return the interval of a difference: two numbers that may have signs of their own."""
    if difference["low"] is None:
        return ""
    low, high = (simulation_words.signed(difference[each], say) for each in ("low", "high"))
    return _("%(low)s 至 %(high)s", low=low, high=high)


def headline(told: Row, first: str, second: str) -> str:
    """Return in one sentence whether the second run takes less time than the first."""
    mean = told.get("mean")
    if mean is None:
        return ""
    say = finely(mean["difference"])
    verdict, low_high = real(mean["difference"]), spread(mean["difference"], say)
    amount = say(abs(mean["difference"]["value"]))
    given = {"second": second, "first": first, "days": amount, "interval": low_high}
    if verdict == "less":
        return _(
            "“%(second)s”比“%(first)s”平均少 %(days)s 天（95%% 区间 %(interval)s）：不是偶然。",
            **given,
        )
    if verdict == "more":
        return _(
            "“%(second)s”比“%(first)s”平均多 %(days)s 天（95%% 区间 %(interval)s）：不是偶然。",
            **given,
        )
    if verdict == "unknown":
        return _("只重复了一次，说不出差别是不是偶然。")
    return _(
        "“%(second)s”与“%(first)s”的平均天数分不出差别（95%% 区间 %(interval)s，含 0）。",
        **given,
    )


def side_by_side(
    both: Sequence[Row], part: str, name: Callable[[Row], str]
) -> Iterator[dict[str, Any]]:
    """Yield the items or windows of both runs, each once; None where one does not have it."""
    found = [{row["id"]: row for row in each[part]} for each in both]
    for key in dict.fromkeys(chained(found)):
        one, other = (rows.get(key) for rows in found)
        row = one or other
        if row is not None and row.get("kind") != "milestone":
            yield {"id": key, "name": name(row), "first": one, "second": other}


def changes(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return items whose days differ most before others, those of one run alone first."""

    def order(row: dict[str, Any]) -> float:
        if row["first"] is None or row["second"] is None:
            return -float("inf")
        one, other = (row[each]["days"]["mean"] or 0.0 for each in ("first", "second"))
        return -round(abs(float(other - one)), 2)

    return sorted(found, key=order)


def chained(found: Iterable[Mapping[str, Row]]) -> Iterator[str]:
    """Yield the ids of both."""
    for rows in found:
        yield from rows


PAGES = (show("simulations_compare", f"{SECTION}/compare", find, "compare_simulations"),)
