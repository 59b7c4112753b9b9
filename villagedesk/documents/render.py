"""Sheets in, one PDF out: compose, typeset, paginate, draw, archive. Pure; safe in a worker thread."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from villagedesk.documents.compose import compose, outline_of
from villagedesk.documents.flow import paginate
from villagedesk.documents.furniture import furnish
from villagedesk.documents.ink import Ink, ink_of
from villagedesk.documents.looks import Shift, geometry_of, impose, sheets_of, shift_of, to_front
from villagedesk.documents.marks import Page, Spot
from villagedesk.documents.page import MM, Geometry
from villagedesk.documents.paper import Paper
from villagedesk.documents.papers import load_papers
from villagedesk.documents.phrases import phrases_of
from villagedesk.documents.setting import set_blocks
from villagedesk.documents.sheet import Cell, RenderedPaper, Sheet, digest_of
from villagedesk.documents.writer import PdfWriter
from villagedesk.errors import Refused
from villagedesk.text import say
from villagedesk.values import Step, no_step


def render(
    sheets: Sheet | Sequence[Sheet],
    terms: Mapping[str, str],
    papers: Mapping[str, Paper] | None = None,
    step: Step = no_step,
) -> RenderedPaper:
    """One PDF/A of a sheet, or of many sheets as one volume. The same arguments give the same bytes.

    ``terms``: the profile's words (``household_word`` …). Raises Refused naming every missing or superfluous field,
    every character that no font draws, an unknown paper, or a row that no page holds.
    """
    volume = (sheets,) if isinstance(sheets, Sheet) else tuple(sheets)
    if not volume:
        raise Refused(say("There is nothing to print."))
    known = load_papers() if papers is None else papers
    kinds = {sheet.paper: _paper(sheet.paper, known) for sheet in volume}
    writer, content = PdfWriter(), hashlib.sha256()
    texts: list[str] = []
    starts: list[int] = []
    cells: list[Cell] = []
    for number, sheet in enumerate(volume):
        step(number, len(volume))
        leaves, places = _leaves(kinds[sheet.paper], sheet, terms)
        if sheet.look.duplex and number < len(volume) - 1:
            to_front(leaves)
        starts.append(len(texts) + 1)
        cells += (replace(cell, page=cell.page + len(texts)) for cell in places)
        for leaf in leaves:
            ink = ink_of(leaf)
            writer.add(leaf, ink)
            _count_in(content, leaf, ink)
            texts.append(ink.text)
    title = kinds[volume[0].paper].title if len(kinds) == 1 else "材料汇编"
    pdf = writer.finish(title, max(sheet.stamp.made_at for sheet in volume))
    step(len(volume), len(volume))
    return RenderedPaper(pdf, len(texts), content.hexdigest(), tuple(texts), tuple(cells), tuple(starts))


def laid_out(sheet: Sheet, terms: Mapping[str, str], papers: Mapping[str, Paper] | None = None) -> RenderedPaper:
    """What :func:`render` would give for one sheet, all but the file itself: ``pdf`` is empty."""
    leaves, places = _leaves(_paper(sheet.paper, load_papers() if papers is None else papers), sheet, terms)
    content, inks = hashlib.sha256(), [ink_of(leaf) for leaf in leaves]
    for leaf, ink in zip(leaves, inks, strict=True):
        _count_in(content, leaf, ink)
    return RenderedPaper(b"", len(leaves), content.hexdigest(), tuple(ink.text for ink in inks), tuple(places))


def proof(
    sheet: Sheet, terms: Mapping[str, str], papers: Mapping[str, Paper] | None = None
) -> tuple[str, tuple[str, ...]]:
    """The digest and the words of each page that :func:`render` would give, without making the file."""
    laid = laid_out(sheet, terms, papers)
    return laid.digest, laid.texts


def _paper(key: str, papers: Mapping[str, Paper]) -> Paper:
    if key not in papers:
        raise Refused(say("There is no paper “{paper}”. Known are: {known}.", paper=key, known=", ".join(papers)))
    return papers[key]


def _leaves(paper: Paper, sheet: Sheet, terms: Mapping[str, str]) -> tuple[list[Page], list[Cell]]:
    """The leaves of one sheet in its look, and the places to write in on them."""
    look = sheet.look
    page = geometry_of(paper, look)
    pages: list[Page] = []
    for part in sheets_of(paper, sheet):
        pages += _pages(paper, part, terms, page)
    places = [
        cell for number, leaf in enumerate(pages) for cell in _cells(sheet, leaf, shift_of(number, page, look.up))
    ]
    return impose(pages, page, look.up), places


def _pages(paper: Paper, sheet: Sheet, terms: Mapping[str, str], page: Geometry) -> list[Page]:
    pages = paginate(set_blocks(compose(paper, sheet, terms), page), page)
    remark = phrases_of(sheet.look.second).remark if sheet.look.second else ""
    furnish(pages, page, paper, sheet.stamp, sheet.stamp.digest or digest_of(sheet, terms), remark)
    pages[0].bookmarks.insert(0, outline_of(paper, sheet, terms))
    return pages


def _cells(sheet: Sheet, page: Page, shift: Shift) -> Iterator[Cell]:
    leaf, right, down = shift
    for placed in page.placed:
        for mark in placed.marks:
            if type(mark) is Spot:
                yield Cell(sheet.stamp.document_id, mark.name, leaf + 1, (placed.x + right + mark.x) / MM,
                           (placed.y + down + mark.y) / MM, mark.width / MM, mark.height / MM)  # fmt: skip


def _count_in(content: Any, page: Page, ink: Ink) -> None:
    """Let a page count in a digest; unlike the file's hash this one does not depend on a machine's deflate."""
    content.update(f"{page.width:.2f} {page.height:.2f}\n".encode())
    content.update(ink.content)
