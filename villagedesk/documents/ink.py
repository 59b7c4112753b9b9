"""What a page draws, as PDF operators without fonts: lines joined, codes as squares, words with their places.

The operators say the same on every machine, so the digest of a paper is taken from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import zxingcpp

from villagedesk.documents.marks import Code, Cut, Lattice, Page, Rule, Turned, Words

_DARK = re.compile(b"\0+")

Span = tuple[float, float]
Lines = dict[tuple[float, bool, float], list[Span]]


class Run(NamedTuple):
    """Words at a place: ``matrix`` is the text matrix with the place, ``spacing`` is added after each character."""

    matrix: str
    role: str
    size: float
    text: str
    spacing: float


class Ink(NamedTuple):
    """One page: its lines and codes as operators, its words in reading order."""

    graphics: str
    runs: list[Run]

    @property
    def text(self) -> str:
        """The words of the page, a line each."""
        return "\n".join([run.text for run in self.runs])

    @property
    def content(self) -> bytes:
        """Everything that stands on the page, for its digest."""
        return "\n".join([self.graphics, *["%s %s %g %s %s" % run for run in self.runs]]).encode()  # noqa: UP031  quick


def ink_of(page: Page) -> Ink:
    """The ink of a page, from the marks placed on it."""
    lines: Lines = {}
    cuts: list[str] = []
    codes: list[str] = []
    runs: list[Run] = []
    height = page.height
    for x, y, marks in page.placed:
        for mark in marks:
            if type(mark) is Words:
                place = f"1 0 0 1 {x + mark.x:.2f} {height - y - mark.y:.2f}"
                runs.append(Run(place, mark.role, mark.size, mark.text, round(mark.spacing, 4)))
            elif type(mark) is Lattice:
                _lattice(lines, x, y, mark)
            elif type(mark) is Rule:
                _rule(lines, x, y, mark)
            elif type(mark) is Code:
                codes.append(_code(x + mark.x, height - y - mark.y, mark.side, mark.text))
            elif type(mark) is Turned:
                place = f"0 -1 1 0 {x + mark.x:.2f} {height - y - mark.y:.2f}"
                runs.append(Run(place, mark.role, mark.size, mark.text, 0.0))
            elif type(mark) is Cut:
                to = f"{x + mark.to_x:.2f} {height - y - mark.to_y:.2f}"
                cuts.append(f"{x + mark.x:.2f} {height - y - mark.y:.2f} m {to} l S\n")
    graphics = "".join(_strokes(lines, height))
    dashed = f"q 0.4 w [2 3] 0 d\n{''.join(cuts)}Q\n" if cuts else ""
    return Ink(graphics + dashed + "".join(codes), runs)


def _lattice(lines: Lines, x: float, y: float, mark: Lattice) -> None:
    """The frame of a table's row and the rules between its cells."""
    edges, top = mark.edges, round(y + mark.y, 2)
    bottom = round(y + mark.y + mark.height, 2)
    span, side = (round(x + edges[0], 2), round(x + edges[-1], 2)), (top, bottom)
    for level in side:
        lines.setdefault((level, False, mark.weight), []).append(span)
    for edge in edges:
        lines.setdefault((round(x + edge, 2), True, mark.weight), []).append(side)


def _rule(lines: Lines, x: float, y: float, mark: Rule) -> None:
    upright = mark.x == mark.to_x
    fixed, start, end = ((mark.x + x, mark.y + y, mark.to_y + y) if upright
                         else (mark.y + y, mark.x + x, mark.to_x + x))  # fmt: skip
    lines.setdefault((round(fixed, 2), upright, mark.weight), []).append((round(start, 2), round(end, 2)))


def _strokes(lines: Lines, height: float) -> Iterator[str]:
    """Every line of the page, each drawn once, those that continue one another as one."""
    weight_now = 0.0
    if lines:
        yield "2 J\n"
    for (fixed, upright, weight), spans in lines.items():
        if weight != weight_now:
            yield f"{weight} w\n"
            weight_now = weight
        for start, end in _merged(spans):
            if upright:
                yield f"{fixed:.2f} {height - start:.2f} m {fixed:.2f} {height - end:.2f} l S\n"
            else:
                yield f"{start:.2f} {height - fixed:.2f} m {end:.2f} {height - fixed:.2f} l S\n"


def _merged(spans: list[Span]) -> list[Span]:
    """Pieces of one straight line, joined where they touch."""
    spans.sort()
    merged: list[Span] = []
    start, end = spans[0]
    for low, high in spans:
        if low > end + 0.05:
            merged.append((start, end))
            start, end = low, high
        elif high > end:
            end = high
    merged.append((start, end))
    return merged


@lru_cache(maxsize=16)
def _code(left: float, top: float, side: float, text: str) -> str:
    runs = modules_of(text)
    dot = side / len(runs)
    squares = [f"{start} {-number} {count} -1 re" for number, row in enumerate(runs) for start, count in row]
    return f"q {dot:.4f} 0 0 {dot:.4f} {left:.3f} {top:.3f} cm\n" + "\n".join(squares) + "\nf Q\n"


@lru_cache(maxsize=64)
def modules_of(text: str) -> Sequence[Sequence[tuple[int, int]]]:
    """The dark runs (start, length) of every row of the QR code of ``text``, without a quiet zone."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = memoryview(barcode.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]  # its stub leaves the buffer out
    dots, wide = picture.tobytes(), picture.shape[1]  # type: ignore[index]  # rows and columns
    rows = (dots[start : start + wide] for start in range(0, len(dots), wide))
    return [[(run.start(), len(run.group())) for run in _DARK.finditer(row)] for row in rows]
