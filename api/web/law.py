"""Laws as the catalogue cites them, in the words of the page.

The catalogue's `legal_basis` is a short note in both languages at once, such as
`城乡规划法 art.40; 行政许可法 art.42`. In English it is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from api.web.language import CHINESE, language

ARTICLE = re.compile(r"\s*\bart\.\s*(\d+)(?:-(\d+))?(?:\s+para\.\s*(\d+))?")
#: what the notes say in English, the longer first
PHRASES: Mapping[str, str] = {
    "filed on receipt of full information": "信息收齐即备案",
    "public notice not counted": "公示时间不计",
    "local rule": "地方规定",
    "local": "地方规定",
    " until ": "截至 ",
    ", then ": "，此后 ",
    "since ": "自 ",
    " wd": " 个工作日",
    "; ": "；",
    ": ": "：",
    " (": "（",
    ")": "）",
}
#: what the law says of not accepting and of refusing, as notices cite it, by outcome
GROUNDS: Mapping[str, tuple[str, ...]] = {
    # item 1 is for what needs no licence; whatever else stands in the way has a law of its own
    "not_accept": ("《行政许可法》第三十二条", "《行政许可法》第三十二条第一款第（一）项"),
    "out_of_scope": ("《行政许可法》第三十二条第一款第（二）项",),
    "refuse": ("《行政许可法》第三十八条第二款",),
}


def law(text: str) -> str:
    """Return a note on a law in the page's language."""
    if language() != CHINESE:
        return text
    told = ARTICLE.sub(article, text)
    for phrase, word in PHRASES.items():
        told = told.replace(phrase, word)
    return told


def article(found: re.Match[str]) -> str:
    """Return an article, or several in a row, as Chinese laws are cited."""
    first, last, paragraph = found.groups()
    told = f"第{first}至{last}条" if last else f"第{first}条"
    return f"{told}第{paragraph}款" if paragraph else told


def grounds(outcomes: list[str], legal_basis: str) -> Iterator[str]:
    """Yield what may be cited for these outcomes of an item: the law's own words first."""
    for outcome in outcomes:
        yield from GROUNDS.get(outcome, ())
    if legal_basis:
        yield law(legal_basis)
