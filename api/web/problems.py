"""What a check of diagrams found, in people's words: one sentence a code, finer ones by message.

The engine's messages are English and exact, so English pages show them as they are and nothing
here is translated. In Chinese the sentence of the message's kind is shown with the message's own
values in it, and where there is none, that of its code with the message beneath.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from api.web.language import CHINESE, language

#: what each code means and what to do; see docs/reference/bpmn-profile.md
BY_CODE: Mapping[str, str] = {
    "automatic_loop": "循环里没有人办理的任务，也没有事件，会空转；请在循环里放一个任务或事件。",
    "called_element": "调用活动没有写明调用哪个流程；请填写 calledElement。",
    "condition": "条件不能计算，或者写在了不问条件的地方；条件只写在排他网关和包容网关之后。",
    "cyclic_call": "流程调用了自己或某个阶段，永远不会结束；请改为调用别的流程。",
    "dangling_boundary": "边界事件没有附在同一流程的活动上；请把它拖到活动的边上。",
    "dangling_flow": "连线的一端没有接到可以连接的元素；请重新连接。",
    "doctype": "文件里有文档类型声明（DOCTYPE），出于安全不接受；请删去。",
    "duplicate_id": "同一个编号用了不止一次；请改成不同的编号。",
    "duplicate_item": "同一个事项在图里出现了两次，或者用了起点、开工的名字；请改正事项代码。",
    "duplicate_stage": "同一个阶段写了两次；请删去一个。",
    "empty_process": "流程里没有任何元素；请画出流程，或删去这个泳池。",
    "end_event": "流程没有结束事件；请加上一个。",
    "event_gateway": "事件网关之后只能直接接各不相同的等待事件；请改正。",
    "implicit_split": "从一个不是网关的元素分出了几条线；请加一个网关，说明是都走还是只走一条。",
    "invalid_bpmn": "引擎不能读懂这张图。",
    "invalid_network": "各事项互相等待，排不出先后；请改正其中一道前置条件。",
    "item": "事项的说明自相矛盾或无法读取，例如承诺天数超过法定天数。",
    "loop": "循环或多实例没有写明可以使用的次数、清单或条件。",
    "malformed_xml": "文件不是完整的 XML，读不出来；请用建模工具重新保存。",
    "malformed_yaml": "YAML 文件读不出来：格式有误、键重复、用了别名，或值的类型不对。",
    "missing_condition": "这条分支没有条件，也不是默认分支；请补上条件或设为默认。",
    "missing_days": "事项没有承诺天数或预计天数；请在 procedure.yaml 里写明。",
    "not_drawn": "方案的流程图不画这个元素：它不参与运行。",
    "missing_diagram": "缺少某个阶段的流程图文件；请一起上传。",
    "missing_event": "等待事件没有写明等什么；请选择消息或定时。",
    "missing_id": "缺少编号；请给它一个编号。",
    "nested_call": "被调用的流程又调用了别的流程；请改画成内嵌子流程。",
    "no_diagram": "没有 BPMN 文件；请一起上传流程图。",
    "no_process": "文件里没有流程。",
    "no_stage": "没有写明任何阶段，或者每个流程都被别的流程调用。",
    "no_way_out": "从这里走不到结束事件；请连到结束。",
    "not_bpmn": "文件是别的 XML，不是 BPMN；请选择流程图文件。",
    "not_executable": "流程标为不可执行；仍然可以运行。",
    "property": "属性的值读不懂；请按说明改正。",
    "repeated_item": "事项放在了循环里；一个项目里一个事项只办一次。",
    "script": "脚本只能写赋值，每行一条：名称 = 表达式。",
    "start_event": "流程必须恰好有一个开始事件。",
    "timer": "定时没有写明时间，或重复用错了地方；请按 ISO 8601 填写。",
    "too_deep": "路径或循环太长；请拆分流程。",
    "too_large": "文件太大；请拆分。",
    "too_long": "编号、名称或结论太长。",
    "too_many_elements": "元素或连线太多；请拆分流程。",
    "unknown_department": "没有这个部门，只有管理员能办理它的事项；请改用已有部门的代码。",
    "unknown_gate": "等待的事项没有哪个阶段会办，永远等不到；请改正所等的名字。",
    "unknown_message": "消息没有可用的名字；请给消息起一个没有空格的名字。",
    "unknown_process": "调用的流程不在文件之中；请一起上传，或改正名字。",
    "unreachable": "从开始事件走不到这里；请接上连线，或删去它。",
    "unsupported_element": "这种元素不能运行；请改用支持的元素。",
    "unsupported_event": "这种事件不能运行；请改用消息或定时事件。",
    "unused_item": "procedure.yaml 里有这个事项，图里却没有；请画上，或删去这一行。",
}

#: of these the sentence says all that the message does
PLAIN = frozenset(
    {
        *("automatic_loop", "called_element", "doctype", "end_event", "implicit_split"),
        *("missing_condition", "no_diagram", "no_process", "no_stage", "no_way_out"),
        *("not_executable", "unreachable"),
    }
)
#: kinds of messages with values worth telling: what the engine says, and the sentence for it
BY_MESSAGE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (
            r"calls '(?P<name>.+)', which is not among",
            "调用的流程“%(name)s”不在文件之中；请一起上传，或改正名字。",
        ),
        (
            r"(?:decision )?waits for '(?P<name>.+)', which no",
            "等待的“%(name)s”没有哪个阶段会办，永远等不到；请改正所等的名字。",
        ),
        (
            r"the id (?P<name>.+) is used more than once",
            "编号“%(name)s”用了不止一次；请改成不同的编号。",
        ),
        (
            r"the process id (?P<name>.+) is used in several",
            "流程编号“%(name)s”在几个文件里都有；请改成不同的编号。",
        ),
        (
            r"(?P<end>sourceRef|targetRef) (?P<name>\S+) is not a flow node",
            "连线的一端（%(end)s）指向“%(name)s”，同一流程里没有这个元素；请重新连接。",
        ),
        (r"nothing follows an end event", "结束事件之后不能再有连线；请删去这条线。"),
        (
            r"no flow leads to a (?P<name>\w+)",
            "连线不能接到开始事件或边界事件；请改接到别的元素。",
        ),
        (
            r"there is no department '(?P<name>.+)', so",
            "没有“%(name)s”这个部门，只有管理员能办理它的事项；请改用已有部门的代码。",
        ),
        (
            r"(?P<name>\S+) has no promised_days in (?P<file>\S+)",
            "事项 %(name)s 没有承诺天数；请在 %(file)s 里写明 promised_days。",
        ),
        (
            r"(?P<name>\S+) has no expected_days in (?P<file>\S+)",
            "事项 %(name)s 没有预计天数；请在 %(file)s 里写明 expected_days。",
        ),
        (
            r"(?P<name>\S+) has no \w+: it counts 0 days",
            "事项 %(name)s 没有写明天数，按 0 天计。",
        ),
        (
            r"(?P<name>\S+) stands in (?P<file>\S+) but in no",
            "%(file)s 里有事项 %(name)s，图里却没有；请画上，或删去这一行。",
        ),
        (
            r"(?P<name>\S+) stands in the diagrams twice",
            "事项 %(name)s 在图里出现了两次，或者用了起点、开工的名字；请改正事项代码。",
        ),
        (
            r"stage (?P<stage>\S+): there is no diagram '(?P<name>.+)'",
            "阶段 %(stage)s 的流程图“%(name)s”不在文件之中；请一起上传。",
        ),
        (
            r"(?P<name>\S+): (?P<promised>\d+) days promised, .* allows (?P<statutory>\d+)",
            "事项 %(name)s 承诺 %(promised)s 天，超过法定 %(statutory)s 天；请改正其中一个。",
        ),
        (
            r"(?P<name>\w+_days) must be a whole number of days, not (?P<value>.+)",
            "%(name)s 必须是整数天数，不能是 %(value)s。",
        ),
        (
            r"(?P<count>\d+) flow nodes; at most (?P<most>\d+)",
            "共有 %(count)s 个元素，最多 %(most)s 个；请拆分流程。",
        ),
        (
            r"(?P<count>\d+) sequence flows; at most (?P<most>\d+)",
            "共有 %(count)s 条连线，最多 %(most)s 条；请拆分流程。",
        ),
        (
            r"exactly one start event is needed; there are (?P<count>\d+)",
            "流程必须恰好有一个开始事件；现在有 %(count)s 个。",
        ),
        (
            r"(?P<name>\w+) is not supported on (?P<tag>\w+)",
            "%(tag)s 不能带 %(name)s；请改用消息或定时事件。",
        ),
        (
            r"^(?P<name>\w+): no service is called",
            "服务任务（%(name)s）不能运行：流程图不调用外部服务；请改用接口对接。",
        ),
        (
            r"the file has (?P<size>\d+) bytes; at most (?P<most>\d+)",
            "文件有 %(size)s 字节，最多 %(most)s 字节；请拆分。",
        ),
        (
            r"the id of a procedure or a stage has at most (?P<most>\d+)",
            "流程和阶段的编号最多 %(most)s 个字符。",
        ),
        (
            r"a department's code has at most (?P<most>\d+)",
            "部门代码最多 %(most)s 个字符。",
        ),
        (
            r"an id has at most (?P<id>\d+) characters, a name (?P<most>\d+)",
            "编号最多 %(id)s 个字符，名称最多 %(most)s 个字符。",
        ),
    )
)


def sentence(problem: Mapping[str, Any]) -> str:
    """Return a problem in the page's language; in English it is the engine's own message."""
    message = str(problem.get("message", ""))
    if language() != CHINESE:
        return message
    for pattern, told in BY_MESSAGE:
        found = pattern.search(message)
        if found:
            return told % found.groupdict()
    return meaning(str(problem.get("code", ""))) or message


def original(problem: Mapping[str, Any]) -> str:
    """Return the engine's own message where the sentence leaves out what it says, else ''."""
    message = str(problem.get("message", ""))
    if (
        language() != CHINESE
        or problem.get("code") in PLAIN
        or any(pattern.search(message) for pattern, _told in BY_MESSAGE)
    ):
        return ""
    return message


def meaning(code: str) -> str:
    """Return what a code means, '' for one that is not known."""
    return BY_CODE.get(code, "")
