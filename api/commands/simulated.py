"""Results of simulations as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from api.output import rows

BARS = "▁▂▃▄▅▆▇█"
#: columns of a histogram in a terminal
WIDTH = 48
NAMES = {"counted": "counted", "elapsed": "elapsed", "whole": "to the end"}
#: items listed by how critical they are; of the others their number
CRITICAL = 0.005
#: hours of a case on the wall clock, by their name in a result
SPENT = {
    "waiting": "waiting h",
    "working": "working h",
    "off_hours": "closed h",
    "held": "held h",
}
NAME = "name"
#: a name is folded to no fewer cells than this; between columns there are so many
NAMED = 12
GAP = 2
#: what is varied of an input that has no name of its own
KINDS = {
    "applicant": "days of work of all applicants",
    "share": "share that goes another way",
    "pool": "people",
}
#: columns that hold no figures
WORDS = frozenset({NAME, "item", "dept", "pool", "input", "working days", "of", "state", "by", ""})


def told(result: Mapping[str, Any]) -> Group:
    """Return a result."""
    parts: list[RenderableType] = [head(result), *chances(result), "", measures(result)]
    parts += [*drawn(result["measures"]["counted"]), "", items(result)]
    more = (hours(result), pools(result["pools"]), sensitivity(result["sensitivity"] or []))
    parts += tables(more)
    return Group(*parts)


def tables(found: Iterable[RenderableType | None]) -> list[RenderableType]:
    """Return tables with a line between them; none for what there is nothing of."""
    return [part for each in found if each is not None for part in ("", each)]


def head(result: Mapping[str, Any]) -> str:
    """Return what was played."""
    # what goes round is played event by event too, with nobody to wait for
    how = "with queues" if result["pools"] else "without queues"
    warm_up = result["warm_up"]["days"]
    cut = f", {warm_up:g} days of warm-up" if result["pools"] else ""
    named = f"{result['procedure']}: " if "procedure" in result else ""
    start = f", from {result['start']} on"
    times = f"{result['cases']:,} cases in {result['replications']:,} replications"
    return f"{named}{times}, seed {result['seed']}, {how}{cut}{start}"


def chances(result: Mapping[str, Any]) -> list[Text]:
    """Return the lines about promise and window."""
    promise, window = result["promise"], result["window"]
    lines = []
    if promise is not None:
        what = f"within the {promise['days']} days promised"
        lines.append(Text(f"{what}: {share(promise['chance'])}", style="bold"))
    if window is not None:
        what = f"construction starts within {window['months']} months"
        lines.append(Text(f"{what}: {share(window['chance'])}", style="bold"))
    return lines


def share(estimate: Mapping[str, Any]) -> str:
    """Return a chance with its interval."""
    low, high = estimate["low"], estimate["high"]
    between = "" if low is None or high is None else f" ({low:.1%} – {high:.1%})"
    return f"{number(estimate['value'], '.1%')}{between}"


def figure(estimate: Mapping[str, Any], digits: int = 1) -> str:
    """Return a figure with half the width of its interval."""
    value, high = estimate["value"], estimate["high"]
    around = "" if high is None or value is None else f" ±{high - value:.{digits}f}"
    return f"{number(value, f'.{digits}f')}{around}"


def number(value: float | None, form: str = ".1f") -> str:
    """Return a number; a dash where there is none."""
    return "–" if value is None else f"{value:{form}}"


def measures(result: Mapping[str, Any]) -> RenderableType:
    """Return the totals in working days."""
    lines = [
        (
            NAMES[name],
            *(figure(found[each]) for each in ("mean", "p50", "p90", "p95")),
            f"{found['least']:.1f}",
            f"{found['most']:.1f}",
        )
        for name, found in result["measures"].items()
        if found is not None
    ]
    headings = ("working days", "mean", "P50", "P90", "P95", "least", "most")
    return Fitting(headings, lines, less=("least", "most", "P95"))


def drawn(measure: Mapping[str, Any] | None) -> list[str]:
    """Return a distribution as one line of bars; nothing of no case."""
    if measure is None:
        return ["no case came to construction start"]
    counts = folded(measure["histogram"]["counts"])
    top = max(counts, default=0) or 1
    bars = "".join(BARS[round(each / top * (len(BARS) - 1))] if each else " " for each in counts)
    return ["", f"{measure['least']:.1f} {bars} {measure['most']:.1f}  counted days"]


def folded(counts: Sequence[int]) -> list[int]:
    """Return counts in at most `WIDTH` bins, neighbours added up."""
    by = -(-len(counts) // WIDTH) or 1
    return [sum(counts[at : at + by]) for at in range(0, len(counts), by)]


def items(result: Mapping[str, Any]) -> RenderableType:
    """Return the items' days, and how often each decides on the whole."""
    lines = [
        (
            each["id"],
            each["name"],
            each["department"],
            each["promised_days"],
            number(each["days"]["mean"]),
            number(each["days"]["p90"]),
            number(each["within_promise"], ".0%"),
            critical(each["criticality"]),
        )
        for each in result["items"]
    ]
    headings = ("item", "name", "dept", "promised", "mean", "P90", "in time", "critical")
    return Fitting(headings, lines, less=("dept", "promised", "in time"))


def critical(share: float | None) -> str:
    """Return how often an item decides on the whole; nothing of hardly ever."""
    return f"{share:.0%}" if share is not None and share >= CRITICAL else ""


def hours(result: Mapping[str, Any]) -> RenderableType | None:
    """Return where a case's hours go; nothing where nobody waits for anybody."""
    if not result["pools"]:
        return None
    lines = [
        (each["id"], each["name"], *(number(each[name]) for name in SPENT))
        for each in result["items"]
    ]
    return Fitting(("item", "name", *SPENT.values()), lines, less=("held h", "closed h"))


@dataclass(frozen=True)
class Fitting:
    """A table as wide as the terminal lets it be: of `less` it leaves columns out, in that order.

    Columns of one heading go together.
    """

    headings: Sequence[str]
    lines: Sequence[Sequence[Any]]
    less: Sequence[str] = ()

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        tries = (self.without(self.less[:count]) for count in range(len(self.less) + 1))
        for headings, lines in tries:
            if width(headings, lines) <= options.max_width:
                break
        yield table(headings, lines)

    def without(self, names: Sequence[str]) -> tuple[list[str], list[list[Any]]]:
        """Return headings and lines without some columns."""
        kept = [at for at, heading in enumerate(self.headings) if heading not in names]
        lines = [[line[at] for at in kept] for line in self.lines]
        return [self.headings[at] for at in kept], lines


def width(headings: Sequence[str], lines: Sequence[Sequence[Any]]) -> int:
    """Return the cells a table needs at least."""
    columns = zip(headings, *lines, strict=True)
    wide = ((max(map(cell_len, map(str, each))), each[0]) for each in columns)
    least = [min(cells, NAMED) if heading == NAME else cells for cells, heading in wide]
    return sum(least) + GAP * (len(least) - 1)


def table(headings: Sequence[str], lines: Sequence[Sequence[Any]]) -> Table:
    """Return a table in which names alone are folded, and figures stand right."""
    found = rows(headings, lines)
    for column in found.columns:
        column.no_wrap = column.header != NAME
        column.justify = "left" if column.header in WORDS else "right"
    return found


def pools(found: Sequence[Mapping[str, Any]]) -> RenderableType | None:
    """Return how busy the windows are, the busiest first."""
    ordered = sorted(found, key=lambda each: -(each["utilisation"]["value"] or 0))
    lines = [
        (
            each["id"],
            each["name"],
            each["people"],
            share(each["utilisation"]),
            figure(each["waiting"]),
            number(each["queue"]),
            each["queue_most"],
        )
        for each in ordered
    ]
    headings = ("pool", "name", "people", "busy", "waiting h", "queue", "longest")
    return Fitting(headings, lines, less=("longest", "people")) if lines else None


def sensitivity(found: Sequence[Mapping[str, Any]]) -> RenderableType | None:
    """Return what moves the mean, the most first."""
    lines = [
        (
            each["input"],
            named(each),
            f"{each['low']:g} – {each['high']:g}",
            " – ".join(map(number, each["mean"])),
            " – ".join(map(number, each["p90"])),
        )
        for each in found
    ]
    headings = ("input", "name", "from – to", "mean days", "P90")
    return Fitting(headings, lines, less=("from – to",)) if lines else None


def named(row: Mapping[str, Any]) -> str:
    """Return what an input is called; what its kind means where that says no more than its id."""
    return KINDS.get(row["kind"], "") if row["name"] == row["input"] else str(row["name"])


def differences(found: Mapping[str, Any]) -> Group:
    """Return two runs beside each other, the second less the first."""
    one, other = found["runs"]
    head = f"{other['id']} {other['name']} less {one['id']} {one['name']}"
    lines = [
        (
            name,
            number(each["first"], ".2f"),
            number(each["second"], ".2f"),
            figure(each["difference"], 2),
            {True: "beyond chance", False: "may be chance", None: ""}[each["beyond_chance"]],
        )
        for name, each in found["figures"].items()
        if each is not None
    ]
    headings = ("", "first", "second", "difference", "")
    return Group(head, "", table(headings, lines), "", beside(found["items"]))


def beside(found: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Return the items of both runs."""
    lines = [
        (
            each["id"],
            each["name"],
            *(number(run["days"]["mean"]) if run else "" for run in pair(each)),
            *(number(run["waiting"]) if run else "" for run in pair(each)),
            *(number(run["criticality"], ".0%") if run else "" for run in pair(each)),
        )
        for each in found
    ]
    return table(("item", "name", "days", "then", "waiting h", "then", "critical", "then"), lines)


def pair(row: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what both runs say of an item."""
    return row["first"], row["second"]
