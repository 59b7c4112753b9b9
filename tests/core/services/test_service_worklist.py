"""The work list: one line a matter, on its day, from each source, and gone when the matter is settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.core.services.conftest import CHEAP, PASSPHRASE
from tests.core.services.test_service_measures import LOAN
from tests.core.services.test_service_measures import running as running  # noqa: PLC0414  a fixture
from tests.core.services.test_service_plans import TERMS, wish
from tests.factories import YEAR, make_household
from villagedesk.desk import create_desk
from villagedesk.drafts.concern import ConcernDraft
from villagedesk.drafts.duty import LeaveDraft, WorkdayDraft
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.drafts.team import TeamMemberDraft, VillageDraft, VisitDraft
from villagedesk.services.duty import ERRAND
from villagedesk.services.worklist import SOURCES


@pytest.fixture
def home(desk):
    return desk.households.all()[0]


def lines(desk, kind):
    return [line for line in desk.worklist.items() if line.kind == kind]


def test_visits_and_promises_come_on_their_days(desk, story, clock, home):
    today = story.today
    assert [line.when(today) for line in lines(desk, "visits")] == ["today"] * 3
    for each in desk.households.all():
        desk.visits.save(
            VisitDraft(household_id=each.id, visitor="周敏", visited_on=today, heard="好",
                       promise="修路灯" if each.id == home.id else "",
                       promise_due=today + timedelta(days=20) if each.id == home.id else None), "visit")  # fmt: skip
    assert (lines(desk, "visits"), lines(desk, "promises")) == ([], [])
    clock.to(today + timedelta(days=21))
    (promise,) = lines(desk, "promises")
    assert (promise.when(story.today), promise.page) == ("overdue", "visits")
    desk.visits.keep_promise(dict(promise.place)["visit_id"], story.today, "done")
    assert lines(desk, "promises") == []


def test_a_notice_that_ends_and_what_is_objected(desk, story):
    _cases, notice = story.posted()
    last = desk.notices.get(notice).ends_on
    (line,) = lines(desk, "notices")
    assert (line.due_on, dict(line.place)) == (last + timedelta(days=1), {"notice_id": notice})
    objection = ObjectionDraft(notice_id=notice, received_on=story.today, text="收入不实")
    desk.objections.register(objection, "came")
    (line,) = lines(desk, "objections")
    assert line.due_on == story.today + timedelta(days=3)


def test_a_concern_waits_until_it_is_closed(desk, story):
    draft = ConcernDraft(received_on=story.today - timedelta(days=5), channel="2", topic="04", text="路灯坏了")
    concern = desk.concerns.register(draft, None, "came").records["concern"][0]
    (line,) = lines(desk, "concerns")
    assert (line.when(story.today), dict(line.place)) == ("overdue", {"concern_id": concern})


def test_loans_and_measures_without_progress(desk, story, clock, home, running):
    loan = running(LOAN)
    assert (lines(desk, "loans"), lines(desk, "measures")) == ([], [])
    clock.to(date(YEAR, 12, 28))
    (line,) = lines(desk, "loans")
    assert (line.due_on, line.page, dict(line.place)["measure_id"]) == (date(YEAR + 1, 1, 10), "plan", loan)
    desk.measures.carry_on_loan(loan, "3", date(YEAR + 2, 1, 10), "ill")
    assert lines(desk, "loans") == []
    clock.to(date(YEAR + 1, 2, 10))
    assert [line.due_on for line in lines(desk, "measures")] == [date(YEAR, 11, 10) + timedelta(days=92)]
    desk.measures.record(loan, "visit", progress="羊都好")
    assert lines(desk, "measures") == []


def test_who_works_away_is_asked_every_month(desk, story, clock, running):
    away = MeasureDraft(category="employment", wish_kind="01", content="务工", responsible="周敏", **TERMS)
    measure = running(away, "01")
    clock.to(date(YEAR, 12, 1))
    (line,) = lines(desk, "well")
    assert line.due_on == date(YEAR, 12, 11)
    desk.measures.all_well(measure, story.today, "telephone")
    assert lines(desk, "well") == []


def test_a_wish_that_was_thought_over(desk, story, home):
    desk.wishes.save(wish(story, home), "asked")
    measure = MeasureDraft(member_id=home.members[0].id, category="employment", wish_kind="01", content="务工")
    desk.plans.save(PlanDraft(household_id=home.id, year=YEAR, measures=(measure,)), "drawn up")
    (line,) = lines(desk, "wishes")
    assert (line.due_on, line.when(story.today)) == (story.today, "today")  # thought over yesterday; nothing presses
    desk.wishes.save(wish(story, home, answer="2", asked_on=story.today), "asked again")
    assert lines(desk, "wishes") == []


def test_leave_and_terms(desk, story):
    draft = TeamMemberDraft(name="周敏", role="leader", starts_on=story.today - timedelta(days=720))
    member = desk.team.save_member(draft, "list").records["team_member"][0]
    leave = LeaveDraft(staff_id=member, kind="1", starts_on=story.today - timedelta(days=5),
                       ends_on=story.today - timedelta(days=2), granted_by="镇")  # fmt: skip
    made = desk.duty.ask_leave(leave, "asked").records["leave"][0]
    assert [line.due_on for line in lines(desk, "leave")] == [story.today - timedelta(days=1)]
    assert [line.due_on for line in lines(desk, "terms")] == [story.today + timedelta(days=9)]
    desk.duty.end_leave(made, story.today - timedelta(days=1), "back")
    assert lines(desk, "leave") == []


def test_the_laptop_of_a_team_that_left_is_cleared_on_its_day(desk, story, clock):
    """Retention by the profile: six months after the last member's last day."""
    last = story.today - timedelta(days=1)
    for member in desk.team.members():
        desk.team.save_member(replace(member, ends_on=last, end_reason="term over"), "left")
    if not desk.team.members():
        left = TeamMemberDraft(name="周敏", role="leader", starts_on=last - timedelta(days=700), ends_on=last,
                               end_reason="term over")  # fmt: skip
        desk.team.save_member(left, "left")
    day = last + timedelta(days=desk.profile.team.keep_months_after_term * 31)
    assert desk.leaving.standing().keep_until == day
    assert lines(desk, "leaving") == []
    clock.to(day - timedelta(days=3))
    (line,) = lines(desk, "leaving")
    assert (line.due_on, line.page) == (day, "privacy")


def test_findings_are_a_line_for_each_rule(desk, home):
    desk.households.save(replace(home, dwelling_area=None), "cleared")
    found = {dict(line.place)["rule"] for line in desk.worklist.findings()}
    assert "H11" in found
    assert "H25" not in found  # reminders stand in the list as visits


def test_lines_of_several_sources_stand_by_day(desk, story, running):
    story.posted()
    running(LOAN)
    story.clock.to(date(YEAR + 1, 3, 1))
    found = desk.worklist.items()
    assert {line.kind for line in found} >= {"notices", "visits", "loans", "measures"}
    assert {line.page for line in (*found, *desk.worklist.findings())} == {"notices", "visits", "plan", "findings"}
    assert [line.due_on for line in found] == sorted(line.due_on for line in found)
    assert set(SOURCES) >= {"notices", "objections", "concerns", "visits", "measures", "monitoring"}


def desk_of(tmp_path, clock, profile):
    village = VillageDraft(code="611002101201", name="甲村", township="乙镇", county="丙区", profile=profile)
    return create_desk(tmp_path / profile, PASSPHRASE, village, author="队长", clock=clock, cost=CHEAP)[0]


def test_houses_are_looked_at_by_date_where_the_scheme_asks(tmp_path, clock, desk):
    assert lines(desk, "dwellings") == []  # Jiangsu names no period
    with desk_of(tmp_path, clock, "shangzhou-2020") as there:
        today = clock().date()
        looked = today - timedelta(days=360)
        home = there.households.save(make_household(dwelling_checked_on=looked), "visit").records["household"][0]
        (line,) = lines(there, "dwellings")
        assert (line.due_on, line.page, dict(line.place)) == (looked + timedelta(days=365), "household",
                                                              {"household_id": home})  # fmt: skip
        there.households.save(replace(there.households.get(home), dwelling_checked_on=today), "looked")
        assert lines(there, "dwellings") == []


def test_more_trips_than_the_scheme_allows_are_named(tmp_path, clock):
    with desk_of(tmp_path, clock, "guangdong-2016") as there:
        clock.to(date(2017, 5, 31))
        member = there.team.save_member(TeamMemberDraft(name="周敏", role="leader"), "list").records["team_member"][0]
        for day in (2, 3, 8, 10, 15):  # the second and third are one trip
            there.duty.write(WorkdayDraft(staff_id=member, day=date(2017, 5, day), kind=ERRAND), "diary")
        assert (there.duty.month(2017, 5)[0].trips, lines(there, "trips")) == (4, [])
        there.duty.write(WorkdayDraft(staff_id=member, day=date(2017, 5, 20), kind=ERRAND), "diary")
        (line,) = lines(there, "trips")
        assert dict(line.place) == {"staff_id": member}
