"""What was mended or left out while a log was read, in the words of the page.

The engine's notes are sentences for programs; where they count something the count stands behind
the first ": ", with the first example in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web.gantt.words import gettext as _
from engine.analysis.eventlog.notes import Note
from engine.service.logs.notes import PSEUDONYMS, STOPPED

CELL = re.compile(r"(?:row|line) (?P<row>\d+)(?:, column (?P<column>.*), (?P<value>'.*'|\".*\"))?")

WORDS: Mapping[str, Any] = {
    Note.NO_TIME: _l("时间读不出的事件，没有读入"),
    Note.BAD_TIME: _l("读不出时间的单元格，当作不知道"),
    Note.NO_CASE: _l("不属于任何办件的事件，没有读入"),
    Note.EMPTY_CASE: _l("没有事件的办件，没有读入"),
    Note.UNNAMED_CASE: _l("没有名称的办件，改为编号"),
    Note.SAME_CASE: _l("与别的办件同名的办件，加了编号"),
    Note.UNNAMED: _l("没有名称的活动，记作 (unnamed)"),
    Note.LONG: _l("超过 500 个字符的名称，已截短"),
    Note.CONTROL: _l("名称中的控制字符，换成了空格"),
    Note.NEVER_ENDED: _l("开始而没有结束的活动：办理时间不明"),
    Note.NEVER_BEGUN: _l("待办而一直没有办的活动，没有读入"),
    Note.NOT_DONE: _l("中止、撤回或跳过的活动，按已结束读入"),
    Note.PAUSES: _l("暂停和恢复，没有从办理时间中扣除"),
    Note.OTHER_STEP: _l("不认识的生命周期事件，按完成读入"),
    Note.INSTANCES: _l("开始和结束的实例编号对不上，按时间先后配对"),
    Note.LATE_START: _l("开始晚于结束的活动，开始时间没有读入"),
    Note.LATE_READY: _l("待办晚于开始的活动，待办时间没有读入"),
    Note.DATES_ONLY: _l("时间都是零点：只有日期，一天之内的先后不明"),
    Note.MIDNIGHT: _l("时间是零点的：可能只有日期"),
    Note.NO_NAME_KEY: _l("事件没有 concept:name，以第一个分类器命名"),
    Note.TRAITS: _l("办件的属性太多，多出的没有读入"),
    Note.SHORT_ROW: _l("比表头少单元格的行：缺的当作空"),
    Note.LONG_ROW: _l("比表头多单元格的行：多的没有读入"),
    Note.UNREADABLE: _l("按文件编码读不出的字符，已替换"),
    Note.LATIN: _l("文件没有说明编码，按西欧编码读入"),
    Note.DAY_OR_MONTH: _l("日和月分不清，按日在前读入"),
    Note.BOTH_ORDERS: _l("有日在前的也有月在前的日期，按多数读入"),
    STOPPED: _l("计时中止的时间，已从等待和办理中扣除"),
    PSEUDONYMS: _l("人员以账户编号代替，管理员可以查到"),
}


def note(text: str) -> str:
    """Return a note in the page's language; one that is not known as it stands."""
    plain, _colon, counted = text.partition(": ")
    if text in WORDS:
        return str(WORDS[text])
    if plain not in WORDS or not counted:
        return text
    count, _bracket, example = counted.partition(" (")
    said = _("%(what)s：%(n)s 处", what=str(WORDS[plain]), n=count)
    return _("%(said)s，如 %(example)s", said=said, example=cell(example[:-1])) if example else said


def cell(example: str) -> str:
    """Return an example that names a row of the file in the page's language; others as they are."""
    found = CELL.fullmatch(example)
    if found is None:
        return example
    if found["column"] is None:
        return _("第 %(row)s 行", row=found["row"])
    return _("第 %(row)s 行“%(column)s”列的 %(value)s", **found.groupdict())
