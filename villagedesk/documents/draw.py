"""Pages become PDF: the only module that writes with reportlab.

Operators are written straight into the page's content, one text object a page: a call of the canvas for every cell
costs more than everything else on a long list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
import zxingcpp
from reportlab.pdfgen.canvas import Canvas

from villagedesk.documents import fonts
from villagedesk.documents.marks import Code, Cut, Page, Rule, Turned, Words


def write_pdf(pages: Sequence[Page], title: str) -> bytes:
    """The pages as PDF bytes, the same for the same pages. ``title`` names the kind of paper, never a person."""
    stream = BytesIO()
    with fonts.lock:
        fonts.face(fonts.FALLBACK)
        # The default first font, Helvetica, would be named on every page without being embedded.
        canvas = Canvas(stream, pagesize=(pages[0].width, pages[0].height), invariant=1, pageCompression=1,
                        initialFontName=fonts.FALLBACK, lang="zh-CN")  # fmt: skip
        canvas.setTitle(title)
        canvas.setAuthor("")
        canvas.setSubject("")
        canvas.setCreator("VillageDesk")
        for number, page in enumerate(pages):
            _draw(canvas, page, number)
        canvas.save()
    return stream.getvalue()


def _draw(canvas: Any, page: Page, number: int) -> None:
    canvas.setPageSize((page.width, page.height))
    for level, bookmark in enumerate(page.bookmarks):
        key = f"p{number}.{level}"
        canvas.bookmarkPage(key, fit="Fit")
        canvas.addOutlineEntry(bookmark, key, 0)
    write = canvas._code.append  # noqa: SLF001  see the module's docstring
    write(_rules(page))
    write(_cuts(page))
    write(_codes(page))
    write("".join(_words(canvas._doc, page)))  # noqa: SLF001
    canvas.showPage()


def _rules(page: Page) -> str:
    """Every line of the page, each drawn once, those that continue one another as one."""
    lines: dict[tuple[float, bool, float], list[tuple[float, float]]] = {}
    for placed in page.placed:
        for mark in placed.marks:
            if type(mark) is Rule:
                upright = mark.x == mark.to_x
                fixed, start, end = ((mark.x + placed.x, mark.y + placed.y, mark.to_y + placed.y) if upright
                                     else (mark.y + placed.y, mark.x + placed.x, mark.to_x + placed.x))  # fmt: skip
                key = (round(fixed, 2), upright, mark.weight)
                lines.setdefault(key, []).append((round(start, 2), round(end, 2)))
    return "".join(_stroke(key, part, page.height) for key, parts in lines.items() for part in _merged(parts))


def _merged(parts: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Pieces of one straight line, joined where they touch."""
    parts.sort()
    start, end = parts[0]
    for low, high in parts[1:]:
        if low > end + 0.05:
            yield start, end
            start, end = low, high
        else:
            end = max(end, high)
    yield start, end


def _stroke(key: tuple[float, bool, float], part: tuple[float, float], height: float) -> str:
    fixed, upright, weight = key
    (x, y), (to_x, to_y) = ((fixed, part[0]), (fixed, part[1])) if upright else ((part[0], fixed), (part[1], fixed))
    return f"{weight} w 2 J {x:.2f} {height - y:.2f} m {to_x:.2f} {height - to_y:.2f} l S\n"


def _cuts(page: Page) -> str:
    lines = [mark for placed in page.placed for mark in placed.marks if type(mark) is Cut]
    strokes = (f"{m.x:.2f} {page.height - m.y:.2f} m {m.to_x:.2f} {page.height - m.to_y:.2f} l S\n" for m in lines)
    return f"q 0.4 w [2 3] 0 d\n{''.join(strokes)}Q\n" if lines else ""


def _codes(page: Page) -> str:
    codes = ((placed, mark) for placed in page.placed for mark in placed.marks if type(mark) is Code)
    return "".join(
        _code(placed.x + mark.x, page.height - placed.y - mark.y, mark.side, mark.text) for placed, mark in codes
    )


@lru_cache(maxsize=64)
def _code(left: float, top: float, side: float, text: str) -> str:
    modules = modules_of(text)
    dot = side / len(modules)
    squares = (
        f"{left + start * dot:.3f} {top - (number + 1) * dot:.3f} {count * dot:.3f} {dot:.3f} re\n"
        for number, runs in enumerate(modules)
        for start, count in runs
    )
    return "".join(squares) + "f\n"


@lru_cache(maxsize=64)
def modules_of(text: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The dark runs (start, length) of every row of the QR code of ``text``, without a quiet zone."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    dark = np.asarray(barcode.to_image(scale=1, add_quiet_zones=False)) == 0
    return tuple(tuple(_dark_runs(row.tolist())) for row in dark)


def _dark_runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    start = -1
    for place, dark in enumerate([*row, False]):
        if dark and start < 0:
            start = place
        elif not dark and start >= 0:
            yield start, place - start
            start = -1


def _words(doc: Any, page: Page) -> Iterator[str]:
    """One text object: font and spacing are named when they change only."""
    height = page.height
    font_now, spacing_now = ("", 0.0), 0.0
    yield "BT\n"
    for placed in page.placed:
        for mark in placed.marks:
            if type(mark) is Words:
                spacing, way = round(mark.spacing, 4), "1 0 0 1"
            elif type(mark) is Turned:
                spacing, way = 0.0, "0 -1 1 0"
            else:
                continue
            if spacing != spacing_now:
                yield f"{spacing} Tc "
                spacing_now = spacing
            yield f"{way} {placed.x + mark.x:.2f} {height - placed.y - mark.y:.2f} Tm "
            for role, text in fonts.runs(mark.text, mark.role):
                font = fonts.face(role).font
                for subset, codes in font.splitString(text, doc):
                    name = (font.getSubsetInternalName(subset, doc), mark.size)
                    if name != font_now:
                        yield f"{name[0]} {mark.size:g} Tf "
                        font_now = name
                    yield f"<{codes.hex()}> Tj\n"
    yield "ET\n"
