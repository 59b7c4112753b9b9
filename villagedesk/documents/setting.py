"""Typesetting: a block becomes pieces. Running text here; ruled blocks in :mod:`.ruling`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from villagedesk.documents import ruling
from villagedesk.documents.blocks import (
    Bars,
    Block,
    Form,
    Heading,
    Issuer,
    Key,
    ListTable,
    Note,
    PageBreak,
    Paragraph,
    Ruled,
    Second,
    Signatures,
    SignLine,
    Spacer,
    Subtitle,
    Title,
)
from villagedesk.documents.fonts import width
from villagedesk.documents.lines import Line, Measure, break_cell, break_text, break_title
from villagedesk.documents.marks import Code, Mark, Piece, Words
from villagedesk.documents.page import MM, SIZE_4, SIZE_SMALL_4, Geometry

HEADING_ROLES = {1: "hei", 2: "kai"}


def set_blocks(blocks: tuple[Block, ...], page: Geometry) -> Iterator[Piece]:
    """The pieces of a filled paper, in order."""
    fresh = False
    for block in blocks:
        if isinstance(block, PageBreak):
            fresh = True
            continue
        for piece in SETTERS[type(block)](block, page):
            yield piece._replace(fresh=True) if fresh else piece
            fresh = False


def base(height: float, size: float) -> float:
    """The base line of type of ``size`` standing in the middle of a line of ``height``: Han ink spans −0.12…0.88 em."""
    return height / 2 + size * 0.38


def _title(block: Title, page: Geometry) -> Iterator[Piece]:
    pitch = page.pitch * round(page.title / page.pitch + 0.4) if page.official else page.title * 1.4
    lines = break_title(block.text, "title", page.measure, page.title)
    for line in lines:
        x = (page.measure - line.width) / 2
        mark = Words(x, base(pitch, page.title), "title", page.title, line.text, line.spacing)
        yield Piece(pitch, (mark,), hold=True)
    yield Piece(page.pitch if page.official else 4.0, hold=True)


def _second(block: Second, page: Geometry) -> Iterator[Piece]:
    """The second language stands close under the title, centred, half into the blank line below that."""
    size, up = page.title * 0.8, page.pitch * 0.4 if page.official else 0.0
    for line in break_cell(block.text, block.role, Measure(page.measure, size)):
        x = (page.measure - line.width) / 2
        yield Piece(size * 1.7, (Words(x, base(size * 1.7, size) - up, block.role, size, line.text),), hold=True)
    yield Piece(size * 0.5, hold=True)


def _subtitle(block: Subtitle, page: Geometry) -> Iterator[Piece]:
    size = SIZE_4 if page.official else max(SIZE_SMALL_4, page.body * 0.8)
    pitch = page.pitch if page.official else size * 1.5
    for line in break_title(block.text, "kai", page.measure, size):
        yield Piece(pitch, (_aligned(line, block.align, page.measure, pitch, "kai", size),), hold=True)


def _aligned(line: Line, align: str, room: float, pitch: float, role: str, size: float) -> Words:
    x = {"left": 0.0, "center": (room - line.width) / 2, "right": room - line.width}[align]
    return Words(x, base(pitch, size), role, size, line.text, line.spacing)


def _heading(block: Heading, page: Geometry) -> Iterator[Piece]:
    role = HEADING_ROLES.get(block.level, "fang")
    for piece in _running(block.text, role, page, indent=page.official):
        yield piece._replace(hold=True, gap=0.0 if page.official else page.pitch * 0.3)


def _paragraph(block: Paragraph, page: Geometry) -> Iterator[Piece]:
    for part in block.text.split("\n"):
        yield from _running(part, "fang", page, indent=block.indent, align=block.align)


def _running(text: str, role: str, page: Geometry, *, indent: bool, align: str = "left") -> Iterator[Piece]:
    """Lines of running text; the first and last two stay together."""
    spacing = page.advance - page.body
    first = 2 * page.advance if indent else 0.0
    lines = break_text(text, role, Measure(page.measure, page.body, spacing, first), fill=align == "left")
    last = len(lines) - 1
    for number, line in enumerate(lines):
        mark = _aligned(line, align, page.measure, page.pitch, role, page.body)
        if number == 0 and align == "left":
            mark = mark._replace(x=first)
        glue = number == 1 or (number == last and number > 0)
        yield Piece(page.pitch, (mark,) if line.text else (), glue=glue)


def _note(block: Note, page: Geometry) -> Iterator[Piece]:
    size = page.cell * (0.9 if not page.official else 1.0)
    pitch = size * 1.45
    parts = [part for part in block.text.split("\n") if part]
    lines = [line for part in parts for line in break_text(part, "kai", Measure(page.measure, size))]
    for number, line in enumerate(lines):
        mark = Words(0, base(pitch, size), "kai", size, line.text, line.spacing)
        yield Piece(pitch, (mark,), glue=True, gap=0.0 if number else 4.0)


def _issuer(block: Issuer, page: Geometry) -> Iterator[Piece]:
    """Issuer and date, right; with a seal the date stands four characters in and the issuer centred over it."""
    size, pitch, advance = page.body, page.pitch, page.advance
    spacing = advance - size
    names = block.text.split("\n")
    wide = [width(name, "fang") * size + (len(name) - 1) * spacing for name in names]
    date = width(block.date, "fang") * size + (len(block.date) - 1) * spacing
    right = page.measure - (4 if block.seal else 2) * advance
    middle = min(right - date / 2, page.measure - max(wide) / 2)
    starts = [middle - extent / 2 if block.seal else page.measure - 2 * advance - extent for extent in wide]
    marks = [
        Words(x, base(pitch, size) + number * pitch, "fang", size, name, spacing)
        for number, (x, name) in enumerate(zip(starts, names, strict=True))
    ]
    x = right - date if block.seal else min(starts[-1] + 2 * advance, page.measure - date)
    marks.append(Words(x, base(pitch, size) + len(names) * pitch, "fang", size, block.date, spacing))
    yield Piece((len(names) + 1) * pitch, tuple(marks), glue=True, gap=2 * pitch)


def _ruled(block: Ruled, page: Geometry) -> Iterator[Piece]:
    for _ in range(block.lines):
        yield Piece(page.pitch * 1.25, (ruling.line(0, page.pitch * 1.25, page.measure, page.pitch * 1.25),))


def _key(block: Key, page: Geometry) -> Iterator[Piece]:
    """Groups of a key large enough to be typed off, and the same as a code."""
    size, pitch, side = 20.0, 32.0, 34 * MM
    groups, room = block.text.split(), page.measure - side - 40
    a_line = max(1, int(room / (max(width(group, "hei") for group in groups) * size + 2 * size)))
    rows = ["   ".join(groups[start : start + a_line]) for start in range(0, len(groups), a_line)]
    height = max(pitch * len(rows), side) + 20
    first = 10 + base(pitch, size)
    marks: list[Mark] = [Words(14, first + n * pitch, "hei", size, row, 1.0) for n, row in enumerate(rows)]
    marks.append(Code(page.measure - side - 10, (height - side) / 2, side, block.code))
    yield Piece(height, (*marks, *ruling.box(0, 0, page.measure, height, 1.0)), gap=6)


def _spacer(block: Spacer, page: Geometry) -> Iterator[Piece]:
    yield Piece(0.0, gap=block.height * MM, glue=page.official)


SETTERS: dict[type, Callable[[Any, Geometry], Iterator[Piece]]] = {
    Title: _title, Second: _second, Subtitle: _subtitle, Heading: _heading, Paragraph: _paragraph, Note: _note,
    Issuer: _issuer, Ruled: _ruled, Key: _key, Spacer: _spacer, ListTable: ruling.list_table, Form: ruling.form,
    Signatures: ruling.signatures, SignLine: ruling.sign_line, Bars: ruling.bars,
}  # fmt: skip
