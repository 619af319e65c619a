"""What is wrong with a simulation's assumptions or its run, in the words of the page.

The engine's own messages are for programs; they are known by how they read. What no sentence is
known for stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web.gantt.words import gettext as _

#: by what the engine's message reads: the sentence, its values by name
SENTENCES: Mapping[re.Pattern[str], Any] = {
    re.compile(pattern, re.DOTALL): sentence
    for pattern, sentence in {
        # assumptions
        r"there is no such key; there are (?P<known>.+)": _l("没有这个键；可以写的有 %(known)s"),
        r"is missing": _l("还没有写"),
        r"write a list, not (?P<given>.+)": _l("要写成列表，不是 %(given)s"),
        r"write a mapping of names to values, not (?P<given>.+)": _l(
            "要写成名称和值，不是 %(given)s"
        ),
        r"write a whole number from (?P<least>\S+) to (?P<most>\S+), not (?P<given>.+)": _l(
            "要写 %(least)s 到 %(most)s 之间的整数，不是 %(given)s"
        ),
        r"write a number from (?P<least>\S+) to (?P<most>\S+), not (?P<given>.+)": _l(
            "要写 %(least)s 到 %(most)s 之间的数，不是 %(given)s"
        ),
        r"write a (?:whole )?number from (?P<least>\S+) on, not (?P<given>.+)": _l(
            "要写不小于 %(least)s 的数，不是 %(given)s"
        ),
        r"write a text, not (?P<given>.+)": _l("要写文字，不是 %(given)s"),
        r"write true or false, not (?P<given>.+)": _l("要写 true 或 false，不是 %(given)s"),
        r"write a date like \S+, not (?P<given>.+)": _l(
            "日期要写成 2014-01-06 这样，不是 %(given)s"
        ),
        r"write days or hours, not both": _l("天数和小时只写一样"),
        r"write twelve weights.*": _l("要写十二个月的比重，从一月起，不能都是 0"),
        r"write pairs of a priority and a share.*": _l(
            "要写成优先次序和占比，如 [[0, 0.15], [1, 0.85]]，占比合计为 1"
        ),
        r"write hours as \S+, not (?P<given>.+)": _l(
            "上班时间要写成 08:30-12:00 这样，不是 %(given)s"
        ),
        r"hours stand in their order within a day, and apart.*": _l(
            "一天里的上班时间要依次写，不能重叠"
        ),
        r"write business or a list of (?P<known>.+), not (?P<given>.+)": _l(
            "要写 business，或列出 %(known)s，不是 %(given)s"
        ),
        r"a name is not empty": _l("名称不能空着"),
        r"there is no pool '?(?P<pool>[^']+)'? for (?P<node>\S+); add it to pools": _l(
            "没有 %(node)s 要排的窗口 %(pool)s，请写进 pools"
        ),
        r"there is no such pool.*": _l("没有这个窗口"),
        r"name at least one pool": _l("至少写一个窗口"),
        r"(?P<node>\S+) waits there, and nobody serves it": _l(
            "%(node)s 在这里排队，却没有人办：请加上人数"
        ),
        r"'?(?P<given>[^']+)'? is no calendar; there are (?P<known>.+)": _l(
            "没有“%(given)s”这个日历，可用的有 %(known)s"
        ),
        r"nobody works on it in its diagram": _l("流程图里没有人办理这一事项"),
        r"they add up to (?P<sum>\S+), not 1": _l("各占比合计是 %(sum)s，应当是 1"),
        r".*(?:is no distribution|these are not numbers|takes \d+ numbers|low, mode and high"
        r"|durations are|takes numbers above 0).*": _l("用时要写成 pert(3, 5, 9) 这样"),
        r".*is not YAML: .*line (?P<line>\d+), column.*": _l("不是 YAML：第 %(line)s 行起读不下去"),
        # runs that failed
        r"a loop in which no time passes never ends.*": _l(
            "流程里有一圈走下去不用时间，永远走不完：请给其中的一步写上用时，或减少退回的比例。"
        ),
        r"(?P<n>\d+) of (?P<all>\d+) cases never end: they wait at (?P<where>[^.]+?)"
        r"(?:\. .*| Correct .*)?": _l(
            "%(all)s 个项目中有 %(n)s 个永远办不完，停在 %(where)s：请给那里加上人手，"
            "或改动走不出去的分支。"
        ),
        r"more arrives than can be done: (?P<n>[\d,]+) cases are open at once; "
        r"(?P<tasks>\d+) tasks wait at (?P<pool>[^.]+?)(?:\. .*| Correct .*)?": _l(
            "来的比办得了的多：同时有 %(n)s 个项目在办，%(tasks)s 件在 %(pool)s 排队。"
            "请加人手、减少动手的时间，或减少每年的项目。"
        ),
        r"more arrives than can be done: (?P<n>[\d,]+) cases are open at once.*": _l(
            "来的比办得了的多：同时有 %(n)s 个项目在办。请减少用时，或减少每年的项目。"
        ),
        r"more than (?P<n>[\d,]+) cases arrive before the run has ended.*": _l(
            "算完以前到来的项目超过 %(n)s 个：请减少每年的项目，或少算一些天。"
        ),
        r"There was not enough memory.*": _l("内存不够：请减少项目数，或增加重复次数。"),
        r"It was begun (?P<n>\d+) times, and each time .*": _l(
            "开始了 %(n)s 次，每次都中断了，也许是内存不够：请减少项目数，或增加重复次数。"
        ),
        r"the classes' shares add up to (?P<sum>\S+), not 1.*": _l(
            "项目优先次序的占比合计是 %(sum)s，应当是 1。"
        ),
    }.items()
}


def sentence(message: str) -> str:
    """Return what a message of the engine says, in the page's language where that is known."""
    for pattern, told in SENTENCES.items():
        if found := pattern.fullmatch(message.strip()):
            return str(told) % found.groupdict() if found.groupdict() else str(told)
    return message


def reason(problems: Iterable[Mapping[str, str]]) -> str:
    """Return all problems in one text, each after the key where it is."""
    return _("；").join(f"{each['field']} {sentence(each['message'])}".strip() for each in problems)
