"""Materials handed in beside the form of a task: what came, what is missing, what is refused."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from engine.service import attachments
from engine.service.views import AttachmentView
from tests.api.conftest import Service
from tests.web.cases import Case, begin
from tests.web.conftest import Enter
from tests.web.visitor import Shown, Visitor

PDF = b"%PDF-1.7 a plan"


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service)


def upload(
    visitor: Visitor,
    case: Case,
    material: str = "总平面图",
    content: bytes = PDF,
    name: str = "plan-2.pdf",
    kind: str = "application/octet-stream",
    **more: Any,
) -> Shown:
    """Choose a file in the row of a material, and send it."""
    path = case.path()
    visitor.get(path)
    forms = [each for each in visitor.last.tree.forms if each.get("action") == f"{path}/files"]
    data = dict(forms[0].form_values()) | {"material": material, **more}
    return visitor.post(f"{path}/files", {**data, "file": (BytesIO(content), name, kind)})


def stored(case: Case) -> list[AttachmentView]:
    return list(case.service.act(attachments.find, case.project, "A-1"))


def row(shown: Shown, material: str) -> str:
    return shown.one(f"//li[contains(@class, 'paper')][.//b[.='{material}']]/div")


def test_what_is_missing_is_marked_until_it_comes(case: Case, enter: Enter) -> None:
    maker = enter("maker")
    shown = maker.get(case.path())
    assert "2 件，缺 2 件" in shown.text
    assert "未交" in row(shown, "总平面图")
    shown = upload(maker, case)
    assert "已上传 plan-2.pdf。" in shown.text
    assert "2 件，缺 1 件" in shown.text
    assert "plan-2.pdf 第 1 版 · 15 B · maker" in row(shown, "总平面图")
    [file] = stored(case)
    assert (file.material, file.content_type) == ("总平面图", "application/pdf")
    [address] = shown.all("//a[@download]/@href")
    assert maker.client.get(address).get_data() == PDF


def test_the_same_again_is_the_next_version(case: Case, enter: Enter) -> None:
    maker = enter("maker")
    upload(maker, case)
    shown = upload(maker, case, content=PDF + b"2")
    assert "第 2 版" in row(shown, "总平面图")
    assert "以前的 1 个文件" in row(shown, "总平面图")


def test_a_script_gets_the_page_itself(case: Case, enter: Enter) -> None:
    maker = enter("maker")
    answer = upload(maker, case, part="materials")
    assert answer.status == 200
    assert "plan-2.pdf" in answer.one("//section[@id='materials']//a[@download]")


def test_files_called_like_a_material_are_of_it(case: Case, enter: Enter) -> None:
    sent = ("日照分析.pdf", "application/pdf", PDF)
    case.service.act(attachments.add, case.project, "A-1", *sent)
    assert "日照分析.pdf" in row(enter("li").get(case.path()), "日照分析")


def test_what_was_asked_for_besides_has_its_own_place(case: Case, enter: Enter) -> None:
    case.answer("supplement", materials=["日照分析", "委托书/授权"])
    maker = enter("maker")
    shown = upload(maker, case, "委托书/授权", name="扫描.PDF")
    assert "委托书_授权.pdf" in row(shown, "委托书/授权")
    assert "还缺：日照分析" in shown.text


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        ({"content": b"MZ", "name": "setup.exe"}, 422, "不接受这种文件，或内容与类型不符。"),
        ({"content": b"no pdf"}, 422, "文件是空的，或内容不能接受。"),
        ({"content": b""}, 422, "文件是空的，或内容不能接受。"),
        ({"name": ""}, 422, "请选择一个文件。"),
    ],
)
def test_what_cannot_be_taken_is_told_in_its_row(
    case: Case, enter: Enter, options: dict[str, Any], status: int, told: str
) -> None:
    shown = upload(enter("maker"), case, "日照分析", **options)
    assert shown.status == status
    rows = shown.all("//form[contains(@class, 'sender')][.//p/span[text()]]/input[3]/@value")
    assert rows == ["日照分析"]
    assert told in shown.text
    assert stored(case) == []


def test_a_file_too_large_is_told(case: Case, enter: Enter) -> None:
    limit = case.service.settings.attachment_max_bytes
    maker = enter("maker")
    csrf = maker.get(case.path()).all("//input[@name='_csrf']/@value")[0]
    over = sent(maker, case, multipart(csrf, PDF + bytes(limit)))
    assert over.status == 413
    assert "文件或内容太大。" in over.text
    # what is longer than any form may be is not even read
    assert sent(maker, case, bytes(limit + 100_000)).status == 413
    assert stored(case) == []


def sent(visitor: Visitor, case: Case, body: bytes) -> Shown:
    """Send a body as it is: the test client would put a large form into a file, and forget it."""
    kind = "multipart/form-data; boundary=x"
    return visitor.seen(visitor.client.post(f"{case.path()}/files", data=body, content_type=kind))


def multipart(csrf: str, content: bytes) -> bytes:
    """A form with a file."""
    fields = {"_csrf": csrf, "material": "总平面图"}
    head = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    return f"{head}{file}".encode() + content + b"\r\n--x--\r\n"


def test_only_who_may_hand_in_is_offered_to(case: Case, enter: Enter) -> None:
    shown = enter("supervisor").get(case.path())
    assert not shown.all("//form[contains(@class, 'sender')]")
    assert enter("maker").get(f"{case.path()}/files").one("//h1").startswith("方案审查")
