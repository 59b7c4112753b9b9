"""Reference papers: what a page says, where each line stands in millimetres, and its picture in few greys.

``python -m tests.core.documents.references`` renews ``tests/data/papers`` after a wanted change of the layout; look at
the pictures that differ before they are committed.
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from pypdfium2 import raw

from tests.core.documents import conftest as made
from villagedesk import pdfium
from villagedesk.documents.page import MM
from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import render
from villagedesk.documents.sheet import Look, Sheet

FOLDER = Path(__file__).resolve().parents[2] / "data" / "papers"
DOTS = 2.0
"""Pixels a millimetre: enough to see a line that moved, small enough to keep."""
GREYS = 16


def sheets() -> dict[str, Sheet]:
    """One sheet of each layout there is: notices, forms, sign-off with corners, card, landscape, looks."""
    plain = {
        "notice": made.notice(40),
        "announcement": made.announcement(),
        "signoff": made.signoff_sheet(),
        "record": made.exit_record(),
        "card": made.card(),
        "minutes": made.evaluation_minutes(),
        "landscape": made.labelled("monitoring_list"),
        "letter": made.labelled("refusal_letter"),
    }
    looks = {"big": Look(large=True), "two": Look(up=2), "masked": Look(masked=True), "uyghur": Look(second="ug")}
    return plain | {name: Sheet(*_parts(made.notice(9)), look=look) for name, look in looks.items()}


def _parts(sheet: Sheet) -> tuple[Any, ...]:
    return sheet.paper, sheet.fields, sheet.tables, sheet.stamp


def pdf_of(sheet: Sheet) -> bytes:
    """The file of a sheet."""
    return render(sheet, made.TERMS, load_papers()).pdf


def lines_of(pdf: bytes) -> list[list[Any]]:
    """Every line of text of every page: page, words, left edge and base line in mm from the upper left corner."""
    with pdfium.Document(pdf) as document:
        heights = [document.size(number)[1] for number in range(len(document))]
        pages = [document.text(number, _characters) for number in range(len(document))]
    return [
        [number, words, round(x / MM, 2), round((height - y) / MM, 2)]
        for number, (height, characters) in enumerate(zip(heights, pages, strict=True), 1)
        for words, x, y in _joined(characters)
    ]


def _characters(text: Any) -> list[tuple[str, float, float]]:
    found = []
    for place in range(raw.FPDFText_CountChars(text)):
        x, y = raw.c_double(), raw.c_double()
        raw.FPDFText_GetCharOrigin(text, place, x, y)
        code = raw.FPDFText_GetUnicode(text, place)
        if code > 0x20 and not raw.FPDFText_IsGenerated(text, place):
            found.append((chr(code), x.value, y.value))
    return found


def _joined(characters: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    lines: list[tuple[str, float, float]] = []
    for char, x, y in characters:
        if lines and abs(lines[-1][2] - y) < 0.5:
            lines[-1] = (lines[-1][0] + char, lines[-1][1], y)
        else:
            lines.append((char, x, y))
    return [(words.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), x, y) for words, x, y in lines]


def picture_of(pdf: bytes) -> Image.Image:
    """The first page in few greys."""
    with pdfium.Document(pdf) as document:
        drawn = document.picture(0, DOTS / MM, lambda bitmap: bitmap.to_pil().convert("L"))
    return drawn.point(lambda grey: round(grey / 255 * (GREYS - 1)) * 255 // (GREYS - 1))


def main() -> None:
    """Write every reference anew and say which changed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = set()
    for name, sheet in sheets().items():
        pdf = pdf_of(sheet)
        stream = BytesIO()
        picture_of(pdf).quantize(GREYS).save(stream, "PNG", optimize=True)
        text = "[\n" + ",\n".join(json.dumps(line, ensure_ascii=False) for line in lines_of(pdf)) + "\n]\n"
        for file, content in ((f"{name}.json", text.encode()), (f"{name}.png", stream.getvalue())):
            kept.add(file)
            if not (FOLDER / file).is_file() or (FOLDER / file).read_bytes() != content:
                (FOLDER / file).write_bytes(content)
                sys.stdout.write(f"{file}\n")
    for file in FOLDER.iterdir():
        if file.name not in kept:
            file.unlink()


if __name__ == "__main__":
    main()
