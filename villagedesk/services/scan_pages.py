"""Pages of scanned or photographed papers: opening them safely, finding their corner codes, cutting out places.

Pure image work: it knows no record. The codes carry document, page and corner; where they stand on the printed page is
known to the tenth of a millimetre (``documents.scan``), so four of them straighten any photograph of it.
"""

from __future__ import annotations

import io
import math
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageSequence

from villagedesk import pdfium
from villagedesk.documents.page import MM, geometry
from villagedesk.documents.scan import CORNERS, EDGE, SIDE, read_corner_text
from villagedesk.errors import Unreadable
from villagedesk.services.homography import Homography, Points, homography
from villagedesk.text import say

Ink = Literal["signed", "empty", "unsure"]
Box = tuple[float, float, float, float]
"""Left, top, width, height in millimetres from the upper left corner of the printed page."""

_HOSTILE = (OSError, ValueError, SyntaxError, TypeError, IndexError, EOFError, ArithmeticError, struct.error)
"""What the picture library lets out of a spoilt file."""

LARGEST_FILE = 512 << 20
MOST_PAGES = 600
MOST_PIXELS = 60_000_000
_RECORD_ID = re.compile("[0-9A-F]{32}")  # what the single code of other papers says
_DPI = 200
_DOTS = 8  # pixels a millimetre of a cut-out place: about 200 dpi
_MARGIN = 2.0  # mm around a place that is shown to a person
_INSET = 1.5  # mm inside its frame that are not looked at
_DARK = 0.72  # of the paper's own brightness
_SIGNED, _EMPTY = 0.008, 0.0015  # share of dark pixels: measured, a short signature covers four percent
_STRAY = 3.0  # mm by which codes may miss their place before the page counts as bent


@dataclass(frozen=True)
class FoundPage:
    """What the codes of a page say.

    ``corners`` are those that were read, none on a paper with a single code; ``to_pixels`` is None when the page cannot
    be straightened by them.
    """

    document_id: str
    page: int
    corners: tuple[str, ...]
    to_pixels: Homography | None

    @property
    def exact(self) -> bool:
        """Whether enough corners were read to judge what stands in a place."""
        return self.to_pixels is not None and len(self.corners) > 2


def open_pages(path: Path) -> Iterator[Image.Image]:
    """The pages of a PDF, PNG, JPEG or TIFF file, upright as the device said, in colour.

    Raises Unreadable for anything else, and for a file or page larger than any scan is.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _unreadable(path)
        with path.open("rb") as stream:
            start = stream.read(5)
        yield from _pdf_pages(path) if start == b"%PDF-" else _image_pages(path)
    except (*_HOSTILE, pdfium.PdfiumError, Image.DecompressionBombError) as error:
        raise _unreadable(path) from error


def find_page(image: Image.Image) -> FoundPage | None:
    """Whose page this is; None when no code was read, or the codes of several papers lie on it."""
    gray = ImageOps.grayscale(image)
    found: dict[tuple[str, int], dict[str, Points]] = {}
    single: set[str] = set()
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for part, left, top, scale in _views(gray):
        for code in zxingcpp.read_barcodes(part, formats=formats):
            said = read_corner_text(code.text)
            if said is not None:
                points = tuple((x / scale + left, y / scale + top) for x, y in _points(code))
                found.setdefault(said[:2], {}).setdefault(said[2], points)
            elif _RECORD_ID.fullmatch(code.text):
                single.add(code.text.lower())
        if len(found) > 1 or len(single) > 1 or (found and single):
            return None
        if single or (found and len(next(iter(found.values()))) == len(CORNERS)):
            break
    if found:
        (document_id, number), corners = next(iter(found.items()))
        return FoundPage(document_id, number, tuple(sorted(corners)), _straighten(corners))
    return FoundPage(single.pop(), 0, (), None) if single else None


def cut(image: Image.Image, page: FoundPage, box: Box) -> Image.Image:
    """A place of the printed page with a margin around it, straightened, eight pixels a millimetre."""
    if page.to_pixels is None:
        raise ValueError("the page was not located")
    left, top, width, height = box[0] - _MARGIN, box[1] - _MARGIN, box[2] + 2 * _MARGIN, box[3] + 2 * _MARGIN
    coefficients = page.to_pixels.after(Homography.scaling(1 / _DOTS, left, top)).eight
    size = (round(width * _DOTS), round(height * _DOTS))
    return image.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC, fillcolor="white")


def straight(image: Image.Image, page: FoundPage) -> Image.Image:
    """The whole printed page, upright and straight; as it came where the codes do not say how it lies."""
    if page.to_pixels is None:
        return image
    whole = geometry("A4", official=False)
    box = (_MARGIN, _MARGIN, whole.width / MM - 2 * _MARGIN, whole.height / MM - 2 * _MARGIN)
    return cut(image, page, box)


def ink(crop: Image.Image) -> Ink:
    """Whether something was written into a cut-out place. Pencil, pen, red handprint and seal all count."""
    edge = round((_MARGIN + _INSET) * _DOTS)
    red, green, blue = crop.convert("RGB").crop((edge, edge, crop.width - edge, crop.height - edge)).split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue).filter(ImageFilter.MedianFilter(3))
    counts = darkest.histogram()
    share = sum(counts[: math.ceil(_DARK * _percentile(counts, 0.8))]) / sum(counts)
    return "signed" if share >= _SIGNED else "empty" if share <= _EMPTY else "unsure"


def png(image: Image.Image) -> bytes:
    """The picture as PNG."""
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def jpeg(image: Image.Image) -> bytes:
    """A page as it is kept: JPEG good enough to read faint pencil."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=88, dpi=(_DPI, _DPI))
    return stream.getvalue()


def from_bytes(data: bytes) -> Image.Image:
    """A kept page."""
    return _upright(Image.open(io.BytesIO(data)))


def _in_colour(bitmap: Any) -> Image.Image:
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    return picture


def _pdf_pages(path: Path) -> Iterator[Image.Image]:
    with pdfium.Document(path) as document:
        if len(document) > MOST_PAGES:
            raise _unreadable(path)
        for number in range(len(document)):
            width, height = document.size(number)
            scale = _DPI / 72
            if width * height * scale**2 > MOST_PIXELS:
                raise _unreadable(path)
            yield document.picture(number, scale, _in_colour)


def _image_pages(path: Path) -> Iterator[Image.Image]:
    with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as image:
        for number, frame in enumerate(ImageSequence.Iterator(image)):
            if number >= MOST_PAGES or frame.width * frame.height > MOST_PIXELS:
                raise _unreadable(path)
            yield _upright(frame)
            if image.format == "MPO":  # a photograph with a preview behind it
                return


def _upright(image: Image.Image) -> Image.Image:
    return ImageOps.exif_transpose(image).convert("RGB")


def _unreadable(path: Path) -> Unreadable:
    text = say("“{file}” is no scan that can be read. Scan to PDF, JPEG, PNG or TIFF.", file=path.name)
    return Unreadable(text)


def _views(gray: Image.Image) -> Iterator[tuple[Image.Image, float, float, float]]:
    """The page, then harder looks at its quarters: (picture, left, top, scale)."""
    yield gray, 0.0, 0.0, 1.0
    width, height = round(gray.width * 0.55), round(gray.height * 0.55)
    for scale, sharpen in ((2, False), (2, True), (3, True)):
        for left in (0, gray.width - width):
            for top in (0, gray.height - height):
                part = gray.crop((left, top, left + width, top + height))
                part = part.resize((width * scale, height * scale), Image.Resampling.BICUBIC)
                if sharpen:
                    part = part.filter(ImageFilter.UnsharpMask(radius=2 * scale, percent=200, threshold=0))
                yield part, float(left), float(top), float(scale)


def _percentile(counts: Sequence[int], part: float) -> int:
    """The brightness below which ``part`` of the pixels lie."""
    reached = accumulate(counts)
    return next(level for level, below in enumerate(reached) if below >= part * sum(counts))


def _points(code: Any) -> Points:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
    return tuple((float(corner.x), float(corner.y)) for corner in corners)


def _straighten(corners: Mapping[str, Points]) -> Homography | None:
    """The homography from millimetres on paper to pixels; None for one code, or when the codes do not fit a page."""
    if len(corners) < 2:
        return None
    paper = tuple(point for corner in corners for point in _on_paper(corner))
    pixels = tuple(point for points in corners.values() for point in points)
    matrix, there = homography(paper, pixels), homography(pixels, paper)
    if matrix is None or there is None:
        return None
    back = (there.take(point) for point in pixels)
    stray = max(max(abs(x - u), abs(y - v)) for (x, y), (u, v) in zip(back, paper, strict=True))
    return matrix if stray < _STRAY else None


def _on_paper(corner: str) -> Points:
    """The four corners of a code in millimetres, in the order of :func:`_points`."""
    page, place = geometry("A4", official=False), CORNERS.index(corner)
    left = (page.width - EDGE - SIDE if place % 2 else EDGE) / MM
    top = (page.height - EDGE - SIDE if place > 1 else EDGE) / MM
    side = SIDE / MM
    return ((left, top), (left + side, top), (left, top + side), (left + side, top + side))
