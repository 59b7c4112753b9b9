"""The money of the village: what was promised, what came, where it went, what was given (GZ-11, JS-5.1, GZ-18.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.money import DonationDraft, FundDraft, PaymentDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.money import parts_due
from villagedesk.policy.pack import FundRule
from villagedesk.policy.projects import payment_problems
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS, derived_id
from villagedesk.services.projects import paid_out, project_of
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say

_CLOSED_TO_MONEY = frozenset({"proposed", "stopped"})


@dataclass(frozen=True)
class FundRow:
    """A fund with what came in, what went out (less what came back) and what is left, in fen."""

    fund: FundDraft
    arrived: int
    paid: int

    @property
    def left(self) -> int:
        """What is there to be spent."""
        return self.arrived - self.paid


class Funds:
    """The ledger of this desk's village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def rules(self) -> Mapping[str, FundRule]:
        """The scheme's own rules of money."""
        return self._site.profile.funds

    def save(self, draft: FundDraft, reason: str) -> Change:
        """Save a promise of money. Raises Refused naming what is missing, Stale when it was saved elsewhere."""
        problems = []
        if not draft.title.strip():
            problems.append(Problem(say("Give the fund a name."), "title"))
        if not draft.year:
            problems.append(Problem(say("Enter the year."), "year"))
        if draft.amount <= 0:
            problems.append(Problem(say("Enter an amount above zero."), "amount"))
        if problems:
            raise Refused(problems)
        with self._site.store.work("fund.save", reason) as work:
            work.put_draft("fund", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def split(self, rule: str, year: int, persons: int, reason: str) -> Change:
        """Enter what each payer owes by a rule of the scheme, to the fen; entered again, the amounts are reckoned anew.

        Raises Refused when the scheme has no such rule, the rule has nothing for the year, or nobody is counted.
        """
        found = self.rules.get(rule)
        if found is None:
            raise Refused([Problem(say("This scheme has no such rule of money."), "rule")])
        if found.per == "person" and persons <= 0:
            raise Refused([Problem(say("Enter for how many persons the money is."), "persons")])
        parts = parts_due(found, year, persons)
        if not parts:
            raise Refused([Problem(say("The rule has no money for this year."), "year")])
        with self._site.store.work("fund.split", reason) as work:
            for part, amount in parts.items():
                record_id = derived_id("fund", self._site.village, rule, year, part)
                values = {"title": found.title, "year": year, "rule": rule, "part": part, "amount": amount}
                counted = {"persons": persons} if found.per == "person" else {}
                work.put("fund", self._site.village, {**values, **counted}, record_id)
        return work.change

    def pay(self, draft: PaymentDraft, reason: str) -> Change:
        """Book a line of the ledger.

        Raises Refused when more would go out than came in, more to a project than planned, or to a project that is not
        approved; Stale when the line was changed elsewhere.
        """
        with self._site.store.work("payment.save", reason) as work:
            problems = self._problems(work, draft)
            if problems:
                raise Refused(problems)
            work.put_draft("payment", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def cancel(self, payment_id: str, reason: str) -> Change:
        """Strike out a line that was booked by mistake. Raises Refused when the fund would be overdrawn without it."""
        with self._site.store.work("payment.cancel", reason) as work:
            line = work.row("payment", payment_id)
            if line is None:
                raise Refused(say("This record is not in the desk any more."))
            left = _left(work.connection, line["fund_id"], without=payment_id)
            if line["way"] != "out" and left < 0:
                raise Refused([Problem(say("The money was spent already. Strike out what was paid first."), "amount")])
            work.remove("payment", payment_id)
        return work.change

    def donate(self, draft: DonationDraft, reason: str) -> Change:
        """Register a gift. Raises Refused naming what is missing, Stale when it was saved elsewhere."""
        problems = []
        if not draft.donor.strip():
            problems.append(Problem(say("Give the donor's name."), "donor"))
        if draft.on is None:
            problems.append(Problem(say("Enter the day."), "on"))
        if draft.amount <= 0 and not draft.goods.strip():
            problems.append(Problem(say("Enter the amount, or what was given."), "amount"))
        if problems:
            raise Refused(problems)
        with self._site.store.work("donation.save", reason) as work:
            work.put_draft("donation", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def remove(self, fund_id: str, reason: str) -> Change:
        """Take off a fund that was entered by mistake. Raises Refused once money was booked on it."""
        with self._site.store.work("fund.remove", reason) as work:
            if work.rows("payment", fund_id=fund_id):
                raise Refused([Problem(say("Money was booked on this fund. Strike out the lines first."), "amount")])
            work.remove("fund", fund_id)
        return work.change

    def remove_donation(self, donation_id: str, reason: str) -> Change:
        """Take off a gift that was entered by mistake."""
        with self._site.store.work("donation.remove", reason) as work:
            work.remove("donation", donation_id)
        return work.change

    def all(self) -> tuple[FundRow, ...]:
        """Every fund with its balance, newest year first."""
        with self._site.store.read() as connection:
            return fund_rows(connection, self._site.village)

    def payments(self) -> tuple[PaymentDraft, ...]:
        """Every line of the ledger, newest day first."""
        lines = self._all("payment")
        return tuple(sorted(lines, key=lambda line: (line.on is None, line.on), reverse=True))

    def donations(self) -> tuple[DonationDraft, ...]:
        """Every gift, newest first."""
        gifts = self._all("donation")
        return tuple(sorted(gifts, key=lambda gift: (gift.on is None, gift.on), reverse=True))

    def _all(self, kind: str) -> tuple[Any, ...]:
        with self._site.store.read() as connection:
            return tuple(load_where(connection, kind, RECORDS[kind].table.c.village == self._site.village).values())

    def _problems(self, work: Work, draft: PaymentDraft) -> list[Problem]:
        if not load(work.connection, "fund", [draft.fund_id]):
            return [Problem(say("Choose the fund the money belongs to."), "fund_id")]
        table = RECORDS["payment"].table
        project = project_of(work.connection, draft.project_id) if draft.project_id else None
        about = load_where(work.connection, "payment", table.c.project_id == draft.project_id, table.c.id != draft.id)
        spent = paid_out(about.values()) if project else 0
        left = _left(work.connection, draft.fund_id, without=draft.id)
        can = project is not None and project.state not in _CLOSED_TO_MONEY
        problems = list(payment_problems(draft, left, project, spent, can))
        if draft.on is not None and draft.on > self._site.today():
            problems.append(Problem(say("The day lies in the future. Correct the date."), "on"))
        if draft.way == "in" and left + draft.amount < 0:
            problems.append(Problem(say("More was spent already. Correct the amount."), "amount"))
        return problems


def fund_rows(connection: Connection, village: str) -> tuple[FundRow, ...]:
    """Every fund of a village with its balance, newest year first."""
    by_fund: dict[str, list[PaymentDraft]] = {}
    for line in load_where(connection, "payment", RECORDS["payment"].table.c.village == village).values():
        by_fund.setdefault(line.fund_id, []).append(line)
    funds = load_where(connection, "fund", RECORDS["fund"].table.c.village == village).values()
    rows = [_row(fund, by_fund.get(fund.id, [])) for fund in funds]
    return tuple(sorted(rows, key=lambda row: (-row.fund.year, row.fund.rule, row.fund.title)))


def _row(fund: FundDraft, lines: list[PaymentDraft]) -> FundRow:
    return FundRow(fund, sum(line.amount for line in lines if line.way == "in"), paid_out(lines))


def _left(connection: Connection, fund_id: str, without: str) -> int:
    table = RECORDS["payment"].table
    lines: tuple[PaymentDraft, ...] = tuple(
        load_where(connection, "payment", table.c.fund_id == fund_id, table.c.id != without).values()
    )
    return sum(line.amount for line in lines if line.way == "in") - paid_out(lines)
