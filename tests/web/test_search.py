"""The search page and the suggestions below the bar."""

from __future__ import annotations

from tests.api.conftest import Service
from tests.web.conftest import Enter


def test_the_bar_leads_to_what_is_found(service: Service, enter: Enter) -> None:
    project = service.project()
    shown = enter("coordinator").get("/search?q=plant")
    assert shown.tree.xpath("//main//a[contains(., 'Plant')]/@href") == [f"/projects/{project}"]
    assert shown.tree.xpath("//input[@id='search-page']/@value") == ["plant"]


def test_suggestions_are_options_of_a_list(service: Service, enter: Enter) -> None:
    project = service.project()
    shown = enter("coordinator").get("/search/suggestions?q=plant", **{"X-Live": "1"})
    assert shown.tree.xpath("//a[@role='option']/@href")[0] == f"/projects/{project}"
    assert "<html" not in shown.body.decode()


def test_what_is_not_found_is_said(enter: Enter) -> None:
    coordinator = enter("coordinator")
    assert "没有找到“水泥”" in coordinator.get("/search?q=水泥").text
    assert "没有找到“<b>”" in coordinator.get("/search/suggestions?q=<b>").text
    assert coordinator.get("/search").status == 200


def test_others_projects_are_not_found_by_applicants(service: Service, enter: Enter) -> None:
    service.add_user("other", ("applicant", ""))
    service.project(applicant="other")
    assert "没有找到" in enter("applicant").get("/search?q=plant").text
