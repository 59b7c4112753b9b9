"""Notices on the village board: drafting, posting, days, objections, result (DOMAIN §5.6, §5.7, §6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.days import day_n_of
from villagedesk.policy.notice_gates import NoticeFacts, notice_blockers
from villagedesk.policy.notices import stage_end
from villagedesk.policy.pack import NoticeStage
from villagedesk.policy.procedures import Procedure, Step, procedure
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.following import follow, households_on, left_behind
from villagedesk.services.notice_kinds import notice_of_kind
from villagedesk.services.objected import objections_to, open_count
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say

HANGING = frozenset({"posted", "due"})
"""States in which the paper is on the board."""

_CALLED_OFF = frozenset({"withdrawn"})
_FAR = timedelta(days=366)


@dataclass(frozen=True)
class NoticeRow:
    """A notice in the list: which day of how many it is today, and what is still open."""

    notice: NoticeDraft
    title: str
    state_title: str
    steps: tuple[Step, ...]
    day: int  # 0 before the first counted day
    days: int
    over: bool
    cases: int  # of how many households, projects … it speaks
    open_objections: int
    standing: bool = False  # stays for good and is renewed (长期公示)

    @property
    def hangs(self) -> bool:
        """Whether the paper is on the board."""
        return self.notice.state in HANGING

    @property
    def done(self) -> bool:
        """Whether the result is written down, or the notice was withdrawn."""
        return bool(self.notice.result) or not self.steps


class Notices:
    """The notices of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def procedure(self) -> Procedure:
        """The profile's life-cycle of a notice."""
        return procedure(self._site.profile, "notice")

    def stage(self, kind: str) -> NoticeStage:
        """The first posting of a kind of notice. Raises Refused when the profile has no such kind."""
        found = self._site.profile.notices.get(kind)
        if found is None or not found.stages:
            raise Refused(say("This scheme has no notice of the kind “{kind}”.", kind=kind))
        return next(iter(found.stages.values()))

    def draft(self, kind: str, year: int, case_ids: Sequence[str], reason: str) -> Change:
        """Draft a notice that speaks of these records (:mod:`.notice_kinds`). It gets its days when it is posted."""
        if not case_ids:
            raise Refused([Problem(say("Choose what the notice speaks of."), "case_ids")])
        stage, record = self.stage(kind), notice_of_kind(kind).record
        with self._site.store.work("notice.draft", reason) as work:
            number = 1 + sum(row["year"] == year for row in work.rows("notice", village=self._site.village))
            draft = NoticeDraft(
                kind=kind,
                no=f"{year}-{number:02d}",
                year=year,
                case_ids=tuple(dict.fromkeys(case_ids)),
                days=stage.days,
                day_rule=stage.day_rule,
                state=self.procedure.start,
            )
            notice_id = work.put_draft("notice", self._site.village, draft, new_id=self._site.store.ids())
            if "notice_id" in RECORDS[record].fields:
                for case_id in case_ids:
                    work.put(record, self._site.village, {"notice_id": notice_id}, case_id)
        return work.change

    def renew(self, notice_id: str, case_ids: Sequence[str], reason: str) -> Change:
        """Draft the next paper of a notice that stays for good (长期公示); the old one hangs until the new one does.

        Raises Refused for a notice that has its last day, that does not hang, or whose renewal is drafted already.
        """
        with self._site.store.work("notice.renew", reason) as work:
            old = notice_of(work.connection, notice_id)
            self._reached(work, old, "renew")
            drafted = work.rows("notice", renews=notice_id)
            if any(row["state"] not in _CALLED_OFF for row in drafted):
                raise Refused(say("Its renewal is drafted already. Print and post that one."))
            stage, year = self.stage(old.kind), self._site.today().year
            number = 1 + sum(row["year"] == year for row in work.rows("notice", village=self._site.village))
            draft = NoticeDraft(
                kind=old.kind, no=f"{year}-{number:02d}", year=year, case_ids=tuple(case_ids), days=stage.days,
                day_rule=stage.day_rule, state=self.procedure.start, renews=notice_id,
            )  # fmt: skip
            work.put_draft("notice", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def plan_days(self, notice_id: str, starts_on: date, reason: str) -> Change:
        """Set the first day; the last follows from the profile's days. A paper printed with other days is void."""
        with self._site.store.work("notice.days", reason) as work:
            notice = notice_of(work.connection, notice_id)
            if abs(starts_on - self._site.today()) > _FAR:
                raise Refused([Problem(say("The first day is more than a year away. Correct the date."), "starts_on")])
            if notice.starts_on != starts_on:
                self._redate(work, notice, starts_on)
        return work.change

    def _redate(self, work: Work, notice: NoticeDraft, starts_on: date) -> None:
        state = notice.state
        if state != self.procedure.start:
            state = self._reached(work, notice, "redate")
        ends_on = stage_end(self.stage(notice.kind), starts_on, self._site.profile.days) or starts_on
        values = {"starts_on": starts_on, "ends_on": ends_on, "digest": "", "state": state}
        work.put("notice", self._site.village, values, notice.id)

    def printed(self, work: Work, notice_id: str, digest: str) -> None:
        """Inside the transaction that registers the paper: it passed the leak check and bears number and days."""
        notice = replace(notice_of(work.connection, notice_id), digest=digest)
        if notice.posted_on:
            return
        for verb in ("check", "print"):
            if any(step.verb == verb for step in self.procedure.next(notice.state)):
                notice = replace(notice, state=self._reached(work, notice, verb))
        work.put("notice", self._site.village, {"digest": digest, "state": notice.state}, notice_id)

    def post(self, notice_id: str, on: date, place: str, by: str, reason: str, photo: str = "") -> Change:
        """The printed notice hangs since ``on``, and its cases are posted with it, each that can be.

        Raises Refused when the day differs from the one printed on it.
        """
        with self._site.store.work("notice.post", reason) as work:
            demand_clock(self._site, work.connection)
            notice = notice_of(work.connection, notice_id)
            problems = list(_post_problems(notice, on, self._site.today()))
            if problems:
                raise Refused(problems)
            values: dict[str, Any] = {"posted_on": on, "place": place.strip(), "posted_by": by.strip(), "photo": photo}
            hanging = replace(notice, **values)
            state = self._reached(work, hanging, "post")
            work.put("notice", self._site.village, {**values, "state": state}, notice_id)
            if notice.renews:
                self._take_down(work, notice.renews, on)
            follow(self._site, work, hanging, "post", on, reason)
        return work.change

    def _take_down(self, work: Work, notice_id: str, on: date) -> None:
        old = notice_of(work.connection, notice_id)
        if old.state in HANGING:
            state = self._reached(work, old, "renew")
            work.put("notice", self._site.village, {"closed_on": on, "state": state}, notice_id)

    def close(self, notice_id: str, result: str, reason: str) -> Change:
        """Write down the result once the days are over and every objection is answered; its cases go on with it."""
        with self._site.store.work("notice.close", reason) as work:
            demand_clock(self._site, work.connection)
            notice = notice_of(work.connection, notice_id)
            if not result.strip():
                raise Refused([Problem(say("Write down whether there were objections."), "result")])
            if notice.state == "posted":
                notice = replace(notice, state=self._reached(work, notice, "expire"))
            values = {"result": result.strip(), "state": self._reached(work, notice, "result")}
            work.put("notice", self._site.village, values, notice_id)
            follow(self._site, work, notice, "result", self._site.today(), reason)
        return work.change

    def file(self, notice_id: str, reason: str) -> Change:
        """The paper was taken down and lies in the archive."""
        with self._site.store.work("notice.file", reason) as work:
            self._step(work, notice_of(work.connection, notice_id), "file", reason)
        return work.change

    def withdraw(self, notice_id: str, reason: str) -> Change:
        """Take a notice back, with the reason; its cases go back with it and can stand on another one."""
        with self._site.store.work("notice.withdraw", reason) as work:
            notice = notice_of(work.connection, notice_id)
            self._step(work, notice, "withdraw", reason)
            if notice.posted_on:
                follow(self._site, work, notice, "withdraw", self._site.today(), reason)
        return work.change

    def _step(self, work: Work, notice: NoticeDraft, verb: str, reason: str) -> None:
        demand_clock(self._site, work.connection)
        values = {"closed_on": self._site.today(), "state": self._reached(work, notice, verb, reason)}
        work.put("notice", self._site.village, values, notice.id)

    def _reached(self, work: Work, notice: NoticeDraft, verb: str, reason: str = "") -> str:
        """The state a notice as it would be reaches by a step. Raises Refused naming what stands in the way."""
        return self.procedure.advance(notice.state, verb, self._blockers(work.connection, notice), reason)

    def _blockers(self, connection: Connection, notice: NoticeDraft) -> tuple[Blocker, ...]:
        pending = open_count(self._site, objections_to(connection, notice.id))
        leaks = 0 if notice.digest else None  # only a paper that passed the leak check has a digest
        stage = self.stage(notice.kind)
        return notice_blockers(
            NoticeFacts(self._site.profile, notice, stage, self._site.today(), leaks=leaks, open_objections=pending)
        )

    def get(self, notice_id: str) -> NoticeDraft:
        """One notice. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return notice_of(connection, notice_id)

    def objections(self, notice_id: str) -> tuple[ObjectionDraft, ...]:
        """The objections to a notice."""
        with self._site.store.read() as connection:
            return objections_to(connection, notice_id)

    def all(self) -> tuple[NoticeRow, ...]:
        """Every notice, newest first."""
        table = RECORDS["notice"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "notice", table.c.village == self._site.village)
            rows = [self._row(connection, notice) for notice in found.values()]
        return tuple(sorted(rows, key=lambda row: row.notice.no, reverse=True))

    def households(self, notice_id: str) -> Mapping[str, HouseholdDraft]:
        """Case on a notice → its household; empty for a notice of projects or money."""
        with self._site.store.read() as connection:
            notice = notice_of(connection, notice_id)
            return households_on(connection, notice.kind, notice.case_ids)

    def left_behind(self, notice_id: str) -> tuple[HouseholdDraft, ...]:
        """The households of a hanging notice whose cases did not go along; each says itself what is in its way."""
        with self._site.store.read() as connection:
            notice = notice_of(connection, notice_id)
            stayed = left_behind(self._site, connection, notice)
            return tuple(households_on(connection, notice.kind, stayed).values())

    def _row(self, connection: Connection, notice: NoticeDraft) -> NoticeRow:
        stage, today = self.stage(notice.kind), self._site.today()
        start = notice.posted_on or notice.starts_on
        steps = self.procedure.next(notice.state, self._blockers(connection, notice))
        day = day_n_of(start, today, stage.day_rule, stage.day_kind, self._site.profile.days) if start else 0
        return NoticeRow(
            notice=notice,
            title=self._site.profile.notices[notice.kind].title,
            state_title=self.procedure.states[notice.state].title,
            steps=steps,
            day=min(day, notice.days),
            days=notice.days,
            over=notice.ends_on is not None and today > notice.ends_on and not stage.permanent,
            cases=len(notice.case_ids),
            open_objections=open_count(self._site, objections_to(connection, notice.id)),
            standing=stage.permanent,
        )


def notice_of(connection: Connection, notice_id: str) -> NoticeDraft:
    """The draft of a notice. Raises Refused when it is not here."""
    found = load(connection, "notice", [notice_id])
    if not found:
        raise Refused(say("This notice is not in the desk any more."))
    notice: NoticeDraft = found[notice_id]
    return notice


def _post_problems(notice: NoticeDraft, on: date, today: date) -> Iterator[Problem]:
    if notice.digest and notice.starts_on != on:
        text = say("The notice is printed for another first day. Print it again for the day it goes up.")
        yield Problem(text, "posted_on")
    if on > today:
        text = say("The day of posting lies in the future. Record it when the notice hangs.")
        yield Problem(text, "posted_on")
