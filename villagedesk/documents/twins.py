"""The lists of a paper as rows and headings, for its twin in a spreadsheet: the same words, nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from villagedesk.documents.blocks import ListTable, Rows, Title
from villagedesk.documents.compose import compose
from villagedesk.documents.looks import sheets_of
from villagedesk.documents.paper import Paper
from villagedesk.documents.ruling import JOIN
from villagedesk.documents.sheet import Sheet
from villagedesk.errors import Refused
from villagedesk.text import say


@dataclass(frozen=True, slots=True)
class PaperList:
    """One list of a paper. ``widths`` are the columns' millimetres on paper; ``total`` is empty where it has none."""

    title: str
    headings: tuple[str, ...]
    widths: tuple[float, ...]
    rows: Rows
    total: tuple[str, ...]


def has_list(paper: Paper) -> bool:
    """Whether a paper is one that a spreadsheet can show."""
    return any(isinstance(block, ListTable) for block in paper.blocks)


def lists_of(sheet: Sheet, paper: Paper, terms: Mapping[str, str]) -> tuple[PaperList, ...]:
    """Every list of a sheet in its look. Raises Refused as printing does, and for a paper without a list."""
    if not has_list(paper):
        raise Refused(say("The paper “{paper}” has no list to be written as a table.", paper=paper.title))
    return tuple(each for part in sheets_of(paper, sheet) for each in _lists(paper, part, terms))


def _lists(paper: Paper, sheet: Sheet, terms: Mapping[str, str]) -> Iterator[PaperList]:
    title = paper.title
    for block in compose(paper, sheet, terms):
        if isinstance(block, Title):
            title = block.text.replace("\n", "")
        elif isinstance(block, ListTable):
            headings = tuple(column.heading.replace("\n", "") for column in block.columns)
            total = tuple("" if cell == JOIN else cell for cell in block.total)
            yield PaperList(title, headings, tuple(column.width for column in block.columns), block.rows, total)
