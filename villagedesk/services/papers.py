"""Papers from records: preview, print, register what was printed, print it again as it was (DESIGN §5.3, §5.7).

What is previewed is the file that is printed. A public paper passes the leak check or is refused with every hit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from villagedesk.documents.leaks import Guard, find_leaks
from villagedesk.documents.papers import Paper, load_papers
from villagedesk.documents.render import render
from villagedesk.documents.sheet import RenderedPaper, Sheet, Stamp
from villagedesk.drafts.notice import NoticeDraft, PaperDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Problem, Refused
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.exits import Exits
from villagedesk.services.households import one
from villagedesk.services.notices import Notices, notice_of
from villagedesk.services.sheets import common, exits, household, income, plan
from villagedesk.services.site import Site
from villagedesk.text import say
from villagedesk.values import Step, age_on, no_step

_CHILD = 14  # PIPL Art. 28: everything about children under 14 is sensitive

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
    "blank_household_form": "",
}
"""Paper → kind of record it speaks of; "" for a blank form."""


@dataclass(frozen=True)
class Printed:
    """A paper that was printed and registered. ``paper_id`` finds it again."""

    paper_id: str
    rendered: RenderedPaper


class Papers:
    """The papers of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def kinds(self) -> tuple[Paper, ...]:
        """Every kind of paper that can be printed from the desk."""
        return tuple(paper for key, paper in load_papers().items() if key in SUBJECTS)

    def subjects(self, kind: str, year: int, household_ids: Sequence[str] = ()) -> tuple[str, ...]:
        """The records a batch of this paper speaks of: of these households (or all), of the year where it has one."""
        record = SUBJECTS[_known(kind)]
        if not record:
            return ("",)
        table = RECORDS[record].table
        query = select(table.c.id).where(table.c.removed.is_(False), table.c.village == self._site.village)
        if "year" in table.c:
            query = query.where(table.c.year == year)
        if household_ids and "household_id" in table.c:
            query = query.where(table.c.household_id.in_(household_ids))
        elif household_ids and record == "household":
            query = query.where(table.c.id.in_(household_ids))
        if kind == "exit_notice":
            query = query.where(table.c.kind == "exit")
        with self._site.store.read() as connection:
            return tuple(connection.execute(query.order_by(table.c.n)).scalars())

    def preview(self, kind: str, subject_ids: Sequence[str], step: Step = no_step) -> RenderedPaper:
        """The very file that :meth:`print` would make; several subjects become one volume. Registers nothing.

        Raises Refused when data are missing, a character has no glyph, or a public paper would show what it must not.
        """
        return self._render(kind, [self.sheet(kind, subject) for subject in subject_ids], step)

    def print(self, kind: str, subject_ids: Sequence[str], reason: str, step: Step = no_step) -> tuple[Printed, ...]:
        """Make one file a subject and register each; raises Refused as :meth:`preview` does."""
        made = []
        for done, subject in enumerate(subject_ids, 1):
            sheet = self.sheet(kind, subject)
            made.append((subject, sheet, self._render(kind, [sheet], no_step)))
            step(done, len(subject_ids))
        return self._register(kind, made, reason)

    def reprint(self, paper_id: str) -> RenderedPaper:
        """A registered paper exactly as it was, whatever the data say now."""
        with self._site.store.read() as connection:
            found = load(connection, "paper", [paper_id])
        if not found:
            raise Refused(say("This record is not in the desk any more."))
        return render(thaw(found[paper_id].sheet), common.terms(self._site.profile))

    def file_name(self, kind: str, subject_id: str, year: int) -> str:
        """A file name that names no person: paper, household or notice number, year."""
        with self._site.store.read() as connection:
            record = SUBJECTS[_known(kind)]
            found = load(connection, record, [subject_id]).get(subject_id) if record else None
            if found is not None and hasattr(found, "household_id"):
                found = one(connection, found.household_id)
        mark = getattr(found, "no", "") or subject_id[:8] or "blank"
        return "-".join(filter(None, (kind, "".join(c for c in mark if c.isalnum() or c in "-_"), str(year)))) + ".pdf"

    def printed(self, subject_id: str) -> tuple[PaperDraft, ...]:
        """The papers printed of a record, oldest first."""
        table = RECORDS["paper"].table
        with self._site.store.read() as connection:
            return tuple(load_where(connection, "paper", table.c.subject_id == subject_id).values())

    def sheet(self, kind: str, subject_id: str) -> Sheet:
        """The words of one paper, from the records as they are now."""
        with self._site.store.read() as connection:
            return _MAKERS[_known(kind)](self._site, connection, subject_id)

    def _render(self, kind: str, sheets: Sequence[Sheet], step: Step) -> RenderedPaper:
        if not sheets:
            raise Refused(say("There is nothing to print: no record fits this paper."))
        rendered = render(sheets, common.terms(self._site.profile), step=step)
        if load_papers()[kind].audience == "public":
            self._demand_no_leak(rendered)
        return rendered

    def _demand_no_leak(self, rendered: RenderedPaper) -> None:
        with self._site.store.read() as connection:
            guard = guard_of(connection, self._site)
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

    def _register(
        self, kind: str, made: Sequence[tuple[str, Sheet, RenderedPaper]], reason: str
    ) -> tuple[Printed, ...]:
        printed = []
        today = self._site.today()
        with self._site.store.work("paper.print", reason) as work:
            for subject, sheet, rendered in made:
                draft = PaperDraft(
                    kind=kind,
                    subject_id=subject,
                    no=sheet.stamp.notice_no,
                    data_date=sheet.stamp.data_date,
                    printed_on=today,
                    copies=load_papers()[kind].copies,
                    digest=rendered.digest,
                    sheet=freeze(sheet),
                )
                paper_id = work.put_draft("paper", self._site.village, draft, new_id=self._site.store.ids())
                printed.append(Printed(paper_id, rendered))
                if kind == "exit_notice":
                    Notices(self._site).printed(work, subject, rendered.digest)
        return tuple(printed)


def _known(kind: str) -> str:
    if kind not in SUBJECTS:
        raise Refused(say("There is no paper “{paper}”. Known are: {known}.", paper=kind, known=", ".join(SUBJECTS)))
    return kind


def guard_of(connection: Connection, site: Site) -> Guard:
    """What no public paper of this village may show, from everything stored."""
    member, house = RECORDS["member"].table, RECORDS["household"].table
    numbers: set[str] = set()
    minors: set[str] = set()
    births: set[date] = set()
    today = site.today()
    query = select(member.c.name, member.c.id_number, member.c.phone, member.c.birth)
    for name, id_number, phone, birth in connection.execute(query.where(member.c.village == site.village)):
        numbers |= {id_number, phone}
        if birth is not None:
            births.add(birth)
            if age_on(birth, today) < _CHILD:
                minors.add(name)
    numbers |= set(connection.execute(select(house.c.phone).where(house.c.village == site.village)).scalars())
    village = _village(connection, site)
    phones = frozenset(filter(None, village.phones.replace("，", "、").split("、")))
    notices = load_where(connection, "notice", RECORDS["notice"].table.c.village == site.village).values()
    own = {day for notice in notices for day in (notice.starts_on, notice.ends_on) if day} | {today}
    cases = load_where(connection, "exit", RECORDS["exit"].table.c.village == site.village).values()
    own |= {case.replied_on for case in cases if case.replied_on}
    return Guard(
        numbers=frozenset(filter(None, numbers)),
        minors=frozenset(minors),
        births=frozenset(births),
        own_dates=frozenset(own),
        allowed_phones=phones | {site.profile.hotline.number},
    )


def freeze(sheet: Sheet) -> str:
    """A sheet as JSON, so that it can be printed again word for word."""
    return orjson.dumps(asdict(sheet)).decode()


def thaw(text: str) -> Sheet:
    """A sheet from its JSON."""
    raw = orjson.loads(text)
    stamp = raw["stamp"]
    made_at = datetime.fromisoformat(stamp["made_at"])
    stamped = Stamp(
        stamp["document_id"], stamp["notice_no"], date.fromisoformat(stamp["data_date"]), made_at, stamp["digest"]
    )
    tables = {name: tuple(tuple(row) for row in rows) for name, rows in raw["tables"].items()}
    return Sheet(raw["paper"], raw["fields"], tables, stamped)


def _village(connection: Connection, site: Site) -> VillageDraft:
    found = load_where(connection, "village", RECORDS["village"].table.c.code == site.village)
    village: VillageDraft = next(iter(found.values()))
    return village


def _found(connection: Connection, kind: str, record_id: str) -> Any:
    found = load(connection, kind, [record_id])
    if not found:
        raise Refused(say("This record is not in the desk any more."))
    return found[record_id]


def _of(connection: Connection, kind: str, household_id: str) -> list[Any]:
    found = load_where(connection, kind, RECORDS[kind].table.c.household_id == household_id)
    return sorted(found.values(), key=lambda draft: draft.year, reverse=True)


def _household_file(site: Site, connection: Connection, subject: str) -> Sheet:
    return household.household_file(site, _village(connection, site).name, one(connection, subject))


def _card(site: Site, connection: Connection, subject: str) -> Sheet:
    village = _village(connection, site)
    pairings = load_where(connection, "pairing", RECORDS["pairing"].table.c.household_id == subject)
    running = [pairing for pairing in pairings.values() if pairing.ends_on is None]
    helper = _found(connection, "helper", running[-1].helper_id) if running else None
    plans, incomes = _of(connection, "plan", subject), _of(connection, "income", subject)
    phone = village.phones.split("、")[0]
    newest = plans[0] if plans else None
    return household.card(site, village.name, one(connection, subject), newest, incomes, helper, phone)


def _catalogue(site: Site, connection: Connection, subject: str) -> Sheet:
    file = one(connection, subject)
    table = RECORDS["paper"].table
    ids = [subject, *(case.id for kind in ("plan", "income", "exit") for case in _of(connection, kind, subject))]
    papers = load_where(connection, "paper", table.c.subject_id.in_(ids)).values()
    titled = [(paper, load_papers()[paper.kind].title, 1) for paper in papers if paper.kind in load_papers()]
    return household.catalogue(site, _village(connection, site).name, file, titled)


def _income_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    statement = _found(connection, "income", subject)
    return income.income_sheet(
        site, _village(connection, site).name, one(connection, statement.household_id), statement
    )


def _plan_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    draft = _found(connection, "plan", subject)
    file = one(connection, draft.household_id)
    wishes = load_where(connection, "wish", RECORDS["wish"].table.c.household_id == file.id)
    return plan.plan_sheet(site, _village(connection, site).name, file, draft, tuple(wishes.values()))


def _exit_record(site: Site, connection: Connection, subject: str) -> Sheet:
    row = Exits(site).row_of(connection, subject)
    incomes = {found.year: found for found in _of(connection, "income", row.household.id)}
    notice = load(connection, "notice", [row.case.notice_id]).get(row.case.notice_id)
    return exits.exit_record(site, _village(connection, site).name, row, incomes.get(row.case.year), notice)


def _signoff_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    service = Exits(site)
    return exits.signoff_sheet(
        site, _village(connection, site).name, service.row_of(connection, subject), service.scheme
    )


def _minutes(site: Site, connection: Connection, subject: str) -> Sheet:
    meeting = _found(connection, "evaluation", subject)
    service = Exits(site)
    cases = load_where(connection, "exit", RECORDS["exit"].table.c.evaluation_id == subject)
    rows = [service.row_of(connection, case) for case in cases]
    return exits.minutes(site, _village(connection, site).name, meeting.year, meeting, rows)


def _noticed(connection: Connection, notice: NoticeDraft) -> list[Any]:
    cases = load(connection, "exit", notice.case_ids)
    return list(load(connection, "household", [case.household_id for case in cases.values()]).values())


def _phones(village: VillageDraft) -> dict[str, str]:
    numbers = [number for number in village.phones.replace("，", "、").split("、") if number]
    return dict(zip(("office", "township"), numbers, strict=False))


def _exit_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    notice = notice_of(connection, subject)
    if notice.starts_on is None:
        raise Refused([Problem(say("Enter the first day of the notice; both days stand on it."), "starts_on")])
    village = _village(connection, site)
    return exits.exit_notice(site, village, notice, _noticed(connection, notice), _phones(village))


def _exit_announcement(site: Site, connection: Connection, subject: str) -> Sheet:
    notice = notice_of(connection, subject)
    village = _village(connection, site)
    cases = list(load(connection, "exit", notice.case_ids).values())
    reply = next(((case.township_reply, case.replied_on) for case in cases if case.township_reply), None)
    if reply is None:
        raise Refused(say("The township has not replied yet. Enter its reply with number and day first."))
    phone = _phones(village).get("office", "—")
    return exits.exit_announcement(site, village, notice, _noticed(connection, notice), reply, phone)


def _blank(site: Site, connection: Connection, subject: str) -> Sheet:
    del subject
    return household.blank_form(site, _village(connection, site).name)


_MAKERS = {
    "household_file": _household_file,
    "card": _card,
    "evidence_catalogue": _catalogue,
    "income_sheet": _income_sheet,
    "plan_sheet": _plan_sheet,
    "exit_record": _exit_record,
    "signoff_sheet": _signoff_sheet,
    "evaluation_minutes": _minutes,
    "exit_notice": _exit_notice,
    "exit_announcement": _exit_announcement,
    "blank_household_form": _blank,
}
