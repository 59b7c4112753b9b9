"""Whose page a scan is: the code on it, the paper it belongs to, the record that is filed to (DOMAIN §8.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from villagedesk.drafts.attachment import AttachmentDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Refused
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.households import one
from villagedesk.services.scan_cells import ScannedCell, scan_cells
from villagedesk.text import Text, say

if TYPE_CHECKING:  # the libraries that read pictures take a quarter of a second: loaded when the first page comes in
    from PIL import Image

    from villagedesk.services.scan_pages import FoundPage

KIND = "scan"
_CODED = ("exit", "plan", "income", "notice", "evaluation", "household")
"""Kinds of record whose id stands in the single code of their papers."""


@dataclass(frozen=True)
class ScanResult:
    """One page that came in. Without ``subject_id`` it lies in the by-hand tray, and ``problem`` says why."""

    file: str
    attachment_id: str
    document_id: str = ""
    kind: str = ""  # the paper, or the kind of record
    page: int = 0
    subject_id: str = ""
    household_no: str = ""
    cells: tuple[ScannedCell, ...] = ()
    problem: Text | None = None


STANDS = ("tray", "waiting", "filed", "confirmed")
"""Where a kept page can stand, in the order of the list."""


@dataclass(frozen=True)
class ScanRow:
    """A kept page in the list.

    ``stands``: tray (whose it is is not known), waiting (nobody looked yet), filed (to another record than a case),
    confirmed.
    """

    scan: AttachmentDraft
    stands: str
    kind: str = ""  # of the record it is filed to
    household: HouseholdDraft | None = None
    year: int = 0


@dataclass(frozen=True)
class ScanPlace:
    """A record that a page can be filed to by hand."""

    subject_id: str
    kind: str
    year: int = 0
    no: str = ""


def judged(connection: Connection, scan: AttachmentDraft, image: Image.Image, found: FoundPage | None) -> ScanResult:
    """What a page turned out to be: its record and its places, or why it lies in the tray."""
    result = ScanResult(scan.title, scan.id)
    if found is None:
        text = say("No code could be read on this page. File it by hand.")
        return _by_hand(connection, result, scan, text)
    result = replace(result, document_id=found.document_id, page=found.page)
    paper = load(connection, "paper", [found.document_id]).get(found.document_id)
    if paper is not None:
        result = replace(result, kind=paper.kind, subject_id=scan.subject_id or paper.subject_id)
        return _named(connection, replace(result, cells=tuple(scan_cells(paper, found, image))))
    kind = "" if found.corners else kind_of(connection, found.document_id)
    if not kind:
        text = say("This desk does not know the paper. It may have been printed on another laptop.")
        return _by_hand(connection, result, scan, text)
    return _named(connection, replace(result, kind=kind, subject_id=scan.subject_id or found.document_id))


def _by_hand(connection: Connection, result: ScanResult, scan: AttachmentDraft, why: Text) -> ScanResult:
    if not scan.subject_id:
        return replace(result, problem=why)
    kind = kind_of(connection, scan.subject_id)
    return _named(connection, replace(result, kind=kind, subject_id=scan.subject_id))


def _named(connection: Connection, result: ScanResult) -> ScanResult:
    """The result with the number of the household it is about."""
    kind = kind_of(connection, result.subject_id)
    draft: Any = load(connection, kind, [result.subject_id])[result.subject_id] if kind else None
    if draft is not None and hasattr(draft, "household_id"):
        draft = one(connection, draft.household_id)
    return replace(result, household_no=getattr(draft, "no", ""))


def scan_of(connection: Connection, attachment_id: str) -> AttachmentDraft:
    """The kept page. Raises Refused when it is not here."""
    found = load(connection, "attachment", [attachment_id]).get(attachment_id)
    if found is None or found.kind != KIND:
        raise Refused(say("This scan is not in the desk any more."))
    scan: AttachmentDraft = found
    return scan


def places_for(connection: Connection, village: str, household_id: str) -> Iterator[ScanPlace]:
    """The records of a household, and the notices, that a page can be filed to."""
    yield ScanPlace(household_id, "household")
    for kind in ("exit", "income", "plan"):
        table = RECORDS[kind].table
        found = load_where(connection, kind, table.c.household_id == household_id).values()
        for draft in sorted(found, key=lambda each: each.year, reverse=True):
            yield ScanPlace(draft.id, kind, draft.year)
    for notice in load_where(connection, "notice", RECORDS["notice"].table.c.village == village).values():
        yield ScanPlace(notice.id, "notice", notice.year, notice.no)


def row_of(connection: Connection, scan: AttachmentDraft) -> ScanRow:
    """A kept page as the list shows it."""
    kind = kind_of(connection, scan.subject_id) if scan.subject_id else ""
    if not kind:
        return ScanRow(scan, "tray")
    draft: Any = load(connection, kind, [scan.subject_id])[scan.subject_id]
    household_id = draft.id if kind == "household" else getattr(draft, "household_id", "")
    household = load(connection, "household", [household_id]).get(household_id) if household_id else None
    seen = kind == "exit" and any(mark.scan == scan.digest for mark in draft.signatures)
    stands = "confirmed" if seen else "waiting" if kind == "exit" else "filed"
    return ScanRow(scan, stands, kind, household, getattr(draft, "year", 0))


def kind_of(connection: Connection, record_id: str) -> str:
    """The kind of the record a page can be filed to, "" for none."""
    return next((kind for kind in _CODED if load(connection, kind, [record_id])), "")


def place_name(result: ScanResult) -> str:
    """Paper and page, as the attachment remembers them."""
    return f"{result.document_id} {result.page}" if result.document_id else ""
