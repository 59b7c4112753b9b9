"""Ruled blocks: lists, forms and places to sign, as rows that no page end tears apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from villagedesk.documents.blocks import Align, Bars, Form, ListTable, Signatures, SignLine
from villagedesk.documents.fonts import width
from villagedesk.documents.lines import Measure, break_cell
from villagedesk.documents.marks import Lattice, Mark, Piece, Rule, Spot, Words
from villagedesk.documents.page import MM, Geometry

GAP = 6.0  # between a ruled block and what stands above it
PAD = 3.0  # points between a cell's rule and its text, at the sides
ROOM = 6.0  # points a row is higher than its lines
HAIR = 0.5
SIGNATURE_COLUMNS = ((11, "序号"), (29, "签字人"), (44, "确认内容"), (40, "本人签字"), (17, "手印"), (21, "日期"))
SIGN_PLACE = (30.0, 51.0)
SIGN_HEIGHT = 15 * MM
DATE = "　　　年　　月　　日"
SIGNATURE_HEIGHT = 20 * MM
SIGNATURE_CELLS = {3: "sign", 4: "hand", 5: "date"}
JOIN = "<"
END_MARK = "（以下空白）"


class Cell(NamedTuple):
    """Text between two rules (indices into the edges of its row)."""

    first: int
    last: int
    text: str
    align: Align = "center"
    role: str = "song"


class Grid(NamedTuple):
    """The vertical rules of a table and its type."""

    edges: tuple[float, ...]
    size: float
    pitch: float
    least: float


def line(x: float, y: float, to_x: float, to_y: float, weight: float = HAIR) -> Rule:
    """A rule from one point to another."""
    return Rule(x, y, to_x, to_y, weight)


def box(x: float, y: float, wide: float, high: float, weight: float = HAIR) -> tuple[Rule, ...]:
    """The four sides of a rectangle."""
    return (line(x, y, x + wide, y, weight), line(x, y + high, x + wide, y + high, weight),
            line(x, y, x, y + high, weight), line(x + wide, y, x + wide, y + high, weight))  # fmt: skip


def edges_of(widths: Iterable[float], measure: float) -> tuple[float, ...]:
    """Vertical rules for columns of these relative widths over the whole measure."""
    sums = list(accumulate(widths, initial=0.0))
    return tuple(edge * measure / sums[-1] for edge in sums)


@lru_cache(maxsize=4096)
def row(grid: Grid, cells: tuple[Cell, ...], least: float = 0.0) -> Piece:
    """One ruled row, as high as its fullest cell. Forms of many households share most of their rows."""
    edges, size, pitch = grid.edges, grid.size, grid.pitch
    broken = [break_cell(c.text, c.role, Measure(edges[c.last] - edges[c.first] - 2 * PAD, size)) for c in cells]
    height = max(max(map(len, broken)) * pitch + ROOM, least or grid.least)
    marks: list[Mark] = [Lattice(0.0, height, (edges[0], *[edges[cell.last] for cell in cells]), HAIR)]
    for cell, lines in zip(cells, broken, strict=True):
        left, room = edges[cell.first] + PAD, edges[cell.last] - edges[cell.first] - 2 * PAD
        y = (height - len(lines) * pitch) / 2 + pitch / 2 + size * 0.38
        for each in lines:
            if each.text:
                free = room - each.width
                x = left + (free / 2 if cell.align == "center" else free if cell.align == "right" else 0.0)
                marks.append(Words(x, y, cell.role, size, each.text, each.spacing))
            y += pitch
    return Piece(height, tuple(marks))


def _joined(texts: Sequence[str], aligns: Sequence[Align]) -> list[Cell]:
    """Cells of a row in which "<" joins the cell before it."""
    starts = [n for n, text in enumerate(texts) if text != JOIN or n == 0]
    ends = [*starts[1:], len(texts)]
    return [Cell(a, b, texts[a], "center" if b - a > 1 else aligns[a]) for a, b in zip(starts, ends, strict=True)]


def list_table(block: ListTable, page: Geometry) -> Iterator[Piece]:
    """A list: head on every page, then rows, total, end mark."""
    columns = block.columns
    grid = Grid(edges_of((c.width for c in columns), page.measure), page.cell, page.cell_pitch,
                max(page.cell_pitch + ROOM, block.row_height * MM))  # fmt: skip
    aligns = [c.align for c in columns]
    heads = tuple(Cell(n, n + 1, c.heading, "center", "hei") for n, c in enumerate(columns))
    # A piece of its own: another list with the same headings repeats them.
    head = _two_headed(block, grid, row(grid, heads, page.cell_pitch + ROOM)._replace())
    for number, piece in enumerate(_list_rows(block, grid, aligns)):
        glue = number > 0 and (piece.glue or block.keep)
        yield piece._replace(head=head, span=block.table, glue=glue, gap=0.0 if number else GAP)


def _two_headed(block: ListTable, grid: Grid, head: Piece) -> Piece:
    """The head with the second language's headings in a row of their own below."""
    if not any(block.second):
        return head
    cells = tuple(Cell(n, n + 1, text, "center", block.second_role) for n, text in enumerate(block.second))
    size = grid.size * 0.85
    below = row(grid._replace(size=size, pitch=size * 1.7), cells, size * 1.7 + ROOM)
    moved = (mark._replace(y=mark.y + head.height) for mark in below.marks if isinstance(mark, Words | Lattice))
    return head._replace(height=head.height + below.height, marks=(*head.marks, *moved))


def _list_rows(block: ListTable, grid: Grid, aligns: list[Align]) -> Iterator[Piece]:
    last = len(aligns)
    for texts in block.rows:
        yield row(grid, tuple([Cell(n, n + 1, text, aligns[n]) for n, text in enumerate(texts)]))
    for _ in range(len(block.rows), block.spare):
        yield row(grid, tuple(Cell(n, n + 1, "") for n in range(last)))
    if not block.rows and not block.spare and block.empty:
        yield row(grid, (Cell(0, last, block.empty),))
    if block.total:
        yield row(grid, tuple(_joined(block.total, aligns)))._replace(glue=True)
    if block.end_mark:
        yield row(grid, (Cell(0, last, END_MARK),))._replace(glue=True)


def form(block: Form, page: Geometry) -> Iterator[Piece]:
    """Labels and values in a grid; "<" joins the cell before it, the last cell of a row takes the columns left over."""
    grid = Grid(edges_of(block.widths, page.measure), page.cell, page.cell_pitch, block.row_height * MM)
    count = len(block.widths)
    for number, texts in enumerate(block.rows):
        starts = [n for n, text in enumerate(texts) if text != JOIN or n == 0]
        ends = [*starts[1:], count]
        alone = len(starts) == 1
        cells = [_form_cell(a, b, texts[a], alone=alone) for a, b in zip(starts, ends, strict=True)]
        yield row(grid, tuple(cells))._replace(
            glue=number > 0 and (block.keep or number == 1), gap=0.0 if number else GAP
        )


def _form_cell(place: int, end: int, text: str, *, alone: bool) -> Cell:
    label = place % 2 == 0 and not alone
    return Cell(place, end, text, "center", "hei") if label else Cell(place, end, text, "left")


def signatures(block: Signatures, page: Geometry) -> Iterator[Piece]:
    """A row a signer, with places for signature, handprint and date that the scan reader finds again."""
    edges = edges_of((wide for wide, _ in SIGNATURE_COLUMNS), page.measure)
    grid = Grid(edges, page.cell, page.cell_pitch, page.cell_pitch + ROOM)
    headings = [block.statement if n == 2 else heading for n, (_, heading) in enumerate(SIGNATURE_COLUMNS)]
    head = row(grid, tuple(Cell(n, n + 1, each, "center", "hei") for n, each in enumerate(headings)))._replace()
    for number, (role, statement) in enumerate(block.rows, 1):
        texts = (str(number), role, statement, "", "", "")
        cells = [Cell(n, n + 1, text, "left" if n == 2 else "center") for n, text in enumerate(texts)]
        piece = row(grid, tuple(cells), SIGNATURE_HEIGHT)
        spots = [Spot(f"{name}.{number}", edges[n], 0.0, edges[n + 1] - edges[n], piece.height)
                 for n, name in SIGNATURE_CELLS.items()]  # fmt: skip
        yield piece._replace(head=head, marks=(*piece.marks, *spots), gap=0.0 if number > 1 else GAP)


def sign_line(block: SignLine, page: Geometry) -> Iterator[Piece]:
    """Two places to sign a row: label, room for the name, and the date in its lower right corner."""
    widths = SIGN_PLACE * min(2, len(block.items))
    edges = edges_of(widths, page.measure if len(block.items) > 1 else page.measure / 2)
    grid = Grid(edges, page.cell, page.cell_pitch, SIGN_HEIGHT)
    for start in range(0, len(block.items), 2):
        pair = block.items[start : start + 2]
        cells = [cell for n, (label, _) in enumerate(pair) for cell in (Cell(2 * n, 2 * n + 1, label, "center", "hei"),
                                                                        Cell(2 * n + 1, 2 * n + 2, ""))]  # fmt: skip
        piece = row(grid, tuple(cells))
        marks = list(piece.marks)
        for n, (_, name) in enumerate(pair):
            marks += _sign_place(name, edges[2 * n + 1], edges[2 * n + 2], piece.height, page, dated=block.dated)
        yield piece._replace(marks=tuple(marks), glue=True, gap=0.0 if start else 3 * GAP)


def _sign_place(name: str, left: float, right: float, height: float, page: Geometry, *, dated: bool) -> list[Mark]:
    marks: list[Mark] = [Spot(f"{name}.sign", left, 0.0, right - left, height)]
    if dated:
        room = width(DATE, "song") * page.cell
        marks += [Words(right - PAD - room, height - PAD - 2, "song", page.cell, DATE),
                  Spot(f"{name}.date", right - PAD - room, height / 2, room, height / 2)]  # fmt: skip
    return marks


LABEL_ROOM, WORD_ROOM = 0.26, 0.30  # of the measure: what stands before a bar, what at the right of it
THOUSAND = 1000


def bars(block: Bars, page: Geometry) -> Iterator[Piece]:
    """A bar chart of thick rules; the lines of a chart stay on one page."""
    size, pitch = page.cell, page.cell_pitch * 1.25
    left, room = page.measure * LABEL_ROOM, page.measure * (1 - LABEL_ROOM - WORD_ROOM)
    base = pitch / 2 + size * 0.38
    rows = block.rows or ((block.empty, "", "0"),)
    for number, (label, word, share) in enumerate(rows):
        named = break_cell(label, "song", Measure(left - 3 * PAD, size))[:1]
        marks: list[Mark] = [
            Words(left - 3 * PAD - each.width, base, "song", size, each.text, each.spacing) for each in named
        ]
        long = room * int(share) / THOUSAND
        if long > 0:
            marks.append(_bar(left, pitch / 2, long, pitch * 0.55))
        if block.rows:
            marks.append(line(left, 0, left, pitch))
        marks.append(Words(left + long + 2 * PAD, base, "song", size, word))
        yield Piece(pitch, tuple(marks), glue=number > 0, gap=0.0 if number else GAP)


def _bar(left: float, middle: float, long: float, thick: float) -> Rule:
    """A bar as one rule; rules reach half their weight beyond both ends."""
    if long >= thick:
        return line(left + thick / 2, middle, left + long - thick / 2, middle, thick)
    half = (thick - long) / 2
    return line(left + long / 2, middle - half, left + long / 2, middle + half, long)
