"""Income: exact sums, lines as cross-products, periods, money split without losing a fen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.drafts.household import IncomeDraft, IncomeLineDraft
from villagedesk.errors import Refused
from villagedesk.policy.income import Line, exit_line, item_totals, monitoring_line, period_bounds, reckon
from villagedesk.policy.money import split
from villagedesk.policy.profile import load_profile
from villagedesk.values import per_head

NATIONAL = load_profile("national-2018")
JIANGSU = load_profile("jiangsu-2018")
GUANGDONG = load_profile("guangdong-2016")
ITEMS = sorted(NATIONAL.income.items)
fen = st.integers(0, 10**11)
lines = st.lists(st.builds(IncomeLineDraft, st.sampled_from(ITEMS), fen, st.integers(1, 12) | st.none()), max_size=60)
statements = st.builds(
    IncomeDraft, lines=lines.map(tuple), persons=st.integers(1, 20), claims=fen, medical_paid=fen, taxes_and_dues=fen,
    gifts_out=fen,
)  # fmt: skip


@given(statements)
def test_no_fen_is_lost(income):
    result = reckon(income, NATIONAL)
    costs = sum(line.amount for line in income.lines if line.item.startswith("cost."))
    earned = sum(line.amount for line in income.lines) - costs
    assert result.gross() == earned
    assert result.net == earned - costs
    assert result.disposable == result.net - income.taxes_and_dues - income.gifts_out
    assert result.reference == result.net + income.claims - income.medical_paid
    assert abs(result.per_head_net * income.persons - result.net) * 2 <= income.persons


@given(statements)
def test_monthly_lines_sum_to_the_year(income):
    totals = item_totals(income)
    yearly = replace(income, lines=tuple(IncomeLineDraft(item, amount) for item, amount in totals.items()))
    assert reckon(yearly, NATIONAL) == reckon(income, NATIONAL)


@given(st.integers(1, 20), st.integers(1, 10**7), st.integers(1, 100))
def test_a_line_is_reached_exactly_at_its_amount(persons, amount, percent):
    line = Line(2019, amount, percent)
    least = -(-amount * percent * persons // 100)  # the first whole fen at or above the line
    assert line.reached(least, persons)
    assert not line.reached(least - 1, persons)


def test_a_figure_rounded_up_to_the_line_does_not_reach_it():
    income = IncomeDraft(year=2020, persons=3, lines=(IncomeLineDraft("wage.work", 11_999_99),))
    result = reckon(income, NATIONAL)
    assert result.per_head_net == 4000_00
    assert not exit_line(NATIONAL, 2020).reached(result.net, 3)


def test_the_steps_say_the_sum_in_plain_words():
    lines = (IncomeLineDraft("wage.work", 12_000_00), IncomeLineDraft("cost.crops", 500_00))
    income = IncomeDraft(year=2019, persons=2, taxes_and_dues=100_00, gifts_out=50_00, lines=lines)
    said = [step.render("en") for step in reckon(income, JIANGSU).steps]
    assert said == [
        "工资性收入: 12000.00 yuan",
        "生产经营性收入: 0.00 yuan",
        "财产性收入: 0.00 yuan",
        "转移性收入: 0.00 yuan",
        "生产经营性支出: 500.00 yuan",
        "12000.00 + 0.00 + 0.00 + 0.00 − 500.00 = 11500.00 yuan",
        "11500.00 − 100.00 (taxes and premiums) − 50.00 (gifts) = 11350.00 yuan",
        "年人均可支配收入: 11350.00 ÷ 2 persons = 5675.00 yuan",
    ]


def test_a_statement_without_persons_has_no_figure_a_head():
    result = reckon(IncomeDraft(lines=(IncomeLineDraft("wage.work", 1),)), NATIONAL)
    assert (result.net, result.per_head_net, result.persons) == (1, None, 0)


def test_an_unknown_item_is_refused_by_name():
    with pytest.raises(Refused, match=r"gift\.luck"):
        reckon(IncomeDraft(lines=(IncomeLineDraft("gift.luck", 1),)), NATIONAL)


def test_lines_by_year_and_province():
    assert exit_line(NATIONAL, 2020) == Line(2020, 4000_00)
    assert exit_line(NATIONAL, 2017, "52") == Line(2017, 3335_00)
    assert exit_line(NATIONAL, 2017, "32") == Line(2017, 2952_00)
    assert exit_line(NATIONAL, 2031) is None
    assert exit_line(GUANGDONG, 2018) == Line(2018, 17_168_00, 45)
    assert exit_line(GUANGDONG, 2018).fen == 7725_60
    assert monitoring_line(load_profile("jiangsu-2018+post-2021"), 2023, "52") == Line(2023, 7300_00)
    assert monitoring_line(NATIONAL, 2020) is None


def test_hardly_above_the_line():
    line = Line(2020, 4000_00)
    assert line.nearly(4399_99, 1, 10)
    assert not line.nearly(4400_00, 1, 10)
    assert not line.nearly(3999_99, 1, 10)


@pytest.mark.parametrize(
    ("period", "bounds"),
    [
        ("calendar", (date(2021, 1, 1), date(2021, 12, 31))),
        ("october", (date(2020, 10, 1), date(2021, 9, 30))),
        ("last12", (date(2020, 6, 1), date(2021, 5, 31))),
    ],
)
def test_period_bounds(period, bounds):
    assert period_bounds(NATIONAL, 2021, date(2021, 6, 15), period) == bounds


@given(st.dates(date(2015, 1, 1), date(2030, 12, 31)), st.sampled_from(["calendar", "october", "last12"]))
def test_every_period_is_a_year_of_whole_months(day, period):
    first, last = period_bounds(NATIONAL, day.year, day, period)
    after = last + timedelta(days=1)
    assert first.day == after.day == 1
    assert (after.year - first.year) * 12 + after.month - first.month == 12
    if period == "last12":
        assert last < day


# --- arithmetic inside the source documents (DOMAIN §1.6) -------------------------------------------------------


def test_xinjiang_targets_add_up():
    targets = load_profile("xinjiang-2016").targets
    assert sum(targets["persons"].values()) == 2_610_000 == sum(targets["persons_by_path"].values())
    assert sum(targets["villages"].values()) == 3029
    assert sum(targets["counties"].values()) == 35


def test_guangzhou_money_adds_up():
    funds = GUANGDONG.funds
    assert (
        sum(funds["village"].amounts.values()) == funds["village"].total == sum(funds["village_pool"].amounts.values())
    )
    assert list(funds["village"].amounts.values()) == [100_0000_00, 70_0000_00, 30_0000_00]
    villages = GUANGDONG.numbers["villages"]
    assert villages == 272 + 205 == 74 + 73 + 330
    assert villages * funds["village_pool"].amounts["city_pool"] == 4770_0000_00
    assert [n * funds["village"].total for n in (74, 330, 73)] == [1_4800_0000_00, 6_6000_0000_00, 1_4600_0000_00]


def test_guangzhou_split_a_head():
    person = GUANGDONG.funds["person"]
    assert split(person.total, person.shares) == {"province": 12_000_00, "helper_city": 6000_00, "local_city": 2000_00}
    everybody = split((128_000 + 78_000) * person.total, person.shares)
    assert everybody["helper_city"] == 12_3600_0000_00 == 3 * 4_1200_0000_00


def test_guangzhou_plan_values_are_of_one_base():
    numbers = GUANGDONG.numbers
    assert numbers["plan_line_household"] * 100 // 45 // 100 == 16_366
    assert abs(numbers["plan_line_household"] * 60 - numbers["plan_line_village"] * 45) < 60 * 100


def test_how_often_the_documents_want_what():
    leaders = GUANGDONG.visits["leaders"]
    assert (leaders.times, leaders.per) == (2, "year")
    assert GUANGDONG.team.trips_a_month == 4
    jiangsu = load_profile("jiangsu-2018")
    owed = {key: (rule.times, rule.per) for key, rule in jiangsu.visits.items() if rule.each == "village"}
    assert owed == {
        "hear": (1, "year"), "study": (1, "year"), "on_site": (1, "year"),
        "city_study": (1, "quarter"), "county_study": (1, "month"),
    }  # fmt: skip
    assert jiangsu.numbers["village_secretary_training_a_year"] == 1
    assert load_profile("shangzhou-2020").numbers["village_training_a_year"] == 1


def test_shangzhou_households_are_small():
    numbers = load_profile("shangzhou-2020").numbers
    assert round(numbers["remaining_persons"] / numbers["remaining_households"], 2) == 1.62


@given(
    st.integers(0, 10**14), st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 100), min_size=1)
)
def test_a_split_loses_nothing_and_is_fair(total, shares):
    if not sum(shares.values()):
        with pytest.raises(ValueError, match="positive"):
            split(total, shares)
        return
    parts = split(total, shares)
    assert sum(parts.values()) == total
    for name, share in shares.items():
        assert abs(parts[name] * sum(shares.values()) - total * share) < sum(shares.values())
        assert share or not parts[name]


def test_the_odd_fen_goes_to_the_largest_fraction():
    assert split(1, {"a": 6, "b": 3, "c": 1}) == {"a": 1, "b": 0, "c": 0}
    assert split(105, {"a": 6, "b": 3, "c": 1}) == {"a": 63, "b": 32, "c": 10}  # ties: the earlier share
    with pytest.raises(ValueError, match="positive"):
        split(-1, {"a": 1})


@given(st.integers(-(10**60), 10**60), st.integers(1, 40))
def test_a_head_gets_the_nearest_fen_whatever_the_sum(total, persons):
    shared = per_head(total, persons)
    assert abs(shared * persons - total) * 2 <= persons
    assert per_head(-total, persons) == -shared
