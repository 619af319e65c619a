"""Simulations: set up on a page, watched, read, drawn on the diagrams, compared, removed."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import yaml
from sqlalchemy import event

from engine.service.simulations import claims, playing
from engine.service.simulations.playing import Job
from tests.api.conftest import Service
from tests.web.city import deploy
from tests.web.conftest import Enter
from tests.web.visitor import Shown, Visitor

AFTER, BEFORE = "industrial-2014", "industrial-2013"
FORM, START = "/simulations/new", "/simulations"
MOST_STATEMENTS = 12
#: so little that it is played while a test waits
LITTLE = {"cases": "40", "replications": "4", "warm_up_days": "60", "cool_down_days": "20"}


@pytest.fixture
def analyst(service: Service, enter: Enter) -> Visitor:
    """An analyst of a city with the procedure of 28 days."""
    deploy(service, AFTER)
    return enter("analyst")


def play(service: Service, identifier: int = 1) -> None:
    """Play a run as a worker does."""
    run = service.act(claims.claim, identifier, "one", service.clock.now())
    job = Job(run.model, run.plan, run.sensitivity, 1)
    assert service.act(claims.finish, run, playing.played(job, lambda _done, _of: True))


def start(visitor: Visitor, page: str = f"{FORM}?procedure={AFTER}", **fields: Any) -> Shown:
    """Set a run up and start it; what is not named stays as the form has it."""
    return visitor.send(START, page, **{**LITTLE, "staffing": "none", **fields})


def options(shown: Shown, chart: str) -> Any:
    """What a chart is told."""
    return json.loads(shown.tree.xpath(f"//*[@data-chart='{chart}']/@data-chart-options")[0])


def badge(shown: Shown) -> str:
    """The state beside the heading."""
    return shown.one("//h1/span[contains(@class,'state')]")


# -- setting up ------------------------------------------------------------------------------------


def test_an_empty_list_offers_the_first(analyst: Visitor) -> None:
    shown = analyst.get("/simulations")
    assert "告诉您承诺的天数有多大机会守住" in shown.one("//div[@class='empty']")
    [link] = shown.tree.xpath("//div[@class='empty']/a/@href")
    assert analyst.get(link).status == 200


def test_one_press_starts_what_the_form_begins_with(analyst: Visitor) -> None:
    analyst.get(FORM)
    shown = analyst.send(START)
    assert shown.status == 200
    assert badge(shown) == "排队中"
    assert shown.tree.xpath("//section//progress")


def test_a_form_says_where_it_is_wrong_and_keeps_what_was_typed(analyst: Visitor) -> None:
    fields = {"durations": "spread", "days-IND-02": "pert(9, 5, 3)", "name": "试"}
    shown = analyst.send(START, f"{FORM}?procedure={AFTER}", **fields)
    assert shown.status == 422
    assert "pert(3, 5, 9)" in shown.one("//*[@id='h-days-IND-02']")
    assert shown.tree.xpath("//input[@name='days-IND-02']/@value") == ["pert(9, 5, 3)"]
    assert shown.tree.xpath("//input[@name='name']/@value") == ["试"]
    shown = analyst.send(START, **{"days-IND-02": "", "cases": "0"})
    assert "1 到 10,000,000" in shown.one("//*[@id='h-cases']")


def test_a_file_is_used_instead_of_the_form(analyst: Visitor, service: Service) -> None:
    analyst.get(FORM)
    assumed = {"items": {"IND-16": {"days": "fixed(9)"}}}
    sent = {**analyst.form(START), **LITTLE}
    sent["file"] = (io.BytesIO(yaml.safe_dump(assumed).encode()), "staff.yaml")
    shown = analyst.post(START, sent)
    [written] = shown.tree.xpath("//pre/text()")
    assert yaml.safe_load(written) == assumed
    play(service)
    median = options(analyst.get("/simulations/1"), "distribution")["lines"][0]["at"]
    assert median == pytest.approx(28 + 9 - 5)


def test_a_wrong_file_says_why(analyst: Visitor) -> None:
    shown = start(analyst, resources="items: [")
    assert shown.status == 422
    assert "设定有误" in shown.one("//*[@id='h-resources']")


def test_a_scenario_and_a_procedure_lead_here(service: Service, enter: Enter) -> None:
    deploy(service, BEFORE)
    deploy(service, AFTER)
    analyst = enter("analyst")
    analyst.get("/lab/new")
    analyst.send("/lab/new", name="公布方案", procedure=BEFORE, begin="published")
    for page, source in (
        ("/lab/1", "scenario:1"),
        (f"/procedures/{AFTER}", f"procedure:{AFTER}"),
    ):
        [link] = analyst.get(page).tree.xpath("//a[starts-with(@href,'/simulations/new')]/@href")
        shown = analyst.get(link)
        chosen = "//select[@name='source']//option[@selected]/@value"
        assert shown.tree.xpath(chosen) == [source]
    shown = start(analyst, f"{FORM}?scenario=1", durations="promised")
    assert "公布方案" in shown.one("//p[@class='meta']")
    play(service)
    assert "28 天的承诺" in analyst.get("/simulations/1").text


def test_only_analysts_start_one_and_overseers_read_it(analyst: Visitor, enter: Enter) -> None:
    start(analyst)
    supervisor = enter("supervisor")
    assert supervisor.get("/simulations").status == 200
    assert not supervisor.last.tree.xpath("//a[@href='/simulations/new']")
    assert supervisor.get("/simulations/1").status == 200
    assert not supervisor.last.tree.xpath("//form[contains(@action,'cancel')]")
    assert supervisor.get(FORM).status == 403
    assert enter("applicant").get("/simulations").status == 403


# -- its life --------------------------------------------------------------------------------------


def test_a_run_under_way_is_watched_and_cancelled(analyst: Visitor, service: Service) -> None:
    start(analyst)
    service.act(claims.claim, 1, "one", service.clock.now())
    shown = analyst.get("/simulations/1")
    assert badge(shown) == "计算中"
    [region] = shown.tree.xpath("//*[@data-live='/simulations/1']/@id")
    assert region == "run"
    assert not analyst.get("/simulations/1").tree.xpath("//*[@data-chart]")
    shown = analyst.send("/simulations/1/cancel")
    assert badge(shown) == "已取消"
    assert not shown.tree.xpath("//*[@id='run']/@data-live")


def test_a_failed_run_says_why_and_can_be_run_again(analyst: Visitor, service: Service) -> None:
    start(analyst, name="出错的")
    run = service.act(claims.claim, 1, "one", service.clock.now())
    service.act(claims.fail, run, "nobody serves EPB")
    shown = analyst.get("/simulations/1")
    assert badge(shown) == "失败"
    assert "nobody serves EPB" in shown.one("//p[@class='sim-error']")
    shown = analyst.get("/simulations/new?again=1")
    assert shown.tree.xpath("//input[@name='cases']/@value") == ["40"]


def test_a_run_is_removed_after_it_was_asked(analyst: Visitor) -> None:
    start(analyst)
    analyst.send("/simulations/1/cancel", "/simulations/1")
    analyst.get("/simulations/1/remove")
    shown = analyst.send("/simulations/1/remove")
    assert "已删除" in shown.text
    assert analyst.get("/simulations/1").status == 404


# -- what came of it -------------------------------------------------------------------------------


def test_a_result_says_whether_the_promise_holds(analyst: Visitor, service: Service) -> None:
    start(analyst, durations="promised", supplement="0", returned="0", refused="0", sensitivity="1")
    play(service)
    shown = analyst.get("/simulations/1")
    told = "28 天的承诺：在 40 个项目中 100% 守得住"
    assert shown.one("//p[@class='sim-headline']").startswith(told)
    lines = {each["tone"]: each["at"] for each in options(shown, "distribution")["lines"]}
    assert lines["promise"] == 28
    assert lines["quantile"] == pytest.approx(28)
    assert options(shown, "tornado")["rows"]
    rows = shown.all("//section[@id='items']//tbody/tr/td[1]")
    assert any("环境影响报告表审批" in each for each in rows)
    assert "没有设定人手" in shown.one("//section[@id='pools']")
    elapsed = options(analyst.get("/simulations/1?measure=elapsed"), "distribution")
    assert [each["at"] for each in elapsed["lines"] if each["tone"] == "quantile"] == [59]


def test_windows_and_people_are_told_in_both_languages(
    analyst: Visitor, service: Service, enter: Enter
) -> None:
    start(analyst, staffing="staffed", durations="spread")
    play(service)
    shown = analyst.get("/simulations/1")
    assert shown.tree.xpath("//section[@id='pools']//tbody/tr")
    assert shown.tree.xpath("//*[@data-chart='warmup']")
    assert not shown.tree.xpath("//*[@data-chart='tornado']")
    english = enter("analyst", "en").get("/simulations/1")
    assert "The promise of 28 days" in english.one("//p[@class='sim-headline']")
    for part in ("items", "pools", "departments", "distribution"):
        # people are called as the city calls them
        texts = "".join(english.all(f"//section[@id='{part}']/*[not(self::details)]"))
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in texts), part


def test_a_list_names_what_came_of_runs_in_few_statements(
    analyst: Visitor, service: Service
) -> None:
    for seed in ("1", "2"):
        start(analyst, seed=seed)
        play(service, int(seed))
    found: list[str] = []
    event.listen(service.engine, "before_cursor_execute", lambda *given: found.append(given[2]))
    for path in ("/simulations", "/simulations/1", "/simulations/compare?first=1&second=2"):
        found.clear()
        assert analyst.get(path).status == 200
        assert len(found) <= MOST_STATEMENTS, (path, found)
    assert len(analyst.get("/simulations").tree.xpath("//input[@name='ids']")) == 2
    exported = analyst.get("/simulations?format=csv").body.decode("utf-8-sig")
    assert len(exported.splitlines()) == 3


# -- on the diagrams, side by side -----------------------------------------------------------------


def test_the_diagrams_are_shaded_and_lead_to_an_items_steps(
    analyst: Visitor, service: Service
) -> None:
    start(analyst)
    play(service)
    shown = analyst.get("/simulations/1/diagram?measure=working")
    [url] = shown.tree.xpath("//@data-states")
    told = json.loads(analyst.get(url).body)["elements"]
    shades = {each["state"] for each in told.values()}
    assert all(each.startswith("cool-") for each in shades)
    assert any(each.get("badge") for each in told.values())
    [href] = {each["href"] for each in told.values() if "IND-02" in each.get("href", "")}
    steps = analyst.get(href)
    assert "审查" in " ".join(steps.all("//tbody//td[1]"))
    for name in ("diagram", "labels", "states"):
        [address] = steps.tree.xpath(f"//@data-{name}")
        assert analyst.get(address).status == 200


def test_two_runs_differ_beyond_chance_or_not(analyst: Visitor, service: Service) -> None:
    start(analyst, name="原样", durations="spread")
    slow = {"days-IND-16": "fixed(15)", "name": "慢些", "durations": "spread"}
    start(analyst, **slow)
    start(analyst, name="另一个种子", seed="7")
    for identifier in (1, 2, 3):
        play(service, identifier)
    shown = analyst.get("/simulations/chosen?ids=1&ids=2")
    assert "“慢些”比“原样”平均多" in shown.one("//p[@class='sim-headline']")
    assert len(options(shown, "distribution")["sides"]) == 2
    assert "变多，不是偶然" in shown.text
    again = analyst.get("/simulations/compare?first=1&second=3")
    assert "说不出差别是不是偶然" in again.one("//*[@class='alert alert-yellow']")
    assert analyst.get("/simulations/compare").status == 200


def test_settings_are_a_file_that_starts_the_same_run(analyst: Visitor) -> None:
    start(analyst, durations="spread", **{"days-IND-02": "pert(3, 5, 9)"})
    content = analyst.get("/simulations/1/assumptions.yaml").body
    start(analyst, resources=content.decode())
    first, second = (analyst.get(f"/simulations/{each}") for each in (1, 2))
    title = "//dd[@title]/@title"
    assert first.tree.xpath(title) == second.tree.xpath(title)
