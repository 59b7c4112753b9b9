"""Papers printed and registered, printed again as they were, and held against the data of today (DESIGN §5.3, §5.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import laid_out, render
from villagedesk.documents.sheet import PLAIN, Look, RenderedPaper, Sheet
from villagedesk.drafts.notice import PaperDraft
from villagedesk.errors import Refused
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.exit_cases import case_of
from villagedesk.services.frozen import Altered, differences, freeze, template_of, terms_of, thaw
from villagedesk.services.notice_kinds import kinds_on
from villagedesk.services.notices import Notices
from villagedesk.services.own_papers import keep_template, kept_paper
from villagedesk.services.paper_kinds import has_year
from villagedesk.services.paper_makers import MAKERS
from villagedesk.services.paper_making import PaperMaking
from villagedesk.services.reprints import Changed, Today, changed, newest
from villagedesk.services.sheets import common
from villagedesk.services.signed_papers import standing
from villagedesk.services.signing import scheme_of
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say
from villagedesk.values import Step, no_step


@dataclass(frozen=True)
class Printed:
    """A paper that was printed and registered. ``paper_id`` finds it again."""

    paper_id: str
    rendered: RenderedPaper


@dataclass(frozen=True)
class CasePaper:
    """A registered paper around one exit, and where today's data say otherwise."""

    paper: PaperDraft
    title: str
    altered: tuple[Altered, ...]


class Papers(PaperMaking):
    """The papers of a village: made, registered and printed again."""

    def print(
        self, kind: str, subject_ids: Sequence[str], reason: str, step: Step = no_step, look: Look = PLAIN
    ) -> tuple[Printed, ...]:
        """Make one file a subject and register each; raises Refused as :meth:`preview` does.

        A paper that comes back signed is registered once: printed again unchanged, it is the same paper.
        """
        made = []
        for done, subject in enumerate(subject_ids, 1):
            sheet = self.sheet(kind, subject, look)
            made.append((subject, sheet, self._render(kind, [sheet], no_step)))
            step(done, len(subject_ids))
        return self._kept(kind, made, reason)

    def print_volume(
        self, kind: str, subject_ids: Sequence[str], reason: str, step: Step = no_step, look: Look = PLAIN
    ) -> RenderedPaper:
        """One file of all subjects, each registered as :meth:`print` would; its fonts are written once."""
        sheets = [self.sheet(kind, subject, look) for subject in subject_ids]
        volume = self._render(kind, sheets, step)
        terms, papers = common.terms(self._site.profile), self.all()
        laid = [laid_out(sheet, terms, papers) for sheet in sheets] if len(sheets) > 1 else [volume]
        self._kept(kind, list(zip(subject_ids, sheets, laid, strict=True)), reason)
        return volume

    def _kept(self, kind: str, made: Sequence[tuple[str, Sheet, RenderedPaper]], reason: str) -> tuple[Printed, ...]:
        with self._site.store.work("paper.print", reason) as work:
            template = keep_template(work, self._site, kind) if made else ""
            return tuple(self._register(work, (kind, template), *each) for each in made)

    def reprint(self, paper_id: str) -> RenderedPaper:
        """A registered paper exactly as it was, whatever data and template say now."""
        paper = self.get(paper_id)
        with self._site.store.read() as connection:
            then = kept_paper(connection, template_of(paper.sheet))
        papers = {**self.all(), **({paper.kind: then} if then else {})}
        return render(thaw(paper.sheet), terms_of(paper.sheet) or common.terms(self._site.profile), papers)

    def get(self, paper_id: str) -> PaperDraft:
        """A registered paper. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            found = load(connection, "paper", [paper_id])
        if not found:
            raise Refused(say("This record is not in the desk any more."))
        paper: PaperDraft = found[paper_id]
        return paper

    def altered(self, paper_id: str) -> tuple[Altered, ...]:
        """What the data say now that the registered paper did not say; empty while nothing changed (issue: frozen)."""
        paper = self.get(paper_id)
        return differences(self.kind(paper.kind), thaw(paper.sheet), self.sheet(paper.kind, paper.subject_id))

    def of_case(self, case_id: str) -> tuple[CasePaper, ...]:
        """Each paper on an exit case, its household and notice, as it was signed, and what changed since.

        Of a paper that nobody signed yet, the newest printing; one printed after the signing stands beside it.

        A paper that cannot be made any more from today's data (its notice was withdrawn …) counts as unchanged.
        """
        with self._site.store.read() as connection:
            case = case_of(connection, case_id)
            subjects = [case_id, case.household_id, *filter(None, (case.notice_id, case.evaluation_id))]
            for kind in ("income", "plan"):
                table = RECORDS[kind].table
                of_year = (table.c.household_id == case.household_id, table.c.year == case.year)
                subjects += load_where(connection, kind, *of_year)
            table = RECORDS["paper"].table
            found = load_where(connection, "paper", table.c.subject_id.in_(subjects)).values()
        papers = standing(paper for paper in found if paper.kind in MAKERS)
        return tuple(CasePaper(paper, load_papers()[paper.kind].title, self._changes(paper)) for paper in papers)

    def _changes(self, paper: PaperDraft) -> tuple[Altered, ...]:
        try:
            return self.altered(paper.id)
        except Refused:
            return ()

    def changed(self, kind: str, year: int, step: Step = no_step) -> tuple[Changed, ...]:
        """The registered papers of this kind that would print differently now, with what differs (field, then, now).

        ``year``: of the records the papers speak of; for papers on a whole household or blank, of the printing.
        """
        subjects = self.subjects(kind, year)
        table = RECORDS["paper"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "paper", table.c.kind == kind, table.c.subject_id.in_(subjects)).values()
        of_year = [paper for paper in found if paper.printed_on and paper.printed_on.year == year]
        kept = list(found) if has_year(self._record(kind)) else of_year
        with self._site.store.read() as connection:
            then = {each.id: kept_paper(connection, template_of(each.sheet)) for each in kept}
        today = Today(self.kind(kind), lambda subject: self.sheet(kind, subject), common.terms(self._site.profile))
        return changed(newest(kept), today, then, step)

    def reprint_changed(self, kind: str, year: int, reason: str, step: Step = no_step) -> tuple[Printed, ...]:
        """Print and register anew only the papers that :meth:`changed` names; raises Refused as :meth:`print` does."""
        found = self.changed(kind, year)
        printed: list[Printed] = []
        for look in dict.fromkeys(each.look for each in found):
            subjects = [each.subject_id for each in found if each.look == look]
            printed += self.print(kind, subjects, reason, step, look)
        return tuple(printed)

    def reprint_volume(self, kind: str, year: int, reason: str, step: Step = no_step) -> RenderedPaper:
        """Register anew the papers that :meth:`changed` names, and give them as one file. Raises Refused as it does."""
        found = self.changed(kind, year)
        self.reprint_changed(kind, year, reason, step)
        return self._render(kind, [self.sheet(kind, each.subject_id, each.look) for each in found], step)

    def signed(self, paper_id: str, reason: str) -> Change:
        """The paper came back signed with ink; from now on :meth:`altered` is to be looked at."""
        self.get(paper_id)
        with self._site.store.work("paper.signed", reason) as work:
            work.put("paper", self._site.village, {"signed": True}, paper_id)
        return work.change

    def printed(self, subject_id: str) -> tuple[PaperDraft, ...]:
        """The papers printed of a record, oldest first."""
        table = RECORDS["paper"].table
        with self._site.store.read() as connection:
            return tuple(load_where(connection, "paper", table.c.subject_id == subject_id).values())

    def _register(
        self, work: Work, made_by: tuple[str, str], subject: str, sheet: Sheet, rendered: RenderedPaper
    ) -> Printed:
        kind, template = made_by
        paper = self._kind(work.connection, kind)
        comes_back = paper.footer == "corners"
        paper_id = sheet.stamp.document_id if comes_back else self._site.store.ids()
        if work.row("paper", paper_id) is None:
            rows = _rows(self._site, work.connection, kind, subject)
            draft = PaperDraft(
                kind=kind,
                subject_id=subject,
                no=sheet.stamp.notice_no,
                data_date=sheet.stamp.data_date,
                printed_on=self._site.today(),
                copies=paper.copies,
                digest=rendered.digest,
                sheet=freeze(sheet, rendered, common.terms(self._site.profile), rows, template),
            )
            work.put_draft("paper", self._site.village, draft, new_id=paper_id)
        if kinds_on(kind):
            Notices(self._site).printed(work, subject, rendered.digest)
        return Printed(paper_id, rendered)


def _rows(site: Site, connection: Connection, kind: str, subject: str) -> list[tuple[str, str]]:
    """Role and item of each signer's row of the sign-off sheet."""
    if kind != "signoff_sheet":
        return []
    preset = scheme_of(site, case_of(connection, subject)).preset
    items = [""] * len(preset.roles) if preset.mode == "full" else list(preset.items)
    return list(zip(preset.roles, items, strict=True))
