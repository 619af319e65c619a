"""The sections of a report that are findings: law, departments, the cheapest way, the method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.analysis.reengineering.legality import (
    COMMITMENT_LAW,
    COMPETENCE_LAW,
    PROMISE_LAW,
    BreachKind,
)
from engine.rules.precondition import Precondition
from engine.service.scenarios.reporting.pictures import front as front_picture
from engine.service.scenarios.reporting.section import Section, Table
from engine.service.scenarios.reporting.sentences import Sentences
from engine.service.scenarios.reporting.subject import Row, Subject
from engine.service.scenarios.reporting.words import Words

#: rules that hold for every operation; of what guards others each item has a law of its own
RULES = (
    ("above_statute", PROMISE_LAW),
    ("commitment_barred", COMMITMENT_LAW),
    ("guarded", ""),
    ("competence", COMPETENCE_LAW),
)
METHOD = ("counted", "operations", "order", "promises", "base", "costs")


# -- law ------------------------------------------------------------------------------------------


def checks(subject: Subject, words: Words) -> Section:
    """Return every rule that was checked, with its article and whether it is kept."""
    say = Sentences(subject, words)
    broken = [say.breach(each) for each in subject.effect["breaches"]]
    known = [say.breach(each) for each in subject.effect["inherited"]]
    headings = [words(key) for key in ("rule", "law", "result")]
    rows = [*general(subject, words), *preconditions(subject, say)]
    return Section(
        title=words("checks"),
        paragraphs=[
            *(words("checks_broken", breach=each) for each in broken),
            *(words("checks_inherited", breach=each) for each in known),
            *([] if broken or known else [words(in_short(subject))]),
        ],
        tables=[Table(words("checks"), headings, rows, (10, 7, 3)), *found(subject, say)],
        notes=[words("checks_note")],
    )


def in_short(subject: Subject) -> str:
    """Return the key of the sentence that says nothing is broken, as far as anything is known."""
    known = {*(kind for kind, _law in RULES), BreachKind.PRECONDITION} <= subject.checkable
    return "checks_lawful" if known else "checks_unknown"


def general(subject: Subject, words: Words) -> Iterator[list[Any]]:
    """Yield the rules that hold for operations, whatever the procedure."""
    for kind, law in RULES:
        broken = [each for each in subject.effect["breaches"] if each["kind"] == kind]
        laws = [law] if law else sorted({each["law"] for each in broken})
        told = "\n".join(words.law(each) for each in laws) or words("catalogue_law")
        verdict = "broken" if broken else "kept" if kind in subject.checkable else "unknown"
        yield [words(f"rule_{kind}"), told, words(verdict)]


def preconditions(subject: Subject, say: Sentences) -> Iterator[list[Any]]:
    """Yield the preconditions between items of the base."""
    words, effect = say.words, subject.effect
    known = {row["id"] for row in effect["before"]["activities"]}
    verdicts = {
        tuple(each["items"]): verdict
        for key, verdict in (("inherited", "broken_before"), ("breaches", "broken"))
        for each in effect[key]
        if each["kind"] == "precondition"
    }
    for law in subject.laws:
        if {law.before, law.after} <= known:
            verdict = verdicts.get((law.before, law.after), "kept")
            yield [told_rule(law, say), words.law(law.law), words(verdict)]
    if BreachKind.PRECONDITION not in subject.checkable:
        yield [words("rule_preconditions"), "", words("unknown")]


def told_rule(law: Precondition, say: Sentences) -> str:
    """Return a precondition in words and as the items it is about."""
    rule = say.words("rule_precondition", before=say.item(law.before), after=say.item(law.after))
    return say.words("rule_named", name=say.words.name(law.name), rule=rule)


def found(subject: Subject, say: Sentences) -> Iterator[Table]:
    """Yield a table of the operations that break something or cannot be applied, if there are."""
    words = say.words
    rows = [
        [words.name_of(step["name"]), words(f"step_{step['state']}"), say.judged(step)]
        for step in subject.effect["steps"]
        if step["breaches"] or step["conflict"] is not None
    ]
    if rows:
        headings = [words(key) for key in ("operation", "effect", "legality")]
        yield Table(words("found"), headings, rows, (7, 3, 10))


# -- departments ----------------------------------------------------------------------------------


def departments(subject: Subject, words: Words) -> Section:
    """Return what every department does differently, in sentences."""
    say = Sentences(subject, words)
    groups: dict[str, list[str]] = {}
    for change in subject.effect["changes"]:
        name = subject.department(change["department"], words)
        groups.setdefault(name, []).append(say.change(change))
    return Section(
        title=words("departments"),
        paragraphs=[] if groups else [words("departments_none")],
        groups=groups,
        group_headings=(words("department"), words("change")),
        notes=[words("departments_note")] if groups else [],
    )


# -- the cheapest way -----------------------------------------------------------------------------


def front(subject: Subject, optimum: Row, words: Words) -> Section:
    """Return the cheapest set that reaches the target, and the whole front."""
    told = {**optimum, "n": len(optimum["operations"])}
    key = "reached_text" if optimum["reached"] else "not_reached_text"
    return Section(
        title=words("front"),
        paragraphs=[words(key, **told), *left_out(subject, optimum, words)],
        pictures=[front_picture(subject, optimum, words)],
        tables=list(choices(subject, optimum, words)),
        notes=[words("front_note", subsets=f"{optimum['subsets']:,}"), words("method_optimum")],
    )


def left_out(subject: Subject, optimum: Row, words: Words) -> Iterator[str]:
    """Yield near ties, and the operations that no set on the front holds, with the reason."""
    if optimum["near"]:
        yield words("near_text", n=len(optimum["near"]))
    barred = [each["operation"] for each in optimum["barred"]]
    for key, operations in (("barred_text", barred), ("idle_text", optimum["idle"])):
        if operations:
            yield words(key, operations=named(subject, operations, words))


def choices(subject: Subject, optimum: Row, words: Words) -> Iterator[Table]:
    """Yield the set that is recommended, then those on the front, and those little dearer."""
    yield chosen(subject, optimum, words)
    headings = [words(key) for key in ("choice_days", "choice_cost", "choice_numbers")]
    numbers = {step["operation"]: place for place, step in enumerate(subject.effect["steps"], 1)}
    for key, title in (("front", "front_points"), ("near", "near")):
        rows = [
            [each["days"], each["cost"], told(numbers, each["operations"], words)]
            for each in optimum[key]
        ]
        if rows:
            yield Table(words(title), headings, rows, (3, 3, 14))


def chosen(subject: Subject, optimum: Row, words: Words) -> Table:
    """Return the operations of the cheapest set, or where none reaches the target of the best."""
    steps = enumerate(subject.effect["steps"], 1)
    rows = [
        [place, words.name_of(step["name"]), step["cost"]]
        for place, step in steps
        if step["operation"] in optimum["operations"]
    ]
    title = words("cheapest" if optimum["reached"] else "fewest")
    headings = [words(key) for key in ("number", "operation", "points")]
    return Table(title, headings, rows, (2, 15, 3), ["", words("total"), optimum["cost"]])


def told(numbers: Mapping[str, int], operations: Sequence[str], words: Words) -> str:
    """Return operations by their numbers in one text."""
    return words.listed(str(numbers[each]) for each in operations) or words("none")


def named(subject: Subject, operations: Sequence[str], words: Words) -> str:
    """Return operations by name in one text."""
    called = (subject.operation(each, words) for each in operations)
    return words("semicolon").join(called)


# -- method ---------------------------------------------------------------------------------------


def method(words: Words) -> Section:
    """Return how the figures are made, and what they do not say."""
    return Section(words("method"), [words(f"method_{key}") for key in METHOD])
