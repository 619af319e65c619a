"""Forms: sent once, and what was typed is kept whatever happens on the way."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.small import Asked, Stage, Told, page, stage

FORM = (
    '<form method="post" action="/say" {more}><input type="hidden" name="_csrf" value="old">'
    '<label>理由 <input name="why" value="{why}"></label>'
    '<label><input type="checkbox" name="sure" value="yes"> 确认</label>'
    '<button>提交</button></form><a href="/other">别处</a>'
)


def form(more: str = "", why: str = "") -> str:
    return FORM.format(more=more, why=why)


@pytest.fixture
def on(chromium: Browser) -> Iterator[Stage]:
    with stage(chromium) as made:
        made.site.shows("/other", page("<p>另一页</p>", title="别处"))
        yield made


def type_and_send(shown: Page, why: str = "材料不齐") -> None:
    shown.get_by_label("理由").fill(why)
    shown.get_by_role("button", name="提交").click()


# -- sent once -----------------------------------------------------------------------------------


def test_a_double_click_sends_once_and_a_slow_answer_is_shown(on: Stage) -> None:
    free = threading.Event()

    def slowly(_: Asked) -> Told:
        free.wait(10)
        return page("<p>收到</p>")

    on.site.shows("/say", slowly)
    shown = on.show(form())
    button = shown.get_by_role("button", name="提交")
    button.dblclick()
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_class("is-slow")
    shown.get_by_label("理由").press("Enter")
    free.set()
    expect(shown.get_by_text("收到")).to_be_visible()
    assert len(on.site.sent("/say")) == 1


def test_a_refused_form_is_shown_at_the_address_it_was_at(on: Stage) -> None:
    again = form('data-unsaved data-guard="离开？"', "太短").replace(
        'name="why"', 'name="why" aria-invalid="true"'
    )
    on.watch.expected.add(422)
    on.site.shows("/say", Told(page(again).body, 422))
    shown = on.show(form())
    type_and_send(shown, "太短")
    field = shown.get_by_label("理由")
    expect(field).to_be_focused()
    expect(field).to_have_value("太短")
    assert shown.url == f"{on.site.address}/"


# -- what goes wrong on the way --------------------------------------------------------------------


def test_a_form_that_does_not_get_through_keeps_what_was_typed(on: Stage) -> None:
    on.site.shows("/say", Told(status=0))
    on.watch.offline = True
    shown = on.show(form())
    type_and_send(shown)
    expect(shown.get_by_role("status")).to_have_text("没有发出去")
    expect(shown.get_by_label("理由")).to_have_value("材料不齐")
    on.site.shows("/say", page("<p>收到</p>"))
    shown.get_by_role("button", name="提交").click()
    expect(shown.get_by_text("收到")).to_be_visible()


def test_after_logging_in_again_elsewhere_the_form_can_be_sent(on: Stage) -> None:
    beside = '<div id="failure"><div role="alert" data-failure="unauthenticated">过期</div></div>'
    headers = {"HX-Retarget": "#failure", "HX-Reswap": "innerHTML", "HX-Reselect": "#failure > *"}
    on.watch.expected.add(401)
    on.site.shows("/say", Told(beside, 401, headers=headers))
    shown = on.show(form())
    type_and_send(shown)
    expect(shown.get_by_role("alert")).to_have_text("过期")
    on.site.shows("/", page(form().replace("old", "new")))
    shown.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(shown.get_by_role("status")).to_have_text("已恢复")
    expect(shown.get_by_role("alert")).to_have_count(0)
    expect(shown.get_by_label("理由")).to_have_value("材料不齐")
    on.site.shows("/say", page("<p>收到</p>"))
    shown.get_by_role("button", name="提交").click()
    expect(shown.get_by_text("收到")).to_be_visible()
    assert "_csrf=new" in on.site.sent("/say")[-1].body


def questions(shown: Page, *answers: bool) -> list[Dialog]:
    """Answer the browser's questions in turn; returns them as they are asked."""
    asked: list[Dialog] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog)
        if answers[len(asked) - 1]:
            dialog.accept()
        else:
            dialog.dismiss()

    shown.on("dialog", answer)
    return asked


def test_leaving_a_form_with_unsent_text_asks_first(on: Stage) -> None:
    shown = on.show(form('data-guard="有未保存的内容，确定离开吗？"'))
    asked = questions(shown, False, True)
    shown.get_by_label("理由").fill("材料不齐")
    shown.get_by_role("link", name="别处").click()
    expect(shown.get_by_label("理由")).to_have_value("材料不齐")
    shown.get_by_role("link", name="别处").click()
    expect(shown.get_by_text("另一页")).to_be_visible()
    assert [each.message for each in asked] == ["有未保存的内容，确定离开吗？"] * 2


def test_closing_the_page_asks_too_but_not_when_nothing_was_typed(on: Stage) -> None:
    shown = on.show(form('data-guard="离开？"'))
    asked = questions(shown, True)
    on.open("/other")
    assert not asked
    on.open("/")
    shown.get_by_label("理由").fill("材料不齐")
    on.open("/other")
    assert [each.type for each in asked] == ["beforeunload"]


def test_a_draft_outlives_a_reload_and_is_cleared_when_taken(on: Stage) -> None:
    drafted = form(
        'data-draft="ann:say" data-draft-restored="已恢复未提交的内容" data-draft-drop="放弃"'
    )
    on.site.shows("/say", page("<p>收到</p>"))
    shown = on.show(drafted)
    shown.get_by_label("理由").fill("材料不齐")
    shown.get_by_role("checkbox").check()
    shown.reload()
    expect(shown.locator(".draft-note")).to_contain_text("已恢复未提交的内容")
    expect(shown.get_by_label("理由")).to_have_value("材料不齐")
    expect(shown.get_by_role("checkbox")).to_be_checked()
    shown.get_by_role("button", name="提交").click()
    expect(shown.get_by_text("收到")).to_be_visible()
    on.open("/")
    expect(shown.get_by_label("理由")).to_have_value("")


def test_a_draft_can_be_dropped(on: Stage) -> None:
    shown = on.show(
        form('data-draft="ann:say" data-draft-restored="已恢复" data-draft-drop="放弃"')
    )
    shown.get_by_label("理由").fill("材料不齐")
    shown.reload()
    shown.get_by_role("button", name="放弃").click()
    expect(shown.get_by_label("理由")).to_have_value("")
    shown.reload()
    expect(shown.get_by_label("理由")).to_have_value("")


# -- files ---------------------------------------------------------------------------------------

UPLOAD = (
    '<form method="post" action="/files" enctype="multipart/form-data">'
    '<div class="field"><label data-drop>附件 <input type="file" name="file" data-max-bytes="2048"'
    ' data-accept-types=".pdf,image/*" data-too-large="%(name)s 有 %(size)s，最多 %(max)s"'
    ' data-wrong-type="%(name)s 不是 %(types)s"></label><span data-field-error></span></div>'
    '<progress data-upload-progress max="100" hidden></progress><button>上传</button></form>'
)


def choose(shown: Page, folder: Path, name: str, size: int) -> None:
    path = folder / name
    path.write_bytes(b"x" * size)
    shown.get_by_label("附件").set_input_files(path)


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("计划.pdf", 5000, "计划.pdf 有 5 kB，最多 2 kB"),
        ("计划.exe", 10, "计划.exe 不是 .pdf,image/*"),
    ],
)
def test_a_file_that_would_be_refused_is_not_sent(
    on: Stage, tmp_path: Path, name: str, size: int, told: str
) -> None:
    shown = on.show(UPLOAD)
    choose(shown, tmp_path, name, size)
    expect(shown.locator("[data-field-error]")).to_have_text(told)
    shown.get_by_role("button", name="上传").click()
    on.site.shows("/files", page("<p>收到</p>"))
    choose(shown, tmp_path, "照片.png", 100)
    expect(shown.locator("[data-field-error]")).to_have_text("")
    shown.get_by_role("button", name="上传").click()
    expect(shown.get_by_text("收到")).to_be_visible()
    assert len(on.site.sent("/files")) == 1


def test_a_file_can_be_dropped_onto_its_field(on: Stage) -> None:
    shown = on.show(UPLOAD)
    shown.locator("[data-drop]").evaluate(
        """zone => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["x"], "计划.pdf"));
            const how = { dataTransfer, bubbles: true, cancelable: true };
            zone.dispatchEvent(new DragEvent("drop", how));
        }"""
    )
    names = "input => [...input.files].map(file => file.name)"
    assert shown.get_by_label("附件").evaluate(names) == ["计划.pdf"]


def test_an_upload_shows_how_far_it_is(on: Stage, tmp_path: Path) -> None:
    free = threading.Event()

    def slowly(_: Asked) -> Told:
        free.wait(10)
        return page("<p>收到</p>")

    on.site.shows("/files", slowly)
    shown = on.show(UPLOAD)
    choose(shown, tmp_path, "计划.pdf", 2000)
    shown.get_by_role("button", name="上传").click()
    expect(shown.get_by_role("progressbar")).to_have_attribute("value", re.compile(r"^100$"))
    free.set()
    expect(shown.get_by_text("收到")).to_be_visible()


# -- choosing ------------------------------------------------------------------------------------

BULK = (
    '<form method="post" action="/claim">'
    '<label><input type="checkbox" data-select-all="task"> 全选</label>'
    '<label><input type="checkbox" name="task" value="1"> 甲</label>'
    '<label><input type="checkbox" name="task" value="2"> 乙</label>'
    '<span data-selected-count="已选 %d 项"></span>'
    '<button data-bulk data-reason="先选择事项">领取</button></form>'
)


def test_what_acts_on_chosen_rows_is_blocked_with_its_reason_while_none_is(on: Stage) -> None:
    on.site.shows("/claim", page("<p>收到</p>"))
    shown = on.show(BULK)
    button, count = shown.get_by_role("button"), shown.locator("[data-selected-count]")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    expect(shown.locator("#announcer")).to_have_text("先选择事项")
    shown.get_by_label("甲").check()
    expect(count).to_have_text("已选 1 项")
    assert shown.get_by_label("全选").evaluate("box => box.indeterminate")
    shown.get_by_label("全选").check()
    expect(count).to_have_text("已选 2 项")
    button.click()
    expect(shown.get_by_text("收到")).to_be_visible()
    assert on.site.sent("/claim")[-1].body == "task=1&task=2"
    assert len(on.site.sent("/claim")) == 1


def test_a_filter_is_sent_as_it_is_changed(on: Stage) -> None:
    shown = on.show(
        '<form method="get" action="/"><label>部门 <select name="department" data-submit-on-change>'
        '<option value="">全部</option><option value="fire">消防</option></select></label></form>'
    )
    shown.get_by_label("部门").select_option("消防")
    shown.wait_for_url("**/?department=fire")
