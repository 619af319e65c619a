"""The legality checks of a scenario: what was looked at, whether it holds, by which law."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web import lab_words
from api.web.gantt import Words
from api.web.gantt.words import gettext as _
from api.web.language import named
from api.web.law import law
from engine.analysis.reengineering.effect import applied
from engine.analysis.reengineering.legality import COMMITMENT_LAW, COMPETENCE_LAW, PROMISE_LAW
from engine.rules.precondition import Precondition

Row = Mapping[str, Any]


#: what is wrong stands first, then what nobody knows or the base itself breaks
ORDER = (False, None, True)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `parts` are the single rules behind it.

    `ok` is None where nothing is known by which it could be told, or the base breaks it already.
    """

    ok: bool | None
    text: str
    law: str = ""
    parts: tuple[Check, ...] = field(default=())


#: what is said where nothing is known that could be checked
UNKNOWN: Mapping[str, Any] = {
    "above_statute": _l("没有可核对的法定时限：事项没有写明"),
    "precondition": _l("没有可核对的法定前置：城市清单里没有适用于本流程的"),
    "commitment_barred": _l("不知道哪些事项涉及公共安全、环境：告知承诺没有核对"),
    "guarded": _l("不知道哪些事项涉及公共安全、环境：取消事项没有核对"),
    "competence": _l("不知道哪些事项涉及公共安全、环境：由谁决定没有核对"),
}


def checks(
    effect: Row, laws: Sequence[Precondition], words: Words, checkable: Collection[str]
) -> list[Check]:
    """Return the checks of a scenario's effect, those of single kinds first.

    `checkable` are the kinds of which anything is known of the base.
    """
    found = {
        kind: Check(None, str(UNKNOWN[kind])) if each.ok and kind not in checkable else each
        for kind, each in by_kind(effect, laws, words).items()
    }
    return [*found.values(), conflicts(effect, words)]


def by_kind(effect: Row, laws: Sequence[Precondition], words: Words) -> dict[str, Check]:
    """Return a check a kind of breach, as if enough were known for all."""
    found = list(effect["breaches"])
    kinds = {
        "above_statute": (_("承诺天数都不超过法定时限"), PROMISE_LAW),
        "precondition": ("", ""),
        "commitment_barred": (_("告知承诺不涉及公共安全、环境"), COMMITMENT_LAW),
        "guarded": (_("没有取消涉及公共安全、环境的事项"), ""),
        "competence": (_("涉及公共安全、环境的事项由其主管部门决定"), COMPETENCE_LAW),
    }
    return {
        kind: kind_check(found, kind, text, article, words)
        if text
        else preconditions(effect, laws, words)
        for kind, (text, article) in kinds.items()
    }


def kind_check(found: Iterable[Row], kind: str, text: str, article: str, words: Words) -> Check:
    """Return whether nothing of a kind is broken."""
    broken = [each for each in found if each["kind"] == kind]
    parts = tuple(Check(False, lab_words.breach(each, words), law(each["law"])) for each in broken)
    if not parts:
        return Check(True, text, law(article))
    return Check(False, parts[0].text, parts[0].law, parts if len(parts) > 1 else ())


def preconditions(effect: Row, laws: Sequence[Precondition], words: Words) -> Check:
    """Return whether every legal precondition is kept, each with its article."""
    known = {each["id"] for each in effect["before"]["activities"]}
    verdicts: dict[tuple[str, ...], bool | None] = {
        tuple(each["items"]): verdict
        for key, verdict in (("inherited", None), ("breaches", False))
        for each in effect[key]
        if each["kind"] == "precondition"
    }
    mine = [each for each in laws if {each.before, each.after} <= known]
    parts = [rule(each, verdicts.get((each.before, each.after), True), words) for each in mine]
    parts.sort(key=lambda part: ORDER.index(part.ok))
    n, lost, before = len(parts), *(sum(part.ok is each for part in parts) for each in ORDER[:2])
    if lost:
        text = _("%(n)s 条法定前置中有 %(lost)s 条失去", n=n, lost=lost)
    elif before:
        text = _("%(n)s 条法定前置中有 %(lost)s 条基础流程本来就没有", n=n, lost=before)
    else:
        text = _("%(n)s 条法定前置都保留", n=n)
    return Check(parts[0].ok if parts else True, text, "", tuple(parts))


def rule(each: Precondition, ok: bool | None, words: Words) -> Check:  # noqa: FBT001 - what was found
    """Return one precondition, with the items it is about."""
    pair = f"{words.item(each.before)} → {words.item(each.after)}"
    text = _("%(rule)s（%(pair)s）", rule=named(each.name), pair=pair)
    return Check(ok, text, law(each.law))


def conflicts(effect: Row, words: Words) -> Check:
    """Return whether every operation that is on took effect."""
    found = [each for each in effect["steps"] if each["conflict"]]
    if not found:
        on = len(applied(effect["steps"]))
        return Check(True, _("无环路；启用的 %(n)s 项措施都已生效", n=on))
    parts = tuple(
        Check(
            False,
            _(
                "%(name)s：%(reason)s",
                name=lab_words.operation_name(each["name"]),
                reason=lab_words.conflict(each["conflict"], words),
            ),
        )
        for each in found
    )
    return Check(False, _("%(n)s 项措施冲突，没有生效", n=len(found)), "", parts)
