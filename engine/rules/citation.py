"""Laws as the city's files cite them, in the words of a Chinese page or document.

A note is in both languages at once, such as `城乡规划法 art.40; 行政许可法 art.42`; in English it
is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ARTICLE = re.compile(r"\s*\bart\.\s*(\d+)(?:-(\d+))?(?:\s+para\.\s*(\d+))?(?:\((\d{1,2})\))?")
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
DIGITS = "零一二三四五六七八九"


def chinese(text: str) -> str:
    """Return a note on a law in Chinese."""
    told = ARTICLE.sub(_article, text)
    for phrase, word in PHRASES.items():
        told = told.replace(phrase, word)
    return told


def _article(found: re.Match[str]) -> str:
    """Return an article, or several in a row, as Chinese laws are cited."""
    first, last, paragraph, item = found.groups()
    told = f"第{first}至{last}条" if last else f"第{first}条"
    told += f"第{paragraph}款" if paragraph else ""
    return f"{told}第（{_numeral(int(item))}）项" if item else told


def _numeral(number: int) -> str:
    """Return a number below 100 in Chinese: items of an article are numbered so."""
    tens, ones = divmod(number, 10)
    ten = {0: "", 1: "十"}.get(tens, f"{DIGITS[tens]}十")
    return ten + (DIGITS[ones] if ones or not tens else "")
