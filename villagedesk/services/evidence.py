"""The evidence pack: one PDF a household, catalogue (卷内目录) first, papers in archive order (DOMAIN §3.4, §8.6).

What was printed and registered goes in as it was; what was never printed is made from today's data and marked so; what
cannot be made is named as missing, with the reason.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pikepdf
from sqlalchemy import Connection

from villagedesk.documents.archive import to_archive
from villagedesk.documents.marks import Page, Placed, Words
from villagedesk.documents.page import MM, SIZE_5
from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import render
from villagedesk.documents.sheet import Sheet
from villagedesk.documents.writer import write_pdf
from villagedesk.drafts.exit import ExitDraft
from villagedesk.drafts.notice import PaperDraft
from villagedesk.errors import Refused
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.evidence_files import SCAN, Evidence
from villagedesk.services.exit_cases import case_of
from villagedesk.services.households import one
from villagedesk.services.paper_makers import village_of
from villagedesk.services.papers import Papers
from villagedesk.services.scans import Scans
from villagedesk.services.sheets import common
from villagedesk.services.sheets.household import catalogue, list_catalogue
from villagedesk.services.signed_papers import counting
from villagedesk.services.site import Site
from villagedesk.text import Text, say
from villagedesk.values import Step, no_step

TITLE = "脱贫退出档案"
_SCANNED = "（扫描件）"
_MADE_NOW = "（据现有数据编制，未经签字）"
_PAGE_WIDTH = 210 / 25.4  # inches
ORDER = (
    "household_file", "income_sheet", "plan_sheet", "exit_record", "minutes_extract", "exit_notice", "notice_result",
    "signoff_sheet", "exit_announcement", "exit_certificate", "card",
)  # fmt: skip
"""The archive order of a household's papers."""
LIST_ORDER = (
    "exit_list", "evaluation_minutes", "exit_notice", "notice_result", "no_objection", "exit_request",
    "exit_announcement",
)  # fmt: skip
"""The archive order of the papers that a list shares."""
_PROVED = frozenset({"household_file", "income_sheet", "exit_notice"})
_PROOF = "佐证材料：{title}"
_PDF = "application/pdf"
_NOTHING = say("There is nothing in the desk yet from which it could be made.")


@dataclass(frozen=True)
class Entry:
    """A line of the catalogue. ``first`` is the page it begins on, counted without the catalogue."""

    title: str
    number: str
    day: date | None
    first: int
    pages: int
    frozen: bool  # as it was printed then, or a scan of it


@dataclass(frozen=True)
class EvidencePack:
    """A finished pack. ``missing``: papers that are not in it, and why."""

    pdf: bytes
    pages: int
    entries: tuple[Entry, ...]
    missing: tuple[tuple[str, Text], ...]


@dataclass
class _Part:
    """A paper on its way into the pack."""

    paper: PaperDraft
    title: str
    pdf: bytes
    pages: int
    frozen: bool


@dataclass
class _Gathering:
    parts: list[_Part] = field(default_factory=list)
    missing: list[tuple[str, Text]] = field(default_factory=list)


class EvidencePacks:
    """The evidence packs of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._papers = Papers(site)
        self._scans = Scans(site)
        self._evidence = Evidence(site)

    def pack(self, case_id: str, step: Step = no_step) -> EvidencePack:
        """The pack of one exit case. Raises Refused when the case is not here."""
        with self._site.store.read() as connection:
            case = case_of(connection, case_id)
            gathered = self._gather(connection, case, step)
            listed = [(part.paper, part.title, part.pages) for part in gathered.parts]
            village = village_of(connection, self._site).name
            sheet = catalogue(self._site, village, one(connection, case.household_id), listed)
        return self._volume(sheet, gathered)

    def of_list(self, year: int, step: Step = no_step) -> EvidencePack:
        """The papers that the year's list of exits shares: list, minutes, notices, results, request, announcement.

        Raises Refused when the year has no case.
        """
        with self._site.store.read() as connection:
            table = RECORDS["exit"].table
            here = (table.c.year == year, table.c.village == self._site.village)
            cases = load_where(connection, "exit", *here).values()
            if not cases:
                raise Refused(say("There is no case of {year} yet. Add the households to the list first.", year=year))
            meetings = list(dict.fromkeys(case.evaluation_id for case in cases if case.evaluation_id))
            notices = list(dict.fromkeys(case.notice_id for case in cases if case.notice_id))
            subjects = {"exit_list": [str(year)], "evaluation_minutes": meetings or [""]}
            subjects |= {kind: notices or [""] for kind in LIST_ORDER if kind not in subjects}
            gathered = self._gathered(connection, LIST_ORDER, subjects, step)
            listed = [(part.paper, part.title, part.pages) for part in gathered.parts]
            sheet = list_catalogue(self._site, village_of(connection, self._site).name, year, listed)
        return self._volume(sheet, gathered)

    def _volume(self, sheet: Sheet, gathered: _Gathering) -> EvidencePack:
        front = render(sheet, common.terms(self._site.profile))
        entries = tuple(_entries(gathered.parts))
        pdf = _bound(front.pdf, gathered.parts, entries)
        archived = to_archive(pdf, TITLE, self._site.store.clock())
        pages = front.pages + sum(part.pages for part in gathered.parts)
        return EvidencePack(archived, pages, entries, tuple(gathered.missing))

    def _gather(self, connection: Connection, case: ExitDraft, step: Step) -> _Gathering:
        return self._gathered(connection, ORDER, self._subjects(connection, case), step)

    def _gathered(
        self, connection: Connection, order: Sequence[str], subjects: Mapping[str, list[str]], step: Step
    ) -> _Gathering:
        gathered = _Gathering()
        for done, kind in enumerate(order, 1):
            for subject in subjects.get(kind, [""]):
                if not subject:
                    gathered.missing.append((load_papers()[kind].title, _NOTHING))
                    continue
                try:
                    gathered.parts.append(self._part(connection, kind, subject))
                except Refused as refusal:
                    gathered.missing.append((load_papers()[kind].title, refusal.problems[0].text))
            gathered.parts += self._scanned(kind, subjects.get(kind, []))
            gathered.parts += self._proofs(kind, subjects.get(kind, []))
            step(done, len(order))
        return gathered

    def _subjects(self, connection: Connection, case: ExitDraft) -> dict[str, list[str]]:
        """Paper → the records whose papers belong to this case."""
        incomes, plans = (_of_year(connection, kind, case) for kind in ("income", "plan"))
        return {
            **{kind: [case.household_id] for kind in ("household_file", "card")},
            **{kind: [case.id] for kind in ("exit_record", "minutes_extract", "signoff_sheet", "exit_certificate")},
            **{kind: [case.notice_id] for kind in ("exit_notice", "notice_result", "exit_announcement")},
            "income_sheet": incomes or [""],
            "plan_sheet": plans[-1:] or [""],
        }

    def _part(self, connection: Connection, kind: str, subject: str) -> _Part:
        table, title = RECORDS["paper"].table, load_papers()[kind].title
        printed = (
            load_where(connection, "paper", table.c.kind == kind, table.c.subject_id == subject) if subject else {}
        )
        if printed:
            paper = counting(list(printed.values()))
            rendered = self._papers.reprint(paper.id)
            return _Part(paper, title, rendered.pdf, rendered.pages, frozen=True)
        rendered = self._papers.preview(kind, [subject])
        paper = PaperDraft(kind=kind, printed_on=self._site.today())
        return _Part(paper, title + _MADE_NOW, rendered.pdf, rendered.pages, frozen=False)

    def _scanned(self, kind: str, subjects: Sequence[str]) -> Iterator[_Part]:
        """The scans of what is signed or posted, behind the paper itself."""
        if kind not in {"signoff_sheet", "exit_notice"}:
            return
        for subject in filter(None, subjects):
            for scan in self._scans.of_record(subject):
                paper = PaperDraft(kind=kind, printed_on=scan.taken_on)
                pdf = _picture(self._scans.page(scan.id))
                yield _Part(paper, load_papers()[kind].title + _SCANNED, pdf, 1, frozen=True)

    def _proofs(self, kind: str, subjects: Sequence[str]) -> Iterator[_Part]:
        """What proves the figures of a paper: photographs and papers attached to its record, behind it."""
        for subject in filter(None, subjects) if kind in _PROVED else ():
            for each in self._evidence.of(subject):
                if each.kind != SCAN:
                    data = self._evidence.read(each.id)
                    pdf = data if each.media_type == _PDF else _picture(data)
                    paper = PaperDraft(kind=kind, printed_on=each.taken_on)
                    yield _Part(paper, _PROOF.format(title=each.title), pdf, _pages(pdf), frozen=True)


def _pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _of_year(connection: Connection, kind: str, case: ExitDraft) -> list[str]:
    table = RECORDS[kind].table
    found = load_where(connection, kind, table.c.household_id == case.household_id, table.c.year == case.year)
    return list(found)


def _entries(parts: Sequence[_Part]) -> Iterator[Entry]:
    page = 1
    for part in parts:
        yield Entry(part.title, part.paper.no, part.paper.printed_on, page, part.pages, part.frozen)
        page += part.pages


def _bound(front: bytes, parts: Sequence[_Part], entries: Sequence[Entry]) -> bytes:
    """All pages as one PDF with an outline; each page behind the catalogue bears its page number of the pack."""
    with pikepdf.open(io.BytesIO(front)) as volume:
        before = len(volume.pages)
        for part in parts:
            with pikepdf.open(io.BytesIO(part.pdf)) as papers:
                volume.pages.extend(papers.pages)
        sizes = [_size(page) for page in volume.pages[before:]]
        with pikepdf.open(io.BytesIO(_folios(sizes))) as folios:
            for page, folio in zip(volume.pages[before:], folios.pages, strict=True):
                page.add_overlay(folio, pikepdf.Rectangle(page.mediabox))
        with volume.open_outline() as outline:
            outline.root[:] = [pikepdf.OutlineItem(load_papers()["evidence_catalogue"].title, 0)]
            outline.root += [pikepdf.OutlineItem(entry.title, before + entry.first - 1) for entry in entries]
        stream = io.BytesIO()
        volume.save(stream)
    return stream.getvalue()


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(side) for side in page.mediabox)
    return right - left, top - bottom


def _folios(sizes: Sequence[tuple[float, float]]) -> bytes:
    """Page numbers of a volume, in the upper right corner, where no paper has anything else."""
    pages = [
        Page(width, height, [Placed(0.0, 0.0, (Words(width - 15 * MM, 7 * MM, "song", SIZE_5, str(number)),))])
        for number, (width, height) in enumerate(sizes, 1)
    ]
    return write_pdf(pages, TITLE, datetime(2000, 1, 1, tzinfo=UTC))  # an overlay: what it says of itself is dropped


def _picture(data: bytes) -> bytes:
    """A scanned page as a PDF page as wide as A4."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        stream = io.BytesIO()
        image.save(stream, "PDF", resolution=image.width / _PAGE_WIDTH)
    return stream.getvalue()
