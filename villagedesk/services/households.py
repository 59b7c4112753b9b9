"""Household files: read, check, save, remove, and who changed what when (DOMAIN §4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.errors import Problem, Refused, Stale
from villagedesk.policy.income import IncomeResult, reckon
from villagedesk.policy.kinship import HEAD
from villagedesk.policy.statement import head_count_problem, statement_problems
from villagedesk.records.load import draft_of, load, load_where
from villagedesk.records.schema import RECORDS, derived_id, natural_id
from villagedesk.services import history
from villagedesk.services.likeness import of_members
from villagedesk.services.signed_papers import mark_signed
from villagedesk.services.site import Site
from villagedesk.services.standing_guard import Standing, around, last_states
from villagedesk.services.users import NOT_YOURS
from villagedesk.store.work import Change, Work
from villagedesk.text import say

_DIED = "01"  # member_out
_MEMBER_FIELDS = tuple(name for name in RECORDS["member"].fields if name != "household_id")


class Households:
    """The household files of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def get(self, household_id: str) -> HouseholdDraft:
        """The file of one household with its members. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return one(connection, household_id)

    def by_no(self, no: str) -> HouseholdDraft:
        """The file of the household with this number. Raises Refused when there is none."""
        table = RECORDS["household"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "household", table.c.village == self._site.village, table.c.no == no)
            if not found:
                raise Refused(say("There is no household with the number {no}. Check the number.", no=no))
            household: HouseholdDraft = next(iter(found.values()))
            return _as_of_now(connection, [household])[0]

    def all(self) -> tuple[HouseholdDraft, ...]:
        """Every household file of the village, in order of creation."""
        table = RECORDS["household"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "household", table.c.village == self._site.village)
            return _as_of_now(connection, list(found.values()))

    def check(self, draft: HouseholdDraft) -> tuple[Problem, ...]:
        """What keeps this draft from being saved; logic findings do not, they are shown beside it."""
        return tuple(_problems(draft))

    def save(self, draft: HouseholdDraft, reason: str) -> Change:
        """Save a household file with its members as one revision.

        Raises Refused (what :meth:`check` says, the number is or was another household's, or a dead member would
        change) or Stale (somebody saved the household or one of its members first, or something happened to it).
        """
        problems = self.check(draft)
        if problems:
            raise Refused(problems)
        with self._site.store.work("household.save", reason) as work:
            self._demand_free_number(work, draft)
            _demand_fresh(work, draft)
            self._demand_by_procedure(work, draft)
            _demand_the_dead_unchanged(work, draft)
            known = replace(draft, revision=0)
            household_id = work.put_draft("household", self._site.village, known, new_id=self._site.store.ids())
            self._put_members(work, household_id, draft)
        return work.change

    def _demand_by_procedure(self, work: Work, draft: HouseholdDraft) -> None:
        stored = work.row("household", draft.id) if draft.id else None
        if stored is None:
            return
        after = Standing(draft.state, draft.exited_year, draft.monitoring_class, draft.removed_reason)
        before = Standing.of(stored)
        if draft.state and not before.state:
            before = replace(before, state=last_states(work.connection, [draft.id]).get(draft.id, ""))
        problems = around(self._site, work.connection, draft.id, before, after)
        if problems:
            raise Refused(problems)

    def with_number(self, no: str, but: str = "") -> HouseholdDraft | None:
        """Another open file with this number, None when there is none."""
        table = RECORDS["household"].table
        return self._another(table.c.no == no, table.c.village == self._site.village, table.c.id != but)

    def with_person(self, id_number: str, but: str = "") -> HouseholdDraft | None:
        """Another open file among whose living members this ID number is, None when there is none."""
        household, member = RECORDS["household"].table, RECORDS["member"].table
        living = (member.c.removed.is_(False), member.c.left_on.is_(None), member.c.household_id != but)
        homes = select(member.c.household_id).where(member.c.id_number == id_number, *living)
        return self._another(household.c.id.in_(homes))

    def _another(self, *where: Any) -> HouseholdDraft | None:
        with self._site.store.read() as connection:
            found: Mapping[str, HouseholdDraft] = load_where(connection, "household", *where)
        return next(iter(found.values()), None)

    def incomes(self, household_id: str) -> tuple[IncomeDraft, ...]:
        """The household's income statements, newest year first."""
        table = RECORDS["income"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "income", table.c.household_id == household_id)
        return tuple(sorted(found.values(), key=lambda income: income.year, reverse=True))

    def reckon(self, income: IncomeDraft) -> IncomeResult:
        """The sums of a statement by the profile's concept, with the steps in plain words (DOMAIN §4.3)."""
        return reckon(income, self._site.profile)

    def save_income(self, draft: IncomeDraft, reason: str) -> Change:
        """Save an income statement.

        Raises Refused for a negative amount, an item or period that the profile does not have, a month that is none, or
        when the household has signed the stored one.
        """
        if problems := statement_problems(draft, self._site.profile):
            raise Refused(problems)
        with self._site.store.work("income.save", reason) as work:
            _demand_unlocked(work, draft.id)
            put_income(work, self._site.village, draft)
        return work.change

    def lock_income(self, income_id: str, reason: str) -> Change:
        """The household signed the statement: from now on it changes only after :meth:`unlock_income`.

        Raises Refused when it is divided by another number of persons than there are and its note does not say why.
        """
        with self._site.store.work("income.lock", reason) as work:
            _demand_unlocked(work, income_id)
            _demand_explained(work, income_id)
            work.put("income", self._site.village, {"locked_on": self._site.today()}, income_id)
            mark_signed(self._site, work, "income_sheet", income_id)
        return work.change

    def unlock_income(self, income_id: str, reason: str) -> Change:
        """Open a signed statement again; the reason stands in the history and the household signs anew."""
        if not reason.strip():
            raise Refused(say("Say why the signed income statement is opened again."))
        with self._site.store.work("income.unlock", reason) as work:
            work.put("income", self._site.village, {"locked_on": None}, income_id)
        return work.change

    def history(self, household_id: str) -> tuple[history.HistoryLine, ...]:
        """Who changed what of this household and its members, newest first.

        Raises Refused for somebody who does not read every tier: the history holds them all.
        """
        if self._site.store.shown is not None:
            raise Refused(NOT_YOURS)
        with self._site.store.read() as connection:
            household = one(connection, household_id)
            people = [member.id for member in household.members]
            ids = [household_id, *people, *of_members(connection, people)]
            return history.of_records(connection, ids)

    def _put_members(self, work: Work, household_id: str, draft: HouseholdDraft) -> None:
        kept = set()
        for member in draft.members:
            new_id = member.id or member_id(household_id, member) or self._site.store.ids()
            kept.add(
                work.put_draft("member", self._site.village, replace(member, id=new_id), household_id=household_id)
            )
        for row in work.rows("member", household_id=household_id):
            if row["id"] not in kept:
                work.remove("member", row["id"])

    def _demand_free_number(self, work: Work, draft: HouseholdDraft) -> None:
        taken = [row for row in work.rows("household", village=self._site.village, no=draft.no) if draft.no]
        if any(row["id"] != draft.id for row in taken):
            text = say("The household number {no} is already in use. Give this household another one.", no=draft.no)
            raise Refused([Problem(text, "no")])
        record_id = natural_id(RECORDS["household"], self._site.village, {"no": draft.no})
        before = None if draft.id else work.row("household", record_id)
        if before and before["removed"] and before["removed_reason"]:
            raise Refused([Problem(say("The number {no} belonged to a household that left. Take another number, or "
                                       "undo the event that closed its file.", no=draft.no), "no")])  # fmt: skip


def one(connection: Connection, household_id: str) -> HouseholdDraft:
    """The draft of a household. Raises Refused when it is not here."""
    found = load(connection, "household", [household_id])
    if not found:
        raise Refused(say("This household is not in the desk any more."))
    return _as_of_now(connection, [found[household_id]])[0]


def last_known(connection: Connection, household_id: str) -> HouseholdDraft:
    """The draft of a household; of a closed file as it stood when it was closed. Raises Refused when there is none."""
    found: Mapping[str, HouseholdDraft] = load(connection, "household", [household_id])
    return found[household_id] if found else _closed(connection, household_id)


def _closed(connection: Connection, household_id: str) -> HouseholdDraft:
    household, member, of_event = RECORDS["household"].table, RECORDS["member"].table, RECORDS["event"].table.c
    row = connection.execute(household.select().where(household.c.id == household_id)).mappings().first()
    if row is None:
        raise Refused(say("This household is not in the desk any more."))
    closing = list(load_where(connection, "event", of_event.closed == household_id).values())[-1:]
    heads = {each for event in closing for of, each, _ in event.heads if of == household_id}
    last = {each for event in closing for each in event.member_ids} | heads
    rows = connection.execute(member.select().where(member.c.id.in_(last)).order_by(member.c.n)).mappings()
    members = (replace(draft_of("member", dict(each)), left_on=None) for each in rows)
    lived = tuple(replace(each, relation=HEAD) if each.id in heads else each for each in members)
    closed: HouseholdDraft = replace(draft_of("household", dict(row)), members=lived)
    return closed


def _as_of_now(connection: Connection, households: Iterable[HouseholdDraft]) -> tuple[HouseholdDraft, ...]:
    """The drafts with the last revision of household, members or events: what a form that saves has to have seen."""
    drafts = tuple(households)
    last = _last_revisions(connection, [draft.id for draft in drafts])
    return tuple(replace(draft, revision=max(draft.revision, last.get(draft.id, 0))) for draft in drafts)


def _last_revisions(connection: Connection, ids: list[str]) -> dict[str, int]:
    """Household → last revision of a member, removed ones too, or of an event that concerns it."""
    member, event = RECORDS["member"].table, RECORDS["event"].table
    columns = ((member, member.c.household_id), (event, event.c.household_id), (event, event.c.other_id))
    last: dict[str, int] = {}
    for start in range(0, len(ids), 500):
        for table, column in columns:
            query = select(column, func.max(table.c.revision)).where(column.in_(ids[start : start + 500]))
            for household_id, number in connection.execute(query.group_by(column)):
                last[household_id] = max(number, last.get(household_id, 0))
    return last


def _demand_fresh(work: Work, draft: HouseholdDraft) -> None:
    row = work.row("household", draft.id) if draft.id and draft.revision else None
    if row is None:
        return
    if draft.revision < max(row["revision"], _last_revisions(work.connection, [draft.id]).get(draft.id, 0)):
        raise Stale


def _demand_the_dead_unchanged(work: Work, draft: HouseholdDraft) -> None:
    """Raise Refused when the draft changes or leaves out somebody who died (DOMAIN §8.4)."""
    given = {member.id: member for member in draft.members}
    for row in work.rows("member", household_id=draft.id, left_reason=_DIED) if draft.id else ():
        if row["left_on"] is not None and not _same_member(row, given.get(row["id"])):
            text = say("{name} has died and the entry is locked. To correct it, undo the entry of the death first.",
                       name=row["name"])  # fmt: skip
            raise Refused([Problem(text, "members")])


def _same_member(row: Mapping[str, Any], member: MemberDraft | None) -> bool:
    return member is not None and all(row[name] == getattr(member, name) for name in _MEMBER_FIELDS)


def _demand_explained(work: Work, income_id: str) -> None:
    income: IncomeDraft = load(work.connection, "income", [income_id])[income_id]
    problem = head_count_problem(income, one(work.connection, income.household_id))
    if problem is not None:
        raise Refused([problem])


def member_id(household_id: str, member: MemberDraft) -> str:
    """The id of a new member by what identifies a person, so that two laptops make the same; "" when nothing does."""
    mark = member.id_number or member.person_no
    return derived_id("member", household_id, mark) if mark else ""


def put_income(work: Work, village: str, draft: IncomeDraft) -> str:
    """Write a statement and its lines; lines no longer there get their tombstone."""
    income_id = work.put_draft("income", village, draft)
    kept = {work.put_draft("income_line", village, line, income_id=income_id, new_id=work.act) for line in draft.lines}
    for row in work.rows("income_line", income_id=income_id):
        if row["id"] not in kept:
            work.remove("income_line", row["id"])
    return income_id


def _demand_unlocked(work: Work, income_id: str) -> None:
    stored = work.row("income", income_id) if income_id else None
    if stored and stored["locked_on"]:
        raise Refused(say("The household has signed this income statement. Open it again first, with a reason."))


def _problems(draft: HouseholdDraft) -> list[Problem]:
    problems = []
    if not draft.no.strip():
        problems.append(Problem(say("Give the household its number."), "no"))
    if not draft.living:
        problems.append(Problem(say("A household has at least one member. Add the head first."), "members"))
    for place, member in enumerate(draft.members):
        if not member.name.strip():
            problems.append(Problem(say("Give the member's name."), f"members.{place}.name"))
    heads = sum(member.relation == "01" for member in draft.living)
    if draft.living and heads != 1:
        problems.append(Problem(say("Exactly one living member is the head; there are {n}.", n=heads), "members"))
    return problems
