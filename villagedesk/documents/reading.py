"""Read a finished PDF back as a stranger would, for the leak check: text by pages, metadata and outline."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any

import pikepdf
from pypdfium2 import raw

from villagedesk import pdfium

_BETWEEN = frozenset([*" \t\n\u3000·.-—–_/*", ""])
_CHECK = ("X", "x")
_SPACE = 0x20
_FAR = 4  # more separators than this part two numbers
_OWN_XMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:+-]+|W5M0MpCehiHzreSzNTczkc9d|http://[\w./#-]+")


@dataclass(frozen=True, slots=True)
class Layer:
    """A stretch of text: ``page`` from 1, 0 for metadata and outline. Half-width, line ends as newlines.

    ``plain``: as it stands. ``tight``: digits joined across what separates them inside one cell or paragraph.
    ``loose``: digits joined across everything that may stand between two groups, also from cell to cell.
    ``pictures``: how many there are in the file, told with its metadata.
    """

    page: int
    plain: str
    tight: str
    loose: str
    pictures: int = 0


def read_layers(pdf: bytes) -> Iterator[Layer]:
    """The layers of a PDF. Raises for a file, or a page of it, whose text cannot be read."""
    yield replace(_flat(_metadata(pdf)), pictures=_pictures(pdf))
    with pdfium.Document(pdf) as document:
        yield _flat("\n".join(document.titles()))
        for number in range(len(document)):
            layer = document.text(number, partial(_page, number=number + 1))
            if not layer.plain.strip():
                raise ValueError("a page without text")
            yield layer


def _flat(text: str) -> Layer:
    plain = unicodedata.normalize("NFKC", text)
    joined = re.sub(r"(?<=\d)[ \t\n\u3000·.\-—–_/*]{1,3}(?=[\dXx])", "", plain)
    return Layer(0, plain, joined, joined)


def _pictures(pdf: bytes) -> int:
    """Pictures of any page, drawn through a form or not."""
    with pikepdf.open(BytesIO(pdf)) as document:
        streams = (each for each in document.objects if isinstance(each, pikepdf.Stream))
        return sum(each.get("/Subtype") == "/Image" for each in streams)


def _metadata(pdf: bytes) -> str:
    with pikepdf.open(BytesIO(pdf)) as document:
        words = [str(value) for key, value in document.docinfo.items() if key not in ("/CreationDate", "/ModDate")]
        if "/Metadata" in document.Root:
            words.append(_OWN_XMP.sub("", document.Root.Metadata.read_bytes().decode()))
        for page in document.pages:
            words += [str(note.get("/Contents", "")) for note in page.obj.get("/Annots", [])]
        words += document.attachments.keys()
    return "\n".join(words)


def _page(text: Any, number: int) -> Layer:  # a pointer of the C library
    """One page, character by character: only the places of digits tell whether two groups are one number."""
    codes = [raw.FPDFText_GetUnicode(text, n) for n in range(raw.FPDFText_CountChars(text))]
    chars = [unicodedata.normalize("NFKC", _char(code)) for code in codes]
    plain = "".join(chars)
    tight: list[str] = []
    loose: list[str] = []
    last = -1  # index of the last digit, -1 after anything but separators
    for n, char in enumerate(chars):
        if last >= 0 and n - last > 1 and (char.isdigit() or char in _CHECK):
            del loose[last - n + 1 :]
            if _same_place(text, last, n):
                del tight[last - n + 1 :]
        tight.append(char)
        loose.append(char)
        if char.isdigit():
            last = n
        elif char not in _BETWEEN or n - last >= _FAR:
            last = -1
    return Layer(number, plain.encode("utf-16", "surrogatepass").decode("utf-16"), "".join(tight), "".join(loose))


def _char(code: int) -> str:
    return "" if code in (0, 0x0D, 0xFFFE) else chr(code)


def _same_place(text: Any, before: int, after: int) -> bool:
    """Whether two digits with separators between them stand in one cell: drawn so, close by, or one below the other."""
    if not any(raw.FPDFText_IsGenerated(text, n) for n in range(before + 1, after)):
        return True
    one, two = _box(text, before), _box(text, after)
    height = max(one[3] - one[2], 1.0)
    if abs(one[2] - two[2]) < height:
        return two[0] - one[1] < 0.9 * height
    left = _box(text, _start_of_line(text, before, height))[0]
    return abs(one[2] - two[2]) < 4 * height and left - 4 * height < two[0] < one[1] + height


def _start_of_line(text: Any, place: int, height: float) -> int:
    """Where the line of a character begins within its cell: behind a line end or a wide gap.

    A blank that the reader made up where the font changes is neither.
    """
    while place:
        if raw.FPDFText_IsGenerated(text, place - 1):
            narrow = place > 1 and raw.FPDFText_GetUnicode(text, place - 1) == _SPACE
            if not narrow or _box(text, place)[0] - _box(text, place - 2)[1] > 0.9 * height:
                break
        place -= 1
    return place


def _box(text: Any, place: int) -> tuple[float, float, float, float]:
    """Left, right, bottom, top of a character in points."""
    sides = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(text, place, *map(ctypes.byref, sides))
    left, right, bottom, top = (side.value for side in sides)
    return left, right, bottom, top
