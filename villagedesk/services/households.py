"""Household files: read, check, save, remove, and who changed what when (DOMAIN §4.2)."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.income import IncomeResult, reckon
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS, derived_id
from villagedesk.services import history
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say


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
        return household

    def all(self) -> tuple[HouseholdDraft, ...]:
        """Every household file of the village, in order of creation."""
        table = RECORDS["household"].table
        with self._site.store.read() as connection:
            return tuple(load_where(connection, "household", table.c.village == self._site.village).values())

    def check(self, draft: HouseholdDraft) -> tuple[Problem, ...]:
        """What keeps this draft from being saved; logic findings do not, they are shown beside it."""
        return tuple(_problems(draft))

    def save(self, draft: HouseholdDraft, reason: str) -> Change:
        """Save a household file with its members as one revision.

        Raises Refused (what :meth:`check` says, or the number is taken) or Stale (somebody saved it first).
        """
        problems = self.check(draft)
        if problems:
            raise Refused(problems)
        with self._site.store.work("household.save", reason) as work:
            self._demand_free_number(work, draft)
            household_id = work.put_draft("household", self._site.village, draft, new_id=self._site.store.ids())
            self._put_members(work, household_id, draft)
        return work.change

    def remove(self, household_id: str, reason_code: str, note: str, reason: str) -> Change:
        """Close a household file: it leaves the lists and stays in the history. ``reason_code``: household_out."""
        with self._site.store.work("household.remove", reason) as work:
            household = one(work.connection, household_id)
            values = {"removed_reason": reason_code, "note": note or household.note}
            work.put("household", self._site.village, values, household_id)
            for member in household.members:
                work.remove("member", member.id)
            work.remove("household", household_id)
        return work.change

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
        """Save an income statement. Raises Refused when the stored one is locked by the household's signature."""
        with self._site.store.work("income.save", reason) as work:
            _demand_unlocked(work, draft.id)
            put_income(work, self._site.village, draft)
        return work.change

    def lock_income(self, income_id: str, reason: str) -> Change:
        """The household signed the statement: from now on it changes only after :meth:`unlock_income`."""
        with self._site.store.work("income.lock", reason) as work:
            _demand_unlocked(work, income_id)
            work.put("income", self._site.village, {"locked_on": self._site.today()}, income_id)
        return work.change

    def unlock_income(self, income_id: str, reason: str) -> Change:
        """Open a signed statement again; the reason stands in the history and the household signs anew."""
        if not reason.strip():
            raise Refused(say("Say why the signed income statement is opened again."))
        with self._site.store.work("income.unlock", reason) as work:
            work.put("income", self._site.village, {"locked_on": None}, income_id)
        return work.change

    def history(self, household_id: str) -> tuple[history.HistoryLine, ...]:
        """Who changed what of this household and its members, newest first."""
        with self._site.store.read() as connection:
            household = one(connection, household_id)
            ids = [household_id, *(member.id for member in household.members)]
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


def one(connection: Connection, household_id: str) -> HouseholdDraft:
    """The draft of a household. Raises Refused when it is not here."""
    found = load(connection, "household", [household_id])
    if not found:
        raise Refused(say("This household is not in the desk any more."))
    household: HouseholdDraft = found[household_id]
    return household


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
