"""The ledger of measures over all households, and what happens to a measure while it runs (DOMAIN §1, MEAS; M01–M16).

Kinds of measure and the facts they ask for are pack data. Sums are of money and of lines, never of persons who refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.measures import fields_of, missing_at_end, newest
from villagedesk.policy.pack import MeasureField
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.store import lists
from villagedesk.store.lists import HouseholdRow
from villagedesk.store.work import Change, Work
from villagedesk.text import say

RUNNING = frozenset({"active"})
CLOSED = frozenset({"declined", "withdrawn"})
RENEWED, EXTENDED, REPAID = "2", "3", "5"
"""List loan_state."""
SAFE = frozenset({"A", "B"})
"""List housing: what a house is after the work."""
ALWAYS = frozenset({"approved_on", "source", "part", "progress", "proof", "note"})
"""Fields of any measure that may be filled in while it runs; the household's plan says the rest."""


@dataclass(frozen=True)
class LedgerRow:
    """A measure with its plan's year, its household and the person it concerns, in words."""

    measure: MeasureDraft
    year: int
    household: HouseholdRow
    person: str
    title: str
    part: str


@dataclass(frozen=True)
class LedgerSum:
    """A kind of measure over the rows of the ledger: lines, those done, fen planned and paid."""

    title: str
    lines: int
    done: int
    planned: int
    paid: int


class Measures:
    """The measures of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def rows(self, year: int = 0, category: str = "", state: str = "", group: str = "") -> tuple[LedgerRow, ...]:
        """The ledger, of the newest version of each plan, by group and household; 0 and "" mean all.

        See :func:`lines_of` for what is left out.
        """
        with self._site.store.read() as connection:
            plans = newest_plans(connection, self._site.village)
            chosen = [plan for plan in plans if year in (0, plan.year)]
            ids = list(dict.fromkeys(plan.household_id for plan in chosen))
            homes = {home.id: home for home in _homes(connection, ids)}
            names = _names(connection, self._site.village) if chosen else {}
        found = [
            self._row(measure, plan, homes[plan.household_id], names)
            for plan, measure in lines_of(chosen)
            if plan.household_id in homes
            if category in ("", measure.category) and state in ("", measure.state)
        ]
        return tuple(row for row in found if group in ("", row.household.group))

    def _row(self, measure: MeasureDraft, plan: PlanDraft, home: HouseholdRow, names: Mapping[str, str]) -> LedgerRow:
        category = self._site.profile.measures.get(measure.category)
        return LedgerRow(
            measure,
            plan.year,
            home,
            names.get(measure.member_id, ""),
            category.title if category else measure.category,
            category.parts.get(measure.part, "") if category else "",
        )

    def fields(self, measure: MeasureDraft) -> tuple[MeasureField, ...]:
        """What this measure asks for besides the common fields."""
        return fields_of(self._site.profile, measure)

    def record(self, measure_id: str, reason: str, **values: Any) -> Change:
        """Fill in facts of a measure: those its kind asks for, approval, progress, proof.

        Raises Refused for other fields, which only a new version of the plan changes, and for days ahead.
        """
        with self._site.store.work("measure.record", reason) as work:
            measure = self._open(work, measure_id)
            allowed = ALWAYS | {field.key for field in self.fields(measure)}
            problems = [
                Problem(say("This is changed in a new version of the plan."), n) for n in values.keys() - allowed
            ]
            problems += self._amiss(values)
            if problems:
                raise Refused(problems)
            told = (
                {"progress_on": self._site.today()}
                if values.get("progress", measure.progress) != measure.progress
                else {}
            )
            work.put("measure", self._site.village, {**values, **told}, measure_id)
        return work.change

    def _amiss(self, values: Mapping[str, Any]) -> list[Problem]:
        later = {"extended_to"}
        ahead = [n for n, v in values.items() if isinstance(v, date) and v > self._site.today() and n not in later]
        below = [n for n, v in values.items() if isinstance(v, int) and not isinstance(v, bool) and v < 0]
        return [
            *(Problem(say("The day lies in the future. Correct the date."), name) for name in ahead),
            *(Problem(say("An amount cannot be below zero."), name) for name in below),
        ]

    def pay(self, measure_id: str, amount: int, on: date, proof: str, reason: str) -> Change:
        """Add a payment of ``amount`` fen. Raises Refused before start, approval or acceptance, or without a proof."""
        with self._site.store.work("measure.pay", reason) as work:
            measure = self._open(work, measure_id)
            problems = list(self._pay_problems(measure, amount, on, proof))
            if problems:
                raise Refused(problems)
            kept = "；".join(filter(None, (measure.proof, proof.strip())))
            values = {"paid": measure.paid + amount, "paid_on": on, "proof": kept}
            work.put("measure", self._site.village, values, measure_id)
        return work.change

    def _pay_problems(self, measure: MeasureDraft, amount: int, on: date, proof: str) -> Iterable[Problem]:
        if measure.state == "planned":
            yield Problem(say("Money is paid when the measure runs. Begin it first."), "state")
        if amount <= 0:
            yield Problem(say("Enter the amount that was paid."), "paid")
        if measure.approved_on is None or on < measure.approved_on:
            yield Problem(say("Nothing is paid before it is approved. Enter the day of approval first."), "approved_on")
        if on > self._site.today():
            yield Problem(say("The day lies in the future. Correct the date."), "paid_on")
        if not proof.strip():
            yield Problem(say("Enter the voucher or other proof of the payment."), "proof")
        missing = missing_at_end(self._site.profile, measure)
        yield from (problem for problem in missing if problem.field == "accepted_on")

    def carry_on_loan(self, measure_id: str, loan_state: str, until: date | None, reason: str) -> Change:
        """A loan is renewed without repayment, extended, overdue or repaid (JS-5.2); the first due day stays on file.

        Raises Refused for a measure that is no loan, or a new due day that is not later than the old one.
        """
        with self._site.store.work("measure.loan", reason) as work:
            measure = self._open(work, measure_id)
            problems = list(self._loan_problems(measure, loan_state, until))
            if problems:
                raise Refused(problems)
            later = {"extended_to": until} if loan_state in {RENEWED, EXTENDED} else {}
            work.put("measure", self._site.village, {"loan_state": loan_state, **later}, measure_id)
        return work.change

    def _loan_problems(self, measure: MeasureDraft, loan_state: str, until: date | None) -> Iterable[Problem]:
        if "loan_state" not in {field.key for field in self.fields(measure)} or measure.state != "active":
            yield Problem(say("This is no loan under way."), "category")
        if not any(code == loan_state for code, _ in self._site.codes.choices("loan_state")):
            yield Problem(say("Choose the state of the loan."), "loan_state")
        due = due_day(measure)
        if loan_state in {RENEWED, EXTENDED} and (until is None or (due is not None and until <= due)):
            yield Problem(say("The new due day lies after the old one."), "extended_to")

    def close_house(self, measure_id: str, grade: str, on: date, reason: str) -> Change:
        """改造一户、销档一户: the house was judged safe; the file gets its grade in the same act (JS-3.3.1).

        Raises Refused for a measure that is no housing case, or a grade that is not safe.
        """
        with self._site.store.work("measure.house", reason) as work:
            measure = self._open(work, measure_id)
            problems = list(self._house_problems(measure, grade, on))
            if problems:
                raise Refused(problems)
            house = {"dwelling": grade, "dwelling_checked_on": on, "dwelling_repaired_year": on.year}
            one(work.connection, measure.household_id)
            work.put("household", self._site.village, house, measure.household_id)
            work.put("measure", self._site.village, {"closed_out_on": on}, measure_id)
        return work.change

    def _house_problems(self, measure: MeasureDraft, grade: str, on: date) -> Iterable[Problem]:
        if "closed_out_on" not in {field.key for field in self.fields(measure)} or measure.state != "active":
            yield Problem(say("This is no housing case under way."), "category")
        if grade not in SAFE:
            yield Problem(say("A case is closed when the house is judged safe (A or B)."), "dwelling")
        if on > self._site.today():
            yield Problem(say("The day lies in the future. Correct the date."), "closed_out_on")

    def all_well(self, measure_id: str, on: date, reason: str) -> Change:
        """Somebody asked the person who works away whether all is well, the way the household chose."""
        return self.record(measure_id, reason, asked_well_on=on)

    def _open(self, work: Work, measure_id: str) -> MeasureDraft:
        found = load(work.connection, "measure", [measure_id])
        if measure_id not in found:
            raise Refused(say("This record is not in the desk any more."))
        measure: MeasureDraft = found[measure_id]
        if measure.state in CLOSED:
            raise Refused(say("This line is closed. Nothing more is written on it."))
        demand_newest(work, measure)
        return measure


def demand_newest(work: Work, measure: MeasureDraft) -> None:
    """Refuse to go on with a line of an old version of its plan: it was carried on in the newer one."""
    plan = work.row("plan", measure.plan_id)
    if plan is None:
        return
    same = work.rows("plan", household_id=plan["household_id"], year=plan["year"], horizon=plan["horizon"])
    if any(other["version"] > plan["version"] for other in same):
        raise Refused(say("This plan has a newer version. Go on with that one."))


def sums(rows: Sequence[LedgerRow]) -> tuple[LedgerSum, ...]:
    """The rows by kind of measure; the last one is the sum of all."""
    by_title: dict[str, LedgerSum] = {}
    for row in rows:
        done = int(row.measure.state == "done")
        now = by_title.get(row.title, LedgerSum(row.title, 0, 0, 0, 0))
        by_title[row.title] = _plus(now, LedgerSum(row.title, 1, done, row.measure.amount, row.measure.paid))
    total = LedgerSum("", 0, 0, 0, 0)
    for each in by_title.values():
        total = _plus(total, each)
    return (*by_title.values(), replace(total, title=""))


def _plus(one_: LedgerSum, other: LedgerSum) -> LedgerSum:
    return LedgerSum(
        one_.title, one_.lines + other.lines, one_.done + other.done,
        one_.planned + other.planned, one_.paid + other.paid,
    )  # fmt: skip


def due_day(measure: MeasureDraft) -> date | None:
    """When a loan is due, as it stands after renewal or extension."""
    return measure.extended_to or measure.due_on


def newest_plans(connection: Connection, village: str) -> tuple[PlanDraft, ...]:
    """The last version of each plan; what an older version said was carried on in it."""
    table = RECORDS["plan"].table
    return newest(load_where(connection, "plan", table.c.village == village).values())


def lines_of(plans: Sequence[PlanDraft]) -> Iterator[tuple[PlanDraft, MeasureDraft]]:
    """The lines of the newest plans that count.

    A line that closed with a no stands in its plan only: the village has no list of who refused what (§8.5). What the
    plan of the whole term intends is carried out, and counted, in the plan of the year where the household has one.
    """
    of_a_year = {plan.household_id for plan in plans if plan.horizon == "year"}
    for plan in plans:
        intends = plan.horizon != "year" and plan.household_id in of_a_year
        for measure in plan.measures:
            if measure.state not in CLOSED and not (intends and measure.state == "planned"):
                yield plan, measure


def _homes(connection: Connection, ids: Sequence[str]) -> list[HouseholdRow]:
    found: list[HouseholdRow] = []
    for start in range(0, len(ids), 500):
        found += lists.household_rows(connection, ids[start : start + 500])
    return found


def _names(connection: Connection, village: str) -> dict[str, str]:
    member = RECORDS["member"].table
    query = member.select().with_only_columns(member.c.id, member.c.name).where(member.c.village == village)
    return {row.id: row.name for row in connection.execute(query).all()}
