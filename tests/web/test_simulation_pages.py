"""Simulations: set up on a page, watched, read, drawn on the diagrams, compared, removed."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import event, update

from engine.service.logs import calibrating, logs
from engine.service.simulations import claims, frozen, playing, results, standard
from engine.service.simulations.playing import Job
from engine.service.work import Work
from engine.store import tables as t
from tests.api.conftest import Service
from tests.web.city import deploy, started
from tests.web.conftest import Enter
from tests.web.visitor import Shown, Visitor

RECEIPT = Path(__file__).parents[1] / "data" / "receipt.xes.gz"
AFTER, BEFORE = "industrial-2014", "industrial-2013"
FORM, START = "/simulations/new", "/simulations"
MOST_STATEMENTS = 12
#: so little that it is played while a test waits
LITTLE = {"cases": "40", "replications": "4", "warm_up_days": "60", "cool_down_days": "20"}


#: why runs fail, by the engine's own words
FAILED = {
    "a loop in which no time passes never ends. Correct it.": "流程里有一圈走下去不用时间",
    "3 of 40 cases never end: they wait at P. Correct it.": "40 个项目中有 3 个永远办不完，停在 P",
    "more arrives than can be done: 1,280 cases are open at once; 9 tasks wait at P. Correct it.": (
        "同时有 1,280 个项目在办，9 件在 P 排队"
    ),
}
#: as a calibrated log has it
LOGGED: dict[str, Any] = {
    "calendars": {
        "office": {"hours": ["09:00-17:00"], "days": ["mon", "tue", "wed"]},
        "early": {"hours": ["06:00-10:00"], "days": ["mon", "fri"]},
    },
    "clock": "office",
    "steps": {
        "IND-02/receive": {"hours": "fixed(0.3)", "pool": "A"},
        "IND-02/review": {"hours": "lognormal(5, 2)", "pool": "A"},
        "IND-A2": {"hours": "gamma(30, 8)"},
    },
    "shares": {"IND-02/received": {"received--supplement": 0.25}},
    "arrivals": {"per_year": 12.345, "by_month": [1.5] * 12, "backlog": 0},
    "pools": {"A": {"name": "A", "department": "EPB", "people": 0, "calendar": "early"}},
    "people": [{"id": "张", "pools": ["A"], "calendar": "early"}],
}


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
    assert "不是 YAML：第" in shown.one("//*[@id='h-resources']")


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


def assumed(shown: Shown) -> Any:
    """What a run's page says that it assumes."""
    [written] = shown.tree.xpath("//pre/text()")
    return yaml.safe_load(written)


def test_what_a_run_assumed_survives_a_press_that_changes_nothing(analyst: Visitor) -> None:
    start(analyst, resources=yaml.safe_dump(LOGGED))
    shown = analyst.get(f"{FORM}?again=1")
    chosen = "//select[@name='factor-approval']/option[@selected]"
    assert shown.one(chosen) == "与那次相同"
    again = analyst.send(START, f"{FORM}?again=1")
    assert assumed(again) == LOGGED
    digests = {
        tuple(analyst.get(f"/simulations/{each}").tree.xpath("//dd[@title]/@title"))
        for each in (1, 2)
    }
    assert len(digests) == 1
    other = analyst.send(START, f"{FORM}?again=1", **{"factor-approval": "pert(0.9, 1, 1.2)"})
    assert assumed(other)["steps"]["IND-02/review"] == {"pool": "A"}
    assert assumed(other)["durations"] == {"approval": "pert(0.9, 1, 1.2)"}


def test_the_citys_own_assumptions_survive_too(analyst: Visitor, service: Service) -> None:
    analyst.get(FORM)
    city = service.act(lambda work: standard.assumptions(work.settings))
    assert assumed(analyst.send(START)) == city


def test_a_logs_calibration_is_played_as_it_is(analyst: Visitor, service: Service) -> None:
    kept = {"assumptions": {**LOGGED, "lapse": False}}
    for number, (name, procedure) in enumerate((("本流程的", AFTER), ("别的", BEFORE)), 1):
        service.act(logs.add, name, RECEIPT.read_bytes())
        service.act(calibrating.keep, number, {**kept, "procedure": procedure})
    shown = analyst.get(f"{FORM}?procedure={AFTER}&log=1")
    words = shown.all("//select[@name='base']/option")
    assert any("本流程的" in each for each in words)
    assert not any("别的" in each for each in words)
    assert shown.one("//select[@name='factor-approval']/option[@selected]") == "按日志"
    assert assumed(analyst.send(START)) == LOGGED


def test_assumptions_are_refused_once_at_their_field_in_chinese(analyst: Visitor) -> None:
    shown = start(analyst, resources="pools: {EPB: {people: -1}}\nlapse: true")
    told = shown.one("//*[@id='h-resources']")
    assert "pools.EPB.people 要写 0 到 10000 之间的整数，不是 -1" in told
    assert "lapse 没有这个键" in told
    assert shown.text.count("没有这个键") == 1
    assert "设定有误。 请改正所指的地方" in shown.one("//*[@role='alert']//p[1]")


def test_of_projects_under_way_it_says_what_is_played(analyst: Visitor, service: Service) -> None:
    started(service, AFTER)
    shown = analyst.get(f"{FORM}?portfolio={AFTER}")
    assert not shown.tree.xpath("//input[@name='cases']")
    assert shown.tree.xpath("//input[@name='warm_up_days']/@type") == ["hidden"]
    assert shown.tree.xpath("//input[@name='cool_down_days']/@value") == ["485"]
    analyst.send(START, replications="4", staffing="none", cool_down_days="10")
    play(service)
    page = analyst.get("/simulations/1")
    facts = " ".join(page.all("//section[@id='inputs']//dl/div"))
    assert "在办项目1" in facts
    assert "以后还有项目到来10 天" in facts
    assert "3,000" not in facts
    row = " ".join(analyst.get("/simulations").all("//tr[@data-key]/td"))
    assert "1 个 × 4 次" in row
    exported = analyst.get("/simulations?format=csv").body.decode("utf-8-sig").splitlines()[1]
    assert ",4,1," in exported


def test_what_no_field_asks_for_is_told_above_the_form(analyst: Visitor, service: Service) -> None:
    wrong = {"items": {"IND-99": {"days": "fixed(1)"}}}
    service.act(logs.add, "旧的", RECEIPT.read_bytes())
    service.act(calibrating.keep, 1, {"procedure": AFTER, "assumptions": wrong})
    shown = start(analyst, f"{FORM}?procedure={AFTER}&log=1")
    assert shown.status == 422
    assert "items.IND-99" in shown.one("//*[@role='alert']//p[1]")


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
    for text, told in FAILED.items():
        service.act(lambda work, why=text: work.db.execute(update(t.simulation).values(error=why)))
        assert told in analyst.get("/simulations/1").one("//p[@class='sim-error']")
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


def test_a_run_in_which_nobody_opens_is_shown_without_figures(
    analyst: Visitor, service: Service
) -> None:
    for _each in range(2):
        start(analyst, sensitivity="1")
    play(service, 1)
    play(service, 2)
    service.act(lambda work: work.db.execute(update(t.simulation).values(result=nothing(work))))
    page = analyst.get("/simulations/1")
    assert page.status == 200
    assert "没有一个项目走到开工" in page.one("//p[@class='sim-headline']")
    for path in (
        "/simulations",
        "/simulations?format=csv",
        "/simulations/1?measure=whole&sort=waiting&of=p90",
        "/simulations/1/diagram",
        "/simulations/compare?first=1&second=2",
    ):
        assert analyst.get(path).status == 200, path


def nothing(work: Work) -> bytes:
    """A result in which no project came to construction start, and of hours nothing is known."""
    result = results.result(work, 1)
    result["measures"]["counted"] = result["measures"]["elapsed"] = None
    result["promise"] = result["window"] = None
    result["figures"] = dict.fromkeys(result["figures"], [None] * 4)
    result["warm_up"]["series"] = []
    for each in result["items"]:
        unknown = ("waiting", "working", "off_hours", "held", "within_promise", "criticality")
        each.update(dict.fromkeys(unknown))
        each["days"] = dict.fromkeys(("mean", "p50", "p90"))
    for each in result["nodes"]:
        each.update(dict.fromkeys(("waiting", "working", "off_hours", "held")))
    for each in result["sensitivity"]:
        each.update({key: [None, None] for key in ("mean", "p90", "base")})
    return frozen.packed_data(result)


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
