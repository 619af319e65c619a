"""Notices as they are printed: dated, numbered, with everything the law wants said."""

from __future__ import annotations

import pytest

from engine.service import projects
from tests.api.conftest import Service
from tests.web.cases import Case, begin
from tests.web.conftest import Enter
from tests.web.visitor import Shown


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service)


def printed(enter: Enter, case: Case, who: str = "maker", language: str = "zh") -> Shown:
    """The notice that the last answer brought about."""
    found = case.service.act(projects.history, case.project, limit=200).items
    [*_, answer] = [each for each in found if each.event == "task.completed"]
    return enter(who, language).get(f"/projects/{case.project}/notices/{answer.id}")


def test_an_acceptance_is_dated_and_says_until_when(case: Case, enter: Enter) -> None:
    case.answer("accept", received=["总平面图", "日照分析"])
    shown = printed(enter, case)
    assert (shown.status, shown.one("//h1"), shown.one("//article/h2")) == (
        200,
        "受理通知书",
        "受理通知书",
    )
    rows = dict(
        zip(
            shown.all("//table[@class='sheet-table']//th"),
            shown.all("//table[@class='sheet-table']//td"),
            strict=True,
        )
    )
    assert rows == {
        "受理日期": "2014年3月3日",
        "承诺办结": "3 个工作日，至 2014年3月6日",
        "法定期限": "20 个工作日，至 2014年3月31日",
    }
    assert shown.all("//ol[@class='sheet-list']/li") == ["总平面图", "日照分析"]
    assert "第三十二条第一款第（五）项" in shown.text
    assert "印章" in shown.text
    assert "送达回证" in shown.text
    assert shown.one("//p[@class='sheet-to']") == "maker："


def test_all_that_is_missing_stands_in_one_notice(case: Case, enter: Enter) -> None:
    case.answer("supplement", materials=["日照分析", "委托书"], reason="未盖章")
    shown = printed(enter, case)
    assert shown.all("//ol[@class='sheet-list']/li") == ["日照分析", "委托书"]
    assert "说明：未盖章" in shown.text
    assert "一次告知" in shown.text


@pytest.mark.parametrize(
    ("outcomes", "article"),
    [
        (("not_accept",), "《行政许可法》第三十二条，决定不予受理"),
        (("out_of_scope",), "第三十二条第一款第（二）项"),
        (("accept", "done", "refuse"), "第三十八条第二款"),
    ],
)
def test_a_refusal_says_why_by_which_law_and_where_to_complain(
    case: Case, enter: Enter, outcomes: tuple[str, ...], article: str
) -> None:
    given = {"reason": "退让不足", "legal_basis": "城乡规划法第四十条", "authority": "环保局"}
    case.answer(*outcomes, **given)
    shown = printed(enter, case)
    assert article in shown.text
    assert "理由：退让不足" in shown.text
    assert "法律依据：城乡规划法第四十条。" in shown.text
    assert "申请行政复议或者提起行政诉讼（《行政许可法》第七条）" in shown.text
    assert "请向环保局申请。" in shown.text


def test_english_is_a_translation(case: Case, enter: Enter) -> None:
    case.answer("accept")
    shown = printed(enter, case, language="en")
    assert shown.one("//h1") == "Notice of acceptance"
    assert shown.tree.get("lang") == "en"


def test_what_somebody_typed_is_text_in_a_notice(case: Case, enter: Enter) -> None:
    case.answer("not_accept", reason="<script>alert(1)</script>", legal_basis="<b>32</b>")
    shown = printed(enter, case)
    assert "<script>alert(1)" in shown.text
    assert b"<script>alert" not in shown.body
    assert b"<b>32" not in shown.body


def test_nobody_reads_what_is_not_theirs_or_is_no_notice(case: Case, enter: Enter) -> None:
    case.answer("accept")
    case.service.add_user("stranger", ("applicant", ""))
    assert printed(enter, case, "stranger").status == 404
    other = begin(case.service, "纺织二期")
    found = case.service.act(projects.history, case.project, limit=200).items
    visitor = enter("maker")
    for event in (found[0].id, "999999"):
        assert visitor.get(f"/projects/{case.project}/notices/{event}").status == 404
    [answer] = [each.id for each in found if each.event == "task.completed"]
    assert visitor.get(f"/projects/{other.project}/notices/{answer}").status == 404
