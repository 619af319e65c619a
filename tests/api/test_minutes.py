"""Minutes and the reply over REST: drafted, signed, sealed, checked, fetched as documents."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document

from engine.rules.joint_review import Answer, OpinionKind
from engine.service import procedures, projects, tasks
from engine.service.review import opinions, rounds
from engine.service.review.rounds import NewRound
from tests.api.conftest import Service

ASKED = ("CAD", "EPB", "FIRE", "HOUS", "MET")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def reviewed(both: Service) -> tuple[Service, int]:
    """A service with a round on paper that everybody agreed to, concluded."""
    service = both
    for each in ASKED:
        service.add_user(each.lower(), ("reviewer", each))
    service.act(procedures.deploy, procedures.named("industrial-2014", service.settings))
    project = service.act(projects.create, "水泵厂迁建", "industrial-2014", "applicant").id
    service.act(projects.start, project)
    identifier = service.act(rounds.launch, project, NewRound("planning", items=("IND-08",)))
    agree, paper = Answer(OpinionKind.AGREE), {"source": "paper", "given_by": "李明"}
    for each in ASKED:
        service.act(opinions.enter_for, identifier, each, agree, **paper)
    answer(service, identifier, "conclude", "approved")
    return service, identifier


def answer(service: Service, identifier: int, element: str, outcome: str, **data: Any) -> None:
    found = service.act(tasks.find, limit=500).items
    [task] = [each for each in found if each.round_id == identifier and each.element == element]
    service.act(tasks.complete, task.id, outcome, data)


def test_minutes_go_their_whole_way(reviewed: tuple[Service, int]) -> None:
    service, identifier = reviewed
    where, lead = f"/joint-reviews/{identifier}/minutes", service("clerk")
    none = lead.get(where)
    assert (none.json["state"], none.json["version"], none.headers["ETag"]) == ("", 0, '"0"')
    assert none.json["may_draft"]
    texts = {"opening": "书面征求意见。"}
    assert service("cad").call("PUT", where, json=texts).status_code == 403
    drafted = lead.call("PUT", where, json=texts, headers={"If-Match": '"0"'})
    assert (drafted.status_code, drafted.json["state"]) == (200, "draft")
    stale = lead.call("PUT", where, json=texts, headers={"If-Match": '"0"'})
    assert stale.json["code"] == "stale_version"
    early = service("cad").post(f"{where}/sign", {"department": "CAD"})
    assert (early.status_code, early.json["code"]) == (409, "not_drafted")
    answer(service, identifier, "minutes", "drafted")
    late = lead.call("PUT", where, json=texts)
    assert (late.status_code, late.json["code"]) == (409, "minutes_fixed")
    assert service("cad").get(where).json["may_sign"] == ["CAD"]
    foreign = service("cad").post(f"{where}/sign", {"department": "EPB"})
    assert foreign.status_code == 403
    soon = lead.post(f"{where}/seal")
    assert (soon.status_code, soon.json["code"]) == (409, "signatures_awaited")
    for each in ASKED:
        body = {"department": each, "remark": "无意见"}
        assert service(each.lower()).post(f"{where}/sign", body).status_code == 200
    sealed = lead.post(f"{where}/sign", {"department": "PLAN"})
    assert (sealed.json["state"], sealed.json["missing"]) == ("sealed", [])
    checked = service("supervisor").post(f"{where}/verify").json
    assert (checked["intact"], checked["hash"]) == (True, sealed.json["hash"])
    assert checked["computed"] == checked["hash"]


def test_documents_are_fetched(reviewed: tuple[Service, int]) -> None:
    service, identifier = reviewed
    where = f"/joint-reviews/{identifier}"
    assert service("clerk").get(f"{where}/reply").status_code == 404
    service("clerk").call("PUT", f"{where}/minutes", json={})
    for name in ("minutes", "reply"):
        file = service("clerk").get(f"{where}/{name}.docx")
        assert (file.status_code, file.content_type) == (200, DOCX)
        assert Document(BytesIO(file.data)).tables
    assert service("clerk").get(f"{where}/reply").json["number"] == ""


def test_applicants_get_the_reply_once_it_is_out_and_never_the_minutes(
    reviewed: tuple[Service, int],
) -> None:
    service, identifier = reviewed
    where, applicant = f"/joint-reviews/{identifier}", service("applicant")
    assert applicant.get(f"{where}/minutes").status_code == 403
    assert applicant.get(f"{where}/minutes.docx").status_code == 403
    assert applicant.get(f"{where}/reply").status_code == 404
    assert service("clerk").get("/joint-reviews/9999/minutes").status_code == 404
