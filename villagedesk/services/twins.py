"""The twin of a list paper as .xlsx: the same rows in the same look, under the same leak check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from villagedesk.documents.sheet import PLAIN, Look
from villagedesk.documents.twins import PaperList, has_list, lists_of
from villagedesk.exchange.workbook import TextTable, characters, write_text_tables
from villagedesk.services.papers import Papers
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.values import Step, each_told, no_step


class Twins:
    """Spreadsheets beside the papers."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._papers = Papers(site)

    def kinds(self) -> tuple[str, ...]:
        """The papers that have a list."""
        return tuple(paper.key for paper in self._papers.kinds() if has_list(paper))

    def write(
        self, path: Path, kind: str, subject_ids: Sequence[str], look: Look = PLAIN, step: Step = no_step
    ) -> None:
        """Write the lists of these papers to ``path``, one a worksheet.

        Raises Refused as printing the papers does (a public one passes the leak check first), Unavailable when the
        place cannot be written.
        """
        self._papers.preview(kind, subject_ids, step, look)
        terms, paper = common.terms(self._site.profile), self._papers.kind(kind)
        sheets = [self._papers.sheet(kind, subject, look) for subject in each_told(subject_ids, step)]
        found = [each for sheet in sheets for each in lists_of(sheet, paper, terms)]
        notes = [("材料", paper.title), ("数据截至", common.chinese_date(self._site.today()))]
        write_text_tables(path, [_table(each) for each in found], notes, self._site.store.clock())

    def file_name(self, kind: str, subject_id: str, year: int) -> str:
        """The paper's file name with another ending."""
        return self._papers.file_name(kind, subject_id, year).removesuffix(".pdf") + ".xlsx"


def _table(paper: PaperList) -> TextTable:
    return TextTable(paper.title, paper.headings, list(map(characters, paper.widths)), paper.rows, paper.total)
