"""Saved views and search over REST."""

from __future__ import annotations

from tests.api.conftest import Service


def test_a_view_is_kept_renamed_and_forgotten(both: Service) -> None:
    coordinator = both("coordinator")
    body = {"list": "projects", "name": "late", "query": "light=red&cursor=x"}
    view = coordinator.post("/views", body)
    assert (view.status_code, view.json["query"]) == (201, "light=red")
    assert coordinator.post("/views", body).status_code == 409
    address = f"/views/{view.json['id']}"
    assert both("analyst").delete(address).status_code == 404
    assert coordinator.patch(address, {"name": "very late"}).status_code == 204
    [kept] = coordinator.get("/views?list=projects").json["items"]
    assert kept["name"] == "very late"
    assert coordinator.delete(address).status_code == 204
    assert coordinator.get("/views?list=projects").json["items"] == []


def test_a_text_finds_projects_and_for_administrators_users(both: Service) -> None:
    project = both.project()
    found = both("coordinator").get("/search?q=plant").json
    assert [each["id"] for each in found["projects"]] == [project]
    assert both("coordinator").get("/search?q=analyst").json["users"] == []
    assert both("admin").get("/search?q=analyst").json["users"][0]["name"] == "analyst"
    assert both("coordinator").get("/search").status_code == 422
