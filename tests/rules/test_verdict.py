"""What an answer must say, by its outcome."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import Invalid, TooLarge
from engine.rules import verdict

GIVEN = {
    "opinion": " 齐全 ",
    "reason": "非许可事项",
    "legal_basis": "行政许可法第三十二条",
    "materials": ["总平面图", " 总平面图", "", "日照分析"],
    "received": ["备案表"],
    "document_number": "",
}


def test_what_the_outcome_does_not_ask_for_is_left_out() -> None:
    assert verdict.answer("accept", GIVEN) == {"received": ["备案表"], "opinion": "齐全"}
    assert verdict.answer("anything else", GIVEN) == {"opinion": "齐全"}


def test_a_notice_to_supplement_lists_each_material_once() -> None:
    found = verdict.answer("supplement", GIVEN)
    assert found == {"materials": ["总平面图", "日照分析"], "reason": "非许可事项"}


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        ("supplement", "materials"),
        ("not_accept", "reason"),
        ("not_accept", "legal_basis"),
        ("out_of_scope", "authority"),
        ("return", "reason"),
        ("refuse", "reason"),
        ("refuse", "legal_basis"),
    ],
)
def test_what_the_law_wants_said_must_be_said(outcome: str, field: str) -> None:
    full = {"authority": "环保局", **GIVEN}
    assert field in verdict.answer(outcome, full)
    with pytest.raises(Invalid) as refused:
        verdict.answer(outcome, {**full, field: " "})
    assert refused.value.detail == {"field": field}


def test_a_program_may_say_more_than_is_asked_and_nothing_with_the_plain_outcome() -> None:
    verdict.check("approve", {})
    verdict.check("supplement", {"materials": ["总平面图"], "pages": 3})


@pytest.mark.parametrize(
    ("outcome", "data", "field"),
    [
        ("supplement", {}, "materials"),
        ("supplement", {"materials": []}, "materials"),
        ("supplement", {"materials": [" "]}, "materials"),
        ("supplement", {"materials": "总平面图"}, "materials"),
        ("supplement", {"materials": ["总平面图", 7]}, "materials"),
        ("refuse", {"legal_basis": "城乡规划法"}, "reason"),
        ("refuse", {"reason": ["不符"], "legal_basis": "城乡规划法"}, "reason"),
        ("refuse", {"reason": "不符", "legal_basis": None}, "legal_basis"),
        ("out_of_scope", {"reason": "不属"}, "authority"),
        ("refuse", {"reason": "字" * 2001, "legal_basis": "城乡规划法"}, "reason"),
    ],
)
def test_a_program_must_say_what_the_law_wants_said(
    outcome: str, data: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        verdict.check(outcome, data)
    assert refused.value.detail == {"field": field}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("opinion", "字" * 2001),
        ("received", ["字" * 201]),
        ("received", [str(n) for n in range(61)]),
    ],
)
def test_an_answer_is_no_book(name: str, value: str | list[str]) -> None:
    with pytest.raises(TooLarge) as refused:
        verdict.answer("accept", {name: value})
    assert refused.value.detail == {"field": name}
