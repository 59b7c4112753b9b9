"""What an income statement has to be before it is saved or signed; its months; the year before (DOMAIN §4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, IncomeLineDraft
from villagedesk.errors import Problem
from villagedesk.policy.income import item_totals
from villagedesk.policy.pack import Pack
from villagedesk.text import say

_FIRST_MONTH = {"calendar": 1, "october": 10}


@dataclass(frozen=True, slots=True)
class Card:
    """One month of a statement: its lines and their sum of income less costs, in fen. ``year`` is the calendar year."""

    year: int
    month: int
    lines: tuple[IncomeLineDraft, ...]

    @property
    def net(self) -> int:
        """Income less costs of the month, fen."""
        return sum(-line.amount if line.item.startswith("cost.") else line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class Difference:
    """One item of two statements, in fen."""

    item: str
    before: int
    now: int

    @property
    def change(self) -> int:
        """Fen more (or less) than before."""
        return self.now - self.before


def cards(income: IncomeDraft) -> tuple[Card, ...]:
    """The twelve monthly cards in the order of the period; what was entered for the whole year is on none of them."""
    first = income.starts_on.month if income.starts_on else _FIRST_MONTH.get(income.period, 1)
    begins = income.starts_on.year if income.starts_on else income.year - (first > 1)
    found = []
    for place in range(12):
        month = (first - 1 + place) % 12 + 1
        lines = tuple(line for line in income.lines if line.month == month)
        found.append(Card(begins + (month < first), month, lines))
    return tuple(found)


def compare(before: IncomeDraft | None, now: IncomeDraft) -> tuple[Difference, ...]:
    """Item by item in the order of their codes, whatever stands in one of the two; None: nothing was entered before."""
    old, new = item_totals(before) if before else {}, item_totals(now)
    return tuple(Difference(item, old.get(item, 0), new.get(item, 0)) for item in sorted({*old, *new}))


def statement_problems(income: IncomeDraft, pack: Pack) -> list[Problem]:
    """What keeps a statement from being saved."""
    return [*_frame_problems(income, pack), *_line_problems(income, pack)]


def _frame_problems(income: IncomeDraft, pack: Pack) -> Iterator[Problem]:
    if income.period not in pack.income.periods:
        yield Problem(say("This scheme does not reckon income over this period. Choose another one."), "period")
    if income.persons < 0:
        yield Problem(say("The number of persons cannot be below zero."), "persons")
    for name in ("claims", "medical_paid", "hospital_costs", "hospital_refunded", "taxes_and_dues", "gifts_out"):
        if getattr(income, name) < 0:
            yield Problem(say("An amount cannot be below zero. Losses are entered as costs."), name)


def _line_problems(income: IncomeDraft, pack: Pack) -> Iterator[Problem]:
    for place, line in enumerate(income.lines):
        if line.item not in pack.income.items:
            text = say("Income item “{item}” is not in this policy pack. Choose another item.", item=line.item)
            yield Problem(text, f"lines.{place}.item")
        if line.amount < 0:
            text = say("An amount cannot be below zero. Losses are entered as costs.")
            yield Problem(text, f"lines.{place}.amount")
        if line.month is not None and not 1 <= line.month <= 12:
            yield Problem(say("A month is a number from 1 to 12."), f"lines.{place}.month")


def head_count_problem(income: IncomeDraft, household: HouseholdDraft) -> Problem | None:
    """The statement is divided by those who lived there when it was reckoned; otherwise its note says why."""
    day = income.reckoned_on
    present = [m for m in household.members if m.left_on is None or (day is not None and m.left_on > day)]
    came_later = sum(1 for m in present if m.joined_on is not None and day is not None and m.joined_on > day)
    if income.persons == len(present) - came_later or income.note.strip():
        return None
    text = say(
        "The statement counts {persons} {persons:person|persons}, the household has {living}. "
        "Correct it or explain in the note.",
        persons=income.persons,
        living=len(present) - came_later,
    )
    return Problem(text, "persons")
