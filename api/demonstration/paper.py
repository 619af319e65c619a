"""Papers of the demonstration: small PDF files made here, the same bytes every time."""

from __future__ import annotations

from collections.abc import Sequence

#: A4 in points, the left margin, and the line at which text begins
WIDTH, HEIGHT, LEFT, TOP = 595, 842, 72, 740
LINE = 26
#: characters of a line
FULL = 36
#: a font that every reader has for Chinese, and so is not embedded; letters are half as wide
FACE = "/BaseFont/STSong-Light"
ORDER = "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
BOX = "/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93"
FONT = (
    f"<</Type/Font/Subtype/Type0{FACE}/Encoding/UniGB-UCS2-H/DescendantFonts[5 0 R]>>",
    f"<</Type/Font/Subtype/CIDFontType0{FACE}/DW 1000/W[1 95 500]{ORDER}/FontDescriptor 6 0 R>>",
    f"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6{BOX}>>",
)


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """Return a page with a title and lines of text."""
    content = drawn(title, [part for line in lines for part in broken(line)])
    page = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]"
        "/Resources<</Font<</F1 4 0 R>>>>/Contents 7 0 R>>"
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        *FONT,
        f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
    ]
    return assembled(objects)


def drawn(title: str, lines: Sequence[str]) -> str:
    """Return the drawing of a page: the title in the middle, a rule, the lines."""
    start = (WIDTH - 22 * len(title)) // 2
    parts = [shown(title, 22, max(start, LEFT), TOP)]
    parts.append(f"0.6 w {LEFT} {TOP - 20} m {WIDTH - LEFT} {TOP - 20} l S")
    parts += [shown(line, 12, LEFT, TOP - 56 - LINE * at) for at, line in enumerate(lines)]
    return "\n".join(parts)


def shown(text: str, size: int, x: int, y: int) -> str:
    """Return the drawing of one line."""
    return f"BT /F1 {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"


def broken(line: str) -> list[str]:
    """Return a text in lines that fit."""
    return [line[at : at + FULL] for at in range(0, len(line), FULL)]


def assembled(objects: Sequence[str]) -> bytes:
    """Return a PDF file of numbered objects, the first its catalogue."""
    parts, places = [b"%PDF-1.4\n%\xe8\x81\x94\xe5\xae\xa1\n"], []
    for number, body in enumerate(objects, 1):
        places.append(sum(map(len, parts)))
        parts.append(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start, size = sum(map(len, parts)), len(objects) + 1
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    parts.append(f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode())
    return b"".join(parts)
