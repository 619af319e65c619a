"""Notices: what an answer to an application brings about on paper, dated and numbered.

Whoever applied is told in writing that an application is accepted, what is missing from it, all
at once, or why it is not accepted (行政许可法 art. 32), and why a permit is refused (art. 38). They
are also told what becomes of their time: that it stands still and how long (art. 45), that it
goes on and until when, and why it is extended (art. 42). Who promised a material, or committed to
conditions, has that in writing too, with what follows when it is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from engine.rules.catalogue import Name
from engine.rules.joint_review import Conclusion
from engine.rules.suspension import LISTED


class NoticeKind(StrEnum):
    """What a notice says."""

    ACCEPTED = "accepted"
    WITH_GAPS = "accepted_with_gaps"
    ON_COMMITMENT = "accepted_on_commitment"
    SUPPLEMENT = "supplement"
    NOT_ACCEPTED = "not_accepted"
    OUT_OF_SCOPE = "out_of_scope"
    REFUSED = "refused"
    RETURNED = "returned"
    REMINDED = "reminded"
    ACCEPTANCE_WITHDRAWN = "acceptance_withdrawn"
    REVOKED = "revoked"
    STOPPED = "stopped"
    RESUMED = "resumed"
    EXTENDED = "extended"
    REVIEW_SUPPLEMENT = "review_supplement"


@dataclass(frozen=True, slots=True)
class Form:
    """How a notice of a kind is called, and the law that asks for it."""

    title: Name
    law: str


FORMS: Mapping[NoticeKind, Form] = {
    NoticeKind.ACCEPTED: Form(
        Name("受理通知书", "Notice of acceptance"), "行政许可法第三十二条第一款第（五）项"
    ),
    NoticeKind.WITH_GAPS: Form(
        Name("容缺受理通知书", "Notice of acceptance with gaps"),
        "滨州市工程建设项目并联审批管理规定第十一条",
    ),
    NoticeKind.ON_COMMITMENT: Form(
        Name("告知承诺受理通知书", "Notice of acceptance on a commitment"),
        "滨州市工程建设项目并联审批管理规定第十二条",
    ),
    NoticeKind.SUPPLEMENT: Form(
        Name("一次性告知补正通知书", "Notice of all missing material"),
        "行政许可法第三十二条第一款第（四）项",
    ),
    NoticeKind.NOT_ACCEPTED: Form(
        Name("不予受理通知书", "Notice of non-acceptance"), "行政许可法第三十二条"
    ),
    NoticeKind.OUT_OF_SCOPE: Form(
        Name("不予受理（不属本机关职权）告知书", "Notice of non-acceptance: not this authority"),
        "行政许可法第三十二条第一款第（二）项",
    ),
    NoticeKind.REFUSED: Form(
        Name("不予许可决定书", "Decision of refusal"), "行政许可法第三十八条第二款"
    ),
    NoticeKind.RETURNED: Form(
        Name("退件通知书", "Notice of return"), "滨州市工程建设项目并联审批管理规定第十一条"
    ),
    NoticeKind.REMINDED: Form(
        Name("容缺材料催补通知书", "Reminder of a promised material"), "台州 2019-04-24"
    ),
    NoticeKind.ACCEPTANCE_WITHDRAWN: Form(
        Name("撤回受理通知书", "Notice that the acceptance is withdrawn"), "浙江 2018"
    ),
    NoticeKind.REVOKED: Form(
        Name("撤销行政许可决定书", "Decision of revocation"), "行政许可法第六十九条第二款"
    ),
    NoticeKind.STOPPED: Form(
        Name("特别程序告知书", "Notice of a special procedure"), "行政许可法第四十五条"
    ),
    NoticeKind.RESUMED: Form(
        Name("恢复计时告知书", "Notice that the time goes on"), "行政许可法第四十五条"
    ),
    NoticeKind.EXTENDED: Form(
        Name("延长审批期限告知书", "Notice of an extension"), "行政许可法第四十二条"
    ),
    NoticeKind.REVIEW_SUPPLEMENT: Form(
        Name("联合审查一次性补正告知书", "Joint review: notice of all missing material"),
        "滨州市工程建设项目并联审批管理规定第十条",
    ),
}

#: which answers bring about a notice: by the element of the task and the outcome
ANSWERS: Mapping[tuple[str, str], NoticeKind] = {
    ("receive", "accept"): NoticeKind.ACCEPTED,
    ("receive", "accept_with_gaps"): NoticeKind.WITH_GAPS,
    ("receive", "accept_on_commitment"): NoticeKind.ON_COMMITMENT,
    ("receive", "supplement"): NoticeKind.SUPPLEMENT,
    ("receive", "not_accept"): NoticeKind.NOT_ACCEPTED,
    ("receive", "out_of_scope"): NoticeKind.OUT_OF_SCOPE,
    ("review", "return"): NoticeKind.RETURNED,
    ("decide", "refuse"): NoticeKind.REFUSED,
}
#: events of a clock that bring about a notice
EVENTS: Mapping[str, NoticeKind] = {
    "item.suspended": NoticeKind.STOPPED,
    "item.stop_entered": NoticeKind.STOPPED,
    "item.resumed": NoticeKind.RESUMED,
    "item.extension_approved": NoticeKind.EXTENDED,
}
#: what became of a case whose promised material never came, by its state
LAPSED = "gap.lapsed"
LAPSES: Mapping[str, NoticeKind] = {
    "returned": NoticeKind.RETURNED,
    "refused": NoticeKind.REFUSED,
    "not_accepted": NoticeKind.ACCEPTANCE_WITHDRAWN,
}
#: events of a promise that bring about a notice
TRUST_EVENTS: Mapping[str, NoticeKind | None] = {
    LAPSED: None,
    "gap.overdue": NoticeKind.REMINDED,
    "commitment.revoked": NoticeKind.REVOKED,
}
#: a joint review that is concluded so asks for all that its departments need, at once
REVIEWED = "review.concluded"
REVIEWS: Mapping[str, NoticeKind] = {Conclusion.SUPPLEMENT: NoticeKind.REVIEW_SUPPLEMENT}
#: an application is accepted by these
ACCEPTANCES = frozenset({NoticeKind.ACCEPTED, NoticeKind.WITH_GAPS, NoticeKind.ON_COMMITMENT})
ANSWERED = "task.completed"


def kind_of_event(event: str, data: Mapping[str, Any]) -> NoticeKind | None:
    """Return the kind of notice that an event brings about.

    A stop that no law lists is told otherwise: of a promised material, by its own notice.
    """
    if event == ANSWERED:
        return kind_of(data)
    if event == REVIEWED:
        return REVIEWS.get(str(data.get("conclusion")))
    if event == LAPSED:
        return LAPSES.get(str(data.get("outcome")))
    if event in TRUST_EVENTS:
        return TRUST_EVENTS[event]
    kind = EVENTS.get(event)
    listed_reason = data.get("reason") in LISTED
    return None if kind is NoticeKind.STOPPED and not listed_reason else kind


def kind_of(answer: Mapping[str, Any]) -> NoticeKind | None:
    """Return the kind of notice that an answer brings about, with its element and outcome."""
    return ANSWERS.get((str(answer.get("element")), str(answer.get("outcome"))))


def is_commitment(answer: Mapping[str, Any]) -> bool:
    """Tell whether an answer accepts on a commitment."""
    return kind_of(answer) is NoticeKind.ON_COMMITMENT


def accepted_on(answer: Mapping[str, Any], issued_on: date) -> date:
    """Return the day an acceptance counts from, by its event: mostly that of the notice.

    Earlier by silence, later where the window accepts on a day of rest before the day of receipt.
    """
    given = answer.get("data")
    counted_from = text(given, "counted_from") if isinstance(given, Mapping) else ""
    named = counted_from or text(answer, "counts_on")
    return date.fromisoformat(named) if named else issued_on


def number(year: int, identifier: int) -> str:
    """Return the number of a notice: the year and the number of what it tells of."""
    return f"〔{year}〕{identifier}"


def text(given: Mapping[str, Any], name: str) -> str:
    """Return a text that was given with an answer, '' where there is none."""
    value = given.get(name)
    return value.strip() if isinstance(value, str) else ""


def listed(given: Mapping[str, Any], name: str) -> list[str]:
    """Return a list of texts that was given with an answer; programs may send one text."""
    value = given.get(name)
    several = value if isinstance(value, list) else [value]
    return [each.strip() for each in several if isinstance(each, str) and each.strip()]
