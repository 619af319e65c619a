"""What a check finds, in people's words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from api.web import problems

PROFILE = Path(__file__).parents[2] / "docs" / "reference" / "bpmn-profile.md"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def page() -> Flask:
    """An application whose pages are Chinese."""
    app = Flask(__name__)
    Babel(app, default_locale="zh")
    return app


def codes() -> set[str]:
    """The codes that the reference lists."""
    table = PROFILE.read_text(encoding="utf-8").split("## Problems")[1]
    return set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))


def test_every_code_of_the_reference_has_a_sentence(page: Flask) -> None:
    assert codes() == set(problems.BY_CODE)
    with page.test_request_context():
        assert all(CHINESE.search(problems.meaning(code)) for code in codes())


@pytest.mark.parametrize(
    ("code", "message", "told"),
    [
        ("unknown_process", "calls 'x', which is not among the files", "“x”"),
        ("item", "IND-01: 30 days promised, but the law allows 20.", "承诺 30 天，超过法定 20 天"),
        ("missing_days", "IND-01 has no promised_days in procedure.yaml", "事项 IND-01"),
        ("too_large", "the file has 3 bytes; at most 2 are read", "3 字节，最多 2 字节"),
        ("start_event", "exactly one start event is needed; there are 2", "现在有 2 个"),
    ],
)
def test_a_sentence_says_what_the_message_says(
    page: Flask, code: str, message: str, told: str
) -> None:
    with page.test_request_context():
        problem = {"code": code, "message": message}
        assert told in problems.sentence(problem)
        assert problems.original(problem) == ""


def test_what_no_sentence_says_is_told_as_the_engine_did(page: Flask) -> None:
    with page.test_request_context():
        problem = {"code": "condition", "message": "the name `x` is not known"}
        assert CHINESE.search(problems.sentence(problem))
        assert problems.original(problem) == "the name `x` is not known"
        unknown = {"code": "new", "message": "something else"}
        assert problems.sentence(unknown) == "something else"
