"""What was promised, committed to and put on record, in the words of the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web.labels import Labels, drawn, label
from engine.service.views import EventView

GAP_STATES: Labels = {
    "open": _l("待补齐"),
    "supplied": _l("已补齐"),
    "lapsed": _l("期满未补"),
    "void": _l("不再需要"),
}
COMMITMENT_STATES: Labels = {
    "accepted": _l("待决定"),
    "open": _l("待核查"),
    "rectifying": _l("整改中"),
    "kept": _l("核查属实"),
    "rectified": _l("整改合格"),
    "revoked": _l("已撤销"),
    "void": _l("未决定"),
}
#: what a check comes to
RESULTS: Labels = {
    "kept": _l("属实，承诺已履行"),
    "rectify": _l("不符，责令限期整改"),
    "rectified": _l("整改合格"),
    "revoked": _l("撤销决定"),
}
CREDIT_CAUSES: Labels = {
    "gap_not_supplied": _l("容缺材料未按承诺补齐"),
    "false_commitment": _l("承诺不实"),
    "other": _l("人工记入"),
}
CREDIT_STATES: Labels = {
    "valid": _l("有效"),
    "expired": _l("已到期"),
    "lifted": _l("已移出"),
}
TONES: Mapping[str, str] = {
    "open": "waiting",
    "accepted": "waiting",
    "supplied": "done",
    "kept": "done",
    "rectified": "done",
    "rectifying": "paused",
    "lapsed": "red",
    "revoked": "red",
    "valid": "red",
}

gap_state = label(GAP_STATES)
commitment_state = label(COMMITMENT_STATES)
check_result = label(RESULTS)
credit_cause = label(CREDIT_CAUSES)
credit_state = label(CREDIT_STATES)


def tone(state: str) -> str:
    """Return how a state is coloured."""
    return TONES.get(state, "gone")


def listed(names: Any) -> str:
    """Return materials in one line."""
    return str(_("、")).join(drawn(str(each)) for each in names or ())


def supplied(event: EventView, item: str) -> str:
    """Return which material came."""
    material = drawn(event.data.get("material", ""))
    if event.data.get("on_paper"):
        return str(_("%(item)s：窗口收到纸质的%(material)s", item=item, material=material))
    return str(_("%(item)s：补齐%(material)s", item=item, material=material))


def overdue(event: EventView, item: str) -> str:
    """Return which material did not come, and until when it still may."""
    told = {"material": drawn(event.data.get("material", "")), "item": item}
    until = event.data.get("grace_until_on", "")
    return str(
        _("%(item)s：%(material)s未按承诺补齐，计时中止，宽限至 %(until)s", until=until, **told)
    )


def lapsed(event: EventView, item: str) -> str:
    """Return which materials never came."""
    materials = listed(event.data.get("materials"))
    return str(_("%(item)s：宽限期满，%(materials)s仍未补齐", item=item, materials=materials))


def rectifying(event: EventView, item: str) -> str:
    """Return by when something is to be put right."""
    by = event.data.get("rectify_by_on", "")
    return str(_("%(item)s：承诺不符，责令于 %(by)s 前整改", item=item, by=by))


def noted(event: EventView, _item: str) -> str:
    """Return who was put on record, and until when."""
    told = {name: event.data.get(name, "") for name in ("applicant", "until_on")}
    return str(_("%(applicant)s记入信用记录，至 %(until_on)s 止", **told))


def deemed(_event: EventView, item: str) -> str:
    """Return what was passed by silence."""
    return str(_("%(item)s：承诺期满未答复，视为通过，限一个工作日补发", item=item))


TELLERS: Mapping[str, Callable[[EventView, str], str]] = {
    "gap.supplied": supplied,
    "gap.overdue": overdue,
    "gap.lapsed": lapsed,
    "commitment.rectifying": rectifying,
    "credit.noted": noted,
    "item.deemed": deemed,
}
