"""Re-engineering in words: operations, what they break, why they conflict, who must do what.

Every function takes the names of the base's items and departments in the page's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web.gantt import Words
from api.web.gantt.words import gettext as _
from api.web.labels import Labels, drawn, label
from api.web.language import named
from api.web.scenario_words import conflict_words
from engine.rules.catalogue import Name

Row = Mapping[str, Any]

#: kinds of operations in a word: data of both languages, as these words mean other things elsewhere
OPERATIONS: Mapping[str, Name] = {
    "shorten": Name("压缩", "shorten"),
    "merge": Name("合并", "merge"),
    "drop": Name("取消", "drop"),
    "parallelise": Name("并联", "parallel"),
    "move_to_post": Name("后置", "defer"),
    "joint_review": Name("联审", "joint"),
    "commitment": Name("承诺", "commit"),
}
#: what each does, in a sentence
MEANINGS: Labels = {
    "shorten": _l("缩短一个事项的承诺天数，企业、中介的工作缩短预计天数。"),
    "merge": _l("一个事项并入另一个，材料一并提交，不再单独计时。"),
    "drop": _l("不再要求办理这个事项；等它的事项改等它原来等的。"),
    "parallelise": _l("重新指定它开始前要等什么，其余的与它同步进行。"),
    "move_to_post": _l("它不再卡住某些事项，改为在更后面的事项之前完成。"),
    "joint_review": _l("由牵头部门召集联合审查，各参加部门在一个期限内提出意见。"),
    "commitment": _l("申请人书面承诺即可决定，事后核查；涉及安全、环境、消防的不可。"),
}
#: an operation's chip, by what it changes: days, order, or items
TONES: Mapping[str, str] = {
    "shorten": "waiting",
    "merge": "waiting",
    "drop": "orange",
    "parallelise": "running",
    "move_to_post": "paused",
    "joint_review": "running",
    "commitment": "waiting",
}
STATES: Labels = {
    "draft": _l("草稿"),
    "proposed": _l("待审核"),
    "approved": _l("已批准"),
    "rejected": _l("已退回"),
}
#: the tone and the icon of a scenario's state
SIGNS: Mapping[str, tuple[str, str]] = {
    "draft": ("waiting", "pencil"),
    "proposed": ("running", "send"),
    "approved": ("done", "circle-check"),
    "rejected": ("red", "circle-x"),
}
#: what a breach of each kind is, of its first item
BREACHES: Labels = {
    "above_statute": _l("%(item)s的承诺天数超过法定时限"),
    "commitment_barred": _l("%(item)s涉及公共安全或环境，不适用告知承诺"),
    "competence": _l("%(item)s涉及公共安全或环境，其主管部门不再参与决定"),
    "guarded": _l("%(item)s涉及公共安全或环境，不能取消"),
    "precondition": _l("%(other)s不再等%(item)s，失去法定前置"),
}
scenario_state = label(STATES)


def operation_word(kind: str) -> str:
    """Return what a kind of operation is called, in a word."""
    return named(OPERATIONS[kind]) if kind in OPERATIONS else kind


def operation_name(name: Row) -> str:
    """Return an operation's name in the page's language."""
    return named(Name(**name))


def listed(texts: Iterable[str]) -> str:
    """Return several texts in one line."""
    return _("、").join(texts)


def items(ids: Iterable[str], words: Words) -> str:
    """Return the names of items in one line."""
    return listed(words.item(each, drawn(each)) for each in ids)


def about(table: Labels, code: str, ids: Iterable[str], words: Words) -> str:
    """Return the sentence of a code about some items; the code itself where it has none."""
    names = [words.item(each, each) for each in ids] or [""]
    told = {"item": names[0], "other": names[-1], "items": listed(names)}
    return str(table.get(code, code)) % told


def breach(told: Row, words: Words) -> str:
    """Return what a breach is; its article stands beside it."""
    return about(BREACHES, told["kind"], told["items"], words)


def conflict(told: Row, words: Words) -> str:
    """Return why an operation could not be applied."""
    names = [words.item(each, each) for each in told["items"]]
    return conflict_words(told["cause"], names) or str(told["message"])


# -- what departments must do differently ----------------------------------------------------------


def change(told: Row, words: Words) -> str:
    """Return one thing a department must now do differently, in a sentence."""
    return CHANGES[told["kind"]](told["detail"], words)


def _merged(detail: Row, words: Words) -> str:
    return _("并入%(into)s办理，不再单独受理。", into=words.item(detail["into"]))


def _takes_in(detail: Row, words: Words) -> str:
    absorbed = items(detail["absorbed"], words)
    if not detail["materials"]:
        return _("一并办理%(absorbed)s。", absorbed=absorbed)
    papers = listed(map(drawn, detail["materials"]))
    return _("一并办理%(absorbed)s；另收材料：%(papers)s。", absorbed=absorbed, papers=papers)


def _dropped(_detail: Row, _words: Words) -> str:
    return _("不再要求申请人办理。")


def _promise(detail: Row, _words: Words) -> str:
    if not detail["after"]:
        return _("承诺天数由 %(before)s 天改为当场办结。", before=detail["before"])
    return _("承诺天数由 %(before)s 天改为 %(after)s 天。", **detail)


def _expectation(detail: Row, _words: Words) -> str:
    return _("预计用时由 %(before)s 天改为 %(after)s 天。", **detail)


def _earlier(detail: Row, words: Words) -> str:
    gone = items(detail["waits_for"], words)
    if not detail["instead"]:
        return _("不再等%(gone)s，流程启动即可开始。", gone=gone)
    now = items(detail["instead"], words)
    return _("不再等%(gone)s；只等%(now)s。", gone=gone, now=now)


def _moved(detail: Row, words: Words) -> str:
    gone = items(detail["holds_up"], words)
    if not detail["instead"]:
        return _("不再是%(gone)s的前置。", gone=gone)
    now = items(detail["instead"], words)
    return _("不再是%(gone)s的前置；改在%(now)s之前完成。", gone=gone, now=now)


def _departments(codes: Iterable[str], words: Words) -> str:
    return listed(map(words.department, codes))


def _convenes(detail: Row, words: Words) -> str:
    others = _departments(detail["participants"], words)
    return _("牵头联合审查，召集%(others)s。", others=others)


def _takes_part(detail: Row, words: Words) -> str:
    lead = words.department(detail["lead"])
    return _("参加%(lead)s牵头的联合审查，在其期限内提出意见。", lead=lead)


def _commitment(detail: Row, _words: Words) -> str:
    return _("按申请人承诺决定，%(days)s 个工作日内核查。", days=detail["check_days"])


#: by kind of change
CHANGES: Mapping[str, Callable[[Row, Words], str]] = {
    "merged": _merged,
    "takes_in": _takes_in,
    "dropped": _dropped,
    "promise": _promise,
    "expectation": _expectation,
    "earlier": _earlier,
    "moved": _moved,
    "convenes": _convenes,
    "takes_part": _takes_part,
    "commitment": _commitment,
}


def by_department(changes: Iterable[Row], words: Words) -> list[dict[str, Any]]:
    """Return departments with their items and what is to be done differently about each.

    Departments and items stand in the order of the changes; applicants' work is among them.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for each in changes:
        own = found.setdefault(each["department"], {})
        own.setdefault(each["item"], []).append(change(each, words))
    return [
        {
            "code": code,
            "name": words.department(code),
            "items": [
                {"id": item, "name": words.item(item), "sentences": sentences}
                for item, sentences in own.items()
            ],
        }
        for code, own in found.items()
    ]
