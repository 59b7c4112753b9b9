"""The ledger of measures: what each kind asks for is pack data; money, loans and housing cases follow their rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.core.services.test_service_plans import TERMS, wish
from tests.factories import YEAR
from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.errors import Refused
from villagedesk.policy.profile import load_profile
from villagedesk.services.measures import sums

PACKS = ("national-2018", "xinjiang-2016", "shangzhou-2020", "guangdong-2016", "jiangsu-2018")
LOAN = MeasureDraft(
    category="finance", content="贷款养羊", responsible="周敏", amount=30_000_00, bank="信用社",
    due_on=date(YEAR + 1, 1, 10), wish_kind="99",
)  # fmt: skip


@pytest.fixture
def home(desk):
    return desk.households.all()[0]


@pytest.fixture
def running(desk, story, home):
    """Makes a measure that is under way and returns its id."""

    def made(measure, kind="99"):
        desk.wishes.save(wish(story, home, kind=kind), "asked")
        owned = replace(measure, member_id=home.members[0].id, cause=home.main_cause)
        plan = PlanDraft(household_id=home.id, year=YEAR, livelihood="种地", measures=(owned,))
        plan_id = desk.plans.save(plan, "drawn up").records["plan"][0]
        desk.plans.agree(plan_id, "王建国", story.today, "", "signed")
        measure_id = desk.plans.get(plan_id).measures[0].id
        desk.plans.start(measure_id, story.today, "begun")
        return measure_id

    return made


def refused(verb, *given, **values):
    with pytest.raises(Refused) as refusal:
        verb(*given, **values)
    return {problem.field for problem in refusal.value.problems}


def of(desk, measure_id):
    (found,) = [row.measure for row in desk.measures.rows() if row.measure.id == measure_id]
    return found


@pytest.mark.parametrize("name", PACKS)
def test_every_profile_asks_for_the_facts_of_its_kinds(name):
    pack = load_profile(name)
    asked = {field for category in pack.measures.values() for field in category.fields}
    assert {"link", "enterprise", "employer", "wage", "course", "bank", "loan_state", "house_before"} <= asked
    kinds = {family for category in pack.measures.values() for family in category.families}
    wanted = {"industry", "employment", "training", "education", "health", "protection", "housing", "loan", "finance"}
    assert wanted <= kinds
    assert any("post" in category.fields for category in pack.measures.values())


def test_a_loan_begins_with_bank_amount_and_due_day(desk, running):
    assert refused(running, replace(LOAN, bank="", amount=0, due_on=None)) == {"bank", "amount", "due_on"}


def test_a_loan_is_renewed_extended_and_repaid(desk, running):
    loan = running(LOAN)
    desk.measures.carry_on_loan(loan, "1", None, "paid out")
    assert refused(desk.measures.carry_on_loan, loan, "2", date(YEAR + 1, 1, 10), "x") == {"extended_to"}
    assert refused(desk.measures.carry_on_loan, loan, "7", None, "x") == {"loan_state"}
    desk.measures.carry_on_loan(loan, "3", date(YEAR + 1, 7, 10), "the sheep were ill")
    kept = of(desk, loan)
    assert (kept.loan_state, kept.due_on, kept.extended_to) == ("3", date(YEAR + 1, 1, 10), date(YEAR + 1, 7, 10))
    desk.measures.carry_on_loan(loan, "5", None, "paid back")
    assert of(desk, loan).loan_state == "5"


def test_who_works_away_knows_employer_pay_and_the_way_home_first(desk, story, home, running):
    away = MeasureDraft(category="employment", wish_kind="01", content="到昆山务工", responsible="周敏")
    assert refused(running, away, "01") == set(TERMS)
    plan = desk.plans.of_household(home.id)[0]
    measure = plan.measures[0].id
    desk.measures.record(measure, "he brought the contract", **TERMS)
    desk.plans.start(measure, story.today, "he left")
    assert refused(desk.measures.all_well, measure, story.today + timedelta(days=1), "x") == {"asked_well_on"}
    desk.measures.all_well(measure, story.today, "telephone")
    assert of(desk, measure).asked_well_on == story.today


def test_only_facts_are_filled_in_while_a_measure_runs(desk, story, running):
    loan = running(LOAN)
    assert refused(desk.measures.record, loan, "x", amount=1, content="y") == {"amount", "content"}
    assert refused(desk.measures.record, loan, "x", interest=-1) == {"interest"}
    desk.measures.record(loan, "visit", progress="买了20只羊", interest=300_00)
    kept = of(desk, loan)
    assert (kept.progress, kept.progress_on, kept.interest) == ("买了20只羊", story.today, 300_00)


def test_nothing_is_paid_before_approval_and_without_a_voucher(desk, story, running):
    loan = running(LOAN)
    assert refused(desk.measures.pay, loan, 0, story.today, " ", "x") == {"paid", "approved_on", "proof"}
    desk.measures.record(loan, "approved", approved_on=story.today)
    desk.measures.pay(loan, 100_00, story.today, "凭证1", "paid")
    desk.measures.pay(loan, 50_01, story.today, "凭证2", "paid")
    kept = of(desk, loan)
    assert (kept.paid, kept.paid_on, kept.proof) == (150_01, story.today, "凭证1；凭证2")


def test_a_reward_waits_for_acceptance(desk, story, running):
    reward = running(MeasureDraft(category="incentive", content="养羊奖补", responsible="周敏", wish_kind="99"))
    desk.measures.record(reward, "approved", approved_on=story.today)
    assert refused(desk.measures.pay, reward, 500_00, story.today, "凭证", "x") == {"accepted_on"}
    assert refused(desk.plans.finish, reward, story.today, "完成", "x") == {"accepted_on"}
    desk.measures.record(reward, "seen", accepted_on=story.today, accepted_by="村监委会", reward=500_00)
    desk.measures.pay(reward, 500_00, story.today, "凭证", "paid")
    desk.plans.finish(reward, story.today, "完成", "done")


def test_one_house_mended_is_one_case_closed(desk, story, home, running):
    desk.households.save(replace(home, dwelling="D"), "survey")
    house = running(MeasureDraft(
        category="housing", content="原址翻建", responsible="周敏", house_before="D", wish_kind="99"))  # fmt: skip
    assert refused(desk.plans.finish, house, story.today, "建成", "x") == {"closed_out_on"}
    assert refused(desk.measures.close_house, house, "C", story.today, "x") == {"dwelling"}
    desk.measures.close_house(house, "A", story.today, "judged safe")
    now = desk.households.get(home.id)
    assert (now.dwelling, now.dwelling_checked_on, now.dwelling_repaired_year) == ("A", story.today, YEAR)
    desk.plans.finish(house, story.today, "建成", "done")
    assert refused(desk.measures.close_house, house, "A", story.today, "x") == {"category"}


def test_points_stand_on_the_persons_own_wish(desk, story, running):
    points = MeasureDraft(category="points", content="参加清洁日", responsible="周敏")
    with pytest.raises(Refused):
        running(points, kind="01")


def test_the_ledger_filters_and_sums_to_the_fen(desk, running, home, story):
    loan = running(replace(LOAN, amount=30_000_01))
    desk.measures.record(loan, "approved", approved_on=story.today)
    desk.measures.pay(loan, 33_33, story.today, "凭证", "paid")
    (row,) = desk.measures.rows(year=YEAR, category="finance", state="active", group=home.group)
    assert (row.person, row.title, row.household.id) == (home.members[0].name, "扶贫小额信贷", home.id)
    assert desk.measures.rows(year=YEAR - 1) == ()
    assert desk.measures.rows(state="done") == ()
    assert [(s.lines, s.planned, s.paid) for s in sums(desk.measures.rows())] == [(1, 30_000_01, 33_33)] * 2
    desk.plans.new_version(desk.plans.of_household(home.id)[0].id, "changed")
    assert len(desk.measures.rows()) == 1  # what stands in two versions is one measure


def test_a_closed_line_takes_nothing_more(desk, story, running):
    loan = running(LOAN)
    desk.plans.decline(loan, "not wanted")
    with pytest.raises(Refused):
        desk.measures.record(loan, "x", progress="y")
    assert [(s.lines, s.planned) for s in sums(desk.measures.rows())] == [(0, 0)]


def test_what_an_old_version_says_is_not_gone_on_with(desk, home, running):
    loan = running(LOAN)
    desk.plans.new_version(desk.plans.of_household(home.id)[0].id, "changed")
    with pytest.raises(Refused):
        desk.measures.record(loan, "x", progress="y")


def test_a_loan_is_attacked_on_every_side(desk, story, home, running):
    for due in (story.today - timedelta(days=1), story.today):
        assert refused(running, replace(LOAN, due_on=due)) == {"due_on"}
    for number in (10**17, 1 << 63, 10**30):
        with pytest.raises(Refused):
            desk.plans.save(
                PlanDraft(household_id=home.id, year=YEAR, measures=(replace(LOAN, amount=number),)), "typed"
            )
    loan = running(replace(LOAN, amount=50_000_00))
    desk.measures.record(loan, "approved", approved_on=story.today)
    assert refused(desk.measures.pay, loan, 1 << 53, story.today, "凭证", "typed") == {"paid"}
    assert of(desk, loan).paid == 0
    assert found(desk, "M10") == 0
    with desk.site.store.work("test", "as the bank wrote it") as work:
        work.put("measure", desk.site.village, {"amount": 50_000_01}, loan)
    assert found(desk, "M10") == 1


def test_two_loans_under_the_cap_each_are_found(desk, story, home, running):
    """One at a time (XJ-7.2): two of 30,000 yuan sum above the cap."""
    first = running(replace(LOAN, amount=30_000_00))
    desk.plans.new_version(desk.measures.rows()[0].measure.plan_id, "another loan")
    plan = desk.plans.of_household(home.id)[0]
    second = replace(plan.measures[0], id="", revision=0, state="planned", bank="信用社")
    desk.plans.save(replace(plan, measures=(*plan.measures, second)), "another loan")
    desk.plans.agree(plan.id, "王建国", story.today, "", "signed")
    line = next(each.id for each in desk.plans.get(plan.id).measures if each.state == "planned")
    desk.plans.start(line, story.today, "begun")
    assert found(desk, "M10") == 1
    assert first != line


def found(desk, rule):
    return len(desk.checks.run({rule}).findings)


def test_what_stands_in_two_versions_or_two_horizons_is_counted_once(desk, story, home, running):
    goat = MeasureDraft(category="industry", content="养羊", responsible="周敏", amount=100_00)
    running(goat)
    desk.plans.new_version(desk.plans.of_household(home.id)[0].id, "changed")
    whole = PlanDraft(household_id=home.id, year=YEAR, horizon="term", measures=(goat,))
    desk.plans.save(whole, "the whole term")
    assert [(s.lines, s.planned) for s in sums(desk.measures.rows())] == [(1, 100_00)] * 2
    chart = next(each for each in desk.overview.charts(YEAR) if each.key == "measures")
    assert [bar.value for bar in chart.bars] == [1]
    said = [line for key in ("situation", "month", "year") for line in desk.reports.fill(key, story.today).lines]
    assert {line.value for line in said if line.figure.key == "measures_standing"} == {1}
