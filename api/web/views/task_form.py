"""The form of a task: what its outcomes ask for, and what was typed into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.web.visit import Visit
from engine.rules import verdict

#: the field for further materials, one a line, beside the list of `materials`
MORE = "materials_more"
#: the outcome that promises materials, and the fields of their days begin so
WITH_GAPS, PROMISED = "accept_with_gaps", "promised_on."


def asked(outcomes: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the fields of a form, each with the outcomes that ask for it."""
    fields: dict[str, tuple[str, ...]] = {}
    for outcome in outcomes:
        for name in verdict.question(outcome).fields:
            fields[name] = (*fields.get(name, ()), outcome)
    return fields


def typed(visit: Visit) -> Mapping[str, str | Sequence[str]]:
    """Return what was typed, lists as lists; corrections stand one a line."""
    texts = {name: visit.form.get(name, "") for name in visit.form}
    lists = {name: visit.form.getlist(name) for name in ("received", "materials")}
    lists["materials"] += visit.form.get(MORE, "").splitlines()
    lists["corrected"] = visit.form.get("corrected", "").splitlines()
    return {**texts, **lists}


def answer(visit: Visit, outcome: str) -> dict[str, Any]:
    """Return what the outcome that was chosen asks for. Raises Invalid, TooLarge."""
    given: dict[str, Any] = dict(verdict.answer(outcome, typed(visit)))
    return {**given, "gaps": gaps(visit)} if outcome == WITH_GAPS else given


def gaps(visit: Visit) -> list[dict[str, str]]:
    """Return the materials that are promised, each with its day; '' where none was given."""
    return [
        {"material": name, "promised_on": visit.text(f"{PROMISED}{name}")}
        for name in visit.form.getlist("gaps")
    ]
