"""Minutes of a joint review (会议纪要): who signs them, what their hash covers, their words.

Minutes are plain JSON: texts, numbers, lists and mappings. What was signed is all of it but what
sealing adds, so that every signature holds the hash of what its department saw.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from engine.errors import Conflict
from engine.rules.joint_review import Conclusion, DeemedCause, Mode, OpinionKind, Source

Content = Mapping[str, Any]


class MinutesState(StrEnum):
    """How far minutes are."""

    #: the lead's texts can be changed
    DRAFT = "draft"
    #: out for signing (会签)
    SIGNING = "signing"
    #: immutable under their hash
    SEALED = "sealed"


class MinutesFixed(Conflict):
    """Minutes that are out for signing, or sealed, are changed no more."""

    code = "minutes_fixed"
    remedy = "Note what is missing with a signature, or in the minutes of a further round."


class NotDrafted(Conflict):
    """There are no minutes to be signed yet."""

    code = "not_drafted"
    remedy = "Write the draft, then complete the task `minutes`."


class SignaturesAwaited(Conflict):
    """Departments still have time to sign."""

    code = "signatures_awaited"
    remedy = "Seal the minutes after the day named, once the lead has signed."


#: what the lead writes; everything else is made from the round
TEXTS: tuple[str, ...] = ("opening", "discussion", "remarks")
#: what sealing adds
SEALING: frozenset[str] = frozenset(
    {"signatures", "unsigned", "sealed_at", "sealed_by", "sealed_by_name"}
)

# -- the words of the documents, which are Chinese ----------------------------------------------

MODES: Mapping[str, str] = {
    Mode.CIRCULATE: "抄告制（书面征求意见）",
    Mode.MEETING: "联审制（会议）",
}
KINDS: Mapping[str, str] = {
    OpinionKind.AGREE: "同意",
    OpinionKind.AGREE_WITH_CONDITIONS: "附条件同意",
    OpinionKind.DISAGREE: "不同意",
    OpinionKind.NEED_SUPPLEMENT: "需补正材料",
    OpinionKind.DEEMED_AGREE: "视为同意",
}
CAUSES: Mapping[str, str] = {DeemedCause.ABSENT: "缺席默认", DeemedCause.TIMEOUT: "超时默认"}
SOURCES: Mapping[str, str] = {
    Source.SYSTEM: "系统",
    Source.MEETING: "会上",
    Source.PAPER: "书面",
    Source.TELEPHONE: "电话",
    Source.MAIL: "邮件",
}
CONCLUSIONS: Mapping[str, str] = {
    Conclusion.APPROVED: "通过",
    Conclusion.REFUSED: "不通过",
    Conclusion.SUSPENDED: "中止",
    Conclusion.SUPPLEMENT: "一次性补正",
}
ATTENDANCE: Mapping[str, str] = {
    "present": "出席",
    "absent": "缺席",
    "excused": "请假",
    "invited": "未签到",
}
#: the applicant, who may be invited
GUESTS: Mapping[str, str] = {"invited": "未签到", "present": "列席", "absent": "未列席"}
LEVELS: Mapping[str, str] = {
    "lead": "牵头部门",
    "named_department": "政府指定部门",
    "government": "市政府",
}
#: of a condition; one is dropped where the round is not approved
CONDITIONS: Mapping[str, str] = {
    "open": "未办结",
    "met": "已落实",
    "waived": "已免除",
    "dropped": "不生效",
}

#: what follows a conclusion: a reply until a day; of material that is asked for the one notice
REPLY_FOLLOWS = "应于{}前统一答复申请人"
NOTICED = "已一次性告知申请人补正"

# -- signing ------------------------------------------------------------------------------------


def signers(lead: str, participants: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return who signs: the lead, whoever was present, whoever gave an opinion.

    A participant has its `department`, `state` and the `kind` of its newest opinion, None without
    one. Who was replaced, and whose silence counted as agreement without having come, do not.
    """
    given = (None, OpinionKind.DEEMED_AGREE)
    others = (
        each["department"]
        for each in participants
        if each["state"] != "replaced" and (each["state"] == "present" or each["kind"] not in given)
    )
    return [lead, *(name for name in others if name != lead)]


# -- the hash -----------------------------------------------------------------------------------


def canonical(content: Content) -> bytes:
    """Return content as the one sequence of bytes it has: keys in order, no spaces, UTF-8."""
    told = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return told.encode()


def signed_part(content: Content) -> dict[str, Any]:
    """Return what departments sign: all but what sealing adds."""
    return {name: value for name, value in content.items() if name not in SEALING}


def signed_hash(content: Content) -> str:
    """Return the SHA-256 of what departments sign, in hexadecimal digits."""
    return hashlib.sha256(canonical(signed_part(content))).hexdigest()


def sealed_hash(content: Content, document: bytes) -> str:
    """Return the SHA-256 of the whole content in its canonical form and of the document.

    The length of the content comes first, so that nothing can move from one to the other.
    """
    told = canonical(content)
    return hashlib.sha256(b"%d\n" % len(told) + told + document).hexdigest()
