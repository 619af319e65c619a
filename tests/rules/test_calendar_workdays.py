"""The plain answers that the command line and the API give."""

from __future__ import annotations

import doctest
import re
from datetime import date
from pathlib import Path

from engine.rules import china, workdays

CHINA = china.calendar()
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "working-days.md"


def test_add_and_between() -> None:
    assert workdays.add(CHINA, date(2014, 9, 26), 5) == {"date": "2014-10-09"}
    assert workdays.between(CHINA, date(2014, 9, 26), date(2014, 10, 9)) == {"working_days": 5}


def test_explain_says_of_every_day_why() -> None:
    days = workdays.explain(CHINA, date(2014, 9, 26), 5)["days"]
    reasons = {day["date"]: (day["counted"], day["reason"]) for day in days}
    assert reasons["2014-09-26"] == (False, "day of receipt, not counted")
    assert reasons["2014-09-27"] == (False, "weekend")
    assert reasons["2014-09-28"] == (True, "make-up working day: National Day 国庆节")
    assert reasons["2014-09-29"] == (True, "working day")
    assert reasons["2014-10-01"] == (False, "holiday: National Day 国庆节")
    assert list(reasons)[-1] == "2014-10-09"


def test_explain_flags_provisional_days() -> None:
    days = workdays.explain(CHINA, date(2039, 12, 31), 2)["days"]
    assert [day["reason"] for day in days][-1] == "working day (provisional)"
    assert days[1]["reason"] == "holiday: New Year's Day 元旦 (provisional)"


def test_the_python_in_the_explanation() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    source = "\n".join(blocks)
    example = doctest.DocTestParser().get_doctest(source, {}, PAGE.name, str(PAGE), 0)
    assert len(example.examples) >= 5
    assert doctest.DocTestRunner().run(example).failed == 0
