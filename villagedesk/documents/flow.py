"""Set pieces on pages in order: rows whole, heads repeated, signature blocks never alone (GB/T 9704 §7.3.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from villagedesk.documents.marks import Page, Piece, Placed
from villagedesk.documents.page import Geometry
from villagedesk.errors import Refused
from villagedesk.text import say


def paginate(pieces: Iterable[Piece], page: Geometry) -> list[Page]:
    """The pages of one sheet. Raises Refused for a piece that is higher than a page."""
    flow = _Flow(page)
    for group in _groups(list(pieces)):
        flow.place(group)
    return flow.pages


def _groups(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Pieces that stay together, in order."""
    group = pieces[:1]
    for before, after in pairwise(pieces):
        if after.fresh or not (before.hold or after.glue):
            yield group
            group = []
        group.append(after)
    if group:
        yield group


COUNT_LINE = 9.0
"""Points kept free below a list that runs over several pages, for its own page count (furniture)."""


class _Flow:
    """The pages so far and the place reached on the last one."""

    def __init__(self, page: Geometry) -> None:
        self.page = page
        self.pages: list[Page] = []
        self.y = 0.0
        self.head: Piece | None = None
        self.span = ""
        self._turn()

    def place(self, group: list[Piece]) -> None:
        """Set a group, on a new page when it does not fit here, piece by piece when no page holds it."""
        if (group[0].fresh or self.y + self._height(group) > self.page.depth + 0.01) and self.y > 0:
            self._turn()
        whole = self._height(group) <= self.page.depth - self.y + 0.01
        for piece in group:
            if not whole and self.y > 0 and self.y + self._height([piece]) > self.page.depth + 0.01:
                self._turn()
            self._set(piece)

    def _height(self, group: list[Piece]) -> float:
        """What a group takes here, with the heads it needs and without the gap at a page's top."""
        y, head, span = self.y, self.head, self.span
        for piece in group:
            y += piece.gap if y > 0 else 0.0
            y += COUNT_LINE if span and piece.span != span else 0.0
            span = piece.span
            if piece.head is not head and piece.head is not None:
                y += piece.head.height
            y, head = y + piece.height, piece.head
        return y - self.y

    def _set(self, piece: Piece) -> None:
        if piece.height + (piece.head.height if piece.head else 0.0) > self.page.depth + 0.01:
            raise Refused(say("One row or block of this paper is higher than a page. Shorten its text."))
        self.y += piece.gap if self.y > 0 else 0.0
        if self.span and piece.span != self.span:
            self.y += COUNT_LINE if self._runs_on(self.span) else 0.0
        self.span = piece.span
        if piece.head is not None and piece.head is not self.head:
            self._put(piece.head)
        self._put(piece)
        self.head = piece.head

    def _runs_on(self, span: str) -> bool:
        """Whether a list stands on several pages."""
        return sum(span in leaf.spans for leaf in self.pages) > 1

    def _put(self, piece: Piece) -> None:
        leaf = self.pages[-1]
        if piece.marks:
            leaf.placed.append(Placed(self.page.left, self.page.top + self.y, piece.marks))
        self.y += piece.height
        if piece.span:
            leaf.spans[piece.span] = self.page.top + self.y

    def _turn(self) -> None:
        self.pages.append(Page(self.page.width, self.page.height))
        self.y, self.head = 0.0, None
