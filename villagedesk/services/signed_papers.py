"""Which printing of a paper counts: the one with ink on it; and what makes a printing the signed one (DESIGN §5.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from villagedesk.drafts.notice import PaperDraft
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import Site
from villagedesk.store.work import Work


def counting(printings: Sequence[PaperDraft]) -> PaperDraft:
    """Of the printings of one paper, oldest first, the one that counts: the last signed, else the last.

    Printing a paper anew takes nothing away from the one that was signed; only signing the new one does.
    """
    return next((each for each in reversed(printings) if each.signed), printings[-1])


def standing(papers: Iterable[PaperDraft]) -> tuple[PaperDraft, ...]:
    """Of papers of many kinds and subjects, oldest first, those that count; behind a signed one what was printed since.

    What was printed since and says the same, seal for seal, is no other paper.
    """
    by_subject: dict[tuple[str, str], list[PaperDraft]] = {}
    for paper in papers:
        by_subject.setdefault((paper.kind, paper.subject_id), []).append(paper)
    found: list[PaperDraft] = []
    for printings in by_subject.values():
        first, last = counting(printings), printings[-1]
        found += [first] if last.digest == first.digest else [first, last]
    return tuple(found)


def mark_signed(site: Site, work: Work, kind: str, subject_id: str) -> None:
    """What was printed last of a record is what people signed just now; nothing printed, nothing marked."""
    table = RECORDS["paper"].table
    here = (table.c.kind == kind, table.c.subject_id == subject_id)
    printings = list(load_where(work.connection, "paper", *here).values())
    if printings and not printings[-1].signed:
        work.put("paper", site.village, {"signed": True}, printings[-1].id)
