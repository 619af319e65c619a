"""What operators rely on: probes, metrics, the feed, the frozen clock, the document."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from openapi_spec_validator import validate

from api import docs
from api.app import create_app
from engine.clock import SystemClock
from engine.settings import Settings
from tests.api.conftest import Service


def test_the_probes_answer_without_a_login(service: Service) -> None:
    assert service().get("/healthz").json == {"status": "ok"}
    assert service().get("/readyz").json["checks"] == {"database": "ok", "schema": "ok"}


def test_a_database_without_the_schema_is_not_ready(
    empty_database_url: str, tmp_path: Path
) -> None:
    settings = replace(Settings(), database_url=empty_database_url, data_dir=tmp_path)
    app = create_app(settings)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["schema"] == "run `lianshen db upgrade`"
    app.extensions["lianshen"].engine.dispose()


def test_a_database_out_of_reach_is_not_ready_but_alive(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none"
    app = create_app(replace(Settings(), database_url=url, data_dir=tmp_path))
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/readyz").status_code == 503
    headers = {"Authorization": "Bearer x"}
    assert app.test_client().get("/api/v1/me", headers=headers).status_code == 503


def test_metrics_count_requests_by_route_and_the_tasks_that_wait(service: Service) -> None:
    service.project()
    for number in range(3):
        service("admin").get(f"/projects/{number + 100}")
    service("admin").call("BREW", "/projects")
    text = service().get("/metrics").get_data(as_text=True)
    labels = 'method="GET",route="/api/v1/projects/<key:project>",status="404"'
    assert f"lianshen_requests_total{{{labels}}} 3.0" in text
    assert 'method="other"' in text
    assert "lianshen_tasks_open 1.0" in text
    assert "lianshen_tasks_overdue 0.0" in text


def test_the_feed_gives_every_change_once_and_goes_on_later(both: Service) -> None:
    seen, cursor = [], None
    for _ in range(2):
        both.project()
        while True:
            query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
            part = both("supervisor").get("/events", query_string=query).json
            seen += [each["id"] for each in part["items"]]
            cursor = part["next"]
            if len(part["items"]) < 3:
                break
    assert len(seen) == len(set(seen))
    whole = both("supervisor").get("/events?limit=200").json["items"]
    assert seen == [each["id"] for each in whole]


def test_the_frozen_clock_moves_forward_and_what_falls_due_is_done(both: Service) -> None:
    both.project()
    admin = both("admin")
    answer = admin.post("/clock", {"now": "2014-03-20T09:00:00+08:00"})
    assert answer.json["now"] == "2014-03-20T01:00:00Z"
    acted = {name: count for name, count in answer.json["swept"].items() if count}
    assert acted == {"overdue": 1, "cards": 1}
    back = admin.post("/clock", {"now": "2014-03-19T09:00:00+08:00"})
    assert (back.status_code, back.json["field"]) == (422, "now")
    assert admin.post("/clock", {"now": "2014-03-21T09:00:00"}).status_code == 422
    assert admin.get("/projects").json["items"][0]["state"] == "running"


def test_without_a_frozen_clock_there_is_none(service: Service) -> None:
    app = create_app(service.settings, service.engine, SystemClock())
    headers = {"Authorization": f"Bearer {service.secrets['admin']}"}
    answer = app.test_client().post("/api/v1/clock", json={}, headers=headers)
    assert answer.status_code == 404
    assert "/api/v1/clock" not in json.loads(app.extensions["lianshen"].document)["paths"]


# -- the document -------------------------------------------------------------------------------


def test_the_document_is_valid(service: Service) -> None:
    document = service().get("/openapi.json").json
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_the_document_has_every_route_and_no_other(service: Service) -> None:
    served = {
        (re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule), method)
        for rule in service.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.endpoint.startswith(("docs.", "page."))
    }
    documented = {
        (path, method.upper())
        for path, operations in service().get("/openapi.json").json["paths"].items()
        for method in operations
    }
    assert documented == served


def test_every_example_of_a_body_is_accepted() -> None:
    from api import v1

    bodies = [route.body for route in v1.routes(frozen_clock=True) if route.body]
    for body in bodies:
        for example in body.model_json_schema()["examples"]:
            body.model_validate_json(json.dumps(example), strict=True)


def test_secrets_are_asked_for_where_they_are_needed(service: Service) -> None:
    paths = service().get("/openapi.json").json["paths"]
    assert paths["/api/v1/tasks"]["get"]["security"] == [{"bearer": []}, {"session": []}]
    assert paths["/healthz"]["get"]["security"] == []
    assert "401" not in paths["/healthz"]["get"]["responses"]


# -- the documentation --------------------------------------------------------------------------


def test_the_documentation_loads_everything_from_here(service: Service) -> None:
    client = service.app.test_client()
    page = client.get("/api/docs", buffered=True)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    for target in re.findall(r'(?:src|href)="([^"]+)"', page.get_data(as_text=True)):
        assert target.startswith("/")
        assert client.get(target, buffered=True).status_code == 200, target


def test_nothing_else_of_the_folders_is_served(service: Service) -> None:
    client = service.app.test_client()
    for name in ("index.html.j2", "swagger-ui.js.map", "..%2fapp.py", "%2e%2e/app.py"):
        assert client.get(f"/api/docs/{name}").status_code == 404


def test_swagger_ui_is_the_release_its_makers_published() -> None:
    import hashlib

    digests = {
        "swagger-ui-bundle.js": "93b7b0862a80e2786f85b560be7693c2344354ffa7e7e224f850a54349724c31",
        "swagger-ui.css": "9e576f8322132c76949da47f9bb53c891373c303ea3a761ff548ffc9de50a98c",
    }
    for name, digest in digests.items():
        assert hashlib.sha256((docs.VENDORED / name).read_bytes()).hexdigest() == digest
