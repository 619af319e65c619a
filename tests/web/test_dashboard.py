"""The dashboard: whose tasks, what is late, the funnel, the risks, the trend."""

from __future__ import annotations

from datetime import timedelta

from engine.scheduler import sweep
from tests.api.conftest import Service
from tests.web.conftest import Enter


def later(service: Service, days: int) -> None:
    service.clock.set(service.clock.now() + timedelta(days=days))
    sweep(service.engine, service.clock.now(), service.settings)


def test_who_has_tasks_sees_theirs_and_who_has_none_the_city(
    service: Service, enter: Enter
) -> None:
    service.project()
    coordinator = enter("coordinator").get("/")
    assert coordinator.one("//h1") == "工作台"
    assert coordinator.all("//nav[@aria-label='范围']/a[@aria-current]") == ["全市"]
    assert "Plant" in coordinator.one("//table[.//th[.='环节']]/tbody")
    assert "没有待办" in enter("clerk").get("/?scope=mine").text


def test_a_late_task_is_counted_and_its_department_named(service: Service, enter: Enter) -> None:
    service.project()
    later(service, 60)
    shown = enter("coordinator").get("/")
    assert "1 件逾期" in shown.text
    assert "国土局1" in shown.one("//section[@aria-labelledby='late-title']")
    assert shown.all("//a[starts-with(@href, '/tasks?scope=all&light=overdue')]")


def test_the_dashboard_stays_within_its_statements(service: Service, enter: Enter) -> None:
    from sqlalchemy import event

    service.project()
    coordinator = enter("coordinator")
    coordinator.get("/")
    seen: list[str] = []
    event.listen(service.engine, "before_cursor_execute", lambda *each: seen.append(each[2]))
    coordinator.get("/")
    assert 0 < len(seen) <= 12, seen


def test_an_applicant_sees_only_what_is_theirs(service: Service, enter: Enter) -> None:
    service.add_user("other", ("applicant", ""))
    service.project(applicant="applicant")
    shown = enter("other").get("/")
    assert shown.status == 200
    assert "Plant" not in shown.text
