"""The sections of a report that are figures: totals, operations, critical paths, schedules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.service.scenarios.reporting.pictures import gantt, waterfall
from engine.service.scenarios.reporting.section import Section, Table
from engine.service.scenarios.reporting.sentences import Sentences
from engine.service.scenarios.reporting.subject import Row, Subject, approvals, opening
from engine.service.scenarios.reporting.words import Words

TOTALS = (
    *("counted_days", "elapsed_days", "items", "sum_days"),
    *("acceptance_days", "elapsed_acceptance_days"),
)
SIGNED = "+0;−0;0"
#: view, key of its paths, of how many there are, and of their days
PATHS = (
    ("view_counted", "critical_paths", "critical_path_count", "counted_days"),
    ("view_elapsed", "elapsed_critical_paths", "elapsed_critical_path_count", "elapsed_days"),
)
WHEN = ("before", "after")


# -- summary --------------------------------------------------------------------------------------


def summary(subject: Subject, words: Words) -> Section:
    """Return which scenario it is, and the totals before and after."""
    return Section(
        title=words("summary"),
        paragraphs=[headline(subject, words), *remarks(subject, words)],
        tables=[facts(subject, words), totals(subject, words)],
    )


def headline(subject: Subject, words: Words) -> str:
    """Return what becomes of the counted total, in a sentence."""
    effect = subject.effect
    before, saved = effect["before"]["counted_days"], effect["saved"]
    told = {"before": before, "after": before - saved, "saved": abs(saved)}
    if saved > 0:
        return words("saved_text", **told, percent=round(100 * saved / before))
    return words("longer_text" if saved else "same_text", **told)


def remarks(subject: Subject, words: Words) -> Iterator[str]:
    """Yield what else must be known of the scenario at once."""
    effect, cover, makes = subject.effect, subject.cover, subject.effect.get("makes")
    if makes:
        yield words("makes_text" if makes["equal"] else "makes_not_text", **makes)
    if effect.get("outdated"):
        yield words("outdated_text", newest=cover.newest_version, version=cover.version)
    if not effect["lawful"]:
        yield words("unlawful_text", n=len(effect["breaches"]), section=words("checks"))
    if effect["conflicts"]:
        yield words("conflicts_text", n=len(effect["conflicts"]), section=words("operations"))


def facts(subject: Subject, words: Words) -> Table:
    """Return the cover as a table; what is unknown is left out."""
    cover = subject.cover
    called = words.name(cover.procedure_name)
    base = f"{cover.procedure} {called}" if called not in {"", cover.procedure} else cover.procedure
    told = {
        "name": cover.name,
        "base": base,
        "version": "" if cover.version is None else str(cover.version),
        "target_procedure": cover.target_procedure,
        "state": cover.state and words(f"state_{cover.state}"),
        "author": cover.author,
        "on": words.day(cover.on),
        "note": cover.note,
    }
    rows = [[words(key), value] for key, value in told.items() if value]
    return Table(words("facts"), [words("fact"), words("value")], rows, (1, 3))


def totals(subject: Subject, words: Words) -> Table:
    """Return every total before, after, and its change; and what it costs."""
    before, after = subject.effect["before"], subject.effect["after"]
    rows = [[words(key), before[key], after[key], after[key] - before[key]] for key in TOTALS]
    cost = [words("cost"), 0, subject.effect["cost"], subject.effect["cost"]]
    headings = [words(key) for key in ("figure", "before", "after", "difference")]
    formats = ("", "", "", SIGNED)
    return Table(words("totals"), headings, [*rows, cost], (5, 1, 1, 1), formats=formats)


# -- operations -----------------------------------------------------------------------------------


def operations(subject: Subject, words: Words) -> Section:
    """Return every operation with what it saves, costs and breaks, and the waterfall."""
    say = Sentences(subject, words)
    effect = subject.effect
    keys = ("number", "operation", "kind", "effect", "saved", "counted_after", "elapsed_after")
    headings = [words(key) for key in (*keys, "points", "legality")]
    rows = [step_row(place, step, say) for place, step in enumerate(effect["steps"], 1)]
    after = effect["after"]
    days = [effect["saved"], after["counted_days"], after["elapsed_days"], effect["cost"]]
    total = ["", words("total"), "", "", *days, ""]
    widths = (6, 27, 13, 10, 9, 11, 10, 7, 17)
    return Section(
        title=words("operations"),
        notes=[words("operations_note"), words("method_costs")],
        tables=[Table(words("operations"), headings, rows, widths, total)],
        pictures=[waterfall(subject, words)],
    )


def step_row(place: int, step: Row, say: Sentences) -> list[Any]:
    """Return an operation as a row; what did not take effect has no days."""
    words = say.words
    told = [words.name_of(step["name"]), words(f"kind_{step['kind']}")]
    days = [step["saved"], step["after"], step["elapsed_after"]]
    if step["state"] != "applied":
        days = [None, None, None]
    state = words(f"step_{step['state']}")
    return [place, *told, state, *days, step["cost"], say.judged(step)]


# -- critical paths -------------------------------------------------------------------------------


def paths(subject: Subject, words: Words) -> Section:
    """Return all critical paths before and after."""
    headings = [words(key) for key in ("view", "when", "days", "path")]
    rows = [row for when in WHEN for row in path_rows(subject, words, when)]
    return Section(
        title=words("paths"),
        notes=[words("paths_note"), *cut(subject, words)],
        tables=[Table(words("paths"), headings, rows, (3, 2, 2, 13))],
    )


def path_rows(subject: Subject, words: Words, when: str) -> Iterator[list[Any]]:
    """Yield a row for every critical path before or after."""
    report, called = subject.effect[when], words(when)
    for view, key, _count, days in PATHS:
        for path in report[key]:
            yield [words(view), called, report[days], told_path(subject, words, report, path)]
    for view, prefix in (("view_acceptance", ""), ("view_acceptance_elapsed", "elapsed_")):
        path = report[f"{prefix}acceptance_critical_path"]
        days = report[f"{prefix}acceptance_days"]
        if path:
            yield [words(view), called, days, told_path(subject, words, report, path)]


def told_path(subject: Subject, words: Words, report: Row, path: list[str]) -> str:
    """Return a path as names with their days."""
    days = {row["id"]: row["days"] for row in report["activities"]}
    return words("arrow").join(f"{subject.item(each, words)} ({days[each]})" for each in path)


def cut(subject: Subject, words: Words) -> Iterator[str]:
    """Yield where there are more critical paths than are listed."""
    for when in WHEN:
        report = subject.effect[when]
        for view, key, count, _days in PATHS:
            told = {"view": words(view), "when": words(f"when_{when}"), "count": report[count]}
            if report[count] > len(report[key]):
                yield words("paths_cut", **told, n=len(report[key]))


# -- schedules ------------------------------------------------------------------------------------


def schedule(subject: Subject, words: Words) -> Section:
    """Return when every item is decided, before and after, and both Gantt charts."""
    first = {row["id"] for when in WHEN for row in opening(subject.effect[when])}
    known = {row["id"]: row for row in approvals(subject.effect["before"])}
    parts = {
        "stage_opening": [row for row in known.values() if row["id"] in first],
        "stage_other": [row for row in known.values() if row["id"] not in first],
    }
    return Section(
        title=words("schedule"),
        notes=[words("schedule_note")],
        pictures=[gantt(subject, words, when) for when in WHEN],
        tables=[times(subject, words, title, rows) for title, rows in parts.items() if rows],
    )


def times(subject: Subject, words: Words, title: str, rows: list[Row]) -> Table:
    """Return a table of items and when they are worked on before and after."""
    keys = ("item", "department", "span_before", "float_before", "span_after", "float_after")
    after = {row["id"]: row for row in approvals(subject.effect["after"])}
    told = [
        [
            subject.item(row["id"], words),
            subject.department(row["department"], words),
            *timed(row, words),
            *timed(after.get(row["id"]), words),
        ]
        for row in rows
    ]
    return Table(words(title), [words(key) for key in keys], told, (22, 20, 13, 9, 13, 9))


def timed(row: Row | None, words: Words) -> list[Any]:
    """Return from when to when an item is worked on, and its float; of none that it is gone."""
    if row is None:
        return [words("gone"), None]
    span = words("span", start=row["earliest_start"], finish=row["earliest_finish"])
    return [span, row["total_float"]]
