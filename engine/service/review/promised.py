"""Materials promised when the items of a round were accepted (容缺受理), and not there yet.

No item is decided before they are (`engine.rules.gaps`); neither is a round approved.
"""

from __future__ import annotations

from sqlalchemy import and_, select

from engine.rules.gaps import check_complete
from engine.rules.joint_review import Conclusion
from engine.service.access import Row
from engine.service.work import Work
from engine.store import tables as t


def of_round(work: Work, identifier: int) -> list[Row]:
    """Return what is missing of the items of a round, what is due first first."""
    gap, item, rounds = t.deficiency.c, t.project_item.c, t.review_round.c
    same = (item.item == gap.item, item.attempt == gap.attempt)
    query = (
        select(gap.item, gap.material, gap.promised_on)
        .join(t.review_round, rounds.project_id == gap.project_id)
        .join(t.review_item, t.review_item.c.round_id == rounds.id)
        .join(t.project_item, and_(item.project_id == gap.project_id, *same))
        .where(rounds.id == identifier, t.review_item.c.item == gap.item, gap.state == "open")
        .order_by(gap.item, gap.promised_on, gap.id)
    )
    return [dict(row) for row in work.db.execute(query).mappings()]


def check(work: Work, identifier: int, conclusion: str) -> None:
    """Raise GapsOpen where a round would be approved before all that was promised is there."""
    if conclusion != Conclusion.APPROVED:
        return
    found = of_round(work, identifier)
    for name in dict.fromkeys(each["item"] for each in found):
        check_complete(name, [each for each in found if each["item"] == name])
