"""What an answer asks of a case beside the diagram: corrections, gaps, commitments.

A small table says which outcome is looked at by whom, before the diagram takes the answer; a page
and a program are so held to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from engine.errors import Invalid
from engine.rules import commitment, gaps
from engine.rules.case_clock import ClockFacts, deadlines
from engine.rules.catalogue import Item
from engine.rules.verdict import MAX_LISTED, MAX_NAME
from engine.service.cases import Case
from engine.service.docket import Docket
from engine.service.ledger import Row
from engine.service.receiving import credit, rows
from engine.service.work import Work

Taking = Callable[[Docket, Case, Row], Row]


def take(docket: Docket, case: Case, outcome: str, data: Row) -> Row:
    """Check and note what an answer says beside its outcome, of an item that was read already.

    Returns what the history is to say beside the answer: what follows from a promise that is not
    kept, as the city's rules are now. Raises Invalid naming the field, OnRecord, GapsOpen.
    """
    if case.row["gaps"] and case.state == "in_decision":
        gaps.check_complete(case.item.id, rows.open_gaps(docket.work, case.row))
    taking = BY_OUTCOME.get(outcome)
    if taking is not None:
        check_corrected(data)
        return taking(docket, case, data)
    return {}


def check_corrected(data: Row) -> None:
    """Check what was corrected on the spot (当场更正, 行政许可法 art. 32(1)(3)). Raises Invalid."""
    told = data.get("corrected", [])
    texts = isinstance(told, list) and all(isinstance(each, str) for each in told)
    if not texts or len(told) > MAX_LISTED or not all(0 < len(each) <= MAX_NAME for each in told):
        text = f"corrected lists at most {MAX_LISTED} texts of 1 to {MAX_NAME} characters"
        raise Invalid(text, field="corrected")


def accept(_docket: Docket, _case: Case, _data: Row) -> Row:
    """Plain acceptance asks for nothing more."""
    return {}


def accept_with_gaps(docket: Docket, case: Case, data: Row) -> Row:
    """Accept with secondary materials missing, each promised for a day."""
    work = docket.work
    due = last_promise_on(work, case.item, case.counts_on(work.today, docket.filed_on))
    missing = gaps.promised(case.item, data.get("gaps"), work.today, due)
    gaps.form(data.get("form", ""))
    credit.check(work, docket.project_id)
    row = {**place(docket, case), "state": "open", "created_at": work.now}
    rows_of_gaps = [
        {
            **row,
            "material": each.material,
            "promised_on": each.promised_on,
            "look_on": each.promised_on,
        }
        for each in missing
    ]
    docket.ledger.more.append((rows.INSERT_GAPS, rows_of_gaps))
    case.row["gaps"] = len(missing)
    case.changed = True
    rules = work.rules.gaps
    return {"consequence": {"grace_days": rules.grace_days, "outcome": rules.outcome}}


def last_promise_on(work: Work, item: Item, accepted_on: date) -> date:
    """Return the last day for which a material of an item accepted on a day may be promised."""
    found = deadlines(work.calendar, ClockFacts(accepted_on, item.promised, item.statutory))
    return found.effective_due_on if found else accepted_on


def accept_on_commitment(docket: Docket, case: Case, data: Row) -> Row:
    """Accept on the conditions told and committed to; the decision falls at once."""
    work = docket.work
    said = commitment.committed(case.item, data.get("conditions"), data.get("committed_by"))
    credit.check(work, docket.project_id)
    row = {
        **place(docket, case),
        "department": case.row["department"],
        "conditions": said.conditions,
        "committed_on": work.today,
        "state": "accepted",
    }
    docket.ledger.more.append((rows.INSERT_COMMITMENT, [row]))
    case.row["committed_on"] = work.today
    case.changed = True
    return {}


def place(docket: Docket, case: Case) -> Row:
    """Return where a row belongs."""
    return {
        "project_id": docket.project_id,
        "item": case.item.id,
        "attempt": case.row["attempt"],
    }


BY_OUTCOME: Mapping[str, Taking] = {
    "accept": accept,
    "accept_with_gaps": accept_with_gaps,
    "accept_on_commitment": accept_on_commitment,
}
