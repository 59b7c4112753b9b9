"""Income statements: months that add up, last year beside this one, and where each figure comes from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_income, make_line
from villagedesk.desk import Desk
from villagedesk.drafts.household import IncomeDraft, IncomeLineDraft
from villagedesk.errors import Refused
from villagedesk.policy.income import item_totals
from villagedesk.policy.statement import cards, compare

ITEMS = ("wage.work", "cost.crops", "transfer.pension")
LINES = st.lists(st.builds(make_line, st.sampled_from(ITEMS), st.integers(0, 10**9),
                           month=st.none() | st.integers(1, 12)), max_size=30)  # fmt: skip


@pytest.fixture
def income(desk: Desk) -> IncomeDraft:
    return desk.households.incomes(desk.households.all()[0].id)[0]


@given(lines=LINES, period=st.sampled_from(["calendar", "october", "last12"]), start=st.dates())
def test_cards_and_yearly_lines_add_up_to_the_year(lines, period, start):
    income = IncomeDraft(year=2019, period=period, starts_on=start if period == "last12" else None, lines=tuple(lines))
    months = cards(income)
    assert len({(card.year, card.month) for card in months}) == 12
    assert [(c.year, c.month) for c in months] == sorted((c.year, c.month) for c in months)
    yearly = [line for line in lines if line.month is None]
    parts = [line for card in months for line in card.lines] + yearly
    assert item_totals(replace(income, lines=tuple(parts))) == item_totals(income)
    net = sum(-line.amount if line.item.startswith("cost.") else line.amount for line in lines)
    assert sum(card.net for card in months) + sum(
        -line.amount if line.item.startswith("cost.") else line.amount for line in yearly) == net  # fmt: skip


def test_october_year_begins_in_the_year_before():
    months = cards(IncomeDraft(year=2019, period="october"))
    assert (months[0].year, months[0].month, months[-1].year, months[-1].month) == (2018, 10, 2019, 9)


@given(before=LINES, now=LINES)
def test_comparison_shows_every_item_once(before, now):
    old, new = IncomeDraft(lines=tuple(before)), IncomeDraft(lines=tuple(now))
    found = compare(old, new)
    assert sum(each.change for each in found) == sum(line.amount for line in now) - sum(line.amount for line in before)
    assert [each.item for each in found] == sorted({*item_totals(old), *item_totals(new)})
    assert all(each.before == 0 for each in compare(None, new))


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"period": "lunar"}, "period"), ({"lines": (make_line("wage.dreams"),)}, "lines.0.item"),
        ({"lines": (make_line(amount=-1),)}, "lines.0.amount"), ({"lines": (make_line(month=13),)}, "lines.0.month"),
        ({"gifts_out": -1}, "gifts_out"), ({"persons": -1}, "persons"),
    ],
)  # fmt: skip
def test_refused_statements(desk: Desk, income: IncomeDraft, over: dict, field: str):
    wrong = replace(income, **over)
    with pytest.raises(Refused) as caught:
        desk.households.save_income(wrong, "visit")
    assert field in {problem.field for problem in caught.value.problems}
    assert field in {problem.field for problem in desk.incomes.check(wrong)}
    assert desk.households.incomes(income.household_id)[0] == income


def test_head_count_is_right_or_explained_before_the_household_signs(desk: Desk, income: IncomeDraft):
    desk.households.save_income(replace(income, persons=7), "visit")
    with pytest.raises(Refused) as caught:
        desk.households.lock_income(income.id, "signed")
    assert {problem.field for problem in caught.value.problems} == {"persons"}
    wrong = desk.households.incomes(income.household_id)[0]
    desk.households.save_income(replace(wrong, note="包括寄养的侄儿一家"), "visit")
    desk.households.lock_income(income.id, "signed")


def test_last_years_statement_is_the_start(desk: Desk, income: IncomeDraft):
    with pytest.raises(Refused):
        desk.incomes.start(income.household_id, income.year)
    started = desk.incomes.start(income.household_id, income.year + 1, "october")
    assert (started.starts_on, started.ends_on) == (date(income.year, 10, 1), date(income.year + 1, 9, 30))
    assert item_totals(started) == item_totals(income)
    assert {line.evidence for line in started.lines} == {""}
    assert (started.id, started.persons) == ("", 3)
    assert all(each.change == 0 for each in desk.incomes.compared(started))


def test_a_card_replaces_its_month_only_and_each_figure_tells_its_source(desk: Desk, income: IncomeDraft):
    def card(month: int, line: IncomeLineDraft, reason: str) -> None:
        (stored,) = desk.households.incomes(income.household_id)
        others = [each for each in stored.lines if each.month != month]
        desk.households.save_income(replace(stored, lines=(*others, replace(line, month=month))), reason)

    card(3, make_line(amount=1_000_00, evidence="工资条"), "March card")
    card(4, make_line(amount=1_100_00), "April card")
    card(3, make_line(amount=1_200_00, evidence="银行流水"), "slip found")
    now = desk.households.incomes(income.household_id)[0]
    assert {card.month: card.net for card in desk.incomes.cards(now) if card.lines} == {3: 1_200_00, 4: 1_100_00}
    assert [line for line in now.lines if line.month is None] == list(income.lines)
    sources = [s for s in desk.incomes.figure_history(income.id, "wage.work") if s.month == 3 and s.field == "amount"]
    assert [(s.old, s.new, s.reason, s.author) for s in sources] == [
        (1_000_00, 1_200_00, "slip found", "周敏"), (None, 1_000_00, "March card", "周敏"),
    ]  # fmt: skip
    assert sources[0].evidence == "银行流水"


def test_generated_statement_is_sound(desk: Desk, income: IncomeDraft):
    assert desk.incomes.check(make_income(household_id=income.household_id)) == ()
