"""The legality checks of a scenario: what was looked at, whether it holds, by which law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.web import lab_words
from api.web.gantt import Words
from api.web.gantt.words import gettext as _
from api.web.language import named
from api.web.law import law
from engine.analysis.reengineering.legality import COMMITMENT_LAW, PROMISE_LAW
from engine.rules.precondition import Precondition

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `parts` are the single rules behind it."""

    ok: bool
    text: str
    law: str = ""
    parts: tuple[Check, ...] = field(default=())


def checks(effect: Row, laws: Sequence[Precondition], words: Words) -> list[Check]:
    """Return the checks of a scenario's effect, those of single kinds first."""
    found = list(effect["breaches"])
    return [
        kind_check(found, "above_statute", _("承诺天数都不超过法定时限"), PROMISE_LAW, words),
        preconditions(effect, laws, words),
        kind_check(
            found, "commitment_barred", _("告知承诺不涉及公共安全、环境"), COMMITMENT_LAW, words
        ),
        kind_check(found, "guarded", _("没有取消涉及公共安全、环境的事项"), "", words),
        conflicts(effect, words),
    ]


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
    lost = {tuple(each["items"]) for each in effect["breaches"] if each["kind"] == "precondition"}
    mine = [each for each in laws if {each.before, each.after} <= known]
    parts = tuple(rule(each, (each.before, each.after) not in lost, words) for each in mine)
    kept = sum(part.ok for part in parts)
    if kept == len(parts):
        return Check(True, _("%(n)s 条法定前置都保留", n=len(parts)), "", parts)
    text = _("%(n)s 条法定前置中有 %(lost)s 条失去", n=len(parts), lost=len(parts) - kept)
    return Check(False, text, "", tuple(sorted(parts, key=lambda part: part.ok)))


def rule(each: Precondition, ok: bool, words: Words) -> Check:  # noqa: FBT001 - what was found
    """Return one precondition, with the items it is about."""
    pair = f"{words.item(each.before)} → {words.item(each.after)}"
    text = _("%(rule)s（%(pair)s）", rule=named(each.name), pair=pair)
    return Check(ok, text, law(each.law))


def conflicts(effect: Row, words: Words) -> Check:
    """Return whether every operation that is on took effect."""
    found = [each for each in effect["steps"] if each["conflict"]]
    if not found:
        on = sum(each["state"] == "applied" for each in effect["steps"])
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
