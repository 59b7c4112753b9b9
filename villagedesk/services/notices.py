"""Notices on the village board: drafting, posting, days, objections, result (DOMAIN §5.6, §5.7, §6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from villagedesk.drafts.exit import ExitDraft
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.days import day_n_of, last_day
from villagedesk.policy.pack import NoticeStage
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import Site
from villagedesk.store.work import Change
from villagedesk.text import say

DRAFT, PRINTED, POSTED, ENDED, CLOSED = "draft", "printed", "posted", "ended", "closed"


@dataclass(frozen=True)
class NoticeRow:
    """A notice in the list: which day of how many it is today, and what is still open."""

    notice: NoticeDraft
    title: str
    day: int  # 0 before the first counted day
    days: int
    over: bool
    households: int
    open_objections: int


class Notices:
    """The notices of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def stage(self, kind: str) -> NoticeStage:
        """The first posting of a kind of notice. Raises Refused when the profile has no such kind."""
        found = self._site.profile.notices.get(kind)
        if found is None or not found.stages:
            raise Refused(say("This scheme has no notice of the kind “{kind}”.", kind=kind))
        return next(iter(found.stages.values()))

    def draft(self, kind: str, year: int, case_ids: Sequence[str], reason: str) -> Change:
        """Draft a notice that speaks of these exit cases. It gets its days when it is posted."""
        if not case_ids:
            raise Refused([Problem(say("Choose the households that the notice speaks of."), "case_ids")])
        stage = self.stage(kind)
        with self._site.store.work("notice.draft", reason) as work:
            number = 1 + sum(row["year"] == year for row in work.rows("notice", village=self._site.village))
            draft = NoticeDraft(
                kind=kind,
                no=f"{year}-{number:02d}",
                year=year,
                case_ids=tuple(case_ids),
                days=stage.days,
                day_rule=stage.day_rule,
                state=DRAFT,
            )
            notice_id = work.put_draft("notice", self._site.village, draft, new_id=self._site.store.ids())
            for case_id in case_ids:
                work.put("exit", self._site.village, {"notice_id": notice_id}, case_id)
        return work.change

    def plan_days(self, notice_id: str, starts_on: date, reason: str) -> Change:
        """Set the first day; the last follows from the profile's days. Both stand on the printed notice."""
        with self._site.store.work("notice.days", reason) as work:
            notice = notice_of(work.connection, notice_id)
            if notice.state in {POSTED, ENDED, CLOSED}:
                raise Refused(say("The notice hangs already; its days are fixed."))
            stage = self.stage(notice.kind)
            ends_on = starts_on
            if stage.days:
                ends_on = last_day(starts_on, stage.days, stage.day_rule, stage.day_kind, self._site.profile.days)
            work.put("notice", self._site.village, {"starts_on": starts_on, "ends_on": ends_on}, notice_id)
        return work.change

    def post(self, notice_id: str, on: date, place: str, by: str, reason: str, photo: str = "") -> Change:
        """The printed notice hangs since ``on``. Raises Refused when the day differs from the one printed on it."""
        with self._site.store.work("notice.post", reason) as work:
            notice = notice_of(work.connection, notice_id)
            problems = list(_post_problems(notice, on, place, self._site.today()))
            if problems:
                raise Refused(problems)
            values = {"posted_on": on, "place": place, "posted_by": by, "photo": photo, "state": POSTED}
            work.put("notice", self._site.village, values, notice_id)
        return work.change

    def object_to(self, draft: ObjectionDraft, reason: str) -> Change:
        """Register an objection. Its author's name is not a field; it never reaches a paper or the committee."""
        with self._site.store.work("objection.register", reason) as work:
            if not draft.text.strip():
                raise Refused([Problem(say("Write down what is objected to."), "text")])
            work.put_draft("objection", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def settle(self, objection_id: str, opinion: str, upheld: bool, on: date, reason: str) -> Change:
        """Answer and close an objection; an upheld one sends its case back by the exit procedure."""
        with self._site.store.work("objection.settle", reason) as work:
            if work.row("objection", objection_id) is None:
                raise Refused(say("This record is not in the desk any more."))
            values = {"opinion": opinion, "upheld": upheld, "answered_on": on, "closed_on": on, "state": "closed"}
            work.put("objection", self._site.village, values, objection_id)
        return work.change

    def close(self, notice_id: str, result: str, reason: str) -> Change:
        """Write down the result once the days are over and every objection is answered."""
        with self._site.store.work("notice.close", reason) as work:
            notice = notice_of(work.connection, notice_id)
            if notice.state != POSTED or notice.ends_on is None or self._site.today() <= notice.ends_on:
                raise Refused(say("The notice still hangs. Its result is written down when its days are over."))
            if any(objection.closed_on is None for objection in _objections(work.connection, notice_id)):
                raise Refused(say("An objection is still open. Answer and close it first."))
            values = {"result": result, "closed_on": self._site.today(), "state": CLOSED}
            work.put("notice", self._site.village, values, notice_id)
        return work.change

    def get(self, notice_id: str) -> NoticeDraft:
        """One notice. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return notice_of(connection, notice_id)

    def objections(self, notice_id: str) -> tuple[ObjectionDraft, ...]:
        """The objections to a notice."""
        with self._site.store.read() as connection:
            return _objections(connection, notice_id)

    def all(self) -> tuple[NoticeRow, ...]:
        """Every notice, newest first."""
        table = RECORDS["notice"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "notice", table.c.village == self._site.village)
            rows = [self._row(connection, notice) for notice in found.values()]
        return tuple(sorted(rows, key=lambda row: row.notice.no, reverse=True))

    def cases(self, notice_id: str) -> tuple[ExitDraft, ...]:
        """The exit cases a notice speaks of."""
        with self._site.store.read() as connection:
            notice = notice_of(connection, notice_id)
            return tuple(load(connection, "exit", notice.case_ids).values())

    def _row(self, connection: Connection, notice: NoticeDraft) -> NoticeRow:
        stage, today = self.stage(notice.kind), self._site.today()
        start = notice.posted_on or notice.starts_on
        day = day_n_of(start, today, stage.day_rule, stage.day_kind, self._site.profile.days) if start else 0
        return NoticeRow(
            notice=notice,
            title=self._site.profile.notices[notice.kind].title,
            day=min(day, notice.days),
            days=notice.days,
            over=notice.ends_on is not None and today > notice.ends_on,
            households=len(notice.case_ids),
            open_objections=sum(objection.closed_on is None for objection in _objections(connection, notice.id)),
        )


def notice_of(connection: Connection, notice_id: str) -> NoticeDraft:
    """The draft of a notice. Raises Refused when it is not here."""
    found = load(connection, "notice", [notice_id])
    if not found:
        raise Refused(say("This notice is not in the desk any more."))
    notice: NoticeDraft = found[notice_id]
    return notice


def _objections(connection: Connection, notice_id: str) -> tuple[ObjectionDraft, ...]:
    table = RECORDS["objection"].table
    return tuple(load_where(connection, "objection", table.c.notice_id == notice_id).values())


def _post_problems(notice: NoticeDraft, on: date, place: str, today: date) -> list[Problem]:
    problems = []
    if notice.state in {POSTED, ENDED, CLOSED}:
        problems.append(Problem(say("The notice hangs already."), "state"))
    if not notice.digest:
        problems.append(Problem(say("Print the notice first; what hangs is what was printed."), "digest"))
    if notice.starts_on != on:
        text = say("The notice is printed for another first day. Print it again for the day it goes up.")
        problems.append(Problem(text, "posted_on"))
    if on > today:
        problems.append(
            Problem(say("The day of posting lies in the future. Record it when the notice hangs."), "posted_on")
        )
    if not place.strip():
        problems.append(Problem(say("Enter where the notice hangs."), "place"))
    return problems
