"""Diagrams: the city's own, coloured by the state of the work, and by what a check found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.small import Stage, Told, built, page, stage

PROCEDURES = Path(__file__).parents[2] / "bpmn" / "procedures"
MORE = ("diagram.css", "diagram.js")
FRAME = """
<section class="card" data-diagram-frame>
  <nav>{tabs}</nav>
  <button data-diagram-zoom="in">放大</button><button data-diagram-zoom="fit">全图</button>
  <button data-diagram-zoom="map">缩略图</button><button data-diagram-zoom="full">全屏</button>
  <div data-diagram="/planning.bpmn" role="group" aria-label="规划许可流程图"
    data-diagram-failed="流程图画不出来" data-diagram-remedy="请重新部署" data-diagram-retry="重试"
    {more}></div>
  {below}
</section>
"""
STATES = {
    "elements": {
        "IND-07": {"state": "done", "badge": "09-03", "icon": "check"},
        "IND-09": {
            "state": "late",
            "badge": "逾期 2 天",
            "href": "/tasks/2",
            "title": "人防工程审批，逾期 2 天",
        },
        "IND-10": {"state": "running", "badge": "第 4/5 天", "soft": True},
        "no-such-element": {"state": "done"},
    },
    "flows": {"IND-09--join-IND-10": "soft", "START--fork-START": "done"},
}
FILL = "body => getComputedStyle(body.querySelector('.djs-visual > :first-child')).fill"


@pytest.fixture
def on(chromium: Browser) -> Iterator[Stage]:
    with stage(chromium) as made:
        for name in ("planning", "approval"):
            text = (PROCEDURES / "industrial-2014" / f"{name}.bpmn").read_text(encoding="utf-8")
            made.site.shows(f"/{name}.bpmn", Told(text, kind="text/xml"))
        made.site.shows("/states", answer(STATES))
        made.site.shows("/tasks/2", page("<p>办理人防工程审批</p>"))
        yield made


def answer(value: Any) -> Told:
    return Told(json.dumps(value), kind="application/json")


def draw(on: Stage, more: str = 'data-states="/states"', tabs: str = "", below: str = "") -> Page:
    shown = on.show(FRAME.format(more=more, tabs=tabs, below=below), more=MORE)
    expect(shown.locator("[data-diagram]")).to_have_attribute(
        "data-diagram-shown", "/planning.bpmn"
    )
    return shown


def element(shown: Page, name: str) -> Locator:
    return shown.locator(f"g.djs-element[data-element-id='{name}']")


def test_the_state_of_the_work_is_colour_words_and_a_link(on: Stage) -> None:
    shown = draw(on)
    late = element(shown, "IND-09")
    assert late.evaluate(FILL) == "rgb(255, 227, 207)"
    expect(shown.locator(".diagram-pill-late")).to_have_text("逾期 2 天")
    icon = shown.locator(".diagram-pill-late use")
    expect(icon).to_have_attribute("href", f"{built('icons.svg')}#clock-exclamation")
    expect(late).to_have_attribute("aria-label", "人防工程审批，逾期 2 天")
    assert element(shown, "IND-07").evaluate(FILL) == "rgb(225, 242, 235)"
    late.click()
    expect(shown.get_by_text("办理人防工程审批")).to_be_visible()


def test_the_pill_lies_astride_the_upper_edge(on: Stage) -> None:
    shown = draw(on)
    pill = shown.locator(".diagram-pill-late").bounding_box()
    body = element(shown, "IND-09").locator(".djs-visual > rect").first.bounding_box()
    assert pill is not None
    assert body is not None
    assert pill["y"] < body["y"] < pill["y"] + pill["height"]
    assert abs(pill["x"] + pill["width"] / 2 - body["x"] - body["width"] / 2) < 2


def test_elements_that_lead_somewhere_are_reached_and_opened_by_keyboard(on: Stage) -> None:
    shown = draw(on)
    shown.locator("[data-diagram]").focus()
    shown.keyboard.press("Tab")
    expect(element(shown, "IND-09")).to_be_focused()
    shown.keyboard.press("Enter")
    expect(shown.get_by_text("办理人防工程审批")).to_be_visible()


def test_new_states_recolour_and_leave_the_view_alone(on: Stage) -> None:
    shown = draw(on, 'data-states="/states" data-live-every="0.2"')
    shown.get_by_role("button", name="放大").click()
    view = "svg => svg.querySelector('.viewport').getAttribute('transform')"
    before = shown.locator(".djs-container > svg").evaluate(view)
    on.site.shows("/states", answer({"elements": {"IND-09": {"state": "done", "badge": "10-16"}}}))
    expect(shown.locator(".diagram-pill")).to_have_text(["10-16"])
    expect(element(shown, "IND-09")).not_to_have_attribute("role", "link")
    assert element(shown, "IND-09").evaluate(FILL) == "rgb(225, 242, 235)"
    assert shown.locator(".djs-container > svg").evaluate(view) == before


def test_names_are_in_the_pages_language(on: Stage) -> None:
    on.site.shows(
        "/labels", answer({"IND-09": "Civil air defence", "wait-IND-01": "Filing decided"})
    )
    shown = draw(on, 'data-labels="/labels"')
    expect(element(shown, "IND-09")).to_contain_text("Civil air defence")
    expect(element(shown, "wait-IND-01_label")).to_contain_text("Filing decided")
    expect(element(shown, "IND-08")).to_contain_text("设计方案审查")


def test_tabs_change_the_diagram_and_its_list(on: Stage) -> None:
    tabs = """
      <a href="/?stage=planning" data-diagram-tab="/planning.bpmn" aria-current="true">规划</a>
      <a href="/?stage=approval" data-diagram-tab="/approval.bpmn" data-label="项目审批">审批</a>
    """
    below = (
        '<ul data-diagram-for="/planning.bpmn"><li>甲</li></ul>'
        '<ul data-diagram-for="/approval.bpmn" hidden><li>乙</li></ul>'
    )
    shown = draw(on, tabs=tabs, below=below)
    tab = shown.get_by_role("link", name="审批", exact=True)
    tab.click()
    box = shown.locator("[data-diagram]")
    expect(box).to_have_attribute("data-diagram-shown", "/approval.bpmn")
    expect(box).to_have_attribute("aria-label", "项目审批")
    expect(shown.get_by_text("甲")).to_be_hidden()
    expect(shown.get_by_text("乙")).to_be_visible()
    expect(tab).to_have_attribute("aria-current", "true")
    assert shown.url.endswith("/?stage=approval")
    assert not on.site.sent("/")[1:], "the page was loaded again"


def test_keys_move_and_zoom_and_the_wheel_is_the_pages_until_then(on: Stage) -> None:
    shown = draw(on, below='<div style="height: 3000px"></div>')
    view = "() => document.querySelector('.viewport').getAttribute('transform')"
    fitted = shown.evaluate(view)
    shown.locator("[data-diagram]").hover()
    shown.mouse.wheel(0, 120)
    shown.wait_for_function("() => window.scrollY > 0")
    assert shown.evaluate(view) == fitted
    shown.locator("[data-diagram]").focus()
    seen = [fitted]
    for key in ("ArrowRight", "ArrowDown", "+", "-"):
        shown.keyboard.press(key)
        seen.append(shown.evaluate(view))
    assert len(set(seen)) == 5
    shown.keyboard.press("0")
    assert shown.evaluate(view) == fitted


def test_map_and_full_screen(on: Stage) -> None:
    shown = draw(on)
    button = shown.get_by_role("button", name="缩略图")
    was = button.get_attribute("aria-pressed")
    button.click()
    expect(button).not_to_have_attribute("aria-pressed", was or "")
    shown.get_by_role("button", name="全屏").click()
    shown.wait_for_function("() => document.fullscreenElement?.matches('[data-diagram-frame]')")
    expect(element(shown, "IND-09")).to_be_visible()
    shown.get_by_role("button", name="全屏").click()
    shown.wait_for_function("() => !document.fullscreenElement")


PROBLEMS: list[dict[str, Any]] = [
    {"element": "IND-09", "severity": "error", "message": "没有承诺天数"},
    {"element": "IND-10", "severity": "warning", "message": "没有名称"},
    {"element": "IND-09", "severity": "warning", "message": "没有办理人"},
    {"element": "IND-07--join-IND-08", "severity": "error", "message": "没有条件"},
    {"element": None, "severity": "error", "message": "整个文件"},
]


def test_problems_are_numbered_on_the_diagram_and_found_from_either_side(on: Stage) -> None:
    below = "".join(
        f'<button data-problem-element="{each["element"]}">{each["message"]}</button>'
        for each in PROBLEMS
    )
    shown = draw(on, f"data-problems='{json.dumps(PROBLEMS)}'", below=below)
    badges = shown.locator(".diagram-problem")
    expect(badges).to_have_text(["1 3", "2", "4"])
    expect(badges.first).to_have_attribute("title", "没有承诺天数\n没有办理人")
    shown.get_by_role("button", name="没有名称").click()
    expect(element(shown, "IND-10")).to_contain_class("is-problem-warning is-chosen")
    badges.first.click()
    expect(element(shown, "IND-10")).not_to_contain_class("is-chosen")
    expect(shown.get_by_role("button", name="没有承诺天数")).to_have_class("is-chosen")


def test_a_problem_of_another_diagram_brings_that_one(on: Stage) -> None:
    found = json.dumps([{}, {"element": "IND-02", "severity": "error", "message": "没有天数"}])
    tabs = f"""
      <button data-diagram-tab="/planning.bpmn" aria-pressed="true">规划</button>
      <button data-diagram-tab="/approval.bpmn" data-problems='{found}'>审批</button>
    """
    below = (
        '<button data-problem-element="IND-10" data-problem-diagram="/planning.bpmn">甲</button>'
        '<button data-problem-element="IND-02" data-problem-diagram="/approval.bpmn">乙</button>'
    )
    more = f"data-problems='{json.dumps(PROBLEMS)}'"
    shown = draw(on, more, tabs=tabs, below=below)
    shown.get_by_role("button", name="乙").click()
    box = shown.locator("[data-diagram]")
    expect(box).to_have_attribute("data-diagram-shown", "/approval.bpmn")
    expect(element(shown, "IND-02")).to_contain_class("is-problem-error is-chosen")
    expect(shown.locator(".diagram-problem")).to_have_text(["2"])
    expect(shown.get_by_role("button", name="乙")).to_have_class("is-chosen")
    expect(shown.get_by_role("button", name="甲")).not_to_have_class("is-chosen")


@pytest.mark.parametrize(
    "bad", [Told("nothing", 404), Told("<bpmn", kind="text/xml"), Told(status=0)], ids=str
)
def test_an_unreadable_diagram_says_so_and_can_be_tried_again(on: Stage, bad: Told) -> None:
    on.watch.expected.add(404)
    on.watch.offline = True
    good = on.site.answers["/planning.bpmn"]
    on.site.shows("/planning.bpmn", bad)
    shown = on.show(FRAME.format(more="", tabs="", below=""), more=MORE)
    expect(shown.get_by_role("alert")).to_contain_text("流程图画不出来请重新部署")
    on.site.shows("/planning.bpmn", good)
    shown.get_by_role("button", name="重试").click()
    expect(element(shown, "IND-09")).to_be_visible()
    expect(shown.get_by_role("alert")).to_have_count(0)


def test_a_diagram_may_stand_in_the_page_itself(on: Stage) -> None:
    text = (PROCEDURES / "industrial-2014" / "planning.bpmn").read_text(encoding="utf-8")
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    shown = on.show(
        f'<textarea id="sent" hidden>{escaped}</textarea><div data-diagram="#sent"></div>',
        more=MORE,
    )
    expect(element(shown, "IND-09")).to_be_visible()


@pytest.mark.parametrize(
    "file", sorted(PROCEDURES.glob("*/*.bpmn")), ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_every_diagram_of_the_city_is_drawn_within_its_box(on: Stage, file: Path) -> None:
    on.site.shows("/planning.bpmn", Told(file.read_text(encoding="utf-8"), kind="text/xml"))
    shown = draw(on, "")
    shown.get_by_role("button", name="全图").click()
    box = shown.locator("[data-diagram]").bounding_box()
    pool = shown.locator(".djs-element.is-calm .djs-visual > rect").first.bounding_box()
    assert box is not None
    assert pool is not None
    assert box["x"] <= pool["x"]
    assert pool["x"] + pool["width"] <= box["x"] + box["width"]
    assert pool["y"] + pool["height"] <= box["y"] + box["height"]


def test_a_phone_sees_the_whole_diagram(chromium: Browser) -> None:
    with stage(chromium) as on:
        on.page.set_viewport_size({"width": 390, "height": 844})
        text = (PROCEDURES / "real-estate-2013" / "construction.bpmn").read_text(encoding="utf-8")
        on.site.shows("/planning.bpmn", Told(text, kind="text/xml"))
        on.site.shows("/states", answer(STATES))
        shown = draw(on)
        assert shown.evaluate("document.documentElement.scrollWidth") <= 390
        pool = shown.locator(".djs-element.is-calm .djs-visual > rect").first.bounding_box()
        assert pool is not None
        assert pool["x"] >= 0
        assert pool["x"] + pool["width"] <= 390
        expect(shown.locator(".djs-minimap.open")).to_have_count(0)


def test_a_diagram_that_was_hidden_is_fitted_when_it_shows(on: Stage) -> None:
    shown = draw(on, 'data-states="/states" hidden')
    shown.locator("[data-diagram]").evaluate("box => { box.hidden = false }")
    pool = shown.locator(".djs-element.is-calm .djs-visual > rect").first
    shown.wait_for_function(
        "rect => rect.getBoundingClientRect().width > 900", arg=pool.element_handle()
    )


def test_a_diagram_in_a_live_region_stays_drawn(on: Stage) -> None:
    region = (
        '<section id="part" data-live="/part" data-live-every="0.2"><h2>{title}</h2>'
        '<div data-diagram="/planning.bpmn" data-states="{states}"></div></section>'
    )
    on.site.shows("/part", Told(region.format(title="新", states="/later")))
    on.site.shows("/later", answer({"elements": {"IND-09": {"state": "done", "badge": "10-16"}}}))
    shown = on.show(region.format(title="旧", states="/states"), more=MORE)
    expect(shown.get_by_role("heading", name="新")).to_be_visible()
    expect(shown.locator(".diagram-pill")).to_have_text(["10-16"])
    assert len(on.site.sent("/planning.bpmn")) == 1
