"""Notices: what an applicant is told in writing, derived from what was answered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.errors import Invalid, NotFound
from engine.rules.notice import NoticeKind
from engine.service import items, notices, projects, tasks
from engine.service.notices import Notice
from tests.service.city import City
from tests.service.drawn import little

GIVEN: dict[str, dict[str, Any]] = {
    "supplement": {"materials": ["营业执照", " 土地出让合同 "], "reason": "缺页"},
    "not_accept": {"reason": "依法不需要许可", "legal_basis": "行政许可法第十三条"},
    "out_of_scope": {"reason": "不属本机关职权", "authority": "省发改委"},
    "accept": {"received": ["备案表"]},
}


@pytest.fixture
def project(city: City) -> int:
    """A project whose filing (IND-01, one day) waits to be received."""
    city.deploy("industrial-2014")
    project = city.do(projects.create, "大观化纤", "industrial-2014", "振风公司").id
    return city.do(projects.start, project).id


def found(city: City, project: int, **more: Any) -> list[Notice]:
    """A project's notices."""
    return city.see(notices.find, project, **more)


def test_every_answer_brings_about_its_notice_with_what_was_given(city: City, project: int) -> None:
    clerk = city.user("li.wei", ("clerk", "NDRC"), shown="李伟")
    city.answer(project, "IND-01", "supplement", by=clerk, data=GIVEN["supplement"])
    city.answer(project, "IND-01", "submit")
    for outcome in ("not_accept", "out_of_scope"):
        city.answer(project, "IND-01", outcome, by=clerk, data=GIVEN[outcome])
        city.do(items.apply_again, project, "IND-01")
    city.answer(project, "IND-01", "accept", by=clerk, data=GIVEN["accept"])
    several = found(city, project)
    assert [str(each.kind) for each in several] == [
        *("supplement", "not_accepted", "out_of_scope", "accepted"),
    ]
    missing, refusal, elsewhere, accepted = several
    assert missing.materials == ["营业执照", "土地出让合同"]
    assert (missing.reason, missing.legal_basis) == ("缺页", "")
    assert (refusal.reason, refusal.legal_basis) == ("依法不需要许可", "行政许可法第十三条")
    assert elsewhere.authority == "省发改委"
    assert accepted.received == ["备案表"]
    for each in several:
        assert (each.person, each.person_name) == ("li.wei", "李伟")
        assert (each.applicant, each.project_name) == ("振风公司", "大观化纤")
        assert (each.code, each.item) == (f"LS2014-{project:04}", "IND-01")
        assert (each.item_name.zh, each.item_name.en) == ("企业投资项目备案", "project filing")
        assert (each.department, each.department_name.zh) == ("NDRC", "发改委")
        assert (each.issued_on, each.number) == (city.today, f"〔2014〕{each.id}")
        assert each.title.zh
        assert each.title.en
        assert city.see(notices.get, each.id) == each


def test_an_acceptance_says_until_when_it_is_decided(city: City, project: int) -> None:
    city.answer(project, "IND-06", "accept")
    [notice] = found(city, project, item="IND-06")
    case = city.item(project, "IND-06")
    assert (notice.promised_days, notice.statutory_days) == (5, 20)
    assert notice.promised_due_on == case.promised_due_on
    assert notice.statutory_due_on == case.statutory_due_on == date(2014, 9, 29)
    # what happens later does not change what was written
    city.do(projects.suspend, project)
    city.wait_working(5)
    city.do(projects.resume, project)
    assert city.item(project, "IND-06").promised_due_on != notice.promised_due_on
    assert found(city, project, item="IND-06") == [notice]


def test_a_refusal_gives_its_reasons(city: City, project: int) -> None:
    city.answer(project, "IND-06", "accept", "done")
    reasons = {"reason": "权属不清", "legal_basis": "不动产登记暂行条例第二十二条"}
    city.answer(project, "IND-06", "refuse", data=reasons)
    _, refused = found(city, project, item="IND-06")
    assert refused.kind is NoticeKind.REFUSED
    assert (refused.reason, refused.legal_basis) == tuple(reasons.values())
    assert refused.promised_due_on is None


def test_what_need_not_be_given_may_be_left_out_or_be_anything(city: City, project: int) -> None:
    city.answer(project, "IND-01", "supplement", data={"materials": ["执照"]})
    city.answer(project, "IND-06", "supplement", data={"materials": ["执照"], "reason": 7})
    for each in found(city, project):
        assert (each.materials, each.reason) == (["执照"], "")


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        ("supplement", "materials"),
        ("not_accept", "reason"),
        ("out_of_scope", "reason"),
        ("accept_on_commitment", "conditions"),
    ],
)
def test_no_notice_without_what_the_law_wants_said(
    city: City, project: int, outcome: str, field: str
) -> None:
    task = city.task(project, "IND-01")
    with pytest.raises(Invalid) as refused:
        city.do(tasks.complete, task.id, outcome, {})
    assert refused.value.detail["field"] == field
    assert city.task(project, "IND-01") == task
    assert found(city, project) == []


def test_other_answers_bring_about_none(city: City, project: int) -> None:
    city.answer(project, "IND-06", "accept", "done", "approve")
    assert [each.kind for each in found(city, project)] == [NoticeKind.ACCEPTED]
    others = {each.id for each in city.see(projects.history, project, limit=500).items}
    others -= {str(each.id) for each in found(city, project)}
    for each in (*others, "999999"):
        with pytest.raises(NotFound):
            city.see(notices.get, int(each))


def test_a_stranger_sees_no_notice_and_the_applicant_theirs(city: City) -> None:
    city.deploy(little())
    applicant = city.user("acme", ("applicant", ""), shown="ACME")
    stranger = city.user("other", ("applicant", ""))
    project = city.start("little")
    city.answer(project, "A-1", "accept")
    [notice] = city.see(notices.find, project, by=applicant)
    assert city.see(notices.get, notice.id, by=applicant) == notice
    for verb, what in ((notices.find, project), (notices.get, notice.id)):
        with pytest.raises(NotFound):
            city.see(verb, what, by=stranger)
