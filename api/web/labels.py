"""What codes are called on pages: states, steps, outcomes, roles, events. One table each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web.language import named
from engine.rules.coaching import TOPICS

Labels = Mapping[str, Any]

PROJECT_STATES: Labels = {
    "draft": _l("未启动"),
    "running": _l("办理中"),
    "suspended": _l("中止"),
    "completed": _l("已办结"),
    "closed": _l("已终止"),
    "cancelled": _l("已撤销"),
}
ITEM_STATES: Labels = {
    "not_started": _l("未开始"),
    "received": _l("收件"),
    "supplement_requested": _l("补正中"),
    "accepted": _l("已受理"),
    "in_decision": _l("待决定"),
    "deemed": _l("超时默认"),
    "decided": _l("已办结"),
    "awaiting_payment": _l("待缴费"),
    "delivering": _l("待发证"),
    "delivered": _l("已发证"),
    "not_accepted": _l("不予受理"),
    "out_of_scope": _l("不属本部门"),
    "returned": _l("已退件"),
    "refused": _l("不予许可"),
    "withdrawn": _l("已撤回"),
    "revoked": _l("已撤销"),
    "cancelled": _l("已取消"),
    "open": _l("办理中"),
    "done": _l("已完成"),
    "reached": _l("已到达"),
    "not_taken": _l("未走此分支"),
}
STAGES: Labels = {
    "approval": _l("项目审批"),
    "planning": _l("规划许可"),
    "construction": _l("施工许可"),
    "acceptance": _l("竣工验收"),
}
STAGE_STATES: Labels = {
    "not_started": _l("未开始"),
    "running": _l("办理中"),
    "completed": _l("已办结"),
    "cancelled": _l("已终止"),
}
TASK_STATES: Labels = {
    "open": _l("待办"),
    "completed": _l("已办"),
    "cancelled": _l("已取消"),
}
#: how an item's state is coloured; see the table of states of the visual language
TONES: Mapping[str, str] = {
    "not_started": "waiting",
    "decided": "done",
    "awaiting_payment": "done",
    "delivering": "done",
    "delivered": "done",
    "done": "done",
    "reached": "done",
    "completed": "done",
    "not_accepted": "red",
    "out_of_scope": "red",
    "returned": "red",
    "refused": "red",
    "revoked": "red",
    "deemed": "orange",
    "withdrawn": "gone",
    "cancelled": "gone",
    "closed": "gone",
    "not_taken": "gone",
    "suspended": "paused",
    "supplement_requested": "paused",
    "draft": "waiting",
}
#: steps of an item by the element of the case's diagram
STEPS: Labels = {
    "receive": _l("收件"),
    "supplement": _l("补正"),
    "review": _l("审查"),
    "decide": _l("决定"),
    "issue": _l("补发结果"),
    "pay": _l("缴费"),
    "deliver": _l("发证"),
    "give-opinion": _l("提出意见"),
    "issue-opinion": _l("补发意见"),
    "conclude": _l("形成结论"),
    "settle": _l("作出裁定"),
    "minutes": _l("会议纪要"),
    "reply": _l("统一答复"),
}
OUTCOMES: Labels = {
    "accept": _l("受理"),
    "accept_with_gaps": _l("容缺受理"),
    "accept_on_commitment": _l("告知承诺受理"),
    "supplement": _l("一次性告知补正"),
    "not_accept": _l("不予受理"),
    "out_of_scope": _l("不属本部门职权"),
    "submit": _l("提交"),
    "review.done": _l("通过审查"),
    "done": _l("完成"),
    "return": _l("退件"),
    "approve": _l("准予许可"),
    "refuse": _l("不予许可"),
    "deem": _l("超时默认"),
    "issued": _l("已出具"),
    "paid": _l("已缴费"),
    "delivered": _l("已发证"),
    "agree": _l("同意"),
    "agree_with_conditions": _l("附条件同意"),
    "disagree": _l("不同意"),
    "need_supplement": _l("需补充材料"),
    "deemed_agree": _l("默认同意"),
    "approved": _l("通过"),
    "refused": _l("不通过"),
    "suspended": _l("中止"),
    "conclude.supplement": _l("一次性补正"),
    "drafted": _l("已起草"),
    "replied": _l("已答复"),
}
KINDS: Labels = {
    "approval": _l("审批事项"),
    "applicant": _l("建设单位"),
    "intermediary": _l("中介服务"),
    "milestone": _l("里程碑"),
}
PROJECT_KINDS: Labels = {"industrial": _l("工业"), "real_estate": _l("房地产")}
#: why a clock stands still (行政许可法 art. 45)
STOP_REASONS: Labels = {
    "hearing": _l("听证"),
    "tender": _l("招标"),
    "auction": _l("拍卖"),
    "inspection": _l("检验"),
    "testing": _l("检测"),
    "quarantine": _l("检疫"),
    "appraisal": _l("鉴定"),
    "expert_review": _l("专家评审"),
    "publicity": _l("公示"),
    "gap": _l("容缺材料逾期"),
    "project": _l("项目中止"),
}
EXTENSION_STATES: Labels = {
    "requested": _l("待批"),
    "approved": _l("已批准"),
    "declined": _l("不批准"),
}
GUARDS: Labels = {
    "environment": _l("环境"),
    "fire": _l("消防"),
    "safety": _l("安全"),
    "security": _l("国家安全"),
    "above_city": _l("上级决定"),
}
HANDLINGS: Labels = {"single": _l("单独办理"), "joint": _l("统一或联合办理")}
UNITS: Labels = {"working": _l("工作日"), "calendar": _l("自然日")}
ROLE_NAMES: Labels = {
    "applicant": _l("申请人"),
    "clerk": _l("窗口人员"),
    "reviewer": _l("审批人员"),
    "coordinator": _l("协调员"),
    "analyst": _l("流程分析员"),
    "head": _l("部门负责人"),
    "supervisor": _l("督查员"),
    "admin": _l("管理员"),
}
COACHING_STATES: Labels = {"open": _l("辅导中"), "closed": _l("已结束")}
EVENTS: Labels = {
    "project.created": _l("项目登记"),
    "project.started": _l("启动项目"),
    "project.suspended": _l("中止项目"),
    "project.resumed": _l("恢复项目"),
    "project.closed": _l("终止项目"),
    "project.cancelled": _l("撤销项目"),
    "project.completed": _l("项目全部办结"),
    "item.applied_again": _l("重新申请"),
    "item.suspended": _l("中止计时"),
    "item.resumed": _l("恢复计时"),
    "item.stop_entered": _l("补录中止"),
    "item.stop_overran": _l("中止超过告知的时间"),
    "item.extension_requested": _l("申请延期"),
    "item.extension_approved": _l("批准延期"),
    "item.extension_declined": _l("不批准延期"),
    "task.completed": _l("办理"),
    "task.claimed": _l("认领"),
    "task.unclaimed": _l("退回认领"),
    "task.assigned": _l("改派"),
    "task.overdue": _l("逾期"),
    "attachment.added": _l("上传文件"),
    "deadline.moved": _l("期限变动"),
    "calendar.published": _l("发布工作日历"),
    "procedure.deployed": _l("部署流程"),
    "scenario.created": _l("新建再造方案"),
    "scenario.copied": _l("复制再造方案"),
    "scenario.changed": _l("修改再造方案"),
    "scenario.switched_on": _l("启用再造措施"),
    "scenario.switched_off": _l("停用再造措施"),
    "scenario.rebased": _l("再造方案换到新版流程"),
    "scenario.proposed": _l("提请审核再造方案"),
    "scenario.withdrawn": _l("撤回再造方案"),
    "scenario.approved": _l("批准并部署再造方案"),
    "scenario.rejected": _l("退回再造方案"),
    "scenario.removed": _l("删除再造方案"),
    "log.added": _l("导入事件日志"),
    "log.renamed": _l("重命名事件日志"),
    "log.remapped": _l("按其他列重读事件日志"),
    "log.calibrated": _l("校准事件日志"),
    "log.removed": _l("删除事件日志"),
    "coaching.opened": _l("开始前期辅导"),
    "coaching.joined": _l("增加辅导部门"),
    "coaching.asked": _l("前期辅导提问"),
    "coaching.advised": _l("前期辅导意见"),
    "coaching.listed": _l("更新材料清单"),
    "coaching.ticked": _l("材料已备齐"),
    "coaching.unticked": _l("材料改为未备"),
    "coaching.closed": _l("结束前期辅导"),
    "coaching.reopened": _l("重新开始前期辅导"),
    "coaching.project": _l("由前期辅导转入"),
    "card.issued": _l("亮出"),
    "card.explained": _l("说明亮牌原因"),
    "card.appealed": _l("对亮牌提出申诉"),
    "card.upheld": _l("维持亮牌"),
    "card.withdrawn": _l("撤销亮牌"),
    "card.corrected": _l("亮牌事由已整改"),
    "gap.supplied": _l("补齐容缺材料"),
    "gap.overdue": _l("容缺材料逾期"),
    "gap.lapsed": _l("容缺期满未补齐"),
    "commitment.kept": _l("承诺核查属实"),
    "commitment.rectifying": _l("责令限期整改"),
    "commitment.rectified": _l("整改合格"),
    "commitment.revoked": _l("撤销决定"),
    "credit.noted": _l("记入信用记录"),
    "credit.lifted": _l("移出信用记录"),
    "review.launched": _l("联审已发起"),
    "review.opinion": _l("联审意见"),
    "review.opinion_issued": _l("补发联审意见"),
    "review.attendance": _l("记录到会"),
    "review.applicant": _l("申请人列席"),
    "review.received": _l("签收联审通知"),
    "review.represented": _l("指定参会代表"),
    "review.participant_added": _l("增加参加部门"),
    "review.participant_replaced": _l("改征部门意见"),
    "review.raised": _l("提请裁定"),
    "review.settled": _l("作出裁定"),
    "review.question_late": _l("裁定逾期"),
    "review.condition": _l("条件办结"),
    "review.condition_late": _l("联审条件逾期"),
    "review.concluded": _l("形成联审结论"),
    "review.supplemented": _l("补充材料已交"),
    "review.replied": _l("统一答复申请人"),
    "review.cancelled": _l("撤销联审"),
    "room.added": _l("增加会议室"),
    "room.changed": _l("变更会议室"),
    "feed.revoked": _l("更换日历订阅地址"),
    "review.meeting_moved": _l("联审会改期"),
    "review.on_paper": _l("改为书面联审"),
    "meeting.planned": _l("安排联审会"),
    "meeting.moved": _l("变更联审会"),
    "meeting.agenda_added": _l("议程增加项目"),
    "meeting.agenda_removed": _l("议程移出项目"),
    "meeting.cancelled": _l("取消联审会"),
    "meeting.held": _l("召开联审会"),
    "review.minutes_drafted": _l("起草会议纪要"),
    "review.minutes_sent": _l("会议纪要送会签"),
    "review.minutes_signed": _l("会签会议纪要"),
    "review.minutes_sealed": _l("会议纪要定稿"),
    "incident.opened": _l("流程出错"),
    "incident.retried": _l("重试"),
    "incident.resolved": _l("出错已解决"),
}
#: the icon and the tone of an event's line in the history
EVENT_SIGNS: Mapping[str, tuple[str, str]] = {
    "project.created": ("file-plus", "running"),
    "project.started": ("player-play", "running"),
    "project.suspended": ("player-pause", "paused"),
    "project.resumed": ("player-play", "running"),
    "project.closed": ("x", "gone"),
    "project.cancelled": ("x", "gone"),
    "project.completed": ("circle-check", "done"),
    "item.suspended": ("player-pause", "paused"),
    "item.resumed": ("player-play", "running"),
    "item.stop_entered": ("player-pause", "paused"),
    "item.stop_overran": ("bell", "orange"),
    "item.extension_requested": ("calendar", "waiting"),
    "item.extension_approved": ("circle-check", "running"),
    "item.extension_declined": ("circle-x", "gone"),
    "item.decided": ("circle-check", "done"),
    "item.delivered": ("certificate", "done"),
    "item.done": ("circle-check", "done"),
    "item.refused": ("circle-x", "red"),
    "item.not_accepted": ("circle-x", "red"),
    "item.out_of_scope": ("circle-x", "red"),
    "item.returned": ("circle-x", "red"),
    "item.supplement_requested": ("file-plus", "paused"),
    "item.deemed": ("clock-exclamation", "orange"),
    "item.revoked": ("circle-x", "red"),
    "gap.supplied": ("file-check", "done"),
    "gap.overdue": ("bell", "orange"),
    "gap.lapsed": ("circle-x", "red"),
    "commitment.kept": ("circle-check", "done"),
    "commitment.rectifying": ("flag", "orange"),
    "commitment.rectified": ("circle-check", "done"),
    "commitment.revoked": ("circle-x", "red"),
    "credit.noted": ("flag", "red"),
    "credit.lifted": ("circle-check", "done"),
    "task.overdue": ("bell", "orange"),
    "card.issued": ("flag", "red"),
    "card.corrected": ("circle-check", "done"),
    "attachment.added": ("paperclip", "waiting"),
    "deadline.moved": ("calendar", "waiting"),
    "calendar.published": ("calendar", "waiting"),
    "scenario.proposed": ("send", "running"),
    "scenario.approved": ("circle-check", "done"),
    "scenario.rejected": ("circle-x", "red"),
    "coaching.asked": ("message-question", "waiting"),
    "coaching.advised": ("messages", "waiting"),
    "coaching.closed": ("circle-check", "done"),
    "coaching.project": ("messages", "running"),
    "review.launched": ("users-group", "running"),
    "review.opinion": ("messages", "running"),
    "review.opinion_issued": ("messages", "waiting"),
    "review.attendance": ("user-check", "waiting"),
    "review.applicant": ("user-check", "waiting"),
    "review.received": ("check", "waiting"),
    "review.participant_added": ("plus", "waiting"),
    "review.participant_replaced": ("users", "waiting"),
    "review.raised": ("gavel", "orange"),
    "review.question_late": ("bell", "orange"),
    "review.settled": ("gavel", "done"),
    "review.condition": ("list-check", "done"),
    "review.condition_late": ("bell", "orange"),
    "review.concluded": ("circle-check", "done"),
    "review.supplemented": ("file-check", "running"),
    "review.replied": ("send", "done"),
    "review.cancelled": ("x", "gone"),
    "review.meeting_moved": ("calendar", "waiting"),
    "review.on_paper": ("send", "waiting"),
    "review.minutes_drafted": ("pencil", "waiting"),
    "review.minutes_sent": ("send", "waiting"),
    "review.minutes_signed": ("circle-check", "running"),
    "review.minutes_sealed": ("lock", "done"),
    "incident.opened": ("alert-octagon", "red"),
}


def label(table: Labels) -> Callable[[str | None], str]:
    """Return the function that says what a code is called; an unknown one stays as it is."""

    def called(code: str | None) -> str:
        return str(table.get(code or "", code or ""))

    return called


def outcome_name(outcome: str | None, element: str = "") -> str:
    """Return what an outcome is called, at the step where it has a name of its own."""
    own = f"{element}.{outcome}"
    return label(OUTCOMES)(own if own in OUTCOMES else outcome)


def event_word(event: str) -> str:
    """Return what an event is called; those of an item by the state it moved to."""
    kind, _dot, state = event.partition(".")
    if event not in EVENTS and kind == "item" and state in ITEM_STATES:
        return str(ITEM_STATES[state])
    return label(EVENTS)(event)


def topic_name(topic: str) -> str:
    """Return what a topic of coaching is called; '' where there is none."""
    return named(TOPICS[topic]) if topic in TOPICS else topic


def event_sign(event: str) -> tuple[str, str]:
    """Return the icon and the tone of an event."""
    return EVENT_SIGNS.get(event, ("player-play", "waiting"))


def tone(state: str) -> str:
    """Return how a state of an item or a project is coloured."""
    return TONES.get(state, "running")


def drawn(name: str) -> str:
    """Return a name out of a diagram in the page's language, where it is a known one."""
    return _(name) if name else ""


GLOBALS: Mapping[str, Callable[..., Any]] = {
    "project_state": label(PROJECT_STATES),
    "item_state": label(ITEM_STATES),
    "stage_name": label(STAGES),
    "stage_state": label(STAGE_STATES),
    "task_state": label(TASK_STATES),
    "step_name": label(STEPS),
    "outcome_name": outcome_name,
    "kind_name": label(KINDS),
    "project_kind": label(PROJECT_KINDS),
    "unit_name": label(UNITS),
    "guard_name": label(GUARDS),
    "stop_reason": label(STOP_REASONS),
    "extension_state": label(EXTENSION_STATES),
    "role_name": label(ROLE_NAMES),
    "coaching_state": label(COACHING_STATES),
    "topic_name": topic_name,
    "event_word": event_word,
    "event_sign": event_sign,
    "tone": tone,
    "drawn": drawn,
}
