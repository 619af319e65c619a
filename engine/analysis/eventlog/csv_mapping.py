"""Which column of a CSV file is what."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import Any, Self

from engine.analysis.eventlog.csv_times import check_format
from engine.analysis.eventlog.csv_write import TRAIT
from engine.analysis.eventlog.refusal import InvalidLog

TIMES = ("ready", "start", "end")
NAMES = ("case", "activity", "lifecycle", "resource", "group")
#: what columns are called, compared without case and punctuation; the first found is taken
USUAL: Map[str, tuple[str, ...]] = MappingProxyType(
    {
        "case": (
            *("case", "caseid", "caseconceptname", "caseidentifier", "casename", "casenumber"),
            *("trace", "traceid", "processinstance", "instanceid", "project", "projectid"),
            *("案件", "案件编号", "案例", "案例编号", "项目", "项目编号", "项目代码", "办件编号"),
            *("办件", "流水号", "受理编号"),
        ),
        "activity": (
            *("activity", "activityname", "conceptname", "event", "eventname", "task"),
            *("taskname", "activityid", "step", "operation", "action"),
            *("活动", "活动名称", "环节", "环节名称", "步骤", "事项", "事项名称", "任务", "节点"),
        ),
        "end": (
            *("end", "endtime", "endtimestamp", "enddate", "endat", "complete", "completetime"),
            *("completetimestamp", "completed", "completedat", "finish", "finished", "timestamp"),
            *("timetimestamp", "eventtime", "time", "date", "datetime", "finishtime"),
            *("结束时间", "完成时间", "办结时间", "结束", "完成日期", "办结日期", "时间", "日期"),
        ),
        "start": (
            *("start", "starttime", "starttimestamp", "startdate", "startat", "started"),
            *("begin", "begintime", "startedat", "开始时间", "开始", "开始日期", "受理时间"),
        ),
        "ready": (
            *("ready", "readytime", "enabled", "enabletime", "enabledtime", "scheduled"),
            *("schedule", "assigned", "assigntime", "arrival", "arrivaltime", "created"),
            *("createtime", "createdat", "到达时间", "收件时间", "接收时间", "创建时间"),
        ),
        "lifecycle": ("lifecycletransition", "lifecycle", "transition", "eventtype", "状态"),
        "resource": (
            *("resource", "orgresource", "resourcename", "resourceid", "user", "username"),
            *("performer", "employee", "originator", "agent", "worker", "assignee", "who"),
            *("人员", "办理人", "经办人", "处理人", "资源", "审批人", "执行人"),
        ),
        "group": (
            *("group", "orggroup", "orgrole", "role", "department", "team", "unit", "office"),
            *("部门", "单位", "科室", "角色", "办理部门", "处室"),
        ),
    }
)
PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column is what, by its name; '' for none.

    `end` is the timestamp of a log that has one, and of one whose `lifecycle` column tells what
    happened then. `date_format` is `auto`, a key of `csv_times.FORMATS` or a pattern of `strptime`.
    `traits` are columns of what belongs to the case.
    """

    case: str
    activity: str
    end: str = ""
    start: str = ""
    ready: str = ""
    lifecycle: str = ""
    resource: str = ""
    group: str = ""
    date_format: str = "auto"
    traits: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Map[str, Any]) -> Self:
        """Return a mapping as it was chosen. Raises InvalidLog naming the field."""
        strange = sorted(set(data) - {each.name for each in fields(cls)})
        if strange:
            raise InvalidLog(f"a mapping has no {strange[0]}", field=f"mapping.{strange[0]}")
        told = {name: value for name, value in data.items() if value is not None}
        traits = told.pop("traits", ())
        if isinstance(traits, str) or not all(isinstance(each, str) for each in traits):
            raise InvalidLog("traits are names of columns", field="mapping.traits")
        for name, value in told.items():
            if not isinstance(value, str):
                raise InvalidLog(f"{name} is the name of a column", field=f"mapping.{name}")
        mapping = cls(**{"case": "", "activity": "", **told}, traits=tuple(traits))
        mapping.check()
        return mapping

    def data(self) -> dict[str, Any]:
        """Return the mapping as `of` takes it."""
        return {**asdict(self), "traits": list(self.traits)}

    def check(self) -> None:
        """Raise InvalidLog where the mapping cannot make a log."""
        for name in ("case", "activity"):
            if not getattr(self, name):
                raise InvalidLog(f"which column is the {name}?", field=f"mapping.{name}")
        if not (self.end or self.start):
            text = "which column tells when something ended, or when it began?"
            raise InvalidLog(text, field="mapping.end")
        if self.lifecycle and (self.start or self.ready or not self.end):
            text = "a log with a lifecycle has one timestamp: map it to end, and no start or ready"
            raise InvalidLog(text, field="mapping.lifecycle")
        self.check_once()
        check_format(self.date_format)

    def check_once(self) -> None:
        """Raise InvalidLog where one column is to be two things that cannot be one."""
        seen: dict[str, str] = {}
        for name in ("case", "activity", "lifecycle", *TIMES):
            column = getattr(self, name)
            if column and column in seen:
                text = f"column {column!r} cannot be {seen[column]} and {name}"
                raise InvalidLog(text, field=f"mapping.{name}")
            seen[column] = name

    def places(self, columns: Sequence[str]) -> dict[str, int]:
        """Return where the columns are that are mapped. Raises InvalidLog for one there is not."""
        wanted = {name: getattr(self, name) for name in (*NAMES, *TIMES)}
        wanted |= {f"{TRAIT}{each}": each for each in self.traits}
        for name, column in wanted.items():
            if column and column not in columns:
                text = f"the file has no column {column!r}; it has {', '.join(columns)}"
                field = name if name in wanted and not name.startswith(TRAIT) else "traits"
                raise InvalidLog(text, field=f"mapping.{field}", column=column)
        return {name: columns.index(column) for name, column in wanted.items() if column}


def guess(columns: Sequence[str]) -> dict[str, str]:
    """Return which column is what by what columns are usually called; each for one thing."""
    plain = {PUNCTUATION.sub("", each).lower(): each for each in reversed(columns)}
    found: dict[str, str] = {}
    for field, names in USUAL.items():
        free = (plain[each] for each in names if each in plain)
        found[field] = next((each for each in free if each not in found.values()), "")
    if found["lifecycle"]:
        found |= {"start": "", "ready": ""}
    return found
