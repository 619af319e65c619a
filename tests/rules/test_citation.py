"""Laws are cited in Chinese documents as Chinese laws are."""

from __future__ import annotations

import pytest

from engine.rules.citation import chinese


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("城乡规划法 art.40; 行政许可法 art.42", "城乡规划法第40条；行政许可法第42条"),
        ("建筑法 art. 8(1)", "建筑法第8条第（一）项"),
        ("建筑法 art. 8(12)", "建筑法第8条第（十二）项"),
        ("行政许可法 art. 47-48", "行政许可法第47至48条"),
        ("行政许可法 art. 74 para. 2", "行政许可法第74条第2款"),
        ("环境影响评价法 art. 25 (local)", "环境影响评价法第25条（地方规定）"),
        ("国办发〔2020〕42号", "国办发〔2020〕42号"),
    ],
)
def test_a_note_in_chinese(note: str, told: str) -> None:
    assert chinese(note) == told
