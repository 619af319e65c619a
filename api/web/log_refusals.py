"""Why a file cannot be read as an event log, in the words of the page: with row and column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web.gantt.words import gettext as _
from engine.analysis.eventlog.refusal import InvalidLog

#: what a column may be, by the mapping's names
ROLES: Mapping[str, Any] = {
    "case": _l("办件"),
    "activity": _l("活动"),
    "end": _l("结束时间"),
    "start": _l("开始时间"),
    "ready": _l("待办时间"),
    "lifecycle": _l("生命周期"),
    "resource": _l("人员"),
    "group": _l("部门"),
}
TWICE = re.compile(r"column '(.*)' cannot be (\w+) and (\w+)")
#: by how the engine's message begins; `%(line)s` where it knows the line
SENTENCES: Mapping[str, Any] = {
    "which column is the case": _l("请选择哪一列是办件。"),
    "which column is the activity": _l("请选择哪一列是活动。"),
    "which column tells when": _l("请选择哪一列是结束时间；只有开始时间也可以。"),
    "a log with a lifecycle": _l(
        "选了生命周期列，就只能有一个时间列：请把它选作结束时间，清空开始和待办时间。"
    ),
    "date_format is": _l("日期的写法不认识，请改选自动识别。"),
    "the root is": _l("这是 XML 文件，但不是 XES 日志。"),
    "a document type": _l("文件第 %(line)s 行有文档类型声明（DOCTYPE），不接受；请去掉后再导入。"),
    "not well-formed": _l("文件第 %(line)s 行起不是完整的 XML，可能没有传完。"),
    "the file has no rows": _l("文件里没有一行内容。"),
    "the file is empty": _l("文件是空的。"),
    "this is a ZIP": _l("这是压缩包或工作簿；请导入里面的 .xes、.xes.gz 或 .csv 文件。"),
    "the file cannot be unpacked": _l("文件解不开，可能没有传完。"),
    "cannot be read as CSV": _l("文件第 %(line)s 行起读不成 CSV，可能有一个引号没有成对。"),
    "there is no event": _l("日志里没有事件。"),
    "no event of the log": _l("日志里没有能用的事件：时间都读不出，或都不属于任何办件。"),
}


def sentence(error: InvalidLog) -> str:
    """Return what is wrong with a file or its columns, in one sentence."""
    detail = error.detail
    if detail.get("problems"):
        return cell(detail["problems"][0])
    if twice := TWICE.match(str(error)):
        one, other = (ROLES.get(each, each) for each in twice.group(2, 3))
        return _(
            "“%(column)s”列不能既是%(one)s又是%(other)s。",
            column=twice[1],
            one=str(one),
            other=str(other),
        )
    if detail.get("column"):
        return _("文件里没有“%(column)s”这一列。", column=detail["column"])
    found = next((text for start, text in SENTENCES.items() if str(error).startswith(start)), "")
    line = detail.get("line", "")
    return str(found) % {"line": line} if found else _("这个文件不能读作事件日志。")


def cell(problem: Mapping[str, Any]) -> str:
    """Return which cell cannot be read first, where none can."""
    return _("没有一行能用：第 %(row)s 行“%(column)s”列的“%(value)s”不是时间。", **problem)
