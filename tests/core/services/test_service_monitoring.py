"""Monitoring against return into poverty through a real store: days, recognition, watch, release."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest
from openpyxl import Workbook

from tests.core.services.conftest import CHEAP, PASSPHRASE, TODAY, clock_at
from tests.factories import VILLAGE, make_household, make_income, make_line
from villagedesk.desk import create_desk, open_desk
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.drafts.team import VillageDraft, VisitDraft
from villagedesk.errors import Refused

FOUND = date(2020, 3, 2)
MEETING = {"held_on": FOUND, "due": 30, "present": 24, "votes_for": 24}
OUT = {"out_due": 30, "out_present": 24, "out_votes_for": 24}


@pytest.fixture
def clock():
    return clock_at(FOUND)


@pytest.fixture
def desk(tmp_path, clock):
    village = VillageDraft(code=VILLAGE, name="沙洲村", township="柳河镇", profile="jiangsu-2018+post-2021")
    made, _ = create_desk(tmp_path / "watch", PASSPHRASE, village, author="周敏", clock=clock, cost=CHEAP)
    with made:
        made.households.save(make_household(no="1"), "visit")
        yield made


@pytest.fixture
def home(desk):
    household = desk.households.all()[0]
    poor = make_income(household_id=household.id, year=2020, lines=(make_line("wage.work", 12_000_00),))
    desk.households.save_income(poor, "reckoned")
    return household


def clue(home, **over):
    facts = {
        "household_id": home.id, "clue_source": "visit", "found_on": FOUND, "clue": "户主摔伤", "kind": "2",
        "risks": ("01", "05"), "contact": "周敏", **over,
    }  # fmt: skip
    return MonitoringDraft(**facts)


def recognised(desk, clock, home):
    """A household recognised twelve days after the clue."""
    case = desk.monitoring.open(clue(home), "told").records["monitoring"][0]
    for verb in ("visit", "apply", "compare"):
        desk.monitoring.take(case, verb, FOUND, "by the book")
    desk.monitoring.take(case, "evaluate", FOUND, "meeting", **MEETING)
    hangs = {"notice_from": FOUND, "notice_until": FOUND + timedelta(days=4)}
    desk.monitoring.take(case, "post", FOUND, "posted", **hangs)
    with pytest.raises(Refused) as refusal:
        desk.monitoring.take(case, "report", FOUND, "too early")
    assert refusal.value.problems[0].rule == "notice_period"
    clock.to(FOUND + timedelta(days=12))
    desk.monitoring.take(case, "report", clock().date(), "reported")
    desk.monitoring.take(case, "recognise", clock().date(), "approved")
    return case


def test_the_notice_of_monitoring_says_the_class_and_not_the_cause(desk, home):
    case = desk.monitoring.open(clue(home), "told").records["monitoring"][0]
    for verb in ("visit", "apply", "compare"):
        desk.monitoring.take(case, verb, FOUND, "by the book")
    assert desk.posting.waiting("monitoring_in", FOUND.year) == ()
    desk.monitoring.take(case, "evaluate", FOUND, "meeting", **MEETING)
    assert desk.posting.waiting("monitoring_in", FOUND.year) == (case,)
    for kind, said in (("monitoring_in", "拟纳入监测对象名单"), ("monitoring_out", "拟消除风险名单")):
        notice = desk.notices.draft(kind, FOUND.year, (case,), "meeting").records["notice"][0]
        desk.notices.plan_days(notice, FOUND, "days")
        text = "".join("".join(desk.papers.preview(f"{kind}_notice", [notice]).texts).split())
        assert said in text
        assert "2020年3月2日起至2020年3月6日止，共5天" in text
        assert "摔伤" not in text
        assert (desk.profile.codes.word("monitoring_class", "2") in text) is (kind == "monitoring_in")
    assert desk.posting.waiting("monitoring_in", FOUND.year) == ()


def test_from_clue_to_watch_with_the_evidence_of_the_day(desk, clock, home):
    case = recognised(desk, clock, home)
    draft = desk.monitoring.get(case)
    assert (draft.state, draft.recognised_on, draft.reference) == ("recognised", clock().date(), 4_000_00)
    assert "medical=met" in draft.needs
    assert desk.households.get(home.id).monitoring_class == "2"
    (row,) = desk.monitoring.all()
    assert (row.recognise_by, row.late, row.months_watched, row.open) == (FOUND + timedelta(days=15), False, 0, True)


def test_the_class_is_not_typed_away_while_a_case_is_open(desk, clock, home, tmp_path):
    recognised(desk, clock, home)
    watched = desk.households.get(home.id)
    for other in ("", "0"):
        with pytest.raises(Refused) as refusal:
            desk.households.save(replace(watched, monitoring_class=other), "typed over")
        assert [(each.rule, each.field) for each in refusal.value.problems] == [("monitoring", "monitoring_class")]
    desk.households.save(replace(watched, note="looked in"), "visit")
    book, roster = Workbook(), tmp_path / "county.xlsx"
    for row in (("户编号", "户主姓名", "监测对象类别"), (home.no, home.head.name, "脱贫不稳定户")):
        book.active.append(row)
    book.save(roster)
    preview = desk.rosters.preview(roster, year=clock().year)
    assert [each.column for each in preview.rejected] == ["household.monitoring_class"]
    desk.rosters.take(preview, "the county's list")
    assert desk.households.get(home.id).monitoring_class == "2"


def test_timers_run(desk, clock, home):
    desk.monitoring.open(clue(home), "told")
    with desk.site.store.work("test", "a visit") as work:
        visit = VisitDraft(household_id=home.id, visited_on=FOUND)
        work.put_draft("visit", VILLAGE, visit, new_id="v" * 32)
    clock.to(FOUND + timedelta(days=15))
    (row,) = desk.monitoring.all()
    assert (row.days_since_found, row.days_since_visit, row.late) == (15, 15, False)
    clock.to(FOUND + timedelta(days=16))
    assert desk.monitoring.all()[0].late


def planned(desk, home):
    """A plan of the household with one measure."""
    measure = MeasureDraft(category="industry", content="养羊", state="agreed")
    desk.plans.save(PlanDraft(household_id=home.id, year=2020, measures=(measure,)), "drawn up")


def under_way(desk, home):
    """The measures of the household run."""
    with desk.site.store.work("test", "begun") as work:
        for measure in desk.plans.of_household(home.id)[0].measures:
            work.put("measure", VILLAGE, {"state": "active"}, measure.id)


def test_help_waits_for_a_plan_with_a_measure(desk, clock, home):
    case = recognised(desk, clock, home)
    with pytest.raises(Refused) as refusal:
        desk.monitoring.take(case, "help", clock().date(), "measures agreed")
    assert [problem.rule for problem in refusal.value.problems] == ["monitoring_plan"]
    planned(desk, home)
    desk.monitoring.take(case, "help", clock().date(), "measures agreed")


def test_timers_name_what_is_due_and_when(desk, clock, home):
    desk.monitoring.open(clue(home), "told")
    due = {timer.kind: timer.due_on for timer in desk.monitoring.timers()}
    assert due == {"visit": FOUND + timedelta(days=3), "recognition": FOUND + timedelta(days=15)}
    clock.to(FOUND + timedelta(days=4))
    assert [timer.kind for timer in desk.monitoring.timers() if timer.late] == ["visit"]


def test_timers_after_recognition(desk, clock, home):
    case = recognised(desk, clock, home)
    since = clock().date()
    due = {timer.kind: timer.due_on for timer in desk.monitoring.timers()}
    assert due == {"help": since + timedelta(days=30), "look": since + timedelta(days=30)}
    planned(desk, home)
    desk.monitoring.take(case, "help", since, "measures agreed")
    due = {timer.kind: timer.due_on for timer in desk.monitoring.timers()}
    assert due == {"look": since + timedelta(days=30), "release": date(2020, 9, 14)}
    desk.monitoring.take(case, "end_naturally", since, "the fire insurance paid")
    assert desk.monitoring.timers() == ()


def test_without_labour_a_household_is_watched_for_good(desk, clock, home):
    case = recognised(desk, clock, home)
    planned(desk, home)
    desk.monitoring.take(case, "help", clock().date(), "measures agreed")
    with pytest.raises(Refused) as refusal:
        desk.monitoring.take(case, "watch_long", clock().date(), "")
    assert [problem.rule for problem in refusal.value.problems] == ["no_labour"]
    weak = tuple(replace(member, labour="03", work_area="", work_months=None) for member in home.members)
    desk.households.save(replace(desk.households.get(home.id), members=weak), "visit")
    desk.monitoring.take(case, "watch_long", clock().date(), "")
    assert desk.monitoring.get(case).state == "longterm"
    assert {step.verb for step in desk.monitoring.all()[0].steps} == {"leave_long", "end_naturally", "fall_back"}


def test_only_who_has_exited_falls_back_and_it_is_an_event_of_the_household(desk, clock, home):
    case = recognised(desk, clock, home)
    with pytest.raises(Refused) as refusal:
        desk.monitoring.take(case, "fall_back", clock().date(), "income lost")
    assert [problem.rule for problem in refusal.value.problems] == ["was_exited"]
    with desk.site.store.work("test", "exited long ago") as work:
        work.put("household", VILLAGE, {"state": "1", "exited_year": 2019}, home.id)
    desk.monitoring.take(case, "fall_back", clock().date(), "income lost")
    household = desk.households.get(home.id)
    assert (household.state, household.returned_year, household.monitoring_class) == ("3", 2020, "")
    assert not desk.monitoring.all()[0].open
    assert [event.kind for event in desk.events.of_household(home.id)] == ["fell_back"]


def test_release_waits_for_six_months_a_line_and_the_needs(desk, clock, home):
    case = recognised(desk, clock, home)
    planned(desk, home)
    desk.monitoring.take(case, "help", clock().date(), "measures agreed")
    under_way(desk, home)
    clock.to(date(2020, 9, 13))
    with pytest.raises(Refused) as refusal:
        desk.monitoring.take(case, "end", clock().date(), "too early")
    assert {problem.rule for problem in refusal.value.problems} == {"monitoring_months", "monitoring_line"}
    (income,) = desk.households.incomes(home.id)
    desk.households.save_income(replace(income, lines=(make_line("wage.work", 24_000_00),)), "reckoned anew")
    clock.to(date(2020, 9, 14))
    desk.monitoring.take(case, "end", clock().date(), "visited")
    assert desk.monitoring.get(case).out_reference == 8_000_00
    with pytest.raises(Refused) as refusal:
        desk.monitoring.take(case, "end_evaluate", clock().date(), "no meeting yet")
    assert refusal.value.problems[0].rule == "evaluation"
    today = clock().date()
    hangs = {"out_notice_from": today, "out_notice_until": today + timedelta(days=4)}
    desk.monitoring.take(case, "end_evaluate", today, "meeting", out_held_on=today, **OUT)
    desk.monitoring.take(case, "end_post", today, "posted", **hangs)
    clock.to(today + timedelta(days=5))
    desk.monitoring.take(case, "end_approve", clock().date(), "approved")
    assert desk.monitoring.get(case).ended_on == clock().date()
    assert desk.households.get(home.id).monitoring_class == ""
    assert not desk.monitoring.all()[0].open
    desk.monitoring.open(clue(home, found_on=clock().date()), "again")


def test_a_household_without_anybody_able_stays_watched(desk, clock, home):
    case = recognised(desk, clock, home)
    planned(desk, home)
    desk.monitoring.take(case, "help", clock().date(), "measures agreed")
    weak = tuple(replace(member, labour="03", work_area="", work_months=None) for member in
                 desk.households.get(home.id).members)  # fmt: skip
    desk.households.save(replace(desk.households.get(home.id), members=weak), "visit")
    clock.to(date(2021, 5, 1))
    with pytest.raises(Refused) as refusal:
        desk.monitoring.take(case, "end", clock().date(), "visited")
    assert "monitoring_labour" in {problem.rule for problem in refusal.value.problems}


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"clue_source": "rumour"}, "clue_source"), ({"found_on": FOUND + timedelta(days=1)}, "found_on"),
        ({"found_on": None}, "found_on"), ({"kind": "9"}, "kind"), ({"risks": ()}, "risks"),
        ({"risks": ("01", "02", "03", "05", "06", "07")}, "risks"), ({"risks": ("01", "01")}, "risks"),
        ({"contact": " "}, "contact"), ({"risks": ("04",)}, "disaster"), ({"risks": ("99",)}, "risk_note"),
        ({"risks": ("04",), "disaster": "99"}, "risk_note"),
    ],
)  # fmt: skip
def test_a_clue_says_what_it_must(desk, home, over, field):
    with pytest.raises(Refused) as refusal:
        desk.monitoring.open(clue(home, **over), "told")
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert desk.monitoring.all() == ()


def test_one_open_case_a_household_and_no_date_ahead(desk, clock, home):
    case = desk.monitoring.open(clue(home), "told").records["monitoring"][0]
    with pytest.raises(Refused):
        desk.monitoring.open(clue(home), "told twice")
    tomorrow = FOUND + timedelta(days=1)
    with pytest.raises(Refused):
        desk.monitoring.take(case, "visit", tomorrow, "will go")
    with pytest.raises(Refused):
        desk.monitoring.take(case, "decline", FOUND, "")
    desk.monitoring.take(case, "visit", FOUND, "went")
    desk.monitoring.take(case, "decline", FOUND, "no risk found")
    assert desk.monitoring.get(case).returned_reason == "no risk found"
    clock.to(FOUND - timedelta(days=3))
    with pytest.raises(Refused) as refusal:
        desk.monitoring.take(case, "visit", FOUND - timedelta(days=3), "clock set back")
    assert refusal.value.problems[0].rule == "clock"


def test_a_policy_without_monitoring_says_so(prepared, tmp_path):
    shutil.copytree(prepared, tmp_path / "plain")
    with open_desk(tmp_path / "plain", PASSPHRASE, clock=clock_at(TODAY)) as desk:
        home = desk.households.all()[0]
        with pytest.raises(Refused):
            desk.monitoring.open(clue(home, found_on=TODAY), "told")


def test_what_is_due_for_a_case_stands_on_the_work_list(desk, clock, home):
    case = desk.monitoring.open(clue(home), "told").records["monitoring"][0]
    clock.to(FOUND + timedelta(days=4))
    items = [item for item in desk.worklist.items() if item.kind == "monitoring"]
    assert {item.due_on for item in items} == {FOUND + timedelta(days=3), FOUND + timedelta(days=15)}
    assert {dict(item.place)["case_id"] for item in items} == {case}
