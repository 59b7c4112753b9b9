"""Identification and the yearly adjustment as courses through a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.services.conftest import TODAY
from tests.factories import YEAR
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.errors import Refused
from villagedesk.policy.profile import load_profile
from villagedesk.services.courses import Courses

MEETING = {"due": 30, "present": 24, "agree": 20, "against": 4}


@pytest.fixture
def home(desk):
    """A household on file, not on the register, with a statement of the year."""
    found = desk.households.all()[0]
    desk.households.save(replace(found, state="", identified_year=None), "not registered")
    return desk.households.get(found.id)


def rules(refusal):
    return [problem.rule for problem in refusal.value.problems]


def begun(desk, home):
    return desk.courses.begin("entry", home.id, YEAR, TODAY, "applied").records["course"][0]


def posted(desk, clock, course, verb, days=7):
    first = clock().date()
    desk.courses.take(course, verb, first, "", notice_from=first, notice_until=first + timedelta(days=days - 1))
    clock.to(first + timedelta(days=days))


def test_a_household_is_identified_with_two_notices_and_one_announcement(desk, clock, home):
    course = begun(desk, home)
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "survey", TODAY, "", visited_by="周敏")
    assert rules(refusal) == ["visited"]
    desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    desk.courses.take(course, "shortlist", TODAY, "", **MEETING)
    posted(desk, clock, course, "post_first")
    desk.courses.take(course, "report", clock().date(), "")
    posted(desk, clock, course, "post_second")
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "approve", clock().date(), "")
    assert rules(refusal) == ["approval"]
    desk.courses.take(course, "approve", clock().date(), "", approval="泗扶〔2019〕8号")
    desk.courses.take(course, "announce", clock().date(), "")
    assert desk.households.get(home.id).identified_year is None
    desk.courses.take(course, "register", clock().date(), "")
    household = desk.households.get(home.id)
    assert (household.state, household.identified_year) == ("0", YEAR)
    (row,) = desk.courses.of_procedure("entry")
    assert not row.open
    assert [verb for verb, _ in row.course.steps] == [
        "survey", "shortlist", "post_first", "report", "post_second", "approve", "announce", "register",
    ]  # fmt: skip
    assert len(row.course.notices) == 2


def test_the_shortlist_is_drafted_from_the_courses_and_passes_the_leak_check(desk, home):
    course = begun(desk, home)
    assert desk.posting.waiting("entry_first", YEAR) == ()
    desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    desk.courses.take(course, "shortlist", TODAY, "", **MEETING)
    assert desk.posting.waiting("entry_first", YEAR) == (course,)
    notice = desk.notices.draft("entry_first", YEAR, (course,), "meeting").records["notice"][0]
    desk.notices.plan_days(notice, TODAY, "days")
    text = "".join("".join(desk.papers.print("entry_notice", [notice], "print")[0].rendered.texts).split())
    last = TODAY + timedelta(days=6)
    assert home.head.name in text
    assert "初选名单的公示" in text
    assert f"至{last.year}年{last.month}月{last.day}日止，共7天" in text
    assert desk.posting.waiting("entry_first", YEAR) == ()
    assert "monitoring_in" not in desk.posting.kinds()


def test_the_second_notice_is_waited_for_like_the_first(desk, clock, home):
    course = begun(desk, home)
    desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    desk.courses.take(course, "shortlist", TODAY, "", **MEETING)
    posted(desk, clock, course, "post_first")
    desk.courses.take(course, "report", clock().date(), "")
    first = clock().date()
    days = {"notice_from": first, "notice_until": first + timedelta(days=6)}
    desk.courses.take(course, "post_second", first, "", **days)
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "approve", first, "", approval="8号")
    assert rules(refusal) == ["notice_period"]


@pytest.mark.parametrize(
    ("over", "rule"), [({"present": 19, "agree": 15}, "evaluation"), ({"agree": 12, "against": 12}, "evaluation")]
)
def test_a_meeting_that_does_not_carry_stops_the_course(desk, home, over, rule):
    course = begun(desk, home)
    desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "shortlist", TODAY, "", **{**MEETING, **over})
    assert rule in rules(refusal)
    assert desk.courses.of_procedure("entry")[0].course.held_on is None


def test_an_objection_holds_up_the_household_and_nobody_else(desk, clock, home):
    course = begun(desk, home)
    desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    desk.courses.take(course, "shortlist", TODAY, "", **MEETING)
    posted(desk, clock, course, "post_first")
    desk.objections.register(ObjectionDraft(case_id=course, text="有小汽车"), "told")
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "report", clock().date(), "")
    assert rules(refusal) == ["objections"]


def test_who_is_on_the_register_is_not_identified_again(desk):
    home = desk.households.all()[0]
    assert home.identified_year
    course = begun(desk, home)
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    assert rules(refusal) == ["not_registered"]


def test_days_run_forward_and_never_ahead(desk, clock, home):
    course = begun(desk, home)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Refused) as refusal:
            desk.courses.take(course, "survey", day, "", visited_by="周敏、吴刚")
        assert [problem.field for problem in refusal.value.problems] == ["on"]
    with pytest.raises(Refused):
        desk.courses.begin("entry", home.id, YEAR, TODAY, "again")


def test_a_declined_household_may_apply_again(desk, home):
    course = begun(desk, home)
    desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    with pytest.raises(Refused):
        desk.courses.take(course, "decline", TODAY, " ")
    desk.courses.take(course, "decline", TODAY, "收入高于标准")
    again = begun(desk, home)
    first, second = desk.courses.of_procedure("entry")[::-1]
    assert (first.course.returned_reason, second.course.attempt, second.course.id) == ("收入高于标准", 2, again)


def test_the_adjustment_of_a_year_waits_for_clean_data(desk, clock):
    course = desk.courses.begin("adjustment", "", YEAR, TODAY, "begun").records["course"][0]
    with pytest.raises(Refused):
        desk.courses.begin("adjustment", "", YEAR, TODAY, "twice")
    desk.courses.take(course, "train", TODAY, "")
    desk.courses.take(course, "visit", TODAY, "", visited_by="周敏、吴刚")
    desk.courses.take(course, "enter", TODAY, "")
    home = desk.households.all()[0]
    head = replace(home.members[0], sex="2" if home.members[0].sex == "1" else "1")
    desk.households.save(replace(home, members=(head, *home.members[1:])), "typed wrongly")
    assert desk.checks.run().counts["E"]
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "clean", TODAY, "")
    assert rules(refusal) == ["clean"]
    (row,) = desk.courses.of_procedure("adjustment")
    assert (row.household, row.open, row.steps[0].until) == (None, True, "11-23")


def in_order(desk, variant):
    """The courses of a desk whose township settled another order of identification."""
    other = load_profile("jiangsu-2018", settled={"procedures.entry.variant": variant})
    return Courses(replace(desk.site, profile=other))


def test_where_one_notice_is_enough_the_county_approves_after_it(desk, clock, home):
    course, courses = begun(desk, home), in_order(desk, "one_notice")
    courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    courses.take(course, "shortlist", TODAY, "", **MEETING)
    first, last = TODAY, TODAY + timedelta(days=6)
    courses.take(course, "post_first", first, "", notice_from=first, notice_until=last)
    clock.to(last + timedelta(days=1))
    courses.take(course, "report", clock().date(), "")
    with pytest.raises(Refused) as refusal:
        courses.take(course, "post_second", clock().date(), "", notice_from=last, notice_until=last)
    assert [problem.field for problem in refusal.value.problems] == ["state"]
    courses.take(course, "approve", clock().date(), "", approval="泗扶〔2019〕8号")
    assert [step.verb for step in courses.of_procedure("entry")[0].steps] == ["announce", "withdraw"]


def test_where_the_county_compares_first_nobody_is_voted_on_before(desk, home):
    course, courses = begun(desk, home), in_order(desk, "compared")
    courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    with pytest.raises(Refused):
        courses.take(course, "shortlist", TODAY, "", **MEETING)
    courses.take(course, "compare", TODAY, "")
    courses.take(course, "shortlist", TODAY, "", **MEETING)
    assert courses.of_procedure("entry")[0].course.state == "shortlisted"


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_an_application_is_withdrawn_at_any_time(desk, home, steps):
    course = begun(desk, home)
    taken = (("survey", {"visited_by": "周敏、吴刚"}), ("shortlist", MEETING))
    for verb, asked in taken[:steps]:
        desk.courses.take(course, verb, TODAY, "", **asked)
    if steps == 2:
        desk.courses.take(course, "post_first", TODAY, "", notice_from=TODAY, notice_until=TODAY + timedelta(days=6))
    desk.courses.take(course, "withdraw", TODAY, "")
    assert not desk.courses.of_procedure("entry")[0].open
