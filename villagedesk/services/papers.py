"""Papers from records: preview, print, register what was printed, print it again as it was (DESIGN §5.3, §5.7).

What is previewed is the file that is printed. A public paper passes the leak check or is refused with every hit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from villagedesk.documents.compose import by_hand
from villagedesk.documents.leaks import find_leaks
from villagedesk.documents.papers import Paper, load_papers
from villagedesk.documents.phrases import load_phrases
from villagedesk.documents.render import render
from villagedesk.documents.sheet import PLAIN, Look, RenderedPaper, Sheet, digest_of
from villagedesk.documents.twins import has_list
from villagedesk.drafts.notice import PaperDraft
from villagedesk.errors import Problem, Refused
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS, derived_id
from villagedesk.services.exits import case_of
from villagedesk.services.frozen import Altered, differences, freeze, terms_of, thaw
from villagedesk.services.further_makers import FURTHER
from villagedesk.services.households import one
from villagedesk.services.leak_guard import amounts_in, guard_of
from villagedesk.services.notice_kinds import kinds_on
from villagedesk.services.notices import Notices
from villagedesk.services.paper_makers import MAKERS, village_of
from villagedesk.services.reprints import Changed, changed, newest
from villagedesk.services.sheets import common
from villagedesk.services.signing import scheme_of
from villagedesk.services.site import Site
from villagedesk.services.team_makers import MEMBER_MONTHLY, MONTHLY, TEAM, month_subjects
from villagedesk.services.village_papers import VILLAGE_MAKERS, report_subjects
from villagedesk.store.work import Change, Work
from villagedesk.text import say
from villagedesk.values import Step, group_order, no_step

YEARLY = "year"
REPORT = "report"
_MAKERS = {**MAKERS, **VILLAGE_MAKERS, **{paper: maker for paper, (_, maker) in {**FURTHER, **TEAM}.items()}}

SUBJECTS = {
    "household_file": "household",
    "card": "household",
    "evidence_catalogue": "household",
    "income_sheet": "income",
    "plan_sheet": "plan",
    "exit_record": "exit",
    "signoff_sheet": "exit",
    "evaluation_minutes": "evaluation",
    "exit_notice": "notice",
    "exit_announcement": "notice",
    "exit_list": YEARLY,
    "minutes_extract": "exit",
    "exit_request": "notice",
    "notice_result": "notice",
    "no_objection": "notice",
    "exit_certificate": "exit",
    "blank_household_form": "",
    "project_notice": "notice",
    "fund_notice": "notice",
    "donation_notice": "notice",
    "effect_notice": "notice",
    "share_notice": "notice",
    "dwelling_notice": "notice",
    "register_notice": "notice",
    "entry_notice": "notice",
    "monitoring_in_notice": "notice",
    "monitoring_out_notice": "notice",
    "village_plan": "village_plan",
    "village_figures": YEARLY,
    "personal_extract": "member",
    **{paper: record for paper, (record, _) in {**FURTHER, **TEAM}.items()},
    "overview": YEARLY,
    "report_sheet": REPORT,
}
"""Paper → kind of record it speaks of; "" for a blank form, :data:`YEARLY` one a year, :data:`REPORT` one a period."""


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


class Papers:
    """The papers of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def kinds(self) -> tuple[Paper, ...]:
        """Every kind of paper that can be printed from the desk."""
        return tuple(paper for key, paper in load_papers().items() if key in SUBJECTS)

    def look(self, **chosen: Any) -> Look:
        """How papers shall look, from the words of :class:`~villagedesk.documents.sheet.Look`."""
        return Look(**chosen)

    def languages(self) -> tuple[tuple[str, str, bool], ...]:
        """The languages that can stand beside the Chinese: code, name, and whether somebody confirmed the table."""
        return tuple((each.code, each.name, bool(each.verified_by)) for each in load_phrases().values() if each.words)

    def able(self, kind: str) -> frozenset[str]:
        """What may be asked of a kind of paper: up, by_group, masked, by_hand, duplex, table."""
        _known(kind)
        paper = load_papers()[kind]
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
        record = SUBJECTS[_known(kind)]
        if not record:
            return ("",)
        if record == YEARLY:
            return (str(year),)
        if record in {MONTHLY, MEMBER_MONTHLY}:
            with self._site.store.read() as connection:
                return month_subjects(connection, self._site, record, year)
        if record == REPORT:
            return report_subjects(self._site, year)
        table = RECORDS[record].table
        query = select(table.c.id).where(table.c.removed.is_(False), table.c.village == self._site.village)
        if "year" in table.c:
            query = query.where(table.c.year == year)
        if household_ids and "household_id" in table.c:
            query = query.where(table.c.household_id.in_(household_ids))
        elif household_ids and record == "household":
            query = query.where(table.c.id.in_(household_ids))
        if record == "notice":
            query = query.where(table.c.kind.in_(kinds_on(kind) or ("exit",)))
        with self._site.store.read() as connection:
            found = connection.execute(query.order_by(table.c.n)).scalars().all()
            return tuple(_by_group(connection, record, found))

    def preview(self, kind: str, subject_ids: Sequence[str], step: Step = no_step, look: Look = PLAIN) -> RenderedPaper:
        """The very file that :meth:`print` would make; several subjects become one volume. Registers nothing.

        ``look``: big print, A3, several lists on a leaf, a list a group, masked names, duplex.

        Raises Refused when data are missing, a character has no glyph, or a public paper would show what it must not.
        """
        return self._render(kind, [self.sheet(kind, subject, look) for subject in subject_ids], step)

    def by_hand(self, kind: str, look: Look = PLAIN) -> RenderedPaper:
        """An empty copy to be filled in with ink, bearing the village and the hotline only. Registers nothing.

        Raises Refused for a paper that has no empty copy (``Paper.by_hand``).
        """
        with self._site.store.read() as connection:
            village = village_of(connection, self._site)
        hotline = self._site.profile.hotline
        known = {
            "village": village.name,
            "township": village.township,
            "county": village.county,
            "hotline_label": hotline.label,
            "hotline": hotline.number,
            "year": str(self._site.today().year),
        }
        if kind not in load_papers():
            _known(kind)
        sheet = by_hand(load_papers()[kind], known, common.stamp(self._site, "blank"), look)
        return render(sheet, common.terms(self._site.profile))

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
        with self._site.store.work("paper.print", reason) as work:
            return tuple(self._register(work, kind, *each) for each in made)

    def reprint(self, paper_id: str) -> RenderedPaper:
        """A registered paper exactly as it was, whatever the data say now."""
        paper = self.get(paper_id)
        return render(thaw(paper.sheet), terms_of(paper.sheet) or common.terms(self._site.profile))

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
        return differences(load_papers()[paper.kind], thaw(paper.sheet), self.sheet(paper.kind, paper.subject_id))

    def of_case(self, case_id: str) -> tuple[CasePaper, ...]:
        """The newest printing of each paper on an exit case, its household and notice, and what changed since.

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
        papers = {(paper.kind, paper.subject_id): paper for paper in found if paper.kind in MAKERS}
        return tuple(
            CasePaper(paper, load_papers()[paper.kind].title, self._changes(paper)) for paper in papers.values()
        )

    def _changes(self, paper: PaperDraft) -> tuple[Altered, ...]:
        try:
            return self.altered(paper.id)
        except Refused:
            return ()

    def changed(self, kind: str, year: int) -> tuple[Changed, ...]:
        """The registered papers of this kind that would print differently now, with what differs (field, then, now).

        ``year``: of the records the papers speak of; for papers on a whole household or blank, of the printing.
        """
        subjects = self.subjects(kind, year)
        table = RECORDS["paper"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "paper", table.c.kind == kind, table.c.subject_id.in_(subjects)).values()
        of_year = [paper for paper in found if paper.printed_on and paper.printed_on.year == year]
        kept = list(found) if _has_year(kind) else of_year
        return changed(newest(kept), lambda subject: self.sheet(kind, subject), common.terms(self._site.profile))

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

    def file_name(self, kind: str, subject_id: str, year: int) -> str:
        """A file name that names no person: paper, household or notice number, year."""
        with self._site.store.read() as connection:
            record = SUBJECTS[_known(kind)]
            found = load(connection, record, [subject_id]).get(subject_id) if record in RECORDS else None
            if found is not None and hasattr(found, "household_id"):
                found = one(connection, found.household_id)
        month, _, member = subject_id.partition(".")
        mark = getattr(found, "no", "") or (f"{month}-{member[-8:]}" if member else subject_id[:8]) or "blank"
        return "-".join(filter(None, (kind, "".join(c for c in mark if c.isalnum() or c in "-_"), str(year)))) + ".pdf"

    def printed(self, subject_id: str) -> tuple[PaperDraft, ...]:
        """The papers printed of a record, oldest first."""
        table = RECORDS["paper"].table
        with self._site.store.read() as connection:
            return tuple(load_where(connection, "paper", table.c.subject_id == subject_id).values())

    def sheet(self, kind: str, subject_id: str, look: Look = PLAIN) -> Sheet:
        """The words of one paper, from the records as they are now."""
        with self._site.store.read() as connection:
            sheet = replace(_MAKERS[_known(kind)](self._site, connection, subject_id), look=look)
        if load_papers()[kind].footer != "corners":
            return sheet
        # The code names the printing, not the case: a scan of an outdated sheet must not pass for the newest one.
        content = digest_of(sheet, common.terms(self._site.profile))
        named = () if look == PLAIN else (repr(look),)
        document_id = derived_id("paper", self._site.village, kind, subject_id, content, *named)
        return replace(sheet, stamp=replace(sheet.stamp, document_id=document_id))

    def _render(self, kind: str, sheets: Sequence[Sheet], step: Step) -> RenderedPaper:
        if not sheets:
            raise Refused(say("There is nothing to print: no record fits this paper."))
        rendered = render(sheets, common.terms(self._site.profile), step=step)
        if load_papers()[kind].audience == "public":
            self._demand_no_leak(rendered, sheets)
        return rendered

    def _demand_no_leak(self, rendered: RenderedPaper, sheets: Sequence[Sheet]) -> None:
        with self._site.store.read() as connection:
            guard = replace(guard_of(connection, self._site), own_figures=amounts_in(sheets))
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

    def _register(self, work: Work, kind: str, subject: str, sheet: Sheet, rendered: RenderedPaper) -> Printed:
        comes_back = load_papers()[kind].footer == "corners"
        paper_id = sheet.stamp.document_id if comes_back else self._site.store.ids()
        if work.row("paper", paper_id) is None:
            rows = _rows(self._site, work.connection, kind, subject)
            draft = PaperDraft(
                kind=kind,
                subject_id=subject,
                no=sheet.stamp.notice_no,
                data_date=sheet.stamp.data_date,
                printed_on=self._site.today(),
                copies=load_papers()[kind].copies,
                digest=rendered.digest,
                sheet=freeze(sheet, rendered, common.terms(self._site.profile), rows),
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


def _by_group(connection: Connection, record: str, ids: Sequence[str]) -> list[str]:
    """Records that belong to households, in the order in which papers are handed out: by village group."""
    table = RECORDS[record].table
    if record != "household" and "household_id" not in table.c:
        return list(ids)
    household = RECORDS["household"].table.alias()
    of = table.c.id if record == "household" else table.c.household_id
    query = select(table.c.id, household.c.group, household.c.no).join_from(table, household, household.c.id == of)
    order = {row[0]: (*group_order(row[1]), row[2]) for row in connection.execute(query)}
    return sorted(ids, key=lambda each: order.get(each, (10**9, "", "")))


def _has_year(kind: str) -> bool:
    """Whether what the paper speaks of belongs to one year."""
    record = SUBJECTS[kind]
    return record == YEARLY or (record in RECORDS and "year" in RECORDS[record].table.c)


def of_households(kind: str) -> bool:
    """Whether a paper speaks of single households, so that a batch says which. False for an unknown paper."""
    record = SUBJECTS.get(kind, "")
    return record == "household" or (record in RECORDS and "household_id" in RECORDS[record].fields)


def _known(kind: str) -> str:
    if kind not in SUBJECTS:
        raise Refused(say("There is no paper “{paper}”. Known are: {known}.", paper=kind, known=", ".join(SUBJECTS)))
    return kind
