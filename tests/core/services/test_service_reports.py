"""Reports are counted from the entries; each figure opens its rows; requests are noted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from tests.factories import YEAR
from villagedesk.drafts.money import FundDraft, PaymentDraft
from villagedesk.drafts.request import DataRequestDraft
from villagedesk.drafts.team import VisitDraft
from villagedesk.errors import Refused, Unreadable
from villagedesk.policy.income import reckon
from villagedesk.policy.profile import load_profile, profiles
from villagedesk.policy.reports import figure_rules, period_of, read_report, report_kinds, shipped_reports
from villagedesk.services.report_figures import FIGURES
from villagedesk.services.reports import reuse


def lines(desk, key, day):
    return {line.figure.key: line for line in desk.reports.fill(key, day).lines}


def test_the_four_figures_of_guangzhou(desk, story):
    cases, _ = story.exited()
    assert [line.figure for line in shipped_reports()["progress"].lines] == [
        "income_per_head", "exited_rate", "dwellings_rate", "leader_visits",
    ]  # fmt: skip
    found = lines(desk, "progress", story.today)
    assert found["exited_rate"].word == "100.00"
    assert len(found["exited_rate"].rows) == len(cases)
    assert found["dwellings_rate"].word == "—"
    home = desk.households.all()[0]
    desk.households.save(replace(desk.households.get(home.id), dwelling="C"), "graded")
    assert lines(desk, "progress", story.today)["dwellings_rate"].word == "0.00"
    incomes = [income for row in desk.households.all() for income in desk.households.incomes(row.id)]
    concept = desk.profile.income.concept
    total = sum(reckon(income, desk.profile).total(concept) for income in incomes)
    heads = sum(income.persons for income in incomes)
    assert found["income_per_head"].value == (2 * total + heads) // (2 * heads)


def test_each_figure_is_as_many_as_its_rows_and_of_its_period_only(desk, story):
    home = desk.households.all()[0].id
    for back in (0, 1, 40):
        day = story.today - timedelta(days=back)
        visit = VisitDraft(household_id=home, visitor="周敏", visited_on=day, promise="送树苗")
        desk.visits.save(replace(visit, promise_due=story.today), "visit")
    found = lines(desk, "month", story.today)
    assert (found["visits"].value, found["visited_households"].value) == (2, 1)
    assert found["promises_open"].value == 3
    assert {row.household_id for row in found["visits"].rows} == {home}
    for line in desk.reports.fill("year", story.today).lines:
        if line.figure.unit in {"户", "次", "件", "个", "项"}:
            assert line.value == len(line.rows), line.title


def test_money_is_of_the_ledger(desk, story):
    fund = desk.funds.save(FundDraft(title="挂钩资金", year=YEAR, amount=100_00), "promised").records["fund"][0]
    home = desk.households.all()[0].id
    for line in (
        PaymentDraft(fund_id=fund, way="in", amount=100_00),
        PaymentDraft(fund_id=fund, way="out", amount=60_00, household_id=home),
        PaymentDraft(fund_id=fund, way="back", amount=5_00, household_id=home),
    ):
        desk.funds.pay(replace(line, on=story.today), "booked")
    found = lines(desk, "situation", story.today)
    words = [found[key].word for key in ("money_arrived", "money_paid", "money_households")]
    assert words == ["100.00", "55.00", "55.00"]
    assert lines(desk, "situation", story.today - timedelta(days=100))["money_arrived"].word == "0.00"


def test_a_report_on_paper_and_as_a_table_says_the_same_with_its_definitions(desk, story, tmp_path):
    report = desk.reports.fill("month", story.today)
    (subject,) = [each for each in desk.papers.subjects("report_sheet", YEAR) if each.startswith("month:")]
    text = "".join("".join(desk.papers.preview("report_sheet", [subject]).texts).split())
    desk.reports.write("month", story.today, tmp_path / "month.xlsx")
    book = load_workbook(tmp_path / "month.xlsx")
    figures, details, meaning = book.worksheets
    cells = {row[0]: row[2] for row in figures.iter_rows(min_row=3, values_only=True)}
    notes = {row[0]: row[1] for row in meaning.iter_rows(values_only=True)}
    for line in report.lines:
        assert cells[line.title] == line.word
        assert notes[line.title] == line.figure.meaning
        assert line.figure.meaning in text
    assert details.max_row - 2 == sum(len(line.rows) for line in report.lines)


def test_requests_are_noted_with_what_was_reused(desk, story):
    with pytest.raises(Refused) as refusal:
        desk.reports.log(DataRequestDraft(figures=3, reused=4), "call")
    assert [each.field for each in refusal.value.problems] == ["asked_on", "asked_by", "form", "reused"]
    asked = DataRequestDraft(asked_on=story.today, asked_by="县水务局", form="饮水安全统计表", figures=20)
    made = desk.reports.log(asked, "call").records["data_request"][0]
    desk.reports.answered("month", story.today, made, "sent")
    (stored,) = desk.reports.requests()
    assert (stored.report, stored.answered_on) == ("month", story.today)
    assert reuse(desk.reports.requests()) == (20, stored.reused)
    assert 0 < stored.reused <= 20
    desk.reports.strike(made, "noted twice")
    assert desk.reports.requests() == ()


def test_every_figure_has_its_function_and_every_function_its_definition():
    assert set(figure_rules()) == set(FIGURES)
    assert {line.figure for kind in shipped_reports().values() for line in kind.lines} == set(FIGURES)


def test_a_scheme_names_and_addresses_its_own_reports_first():
    guangdong = report_kinds(load_profile("guangdong-2016"))
    assert list(guangdong)[:2] == ["progress", "situation"]
    assert guangdong["progress"].to == ("市协作办",)
    assert len(guangdong["situation"].to) == 3
    for row in profiles():
        if not row.overlay:
            assert set(report_kinds(load_profile(row.id))) == set(shipped_reports())


NEVER = ("排名", "名次", "指标任务", "转移率", "搬迁率", "完成任务")


def test_no_report_ranks_scores_or_sets_a_quota():
    said = [text for rule in figure_rules().values() for text in (rule.title, rule.meaning)]
    said += [kind.title for kind in shipped_reports().values()]
    assert [text for text in said if any(word in text for word in NEVER)] == []


@pytest.mark.parametrize(
    ("per", "day", "first", "last", "title"),
    [
        ("week", date(2019, 11, 10), date(2019, 11, 4), date(2019, 11, 10), "11月4日至11月10日"),
        ("week", date(2020, 1, 1), date(2019, 12, 30), date(2020, 1, 5), "12月30日至1月5日"),
        ("month", date(2020, 2, 9), date(2020, 2, 1), date(2020, 2, 29), "2020年2月"),
        ("quarter", date(2019, 12, 31), date(2019, 10, 1), date(2019, 12, 31), "2019年第四季度"),
        ("half", date(2019, 7, 1), date(2019, 7, 1), date(2019, 12, 31), "2019年下半年"),
        ("year", date(2019, 7, 1), date(2019, 1, 1), date(2019, 12, 31), "2019年度"),
    ],
)
def test_periods(per, day, first, last, title):
    period = period_of(per, day)
    assert (period.first, period.last, period.title) == (first, last, title)
    assert period.holds(day)
    assert not period.holds(last + timedelta(days=1))


def test_a_wrong_report_is_refused_with_its_key(tmp_path):
    file = tmp_path / "own.toml"
    text = 'title="表"\nper="month"\nto=["乡镇"]\nsource="JS-9.6"\nlines=[{figure="households"}]\n'
    file.write_text(text, "utf-8")
    assert read_report(file, figure_rules()).key == "own"
    for old, new, named in (('"households"', '"souls"', "lines"), ('"month"', '"moon"', "per"), ("to=", "too=", "too")):
        file.write_text(text.replace(old, new), "utf-8")
        with pytest.raises(Unreadable, match=named):
            read_report(file, figure_rules())


def test_unknown_reports_are_refused(desk, story):
    with pytest.raises(Refused):
        desk.reports.fill("gossip", story.today)
    assert len(desk.reports.periods("week", 5)) == 5
