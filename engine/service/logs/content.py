"""What a file of events is written in, told by what is in it."""

from __future__ import annotations

from enum import StrEnum

#: what may stand before the first bracket of XML, with the mark of its encoding
BLANK = b"\xef\xbb\xbf \t\r\n"
#: XML in UTF-16 begins with one of these: its mark, or a bracket of two bytes
WIDE_XML = (b"\xff\xfe<\x00", b"\xfe\xff\x00<", b"<\x00", b"\x00<")


class Form(StrEnum):
    """What a file of events is written in."""

    XES = "xes"
    CSV = "csv"


def form_of(content: bytes) -> Form:
    """Return what unpacked content is: XES begins with a bracket, CSV with anything else."""
    is_xml = content.lstrip(BLANK).startswith(b"<") or content.startswith(WIDE_XML)
    return Form.XES if is_xml else Form.CSV
