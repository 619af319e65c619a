"""What joint reviews and meetings are called on pages: words, icons and tones by code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web.labels import Labels, label
from api.web.language import CHINESE, language
from api.web.rendering import department_names
from api.web.visit import Visit

#: what stands for an opinion that is missing
SILENT = ""
#: the order in which opinions are counted, and bars drawn
KINDS: Labels = {
    "agree": _l("同意"),
    "agree_with_conditions": _l("附条件同意"),
    "disagree": _l("不同意"),
    "need_supplement": _l("需补充材料"),
    "deemed_agree": _l("默认同意"),
    SILENT: _l("未提意见"),
}
#: as they are counted, in few letters
SHORT: Labels = {
    "agree": _l("同意"),
    "agree_with_conditions": _l("附条件"),
    "disagree": _l("不同意"),
    "need_supplement": _l("待补"),
    "deemed_agree": _l("默认"),
    SILENT: _l("未提"),
}
#: the icon and the tone of an opinion
KIND_SIGNS: Mapping[str, tuple[str, str]] = {
    "agree": ("circle-check", "done"),
    "agree_with_conditions": ("list-check", "bound"),
    "disagree": ("circle-x", "against"),
    "need_supplement": ("file-plus", "running"),
    "deemed_agree": ("user-off", "deemed"),
    SILENT: ("hourglass-empty", "waiting"),
}
DEEMED: Labels = {"absent": _l("缺席默认同意"), "timeout": _l("超时默认同意")}
CAUSES: Labels = {"absent": _l("无正当理由未到会"), "timeout": _l("期满未提意见")}
#: while the round still takes opinions
CURABLE: Labels = {
    "absent": _l("无正当理由未到会；此后可补正意见"),
    "timeout": _l("期满未提意见；此后可补正意见"),
}
SOURCES: Labels = {
    "system": _l("系统内"),
    "meeting": _l("当场"),
    "paper": _l("书面"),
    "telephone": _l("电话"),
    "mail": _l("邮件"),
}
MODES: Labels = {"circulate": _l("抄告制"), "meeting": _l("联审制")}
STATES: Labels = {
    "mine": _l("待我办理"),
    "open": _l("征求意见"),
    "concluded": _l("已有结论"),
    "closed": _l("已办结"),
    "cancelled": _l("已撤销"),
}
STATE_TONES: Mapping[str, str] = {
    "open": "running",
    "concluded": "waiting",
    "closed": "done",
    "cancelled": "gone",
}
CONCLUSIONS: Labels = {
    "approved": _l("通过"),
    "refused": _l("不通过"),
    "suspended": _l("中止"),
    "supplement": _l("一次性补正"),
}
CONCLUSION_SIGNS: Mapping[str, tuple[str, str]] = {
    "approved": ("circle-check", "done"),
    "refused": ("circle-x", "red"),
    "suspended": ("player-pause", "paused"),
    "supplement": ("file-plus", "running"),
}
ATTENDANCE: Labels = {
    "invited": _l("未签到"),
    "present": _l("到会"),
    "absent": _l("未到会"),
    "excused": _l("请假"),
    "replaced": _l("已改征"),
}
#: of the applicant, who may be invited to a meeting
GUESTS: Labels = {"invited": _l("已邀请"), "present": _l("列席"), "absent": _l("未列席")}
LEVELS: Labels = {
    "lead": _l("牵头部门"),
    "named_department": _l("指定部门"),
    "government": _l("市政府"),
}
CONDITIONS: Labels = {
    "open": _l("待落实"),
    "met": _l("已落实"),
    "waived": _l("已免除"),
    "dropped": _l("已撤回"),
}
CONDITION_TONES: Mapping[str, str] = {
    "open": "running",
    "met": "done",
    "waived": "gone",
    "dropped": "gone",
}
MEETING_STATES: Labels = {
    "planned": _l("待召开"),
    "held": _l("已召开"),
    "cancelled": _l("已取消"),
}
MEETING_TONES: Mapping[str, str] = {"planned": "running", "held": "done", "cancelled": "gone"}
#: why a day or a time does not suit a meeting
UNSUITED: Labels = {
    "rest_day": _l("不是工作日"),
    "lead_time": _l("通知和材料须提前送达"),
    "past": _l("时间已过"),
    "person_busy": _l("主持人或代表另有会议"),
    "no_seats": _l("没有坐得下的会议室"),
    "rooms_busy": _l("会议室都已占用"),
}


def names_of(visit: Visit) -> Callable[[Iterable[str]], str]:
    """Return what says departments by their names, in one line."""
    known = department_names(visit.work)
    mark = "、" if language() == CHINESE else ", "
    return lambda codes: mark.join(known.get(each, each) for each in codes)


def kind_sign(kind: str) -> tuple[str, str]:
    """Return the icon and the tone of an opinion."""
    return KIND_SIGNS.get(kind, KIND_SIGNS[SILENT])


#: what templates call
WORDS: Mapping[str, Any] = {
    "KINDS": KINDS,
    "review_kind": label(KINDS),
    "review_short": label(SHORT),
    "kind_sign": kind_sign,
    "deemed_word": label(DEEMED),
    "deemed_cause": label(CAUSES),
    "curable_cause": label(CURABLE),
    "source_word": label(SOURCES),
    "mode_word": label(MODES),
    "review_state": label(STATES),
    "review_tone": lambda state: STATE_TONES.get(state, "running"),
    "conclusion_word": label(CONCLUSIONS),
    "conclusion_sign": lambda code: CONCLUSION_SIGNS.get(code, ("circle-check", "done")),
    "attendance_word": label(ATTENDANCE),
    "guest_word": label(GUESTS),
    "level_word": label(LEVELS),
    "condition_word": label(CONDITIONS),
    "condition_tone": lambda state: CONDITION_TONES.get(state, "gone"),
    "meeting_state": label(MEETING_STATES),
    "meeting_tone": lambda state: MEETING_TONES.get(state, "gone"),
    "unsuited_word": label(UNSUITED),
}
