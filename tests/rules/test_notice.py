"""Notices: which answer brings about which, and what of its data can be read."""

from __future__ import annotations

from typing import Any

import pytest

from engine.rules import notice
from engine.rules.notice import FORMS, NoticeKind


@pytest.mark.parametrize(
    ("element", "outcome", "kind"),
    [
        ("receive", "accept", "accepted"),
        ("receive", "supplement", "supplement"),
        ("receive", "not_accept", "not_accepted"),
        ("receive", "out_of_scope", "out_of_scope"),
        ("decide", "refuse", "refused"),
        ("decide", "approve", None),
        ("review", "return", "returned"),
        ("receive", "accept_with_gaps", "accepted_with_gaps"),
        ("receive", "accept_on_commitment", "accepted_on_commitment"),
        (None, None, None),
    ],
)
def test_the_answers_of_the_law(element: Any, outcome: Any, kind: str | None) -> None:
    assert notice.kind_of({"element": element, "outcome": outcome}) == kind


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("returned", "returned"),
        ("refused", "refused"),
        ("not_accepted", "acceptance_withdrawn"),
        ("else", None),
    ],
)
def test_what_becomes_of_a_broken_promise_is_told(outcome: str, kind: str | None) -> None:
    assert notice.kind_of_event("gap.lapsed", {"outcome": outcome}) == kind
    assert notice.kind_of_event("gap.overdue", {}) == "reminded"
    assert notice.kind_of_event("commitment.revoked", {}) == "revoked"
    assert notice.kind_of_event("gap.supplied", {}) is None


@pytest.mark.parametrize(
    ("event", "reason", "kind"),
    [
        ("item.suspended", "hearing", "stopped"),
        ("item.stop_entered", "testing", "stopped"),
        # told by the notice of the promised material
        ("item.suspended", "gap", None),
        ("item.resumed", "hearing", "resumed"),
        ("item.resumed", "gap", "resumed"),
        ("item.extension_approved", "案情复杂", "extended"),
        ("item.extension_requested", "案情复杂", None),
        ("project.suspended", "hearing", None),
    ],
)
def test_what_becomes_of_a_clock_is_told(event: str, reason: str, kind: str | None) -> None:
    assert notice.kind_of_event(event, {"reason": reason}) == kind
    answer = {"element": "receive", "outcome": "accept"}
    assert notice.kind_of_event("task.completed", answer) == "accepted"


def test_every_kind_is_called_something_and_names_its_law() -> None:
    assert set(FORMS) == set(NoticeKind)
    for form in FORMS.values():
        assert form.title.zh
        assert form.title.en
        assert form.law


def test_only_what_cities_invented_has_no_national_law() -> None:
    of_cities = {kind for kind, form in FORMS.items() if not form.law.startswith("行政许可法")}
    assert of_cities == {
        *(NoticeKind.WITH_GAPS, NoticeKind.ON_COMMITMENT, NoticeKind.REMINDED),
        *(NoticeKind.RETURNED, NoticeKind.ACCEPTANCE_WITHDRAWN, NoticeKind.REVIEW_SUPPLEMENT),
    }


@pytest.mark.parametrize(
    ("given", "listed", "text"),
    [
        ({"materials": ["a", " b ", ""], "reason": " r "}, ["a", "b"], "r"),
        ({"materials": "a", "reason": ["r"]}, ["a"], ""),
        ({"materials": [1, None, {"x": 1}], "reason": 7}, [], ""),
        ({}, [], ""),
    ],
)
def test_data_of_programs_is_read_as_far_as_it_can_be(
    given: dict[str, Any], listed: list[str], text: str
) -> None:
    assert notice.listed(given, "materials") == listed
    assert notice.text(given, "reason") == text
