"""Signed papers back in: each page finds its case, its places are shown beside the names, a person confirms.

The legal act is the ink on the paper (DOMAIN §8.6); the program keeps the picture, its hash, and who looked at it. A
page that finds no record goes to the by-hand tray and stays there until somebody files it: nothing is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from villagedesk.drafts.attachment import AttachmentDraft
from villagedesk.drafts.exit import ExitDraft, SignatureDraft
from villagedesk.errors import Problem, Refused
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS, derived_id
from villagedesk.services.exit_cases import case_of
from villagedesk.services.scan_filing import (
    KIND,
    STANDS,
    ScanPlace,
    ScanResult,
    ScanRow,
    judged,
    kind_of,
    place_name,
    places_for,
    row_of,
    scan_of,
)
from villagedesk.services.signing import record_marks
from villagedesk.services.site import Site
from villagedesk.store import sealed
from villagedesk.store.work import Change, Work
from villagedesk.text import say
from villagedesk.values import Step, no_step

if TYPE_CHECKING:  # the libraries that read pictures take a quarter of a second: loaded when the first page comes in
    from PIL import Image


class Scans:
    """The scanned papers of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def file(self, path: Path, reason: str = "scanned", step: Step = no_step) -> tuple[ScanResult, ...]:
        """Take in a pile: each page of the file is kept sealed and finds its record, or goes to the tray.

        Raises Unreadable when the file is no scan; then nothing was taken in. The same page twice is one page.
        """
        from villagedesk.services import scan_pages

        results: list[ScanResult] = []
        for number, image in enumerate(scan_pages.open_pages(path), 1):
            data = scan_pages.jpeg(image)
            digest = sealed.seal(self._folder, data, self._site.key)
            kept = scan_pages.from_bytes(data)  # what is judged is what is kept
            results.append(self._take_in(f"{path.name} {number}", digest, len(data), kept, reason))
            step(number, number)
        return tuple(results)

    def look(self, attachment_id: str) -> ScanResult:
        """A kept page with its places cut out again, to be shown to a person."""
        with self._site.store.read() as connection:
            scan = scan_of(connection, attachment_id)
            return self._result(connection, scan, self._image(scan))

    def show(self, attachment_id: str) -> tuple[ScanResult, bytes]:
        """As :meth:`look`, with the page as JPEG: upright and straight where its codes were read, else as it came."""
        from villagedesk.services import scan_pages

        with self._site.store.read() as connection:
            scan = scan_of(connection, attachment_id)
            image = self._image(scan)
            found = scan_pages.find_page(image)
            result = judged(connection, scan, image, found)
        return result, scan_pages.jpeg(image if found is None else scan_pages.straight(image, found))

    def places(self, household_id: str) -> tuple[ScanPlace, ...]:
        """Where a page of a household can be filed: its file, its cases, plans and statements, newest first."""
        with self._site.store.read() as connection:
            return tuple(places_for(connection, self._site.village, household_id))

    def page(self, attachment_id: str) -> bytes:
        """The whole page as JPEG."""
        with self._site.store.read() as connection:
            return sealed.unseal(self._folder, scan_of(connection, attachment_id).digest, self._site.key)

    def tray(self) -> tuple[AttachmentDraft, ...]:
        """Pages that found no record, oldest first."""
        return tuple(scan for scan in self._all() if not scan.subject_id)

    def waiting(self) -> tuple[AttachmentDraft, ...]:
        """Scanned sign-off sheets that nobody has looked at yet."""
        with self._site.store.read() as connection:
            filed = [scan for scan in self._all() if scan.subject_id]
            cases: dict[str, ExitDraft] = load(connection, "exit", [scan.subject_id for scan in filed])
        return tuple(
            scan
            for scan in filed
            if scan.subject_id in cases
            and not any(mark.scan == scan.digest for mark in cases[scan.subject_id].signatures)
        )

    def of_record(self, subject_id: str) -> tuple[AttachmentDraft, ...]:
        """The scans filed to a record."""
        return tuple(scan for scan in self._all() if scan.subject_id == subject_id)

    def sort_again(self, reason: str = "sorted again") -> tuple[ScanResult, ...]:
        """Look at the tray anew: papers printed on another laptop may have arrived since."""
        with self._site.store.read() as connection:
            looked = [self._result(connection, scan, self._image(scan)) for scan in self.tray()]
        found = [result for result in looked if result.subject_id]
        for result in found:
            self._move(result.attachment_id, result.subject_id, reason)
        return tuple(found)

    def file_by_hand(self, attachment_id: str, subject_id: str, reason: str) -> Change:
        """A person says whose page this is; ``subject_id`` "" puts it back into the tray."""
        with self._site.store.read() as connection:
            scan_of(connection, attachment_id)
            if subject_id and not kind_of(connection, subject_id):
                raise Refused(say("This record is not in the desk any more."))
        return self._move(attachment_id, subject_id, reason)

    def confirm(self, attachment_id: str, marks: Sequence[SignatureDraft], by: str, reason: str) -> Change:
        """A person looked at the page: these marks are on it. What was recorded of them before stays.

        Raises Refused when nobody is named who looked, a mark has no person or date yet, or the page is no case's.
        """
        if not by.strip():
            raise Refused([Problem(say("Enter who looked at the scan."), "confirmed_by")])
        with self._site.store.work("scan.confirm", reason) as work:
            scan = scan_of(work.connection, attachment_id)
            if not scan.subject_id:
                raise Refused([Problem(say("File the page to its case first."), "subject_id")])
            case = case_of(work.connection, scan.subject_id)
            seen = [_seen(case, mark, scan.digest, by.strip()) for mark in marks]
            problems = [problem for mark in seen for problem in _incomplete(mark)]
            if problems:
                raise Refused(problems)
            record_marks(self._site, work, case, seen)
            self._mark_paper(work, scan)
        return work.change

    def rows(self) -> tuple[ScanRow, ...]:
        """Every scan with where it stands: the by-hand tray first, then what waits for a person, then the rest."""
        scans = self._all()
        with self._site.store.read() as connection:
            rows = [row_of(connection, scan) for scan in scans]
        return tuple(sorted(rows, key=lambda row: STANDS.index(row.stands)))

    @property
    def _folder(self) -> Path:
        return self._site.folder / "attachments"

    def _take_in(self, title: str, digest: str, size: int, image: Image.Image, reason: str) -> ScanResult:
        scan_id = derived_id("scan", self._site.village, digest)
        with self._site.store.work("scan.file", reason) as work:
            known = load(work.connection, "attachment", [scan_id]).get(scan_id)
            scan = known or AttachmentDraft(
                id=scan_id, digest=digest, kind=KIND, media_type="image/jpeg", size=size, title=title,
                taken_on=self._site.today(),
            )  # fmt: skip
            result = self._result(work.connection, scan, image)
            if known is None:
                filed = replace(scan, subject_id=result.subject_id, field=place_name(result))
                work.put_draft("attachment", self._site.village, filed)
        return result

    def _result(self, connection: Connection, scan: AttachmentDraft, image: Image.Image) -> ScanResult:
        from villagedesk.services import scan_pages

        return judged(connection, scan, image, scan_pages.find_page(image))

    def _image(self, scan: AttachmentDraft) -> Image.Image:
        from villagedesk.services import scan_pages

        return scan_pages.from_bytes(sealed.unseal(self._folder, scan.digest, self._site.key))

    def _all(self) -> list[AttachmentDraft]:
        table = RECORDS["attachment"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "attachment", table.c.village == self._site.village, table.c.kind == KIND)
        return list(found.values())

    def _move(self, attachment_id: str, subject_id: str, reason: str) -> Change:
        with self._site.store.work("scan.move", reason) as work:
            work.put("attachment", self._site.village, {"subject_id": subject_id}, attachment_id)
        return work.change

    def _mark_paper(self, work: Work, scan: AttachmentDraft) -> None:
        paper_id = scan.field.partition(" ")[0]
        if paper_id and work.row("paper", paper_id) is not None:
            work.put("paper", self._site.village, {"signed": True, "scan": scan.digest}, paper_id)


def _seen(case: ExitDraft, mark: SignatureDraft, digest: str, by: str) -> SignatureDraft:
    """The mark as recorded before, or as it is told now, with the scan that shows it."""
    known = next((each for each in case.signatures if (each.role, each.item) == (mark.role, mark.item)), mark)
    told = replace(
        known,
        person=mark.person or known.person,
        signed_on=mark.signed_on or known.signed_on,
        mark=mark.mark if mark.person or known is mark else known.mark,
    )
    return replace(told, scan=digest, confirmed_by=by)


def _incomplete(mark: SignatureDraft) -> Iterator[Problem]:
    if not mark.person.strip():
        yield Problem(say("Enter who signed as {role}.", role=mark.role), f"signatures.{mark.role}.person")
    if mark.signed_on is None:
        yield Problem(
            say("Enter the date that {person} wrote.", person=mark.person or mark.role), "signatures.signed_on"
        )
