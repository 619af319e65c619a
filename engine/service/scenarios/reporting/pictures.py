"""The pictures of a report as figures: waterfall, Gantt charts, the front of days against cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from engine.analysis.reengineering.effect import applied
from engine.service.scenarios.reporting.section import Bars, Curve, Scatter, Series
from engine.service.scenarios.reporting.subject import Row, Subject, opening
from engine.service.scenarios.reporting.words import Words

INK, GREEN, AMBER, BLUE, PALE, ORANGE = "14304D", "5DB593", "E8A33D", "1D5FB8", "C9DAEC", "B4560F"
WHITE, FLOAT = "FFFFFF", "EEF2F6"
#: places a bar's label takes at most; a Chinese character takes two
LABEL = 36


def waterfall(subject: Subject, words: Words) -> Bars:
    """Return how each operation that took effect moves the counted total."""
    effect = subject.effect
    taken = applied(effect["steps"])
    before, after = effect["before"]["counted_days"], effect["after"]["counted_days"]
    names = (f"{place} {words.name_of(step['name'])}" for place, step in numbered(effect))
    ends = [min(step["before"], step["after"]) for step in taken]
    gap: list[int | None] = [None]
    saved = [step["saved"] if step["saved"] >= 0 else None for step in taken]
    added = [-step["saved"] if step["saved"] < 0 else None for step in taken]
    return Bars(
        title=words("waterfall"),
        text=words("waterfall_text", before=before, after=after, n=len(taken)),
        labels_title=words("operation"),
        labels=[words("before"), *map(short, names), words("after")],
        series=[
            Series(words("hidden"), [0, *ends, 0]),
            Series(words("bar_total"), [before, *[None] * len(taken), after], INK, "0", WHITE),
            Series(words("bar_saved"), [*gap, *saved, None], GREEN, '"−"0;;0'),
            Series(words("bar_added"), [*gap, *added, None], AMBER, '"+"0;;'),
        ],
        longest=max([before, after, *(max(step["before"], step["after"]) for step in taken)]),
    )


def numbered(effect: Row) -> list[tuple[int, Row]]:
    """Return the steps that took effect with their numbers among all."""
    places = {step["operation"]: place for place, step in enumerate(effect["steps"], 1)}
    return [(places[step["operation"]], step) for step in applied(effect["steps"])]


def gantt(subject: Subject, words: Words, when: str) -> Bars:
    """Return the Gantt chart of the approvals before or after, in the counted view."""
    report = subject.effect[when]
    rows = list(opening(report))
    days, title = report["counted_days"], words(f"when_{when}")
    return Bars(
        title=words("gantt", when=title, days=days),
        text=words("gantt_text", n=len(rows), days=days),
        labels_title=words("item"),
        labels=[short(subject.item(row["id"], words)) for row in rows],
        series=[
            Series(words("hidden"), [row["earliest_start"] for row in rows]),
            Series(words("critical"), lengths(rows, critical=True), INK, "0;;0", WHITE),
            Series(words("not_critical"), lengths(rows, critical=False), PALE, "0;;0"),
            Series(words("float"), [row["total_float"] or None for row in rows], FLOAT),
        ],
        longest=max(subject.effect[each]["counted_days"] for each in ("before", "after")),
    )


def lengths(rows: Sequence[Row], *, critical: bool) -> list[int | None]:
    """Return the days of the items that are critical, or of the others."""
    return [
        row["earliest_finish"] - row["earliest_start"] if row["critical"] is critical else None
        for row in rows
    ]


def front(subject: Subject, optimum: Row, words: Words) -> Scatter:
    """Return the front, the scenario itself, and the cheapest set that reaches the target."""
    points = [point(each) for each in optimum["front"]]
    own = (subject.effect["cost"], subject.effect["after"]["counted_days"])
    dearest, target = max([own[0], *(cost for cost, _days in points)]), optimum["target"]
    chosen = words("cheapest" if optimum["reached"] else "fewest")
    return Scatter(
        title=words("front"),
        text=words("front_text", n=len(points)),
        x_axis=words("choice_cost"),
        y_axis=words("choice_days"),
        curves=[
            Curve(words("front_line"), stairs(points), line=BLUE),
            Curve(words("front_points"), points, marker="circle", fill=BLUE, size=5),
            Curve(
                f"{words('target')} {target}", [(0, target), (dearest, target)], INK, dashed=True
            ),
            Curve(chosen, [point(optimum)], marker="diamond", fill=INK, size=10),
            Curve(words("this_scenario"), [own], marker="square", fill=ORANGE),
        ],
    )


def point(choice: Row) -> tuple[int, int]:
    """Return a choice as a point."""
    return choice["cost"], choice["days"]


def stairs(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return points with a corner between each two: days stay until enough points are spent."""
    corners = [((cost, days), (other, days)) for (cost, days), (other, _) in pairwise(points)]
    return [*(each for pair in corners for each in pair), *points[-1:]]


def short(text: str) -> str:
    """Return a text that fits beside a bar."""
    room = LABEL
    for place, letter in enumerate(text):
        room -= 1 if letter.isascii() else 2
        if room < 0:
            return text[:place].rstrip() + "…"
    return text
