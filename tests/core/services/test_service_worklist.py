"""The work list: one line a matter, on its day, from each source, and gone when the matter is settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.core.services.test_service_measures import LOAN
from tests.core.services.test_service_measures import running as running  # noqa: PLC0414  a fixture
from tests.core.services.test_service_plans import TERMS, wish
from tests.factories import YEAR
from villagedesk.drafts.concern import ConcernDraft
from villagedesk.drafts.duty import LeaveDraft
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.drafts.team import TeamMemberDraft, VisitDraft
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
    assert line.due_on == story.today - timedelta(days=1)
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
