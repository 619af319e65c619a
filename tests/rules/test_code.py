"""Public codes: read back as they were made."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.code import parse_code, project_code


def test_a_code_has_the_year_and_the_number() -> None:
    assert project_code("LS", date(2014, 3, 3), 7) == "LS2014-0007"
    assert project_code("AQ", date(2026, 1, 1), 123456) == "AQ2026-123456"


@given(
    prefix=st.sampled_from(["LS", "AQ", "安庆", "a.b", ""]),
    on=st.dates(date(1000, 1, 1)),
    number=st.integers(1, 10**18 - 1),
)
def test_it_is_read_back(prefix: str, on: date, number: int) -> None:
    code = project_code(prefix, on, number)
    assert parse_code(prefix, code) == (on.year, number)
    assert parse_code(prefix, f" {code.lower()} ") == (on.year, number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014-7", (2014, 7)),
        ("ls2014-0007", (2014, 7)),
        ("XX2014-0007", None),
        ("LS2014", None),
        ("LS2014-", None),
        ("LS2014-7x", None),
        ("LS14-7", None),
        ("LS２０１４-７", None),
        ("LS2014-" + "9" * 19, None),
        ("", None),
    ],
)
def test_what_people_type(text: str, expected: tuple[int, int] | None) -> None:
    assert parse_code("LS", text) == expected
