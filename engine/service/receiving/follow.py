"""What becomes of an item's gaps and commitment when its case moves on or ends."""

from __future__ import annotations

from engine.rules.lifecycle import CLOCK_RUNS, CLOSED_WITHOUT_RESULT
from engine.service.cases import Case
from engine.service.ledger import Ledger
from engine.service.receiving import rows
from engine.service.work import Work

#: states that end a case without what was applied for
LOST = CLOSED_WITHOUT_RESULT | {"cancelled"}


def moved(work: Work, ledger: Ledger, case: Case, state: str) -> None:
    """Note with a case's step what its new state means for what was promised with it.

    Gaps of a case that has ended are void; a commitment is to be checked once it is decided.
    """
    if case.row["gaps"] and state not in CLOCK_RUNS:
        ledger.more.append((rows.END_GAPS, [rows.bound(case.row, "void")]))
        case.row["gaps"] = 0
    if case.row["committed_on"] is None:
        return
    if state == "decided":
        days = case.item.commitment_check_days or 0
        due = work.calendar.add(work.today, days)
        opened = rows.bound(case.row, "open", b_check_due_on=due)
        ledger.more.append((rows.MOVE_COMMITMENT, [opened]))
    elif state in LOST:
        void = rows.bound(case.row, "void", b_check_due_on=None)
        ledger.more.append((rows.MOVE_COMMITMENT, [void]))
