"""The charts say what the records say, and stand on paper as on screen."""

from __future__ import annotations

from tests.factories import YEAR
from villagedesk.drafts.money import FundDraft, PaymentDraft
from villagedesk.drafts.team import VisitDraft


def charts(desk):
    return {chart.key: chart for chart in desk.overview.charts(YEAR)}


def test_charts_count_households_income_money_and_visits(desk, story):
    story.exited()
    fund = desk.funds.save(FundDraft(title="挂钩资金", year=YEAR, amount=100_00), "promised").records["fund"][0]
    desk.funds.pay(PaymentDraft(fund_id=fund, way="in", on=story.today, amount=60_00), "slip")
    home = desk.households.all()[0].id
    desk.visits.save(VisitDraft(household_id=home, visitor="周敏", visited_on=story.today, heard="都好"), "visit")
    found = charts(desk)
    assert [(bar.value, str(bar.word)) for bar in found["states"].bars] == [(3, "3 户")]
    assert [(bar.label, bar.value) for bar in found["exits"].bars] == [(str(YEAR), 3)]
    incomes = [income for row in desk.households.all() for income in desk.households.incomes(row.id)]
    earned = sum(line.amount for each in incomes for line in each.lines if not line.item.startswith("cost."))
    assert sum(bar.value for bar in found["composition"].bars) == earned
    assert [bar.value for bar in found["funds"].bars] == [100_00, 60_00, 0]
    assert sum(bar.value for bar in found["visits"].bars) == 1
    assert found["visits"].bars[story.today.month - 1].word.render("en") == "1 visit"


def test_a_year_without_records_says_so(desk):
    found = {chart.key: chart for chart in desk.overview.charts(YEAR - 9)}
    assert [key for key, chart in found.items() if chart.bars] == ["states"]
    assert YEAR in desk.overview.years()


def test_every_bar_stands_on_paper_with_its_figure(desk):
    (text,) = desk.papers.preview("overview", [str(YEAR)]).texts
    for chart in desk.overview.charts(YEAR):
        for bar in chart.bars:
            assert str(bar.word).split("（")[0] in text
    assert "没有数据" in text


def test_no_chart_names_a_household_a_person_or_a_helper(desk):
    names = {row.head for row in desk.lists.household_rows(desk.lists.household_ids())}
    said = {str(bar.label) for chart in desk.overview.charts(YEAR) for bar in chart.bars}
    assert not names & said
