"""Papers from the records as they are now: which there are, of what, and the very file that will be printed.

What is previewed is the file that is printed. A public paper passes the leak check or is refused with every hit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from villagedesk.documents.compose import by_hand
from villagedesk.documents.fitting import fitted
from villagedesk.documents.leaks import find_leaks
from villagedesk.documents.paper import Paper
from villagedesk.documents.papers import load_papers
from villagedesk.documents.phrases import load_phrases
from villagedesk.documents.render import render
from villagedesk.documents.sheet import PLAIN, Look, RenderedPaper, Sheet, digest_of
from villagedesk.documents.twins import has_list
from villagedesk.errors import Problem, Refused
from villagedesk.records.load import load
from villagedesk.records.schema import RECORDS, derived_id
from villagedesk.services.households import last_known
from villagedesk.services.leak_guard import guard_of, own_figures
from villagedesk.services.own_papers import all_papers
from villagedesk.services.own_sheets import own_sheet, record_of
from villagedesk.services.paper_kinds import PAPER_MAKERS, SUBJECTS, subjects_of
from villagedesk.services.paper_makers import village_of
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.text import say
from villagedesk.values import Step, no_step


@dataclass(frozen=True, slots=True)
class Language:
    """A second language: ``confirmed`` by a speaker, ``note`` what is not done in it, ``usable`` at all."""

    code: str
    name: str
    confirmed: bool
    note: str
    usable: bool


class PaperMaking:
    """The papers a village can make."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def all(self) -> Mapping[str, Paper]:
        """Every paper by key, the county's own instead of the shipped ones or beside them."""
        with self._site.store.read() as connection:
            return all_papers(connection, self._site)

    def kinds(self) -> tuple[Paper, ...]:
        """Every kind of paper that can be printed from the desk."""
        return tuple(paper for key, paper in self.all().items() if key in SUBJECTS or key not in load_papers())

    def kind(self, key: str) -> Paper:
        """One kind of paper. Raises Refused for one that cannot be printed from the desk."""
        with self._site.store.read() as connection:
            return self._kind(connection, key)

    def look(self, **chosen: Any) -> Look:
        """How papers shall look, from the words of :class:`~villagedesk.documents.sheet.Look`."""
        return Look(**chosen)

    def languages(self) -> tuple[Language, ...]:
        """The languages that can stand beside the Chinese; one whose table is still empty is told too."""
        return tuple(
            Language(each.code, each.name, bool(each.verified_by), each.note, bool(each.words))
            for each in load_phrases().values()
        )

    def able(self, kind: str) -> frozenset[str]:
        """What may be asked of a kind of paper: up, by_group, masked, by_hand, duplex, table."""
        paper = self.kind(kind)
        named = any(column.person for columns in paper.tables.values() for column in columns)
        asked = {
            "up": paper.footer != "corners",
            "by_group": paper.by_group is not None,
            "masked": named,
            "by_hand": paper.by_hand is not None,
            "duplex": True,
            "table": has_list(paper),
        }
        return frozenset(word for word, may in asked.items() if may)

    def subjects(self, kind: str, year: int, household_ids: Sequence[str] = ()) -> tuple[str, ...]:
        """The records a batch of this paper speaks of: of these households (or all), of the year where it has one."""
        return subjects_of(self._site, kind, self._record(kind), year, household_ids)

    def preview(self, kind: str, subject_ids: Sequence[str], step: Step = no_step, look: Look = PLAIN) -> RenderedPaper:
        """The very file that printing would make; several subjects become one volume. Registers nothing.

        ``look``: big print, A3, several lists on a leaf, a list a group, masked names, duplex.

        Raises Refused when data are missing, a character has no glyph, or a public paper would show what it must not.
        """
        return self._render(kind, [self.sheet(kind, subject, look) for subject in subject_ids], step)

    def by_hand(self, kind: str, look: Look = PLAIN) -> RenderedPaper:
        """An empty copy to be filled in with ink, bearing the village and the hotline only. Registers nothing.

        Raises Refused for a paper that has no empty copy (``Paper.by_hand``).
        """
        with self._site.store.read() as connection:
            village, papers = village_of(connection, self._site), all_papers(connection, self._site)
        hotline = self._site.profile.hotline
        known = {
            "village": village.name,
            "township": village.township,
            "county": village.county,
            "hotline_label": hotline.label,
            "hotline": hotline.number,
            "year": str(self._site.today().year),
        }
        if kind not in papers:
            self.kind(kind)
        sheet = by_hand(papers[kind], known, common.stamp(self._site, "blank"), look)
        return render(sheet, common.terms(self._site.profile), papers)

    def sheet(self, kind: str, subject_id: str, look: Look = PLAIN) -> Sheet:
        """The words of one paper, from the records as they are now."""
        with self._site.store.read() as connection:
            paper = self._kind(connection, kind)
            sheet = replace(self._made(connection, paper, subject_id), look=look)
        if paper.footer != "corners":
            return sheet
        # The code names the printing, not the case: a scan of an outdated sheet must not pass for the newest one.
        content = digest_of(sheet, common.terms(self._site.profile))
        named = () if look == PLAIN else (repr(look),)
        document_id = derived_id("paper", self._site.village, kind, subject_id, content, *named)
        return replace(sheet, stamp=replace(sheet.stamp, document_id=document_id))

    def file_name(self, kind: str, subject_id: str, year: int) -> str:
        """A file name that names no person: paper, household or notice number, year."""
        record = self._record(kind)
        with self._site.store.read() as connection:
            found = load(connection, record, [subject_id]).get(subject_id) if record in RECORDS else None
            if found is not None and hasattr(found, "household_id"):
                found = last_known(connection, found.household_id)
        month, _, member = subject_id.partition(".")
        mark = getattr(found, "no", "") or (f"{month}-{member[-8:]}" if member else subject_id[:8]) or "blank"
        return "-".join(filter(None, (kind, "".join(c for c in mark if c.isalnum() or c in "-_"), str(year)))) + ".pdf"

    def _kind(self, connection: Connection, key: str) -> Paper:
        papers = all_papers(connection, self._site)
        if key in papers and (key in SUBJECTS or key not in load_papers()):
            return papers[key]
        known = ", ".join((*SUBJECTS, *(papers.keys() - load_papers().keys())))
        raise Refused(say("There is no paper “{paper}”. Known are: {known}.", paper=key, known=known))

    def _record(self, kind: str) -> str:
        """The kind of record a paper speaks of."""
        paper = self.kind(kind)
        return SUBJECTS[kind] if kind in SUBJECTS else record_of(paper)

    def _made(self, connection: Connection, paper: Paper, subject_id: str) -> Sheet:
        maker = PAPER_MAKERS.get(paper.key)
        if maker is None:
            return own_sheet(self._site, connection, paper, subject_id)
        return fitted(maker(self._site, connection, subject_id), load_papers()[paper.key], paper)

    def _render(self, kind: str, sheets: Sequence[Sheet], step: Step) -> RenderedPaper:
        if not sheets:
            raise Refused(say("There is nothing to print: no record fits this paper."))
        papers = self.all()
        rendered = render(sheets, common.terms(self._site.profile), papers, step)
        if papers[kind].audience == "public":
            self._demand_no_leak(rendered, sheets)
        return rendered

    def _demand_no_leak(self, rendered: RenderedPaper, sheets: Sequence[Sheet]) -> None:
        with self._site.store.read() as connection:
            guard = replace(guard_of(connection, self._site), own_figures=own_figures(sheets))
        leaks = find_leaks(rendered.pdf, guard)
        if leaks:
            raise Refused(
                Problem(
                    say("Page {page}: {what} {excerpt}", page=leak.page, what=leak.text, excerpt=leak.excerpt),
                    "",
                    leak.kind,
                )
                for leak in leaks
            )
