"""The words of minutes on their page, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from api.web.display import local_date
from api.web.labels import Labels, label
from api.web.review_words import CONCLUSIONS

MODES: Labels = {"circulate": _l("抄告制（书面征求意见）"), "meeting": _l("联审制（会议）")}
KINDS: Labels = {
    "agree": _l("同意"),
    "agree_with_conditions": _l("附条件同意"),
    "disagree": _l("不同意"),
    "need_supplement": _l("需补正材料"),
    "deemed_agree": _l("视为同意"),
}
CAUSES: Labels = {"absent": _l("缺席默认"), "timeout": _l("超时默认")}
SOURCES: Labels = {
    "system": _l("系统"),
    "meeting": _l("会上"),
    "paper": _l("书面"),
    "telephone": _l("电话"),
    "mail": _l("邮件"),
}
ATTENDANCE: Labels = {
    "present": _l("出席"),
    "absent": _l("缺席"),
    "excused": _l("请假"),
    "invited": _l("未签到"),
}
GUESTS: Labels = {"invited": _l("未签到"), "present": _l("列席"), "absent": _l("未列席")}
LEVELS: Labels = {
    "lead": _l("牵头部门"),
    "named_department": _l("政府指定部门"),
    "government": _l("市政府"),
}
CONDITIONS: Labels = {
    "open": _l("未办结"),
    "met": _l("已落实"),
    "waived": _l("已免除"),
    "dropped": _l("不生效"),
}
STATES: Labels = {
    "": _l("尚未起草"),
    "draft": _l("草稿"),
    "signing": _l("会签中"),
    "sealed": _l("已定稿"),
}


def long(at: str | date) -> str:
    """Return the day of a date or an instant as documents write it, '' for none.

    Texts are in the city's time already, as minutes keep them.
    """
    if not at:
        return ""
    on = date.fromisoformat(at[:10]) if isinstance(at, str) else local_date(at)
    return str(format_date(on, "long"))


def span(meeting: Mapping[str, str]) -> str:
    """Return when a meeting was."""
    starts, ends = (datetime.fromisoformat(meeting[name]) for name in ("starts_at", "ends_at"))
    return f"{long(meeting['starts_at'])} {starts:%H:%M}—{ends:%H:%M}"


#: what templates call to say it
WORDS: Mapping[str, Any] = {
    "long": long,
    "span": span,
    "mode_word": label(MODES),
    "kind_word": label(KINDS),
    "cause_word": label(CAUSES),
    "source_word": label(SOURCES),
    "conclusion_word": label(CONCLUSIONS),
    "attendance_word": label(ATTENDANCE),
    "guest_word": label(GUESTS),
    "level_word": label(LEVELS),
    "condition_word": label(CONDITIONS),
    "minutes_state": label(STATES),
}
