"""What the service writes to those who take part in a joint review: Chinese, as offices write.

Pure: facts in, subject and body out. A letter never asks for an answer by mail; it says where in
the service to give it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Letter(StrEnum):
    """The kinds of letters."""

    #: a round with its papers, to be answered on paper
    NOTICE = "notice"
    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    #: the applicant is invited to a meeting about its project, and what becomes of that
    GUEST = "guest"
    GUEST_UPDATE = "guest_update"
    GUEST_CANCELLATION = "guest_cancellation"
    #: a round was given up, or somebody is asked no more
    WITHDRAWN = "withdrawn"
    #: minutes are there to be signed
    MINUTES = "minutes"
    MINUTES_SEALED = "minutes_sealed"
    #: the one reply to the applicant has gone out
    REPLY = "reply"
    #: a condition of an approval was not met by its day
    CONDITION_LATE = "condition_late"
    #: a disagreement was raised to a level; it was not settled there in time
    QUESTION = "question"
    QUESTION_LATE = "question_late"


@dataclass(frozen=True, slots=True)
class Form:
    """The texts of a kind, with the facts they name in braces."""

    subject: str
    body: str


MEETING = """\
会议：{title}
时间：{when}
地点：{where}
召集人：{convenor}（{lead}）

议程：
{agenda}
"""
SIGNED = """\

详情：{link}
此邮件由联审系统自动发出，请勿直接回复。
"""

FORMS: Mapping[Letter, Form] = {
    Letter.NOTICE: Form(
        "联审通知：{project}（{stage}）请于{due}前提出意见",
        """\
{lead}就下列项目发起联合审查，请贵部门审阅材料，并于{due}前在系统中提出意见。

项目：{project}（{code}）
申请人：{applicant}
阶段：{stage}，第{number}轮
事项：{items}
材料：{papers}

逾期不提出意见的，除依法不得视为同意的情形外，视为同意（超时默认）。
""",
    ),
    Letter.INVITATION: Form(
        "会议邀请：{title}（{when}）",
        "请派员参加联合审查会，会前审阅材料。无正当理由缺席的，依规定视为同意（缺席默认）。\n\n"
        + MEETING,
    ),
    Letter.UPDATE: Form(
        "会议更新：{title}（{when}）",
        "下列联合审查会有变动，以此次通知为准。\n\n" + MEETING,
    ),
    Letter.CANCELLATION: Form(
        "会议取消：{title}（{when}）",
        "下列联合审查会取消，或不再需要贵部门参加。\n{reason}\n\n" + MEETING,
    ),
    Letter.GUEST: Form(
        "邀请列席：{title}（{when}）",
        "请贵单位派员列席联合审查会，介绍项目情况，回答询问。列席人员不发表审查意见。\n\n"
        + MEETING,
    ),
    Letter.GUEST_UPDATE: Form(
        "列席会议更新：{title}（{when}）",
        "贵单位列席的联合审查会有变动，以此次通知为准。\n\n" + MEETING,
    ),
    Letter.GUEST_CANCELLATION: Form(
        "列席会议取消：{title}（{when}）",
        "下列联合审查会取消，或不再需要贵单位列席。\n{reason}\n\n" + MEETING,
    ),
    Letter.WITHDRAWN: Form(
        "联审撤回：{project}（{stage}）",
        """\
下列联合审查已经撤销，或不再需要贵部门提出意见。
{reason}

项目：{project}（{code}）
申请人：{applicant}
阶段：{stage}，第{number}轮
事项：{items}
""",
    ),
    Letter.MINUTES: Form(
        "会议纪要待会签：{project}（{stage}）",
        """\
下列项目的联审纪要已经拟好，请核对并于{until}前会签。

项目：{project}（{code}）
阶段：{stage}，第{number}轮
结论：{conclusion}
""",
    ),
    Letter.MINUTES_SEALED: Form(
        "会议纪要已定稿：{project}（{stage}）",
        """\
下列项目的联审纪要已经定稿，请查阅。

项目：{project}（{code}）
阶段：{stage}，第{number}轮
结论：{conclusion}
""",
    ),
    Letter.REPLY: Form(
        "联审答复：{project}（{stage}）",
        """\
下列项目的联合审查已经统一答复申请人。

项目：{project}（{code}）
申请人：{applicant}
阶段：{stage}，第{number}轮
结论：{conclusion}

{text}
""",
    ),
    Letter.QUESTION: Form(
        "联审提请裁定：{project}（{stage}）请于{settle_by}前裁定",
        """\
下列联审中部门意见不一致，{lead}提请{level}裁定，请于{settle_by}前在系统中作出裁定。

项目：{project}（{code}）
阶段：{stage}，第{number}轮
问题：{question}
""",
    ),
    Letter.QUESTION_LATE: Form(
        "联审裁定逾期：{project}（{stage}）",
        """\
下列问题应由{level}于{settle_by}前裁定，至今没有裁定。请尽快裁定，或由上一级督促。

项目：{project}（{code}）
阶段：{stage}，第{number}轮
问题：{question}
""",
    ),
    Letter.CONDITION_LATE: Form(
        "联审条件逾期：{project}（{stage}）",
        """\
下列联审条件已于{condition_due}到期，尚未落实。

项目：{project}（{code}）
阶段：{stage}，第{number}轮
条件：{condition}
落实单位：{owner}
提出部门：{asked_by}

请落实单位尽快落实；提出部门核实后在系统中办结。
""",
    ),
}
#: longest subject that is kept
SUBJECT = 300


def written(kind: Letter, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return a letter's subject, one line, and its body."""
    form = FORMS[kind]
    subject = " ".join(form.subject.format_map(facts).split())
    return subject[:SUBJECT], (form.body + SIGNED).format_map(facts)
