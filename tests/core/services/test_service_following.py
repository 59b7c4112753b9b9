"""One action, not two: what is done with a notice or an objection takes the cases along, each that can go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.core.services.conftest import CHEAP, PASSPHRASE, TODAY
from tests.core.services.test_service_courses import MEETING, begun
from tests.core.services.test_service_monitoring import FOUND, clue
from tests.core.services.test_service_monitoring import MEETING as HELD
from tests.factories import VILLAGE, YEAR, make_household, make_income, make_line
from villagedesk.desk import create_desk
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Refused

PLACE, BY = "村务公开栏", "张平"


@pytest.fixture
def shortlisted(desk):
    """Two households on the shortlist."""
    courses = []
    for home in desk.households.all()[:2]:
        desk.households.save(replace(home, state="", identified_year=None), "not registered")
        course = begun(desk, home)
        desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
        desk.courses.take(course, "shortlist", TODAY, "", **MEETING)
        courses.append(course)
    return courses


def hung(desk, kind, paper, cases, day):
    notice = desk.notices.draft(kind, day.year, cases, "meeting").records["notice"][0]
    desk.notices.plan_days(notice, day, "days")
    desk.papers.print(paper, [notice], "print")
    desk.notices.post(notice, day, PLACE, BY, "posted")
    return notice


def states(desk, courses):
    found = {row.course.id: row.course.state for row in desk.courses.of_procedure("entry")}
    return [found[course] for course in courses]


def test_posting_and_its_result_take_identification_along(desk, clock, shortlisted):
    notice = hung(desk, "entry_first", "entry_notice", shortlisted, TODAY)
    assert states(desk, shortlisted) == ["posted_first"] * 2
    course = desk.courses.of_procedure("entry")[0].course
    last = TODAY + timedelta(days=6)
    assert course.notices == (("post_first", TODAY.isoformat(), last.isoformat()),)
    clock.to(last + timedelta(days=1))
    desk.notices.close(notice, "未收到异议", "days over")
    assert states(desk, shortlisted) == ["reported"] * 2
    assert desk.posting.waiting("entry_second", YEAR) == tuple(shortlisted)
    second = hung(desk, "entry_second", "entry_second_notice", shortlisted, clock().date())
    assert states(desk, shortlisted) == ["posted_second"] * 2
    clock.to(desk.notices.get(second).ends_on + timedelta(days=1))
    for course in shortlisted:
        desk.courses.take(course, "approve", clock().date(), "", approval="泗扶〔2019〕8号")
    hung(desk, "entry_result", "entry_announcement", shortlisted, clock().date())
    assert states(desk, shortlisted) == ["announced"] * 2


def test_taking_a_notice_down_takes_its_cases_back(desk, shortlisted):
    notice = hung(desk, "entry_first", "entry_notice", shortlisted, TODAY)
    desk.notices.withdraw(notice, "名单有误")
    assert states(desk, shortlisted) == ["shortlisted"] * 2
    assert desk.courses.of_procedure("entry")[0].course.notices == ()
    assert set(desk.posting.waiting("entry_first", YEAR)) == set(shortlisted)


def test_who_cannot_follow_stays_and_holds_up_nobody(desk, clock, shortlisted):
    clock.to(TODAY + timedelta(days=1))
    desk.courses.take(shortlisted[0], "decline", clock().date(), "收入高于标准")
    hung(desk, "entry_first", "entry_notice", shortlisted, clock().date())
    assert states(desk, shortlisted) == ["declined", "posted_first"]


def test_an_objection_names_the_household_and_sends_it_back_alone(desk, clock, shortlisted):
    notice = hung(desk, "entry_first", "entry_notice", shortlisted, TODAY)
    homes = desk.notices.households(notice)
    assert set(homes) == set(shortlisted)
    with pytest.raises(Refused) as refusal:
        desk.objections.register(ObjectionDraft(notice_id=notice, case_id="somebody", text="有小汽车"), "told")
    assert [problem.field for problem in refusal.value.problems] == ["case_id"]
    told = ObjectionDraft(notice_id=notice, case_id=shortlisted[0], text="有小汽车", received_on=TODAY)
    objection = desk.objections.register(told, "told").records["objection"][0]
    text = "".join("".join(desk.papers.preview("objection_sheet", [objection]).texts).split())
    assert f"编号{homes[shortlisted[0]].no}" in text
    desk.objections.settle(objection, "属实", "确有小汽车", True, TODAY, "answered", by="周敏、吴刚")
    assert states(desk, shortlisted) == ["declined", "posted_first"]
    returned = {row.course.id: row.course.returned_reason for row in desk.courses.of_procedure("entry")}
    assert returned[shortlisted[0]] == "确有小汽车"
    clock.to(TODAY + timedelta(days=7))
    desk.notices.close(notice, "异议一件，已办结", "days over")
    assert states(desk, shortlisted) == ["declined", "reported"]


def test_an_objection_that_names_nobody_holds_up_everybody_and_asks_for_a_name_when_upheld(desk, clock, shortlisted):
    notice = hung(desk, "entry_first", "entry_notice", shortlisted, TODAY)
    told = ObjectionDraft(notice_id=notice, text="名单有问题")
    objection = desk.objections.register(told, "told").records["objection"][0]
    clock.to(TODAY + timedelta(days=7))
    for course in shortlisted:
        with pytest.raises(Refused) as refusal:
            desk.courses.take(course, "report", clock().date(), "")
        assert [problem.rule for problem in refusal.value.problems] == ["objections"]
    with pytest.raises(Refused) as refusal:
        desk.objections.settle(objection, "属实", "有一户", True, clock().date(), "answered", by="周敏、吴刚")
    assert [problem.field for problem in refusal.value.problems] == ["case_id"]


def test_posting_dated_before_the_meeting_takes_nobody_along(desk, clock, shortlisted):
    """A course whose meeting was entered for a later day than the paper hangs stays, and is offered by hand."""
    earlier = TODAY - timedelta(days=1)
    notice = desk.notices.draft("entry_first", YEAR, shortlisted, "meeting").records["notice"][0]
    desk.notices.plan_days(notice, earlier, "days")
    desk.papers.print("entry_notice", [notice], "print")
    desk.notices.post(notice, earlier, PLACE, BY, "posted")
    assert states(desk, shortlisted) == ["shortlisted"] * 2


@pytest.fixture
def watching(tmp_path, clock):
    """A desk with monitoring, its household before the notice."""
    clock.to(FOUND)
    village = VillageDraft(
        code=VILLAGE, name="沙洲村", township="柳河镇", county="泗洪县", profile="jiangsu-2018+post-2021",
        notice_places="村务公开栏", phones="0527-00000001、0527-00000002", issuer="沙洲村村民委员会",
    )  # fmt: skip
    made, _ = create_desk(tmp_path / "watch", PASSPHRASE, village, author="周敏", clock=clock, cost=CHEAP)
    with made:
        made.households.save(make_household(no="1"), "visit")
        home = made.households.all()[0]
        poor = make_income(household_id=home.id, year=2020, lines=(make_line("wage.work", 12_000_00),))
        made.households.save_income(poor, "reckoned")
        case = made.monitoring.open(clue(home), "told").records["monitoring"][0]
        for verb in ("visit", "apply", "compare"):
            made.monitoring.take(case, verb, FOUND, "by the book")
        made.monitoring.take(case, "evaluate", FOUND, "meeting", **HELD)
        yield made, case


def test_monitoring_follows_its_notice_and_an_upheld_objection(watching, clock):
    desk, case = watching
    notice = hung(desk, "monitoring_in", "monitoring_in_notice", [case], FOUND)
    draft = desk.monitoring.get(case)
    assert (draft.state, draft.notice_from, draft.notice_until) == ("posted", FOUND, date(2020, 3, 6))
    desk.notices.withdraw(notice, "名单有误")
    draft = desk.monitoring.get(case)
    assert (draft.state, draft.notice_from, draft.notice_until) == ("evaluated", None, None)
    again = hung(desk, "monitoring_in", "monitoring_in_notice", [case], FOUND)
    clock.to(date(2020, 3, 7))
    told = ObjectionDraft(notice_id=again, case_id=case, text="子女有车", received_on=FOUND)
    objection = desk.objections.register(told, "told").records["objection"][0]
    with pytest.raises(Refused):
        desk.notices.close(again, "未收到异议", "days over")
    desk.objections.settle(objection, "查看", "不属实", False, clock().date(), "answered", by="周敏、吴刚")
    desk.notices.close(again, "异议一件，不成立", "days over")
    assert desk.monitoring.get(case).state == "reported"


def test_a_step_of_monitoring_is_not_dated_before_the_one_it_follows(watching, clock):
    desk, case = watching
    hung(desk, "monitoring_in", "monitoring_in_notice", [case], FOUND)
    clock.to(date(2020, 3, 20))
    with pytest.raises(Refused) as refusal:
        desk.monitoring.take(case, "report", date(2020, 3, 5), "the days were not over on that day")
    assert [problem.rule for problem in refusal.value.problems] == ["notice_period"]
    with pytest.raises(Refused) as refusal:
        desk.monitoring.take(case, "report", date(2020, 3, 1), "before the posting")
    assert [problem.field for problem in refusal.value.problems] == ["on"]
