"""What stands on a page: text, lines, codes and cells, in points from the upper left corner, downwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Words(NamedTuple):
    """Text on one base line at (x, y); ``spacing`` is added after every character."""

    x: float
    y: float
    role: str
    size: float
    text: str
    spacing: float = 0.0


class Rule(NamedTuple):
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    weight: float = 0.5


class Lattice(NamedTuple):
    """The frame of a table's row, ``height`` deep from ``y``, with an upright rule at each edge."""

    y: float
    height: float
    edges: tuple[float, ...]
    weight: float = 0.5


class Cut(NamedTuple):
    """A dashed line to cut along; nothing joins it."""

    x: float
    y: float
    to_x: float
    to_y: float


class Turned(NamedTuple):
    """Text that runs downwards, for whoever turns the page by a quarter to the left; (x, y) is its start."""

    x: float
    y: float
    role: str
    size: float
    text: str


class Code(NamedTuple):
    """A QR code of ``text``, ``side`` wide without a quiet zone."""

    x: float
    y: float
    side: float
    text: str


class Spot(NamedTuple):
    """A named place that people write in; not drawn. The scan reader cuts it out."""

    name: str
    x: float
    y: float
    width: float
    height: float


Mark = Words | Turned | Rule | Lattice | Cut | Code | Spot


class Piece(NamedTuple):
    """What is never torn apart by a page end: a line, a table row, a signature block.

    ``glue``: stays on the page of the piece before it; ``hold``: on that of the piece after it.
    ``gap``: blank above it, dropped at the top of a page.
    ``head``: repeated above it where it begins a page (a table's head). ``fresh``: begins a page.
    ``span``: a key shared by the pieces of one list, for its page count.
    """

    height: float
    marks: tuple[Mark, ...] = ()
    glue: bool = False
    hold: bool = False
    gap: float = 0.0
    head: Piece | None = None
    fresh: bool = False
    span: str = ""


class Placed(NamedTuple):
    """Marks moved to their place on a page."""

    x: float
    y: float
    marks: tuple[Mark, ...]


@dataclass(slots=True)
class Page:
    """A finished page: its size in points, what stands on it, and the outline entries that lead to it."""

    width: float
    height: float
    placed: list[Placed] = field(default_factory=list)
    bookmarks: list[str] = field(default_factory=list)
    spans: dict[str, float] = field(default_factory=dict)
