"""The township's own acts in the records of its villages, and its decisions; each village gets them by its reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.scheme import SchemeDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy import signoff
from villagedesk.policy.own_scheme import scheme_problems
from villagedesk.policy.taken import profile_of
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services import conflicts
from villagedesk.services.adjudication import (
    CLOSED,
    TOGETHER,
    Duplicate,
    Entry,
    demand_closable,
    demand_reason,
    end_entry,
    open_cases,
)
from villagedesk.services.conflicts import Conflict
from villagedesk.services.consent import TOUCHING, voluntary
from villagedesk.services.exit_cases import of_household
from villagedesk.services.exits import Exits
from villagedesk.services.intake import note_own_chain, village_site, village_store
from villagedesk.services.likeness import (
    APART,
    LIKENESS,
    Pair,
    answer,
    people_of,
    put_together_by,
    shared_area,
    take_apart,
)
from villagedesk.services.schemes import with_own
from villagedesk.store.place import Place
from villagedesk.store.server import open_county
from villagedesk.store.store import Store
from villagedesk.store.work import Change, Work
from villagedesk.text import say

_BORNE_OUT = frozenset(
    {"evaluation", "household_answer", "signatures", "members_changed", "one_role_each", "on_notice", "objections"}
)
"""What a township looks for behind a reported exit before it answers."""


class Acts:
    """What a township writes into its villages' records."""

    def __init__(self, place: Place) -> None:
        self._place, self._store = place, place.store

    def act(self, village: str, verb: str, reason: str, kind: str, record_id: str, values: Mapping[str, Any]) -> Change:
        """Write the township's own decision into a village's record, on the chain this hub keeps for that village."""
        with self._for_village(village).work(verb, reason) as work:
            self._put(work, village, kind, record_id, values)
        return work.change

    def decide(self, village: str, found: Conflict, hash_: str, reason: str) -> Change:
        """Settle a conflict with the value of one of its candidates. Raises Refused when it is settled already."""
        if found.kind == LIKENESS:
            return self._decide_likeness(found, hash_, reason)
        with self._for_village(village).work(conflicts.VERB, reason) as work:
            self._begin_act(work, village)
            _, there = _village(work.connection, village)
            homes = [found.household_id] if found.kind in TOUCHING else []
            with voluntary(work, profile_of(there), homes):
                conflicts.decide(work, found.kind, found.record_id, found.field, hash_)
        return work.change

    def confirm_scheme(self, village: str, scheme: str, on: date, reason: str) -> Change:
        """Fix the sign-off scheme of a village (DESIGN §6). Raises Refused when its profile has no such scheme."""
        with self._store.read() as connection:
            record_id, draft = _village(connection, village)
        signoff.scheme(profile_of(draft), scheme)
        values = {"scheme": scheme, "scheme_confirmed_on": on}
        return self.act(village, "scheme.confirm", reason, "village", record_id, values)

    def confirm_own_scheme(self, village: str, draft: SchemeDraft, on: date, reason: str) -> Change:
        """Fix a way of signing that the township edited itself. Raises Refused with everything wrong about it."""
        with self._store.read() as connection:
            record_id, stored = _village(connection, village)
        problems = scheme_problems(profile_of(stored), draft)
        if problems:
            raise Refused(problems)
        return self.act(village, "scheme.edit", reason, "village", record_id, with_own(stored, draft, on))

    def reply_to_exits(self, village: str, cases: Sequence[str], number: str, on: date, reason: str) -> Change:
        """Answer reported exits by a letter with its number and day; the village then announces and marks them.

        Raises Refused, naming household and cell, for one whose papers here do not bear what its state claims.
        """
        if not number.strip():
            raise Refused([Problem(say("Give the number and the day of the township's reply."), "township_reply")])
        with self._for_village(village).work("exit.reply", reason) as work:
            for case in cases:
                self._demand_reported(work, case)
                self._demand_borne_out(work, village, case)
                self._put(work, village, "exit", case, {"township_reply": number.strip(), "replied_on": on})
        return work.change

    def return_case(self, village: str, case: str, comment: str) -> Change:
        """Send a reported exit back to the village; the comment says what to mend and stands in the history."""
        if not comment.strip():
            raise Refused([Problem(say("Say why the case goes back to the village."), "returned_reason")])
        with self._for_village(village).work("exit.return", comment) as work:
            self._demand_reported(work, case)
            self._put(work, village, "exit", case, {"state": "returned", "returned_reason": comment.strip()})
        return work.change

    def duplicates(self) -> tuple[Duplicate, ...]:
        """Persons who seem to stand in the files twice, without those judged to be different people."""
        with self._store.read() as connection:
            return open_cases(connection)

    def judge_different(self, found: Duplicate, reason: str) -> tuple[Change, ...]:
        """Settle a case: these are different people who look alike. Raises Refused without a reason."""
        demand_reason(reason)
        with self._store.write() as connection:
            return self._answer(connection, found, found.pairs, (APART, reason, self._store.ids()), one_person=False)

    def judge_same(self, found: Duplicate, stays: str, on: date, reason: str) -> tuple[Change, ...]:
        """Settle a case: one person, who stays in the entry with the member id ``stays``.

        Another entry of the same household is put together with it, one of another household leaves its file. Raises
        Refused when an entry to be closed is a head, whose village has to name another one first.
        """
        demand_reason(reason)
        demand_closable(found, stays)
        kept = next(entry for entry in found.entries if entry.member_id == stays)
        with self._store.write() as connection:
            act = self._store.ids()
            ended = [self._end_entry(connection, entry, kept, on, (reason, act))
                     for entry in found.entries if entry != kept]  # fmt: skip
            said = self._answer(connection, found, found.pairs_with(stays), (CLOSED, reason, act), one_person=True)
        return (*ended, *said)

    def _answer(
        self, connection: Connection, found: Duplicate, pairs: Sequence[Pair], how: tuple[str, str, str],
        *, one_person: bool,
    ) -> tuple[Change, ...]:  # fmt: skip
        """Keep the answer with the village that has both entries, else with the township or county that they share.

        ``how``: verb, reason and act.
        """
        villages = {entry.member_id: entry.village for entry in found.entries}
        by_area: dict[str, list[Pair]] = {}
        for pair in pairs:
            by_area.setdefault(shared_area([villages[pair.one_id], villages[pair.other_id]]), []).append(pair)
        made = []
        for area, of_area in by_area.items():
            open_county(connection, area)
            with self._for_village(area).work_in(connection, *how) as work:
                self._begin_act(work, area)
                answer(work, area, of_area, one_person=one_person)
            made.append(work.change)
        return tuple(made)

    def _decide_likeness(self, found: Conflict, hash_: str, reason: str) -> Change:
        """As :meth:`decide`; where two people win, each village takes apart what was put together."""
        with self._store.write() as connection:
            together, people = put_together_by(connection, found.record_id), people_of(connection, found.record_id)
            act = self._store.ids()
            with self._for_village(found.village).work_in(connection, conflicts.VERB, reason, act) as work:
                self._begin_act(work, found.village)
                chosen = conflicts.decide(work, found.kind, found.record_id, found.field, hash_)
            for village in sorted({row["village"] for row in people}) if chosen is False else ():
                homes = [row["household_id"] for row in people if row["village"] == village]
                with self._for_village(village).work_in(connection, conflicts.VERB, reason, act) as apart:
                    self._begin_act(apart, village)
                    _, there = _village(connection, village)
                    with voluntary(apart, profile_of(there), homes):
                        take_apart(apart, village, together)
        return work.change

    def _end_entry(self, connection: Connection, entry: Entry, kept: Entry, on: date, how: tuple[str, str]) -> Change:
        """``how``: reason and act."""
        verb = TOGETHER if entry.household_id == kept.household_id else CLOSED
        with self._for_village(entry.village).work_in(connection, verb, *how) as work:
            self._begin_act(work, entry.village)
            self._demand_here(work, entry.village, "member", entry.member_id)
            _, there = _village(work.connection, entry.village)
            with voluntary(work, profile_of(there), [entry.household_id]):
                end_entry(work, entry, kept, on)
        return work.change

    def _demand_reported(self, work: Work, case: str) -> None:
        row = work.row("exit", case)
        if row is None or row["state"] != "reported":
            raise Refused(say("This case is not waiting for the township. Receive the village's latest file first."))

    def _demand_borne_out(self, work: Work, village: str, case: str) -> None:
        """Meeting, answer and marks of a reported case are here: a state alone proves nothing."""
        site = village_site(self._place, work.connection, village)
        row = Exits(site).row_of(work.connection, case)
        standing = [blocker for blocker in row.blockers if blocker.hard and blocker.key in _BORNE_OUT]
        if standing:
            problems = [Problem(say("{what} {remedy}", what=each.text, remedy=each.remedy), each.field, each.key)
                        for each in standing]  # fmt: skip
            raise of_household(Refused(problems), row.household)

    def _for_village(self, village: str) -> Store:
        return village_store(self._store, village)

    def _begin_act(self, work: Work, village: str) -> None:
        note_own_chain(work.connection, self._store.device, village)

    def _put(self, work: Work, village: str, kind: str, record_id: str, values: Mapping[str, Any]) -> None:
        """Write into a record of the village. What the village removed stays removed."""
        self._begin_act(work, village)
        self._demand_here(work, village, kind, record_id)
        work.put(kind, village, values, record_id)

    def _demand_here(self, work: Work, village: str, kind: str, record_id: str) -> None:
        row = work.row(kind, record_id)
        if row is None or row["removed"] or row["village"] != village:
            raise Refused(say("This record is not here any more."))


def _village(connection: Connection, code: str) -> tuple[str, VillageDraft]:
    known = load_where(connection, "village", RECORDS["village"].table.c.code == code)
    if not known:
        raise Refused(say("This village has not sent anything yet. Receive its file first."))
    record_id, draft = next(iter(known.items()))
    return record_id, draft
