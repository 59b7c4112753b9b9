"""Notices and objections through a real store, by their procedures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.services.conftest import words
from tests.factories import YEAR
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.errors import Refused


@pytest.fixture
def notice(desk, story):
    cases = story.signed()
    return desk.notices.draft("exit", YEAR, cases, "notice").records["notice"][0]


def row(desk, notice):
    return next(row for row in desk.notices.all() if row.notice.id == notice)


def test_a_notice_lives_from_draft_to_archive(desk, story, notice):
    assert (row(desk, notice).notice.state, row(desk, notice).state_title) == ("draft", "草拟")
    assert [step.verb for step in row(desk, notice).steps if step.open] == ["withdraw"]
    desk.notices.plan_days(notice, story.today, "days")
    printed = desk.papers.print("exit_notice", [notice], "print")[0]
    assert desk.notices.get(notice).state == "printed"
    assert desk.notices.get(notice).digest == printed.rendered.digest
    desk.notices.post(notice, story.today, "村务公开栏", "张平", "posted")
    hanging = row(desk, notice)
    assert (hanging.hangs, hanging.day, hanging.days, hanging.over) == (True, 1, 7, False)
    assert hanging.notice.ends_on == story.today + timedelta(days=6)
    with pytest.raises(Refused):
        desk.notices.close(notice, "未收到异议", "too early")
    story.clock.to(hanging.notice.ends_on)
    with pytest.raises(Refused):
        desk.notices.close(notice, "未收到异议", "the last day counts")
    story.clock.to(hanging.notice.ends_on + timedelta(days=1))
    with pytest.raises(Refused):
        desk.notices.close(notice, " ", "no result")
    desk.notices.close(notice, "未收到异议", "days over")
    assert (row(desk, notice).done, row(desk, notice).hangs) == (True, False)
    desk.notices.file(notice, "taken down")
    assert desk.notices.get(notice).state == "filed"
    with pytest.raises(Refused):
        desk.notices.withdraw(notice, "too late")


def test_what_was_not_printed_cannot_hang(desk, story, notice):
    desk.notices.plan_days(notice, story.today, "days")
    with pytest.raises(Refused):
        desk.notices.post(notice, story.today, "村务公开栏", "张平", "posted")


def test_a_paper_without_days_is_not_printed(desk, notice):
    with pytest.raises(Refused) as refusal:
        desk.papers.print("exit_notice", [notice], "print")
    assert refusal.value.problems[0].field == "starts_on"


def test_another_day_makes_the_printed_paper_void(desk, story, notice):
    desk.notices.plan_days(notice, story.today, "days")
    desk.papers.print("exit_notice", [notice], "print")
    desk.notices.plan_days(notice, story.today + timedelta(days=1), "rain")
    assert (desk.notices.get(notice).digest, desk.notices.get(notice).state) == ("", "draft")
    story.clock.to(story.today + timedelta(days=1))
    with pytest.raises(Refused):
        desk.notices.post(notice, story.today, "村务公开栏", "张平", "the old paper")
    desk.papers.print("exit_notice", [notice], "print")
    desk.notices.post(notice, story.today, "村务公开栏", "张平", "the new paper")
    with pytest.raises(Refused):
        desk.notices.plan_days(notice, story.today + timedelta(days=2), "it hangs")


def test_posting_is_not_recorded_ahead(desk, story, notice):
    tomorrow = story.today + timedelta(days=1)
    desk.notices.plan_days(notice, tomorrow, "days")
    desk.papers.print("exit_notice", [notice], "print")
    with pytest.raises(Refused):
        desk.notices.post(notice, tomorrow, "村务公开栏", "张平", "will hang tomorrow")


def test_printing_again_what_hangs_does_not_change_what_was_posted(desk, story, notice):
    desk.notices.plan_days(notice, story.today, "days")
    desk.papers.print("exit_notice", [notice], "print")
    desk.notices.post(notice, story.today, "村务公开栏", "张平", "posted")
    before = desk.notices.get(notice)
    story.clock.to(story.today + timedelta(days=1))
    desk.papers.print("exit_notice", [notice], "again")
    assert desk.notices.get(notice).digest == before.digest


@pytest.mark.parametrize(
    ("days", "place", "by", "field"),
    [(1, "村务公开栏", "张平", "posted_on"), (0, " ", "张平", "posted_on"), (0, "村务公开栏", "", "posted_on")],
)
def test_posting_needs_the_printed_day_a_place_and_a_person(desk, story, notice, days, place, by, field):
    desk.notices.plan_days(notice, story.today, "days")
    desk.papers.print("exit_notice", [notice], "print")
    story.clock.to(story.today + timedelta(days=days))
    with pytest.raises(Refused) as refusal:
        desk.notices.post(notice, story.today, place, by, "posted")
    assert field in {problem.field for problem in refusal.value.problems}
    assert desk.notices.get(notice).state == "printed"


@pytest.mark.parametrize("years", [-3, 3, 900])
def test_a_mistyped_first_day_is_refused(desk, story, notice, years):
    with pytest.raises(Refused):
        desk.notices.plan_days(notice, story.today.replace(year=story.today.year + years), "typing error")


def test_a_notice_speaks_of_somebody_and_has_a_kind(desk):
    with pytest.raises(Refused):
        desk.notices.draft("exit", YEAR, [], "empty")
    with pytest.raises(Refused):
        desk.notices.draft("party", YEAR, ["x"], "no such kind")


def test_an_objection_goes_by_its_procedure(desk, story):
    _, notice = story.posted()
    with pytest.raises(Refused):
        desk.objections.register(ObjectionDraft(notice_id=notice, text="  "), "empty")
    late = ObjectionDraft(notice_id=notice, text="人口不对", received_on=story.today + timedelta(days=1))
    with pytest.raises(Refused):
        desk.objections.register(late, "future")
    about = ObjectionDraft(notice_id=notice, text="人口不对", received_on=story.today)
    objection = desk.objections.register(about, "told").records["objection"][0]
    (found,) = desk.objections.all()
    assert (found.objection.no, found.state_title, found.open) == (f"{YEAR}-01", "已登记", True)
    assert found.due_on == story.today + timedelta(days=3)
    story.clock.to(desk.notices.get(notice).ends_on + timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        desk.notices.close(notice, "有异议", "one is open")
    assert refusal.value.problems[0].rule == "objections_closed"
    with pytest.raises(Refused):
        desk.objections.take(objection, "close", "skip")
    desk.objections.take(objection, "accept", "accepted")
    with pytest.raises(Refused) as refusal:
        desk.objections.take(objection, "investigate", "nothing found out")
    assert [problem.field for problem in refusal.value.problems] == ["investigated_by", "found"]
    with pytest.raises(Refused):
        desk.objections.settle(
            objection, "入户核对", "无误", False, story.today + timedelta(days=1), "future", by="周敏、吴刚"
        )
    desk.objections.settle(objection, "入户核对", "人口无误", False, story.today, "answered", by="周敏、吴刚")
    (found,) = desk.objections.all()
    assert (found.open, found.objection.closed_on, found.objection.accepted_on) == (
        False,
        story.today,
        story.clock().date(),
    )
    desk.notices.close(notice, "收到异议1件，已办结", "days over")


def test_what_is_settled_without_finding_or_opinion_is_refused_whole(desk, story):
    _, notice = story.posted()
    about = ObjectionDraft(notice_id=notice, text="人口不对", received_on=story.today)
    objection = desk.objections.register(about, "told").records["objection"][0]
    for found, opinion in (("", "无误"), ("入户核对", " ")):
        with pytest.raises(Refused):
            desk.objections.settle(objection, found, opinion, False, story.today, "answered", by="周敏、吴刚")
        assert desk.objections.all()[0].objection.state == "registered"


def test_an_upheld_objection_to_a_list_names_the_household(desk, story):
    _, notice = story.posted()
    about = ObjectionDraft(notice_id=notice, text="有人不该在名单上", received_on=story.today)
    objection = desk.objections.register(about, "told").records["objection"][0]
    with pytest.raises(Refused) as refusal:
        desk.objections.settle(objection, "属实", "成立", True, story.today, "answered", by="周敏、吴刚")
    assert refusal.value.problems[0].field == "case_id"


def test_an_objection_that_is_not_taken_up_is_told_why_and_closed_in_one_act(desk, story):
    cases, notice = story.posted()
    about = ObjectionDraft(notice_id=notice, case_id=cases[0], text="与公示无关", received_on=story.today)
    objection = desk.objections.register(about, "told").records["objection"][0]
    with pytest.raises(Refused) as refusal:
        desk.objections.decline(objection, " ", story.today)
    assert refusal.value.problems[0].field == "reason"
    assert desk.objections.all()[0].objection.state == "registered"
    for day in (story.today + timedelta(days=1), story.today - timedelta(days=1)):
        with pytest.raises(Refused) as refusal:
            desk.objections.decline(objection, "不属公示事项", day)
        assert refusal.value.problems[0].field == "answered_on"
    desk.objections.decline(objection, "不属公示事项", story.today)
    (row,) = desk.objections.all()
    assert (row.open, row.objection.opinion, row.objection.upheld) == (False, "不属公示事项", False)


def test_an_objection_whose_days_are_over_is_reported_upward_and_still_looked_into_by_two(desk, story):
    cases, notice = story.posted()
    about = ObjectionDraft(notice_id=notice, case_id=cases[0], text="人口不对", received_on=story.today)
    objection = desk.objections.register(about, "told").records["objection"][0]
    assert desk.objections.late() == frozenset()
    story.clock.to(story.today + timedelta(days=4))
    assert desk.objections.late() == {objection}
    desk.objections.take(objection, "accept", "taken up")
    assert desk.objections.late() == frozenset()
    story.clock.to(story.today + timedelta(days=14))
    assert desk.objections.late() == {objection}
    with pytest.raises(Refused):
        desk.objections.take(objection, "escalate", "")
    desk.objections.take(objection, "escalate", "报镇督办")
    with pytest.raises(Refused) as refusal:
        desk.objections.settle(objection, "入户核对", "无误", False, story.today, "answered", by="周敏")
    assert [problem.field for problem in refusal.value.problems] == ["investigated_by"]
    desk.objections.settle(objection, "入户核对", "无误", False, story.today, "answered", by="周敏、吴刚")
    assert not desk.objections.all()[0].open


def test_an_objection_is_turned_down_with_a_reason(desk, story):
    _, notice = story.posted()
    about = ObjectionDraft(notice_id=notice, text="与名单无关", received_on=story.today)
    objection = desk.objections.register(about, "told").records["objection"][0]
    with pytest.raises(Refused):
        desk.objections.take(objection, "decline", "")
    desk.objections.take(objection, "decline", "not about the list")
    desk.objections.take(objection, "answer", "told", answered_on=story.today)
    desk.objections.take(objection, "close", "told")
    assert not desk.objections.all()[0].open


def test_a_notice_says_its_basis_and_the_procedure_in_every_scheme(desk, story):
    """Four of five documents have no number that is known; the notice still says what was done (DOMAIN §6.1)."""
    assert desk.profile.pack.doc_no == ""
    _, notice = story.posted()
    said = words(desk.papers.preview("exit_notice", [notice]))
    assert "依据上级有关规定" in said
    assert "民主评议" in said
