"""Removal of a household that was identified wrongly: visit, meeting, minutes, notice, township, then the event."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.services.conftest import PASSPHRASE, TODAY, words
from tests.core.services.test_service_following import BY, PLACE, hung, watching  # noqa: F401  watching is a fixture
from tests.factories import YEAR
from villagedesk.desk import open_desk
from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.errors import Refused
from villagedesk.services.event_course import Afterwards, Occasion
from villagedesk.services.following import Ballot

FOUND = {"visited_by": "周敏、吴刚", "ground": "01", "heard": "没有意见，按规定办"}
MET = {"place": "村部", "chair": "周敏", "recorder": "吴刚", "due": 30, "present": 24}
NO = "柳政发〔2019〕40号"


def rules(refusal):
    return {problem.rule for problem in refusal.value.problems}


def fields(refusal):
    return {problem.field for problem in refusal.value.problems}


def begun(desk, home, on=TODAY):
    return desk.courses.begin("removal", home.id, YEAR, on, "looked at again").records["course"][0]


def state(desk, course):
    return next(row.course.state for row in desk.courses.of_procedure("removal") if row.course.id == course)


def voted(desk, courses, agree=20, on=TODAY):
    """A meeting on these courses; the minutes are signed."""
    meeting = EvaluationDraft(year=YEAR, matter="removal.evaluate", held_on=on, **MET)
    count = Ballot.counted(replace(meeting, subject_ids=()), agree, 24 - agree)
    taken = desk.evaluations.record(meeting, dict.fromkeys(courses, count), "met")
    made = taken.change.records["evaluation"][0]
    desk.evaluations.take(made, "minute", "signed", minutes="按复核情况逐户表决", signed_on=on)
    return taken


@pytest.fixture
def home(desk):
    return desk.households.all()[0]


@pytest.fixture
def evaluated(desk, home):
    course = begun(desk, home)
    desk.courses.take(course, "visit", TODAY, "", **FOUND)
    voted(desk, [course])
    return course


@pytest.fixture
def reported(desk, clock, evaluated):
    notice = hung(desk, "removal", "removal_notice", [evaluated], TODAY)
    clock.to(TODAY + timedelta(days=7))
    desk.notices.close(notice, "未收到异议", "days over")
    return evaluated


def removed(desk, clock, course):
    today = clock().date()
    desk.courses.take(course, "approve", today, "", approval=NO)
    return desk.courses.take(course, "remove", today, "")


def test_the_whole_way_ends_in_the_event_with_its_reason(desk, clock, home, reported):
    assert state(desk, reported) == "reported"
    removed(desk, clock, reported)
    with pytest.raises(Refused):
        desk.households.get(home.id)
    (event,) = desk.events.of_household(home.id)
    assert (event.kind, event.reason_code, event.closed, event.document) == ("removed", "03", home.id, NO)
    assert event.note == "复核收入高于识别标准"
    (row,) = desk.courses.of_procedure("removal")
    assert not row.open
    assert row.household is not None
    assert row.household.head.name == home.head.name
    assert [verb for verb, _ in row.course.steps] == ["visit", "evaluate", "post", "report", "approve", "remove"]
    (subject,) = desk.evaluations.all()[0].subjects
    assert subject.household.head.name == home.head.name


def test_the_last_step_is_taken_back_as_one(desk, clock, home, reported):
    change = removed(desk, clock, reported)
    desk.history.undo(change.act)
    assert desk.households.get(home.id).head.name == home.head.name
    assert state(desk, reported) == "approved"
    assert desk.events.of_household(home.id) == ()


@pytest.mark.parametrize(
    ("said", "rule", "field"),
    [
        ({"visited_by": "周敏"}, "visited", "visited_by"),
        ({"ground": ""}, "ground", "ground"),
        ({"ground": "77"}, "ground", "ground"),
        ({"ground": "99"}, "ground", "note"),
        ({"heard": " "}, "heard", "heard"),
    ],
)
def test_nobody_is_voted_on_unvisited_unheard_or_without_a_reason(desk, home, said, rule, field):
    course = begun(desk, home)
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "visit", TODAY, "", **{**FOUND, **said})
    assert (rules(refusal), fields(refusal)) == ({rule}, {field})
    assert state(desk, course) == "found"


def test_the_meeting_decides_and_not_who_types(desk, home):
    course = begun(desk, home)
    desk.courses.take(course, "visit", TODAY, "", **FOUND)
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "evaluate", TODAY, "", due=30, present=30, agree=30)
    assert rules(refusal) == {"evaluation"}
    taken = voted(desk, [course], agree=12)
    assert set(taken.refused) == {course}
    assert state(desk, course) == "visited"
    desk.courses.take(course, "keep", TODAY, "评议未通过")
    assert state(desk, course) == "kept"


def test_minutes_without_ink_hold_up_the_report(desk, clock, home):
    course = begun(desk, home)
    desk.courses.take(course, "visit", TODAY, "", **FOUND)
    meeting = EvaluationDraft(year=YEAR, matter="removal.evaluate", held_on=TODAY, **MET)
    made = desk.evaluations.record(meeting, {course: Ballot.counted(meeting, 20, 4)}, "met").change.records
    notice = hung(desk, "removal", "removal_notice", [course], TODAY)
    clock.to(TODAY + timedelta(days=7))
    desk.notices.close(notice, "未收到异议", "days over")
    assert state(desk, course) == "posted"
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "report", clock().date(), "")
    assert rules(refusal) == {"minutes_signed"}
    said = {"minutes": "逐户表决", "signed_on": TODAY}
    desk.evaluations.take(made["evaluation"][0], "minute", "signed", **said)
    desk.courses.take(course, "report", clock().date(), "")
    assert state(desk, course) == "reported"


def test_no_step_over_a_notice_that_does_not_hang_or_still_runs(desk, clock, evaluated):
    days = {"notice_from": TODAY, "notice_until": TODAY + timedelta(days=6)}
    with pytest.raises(Refused) as refusal:
        desk.courses.take(evaluated, "post", TODAY, "", **days)
    assert rules(refusal) == {"notice_hangs"}
    notice = hung(desk, "removal", "removal_notice", [evaluated], TODAY)
    assert state(desk, evaluated) == "posted"
    clock.to(TODAY + timedelta(days=6))
    with pytest.raises(Refused) as refusal:
        desk.courses.take(evaluated, "report", clock().date(), "")
    assert rules(refusal) == {"notice_period"}
    with pytest.raises(Refused):
        desk.courses.take(evaluated, "remove", clock().date(), "")
    desk.notices.withdraw(notice, "名单有误")
    assert state(desk, evaluated) == "evaluated"
    assert desk.posting.waiting("removal", YEAR) == (evaluated,)


def test_an_open_objection_holds_up_the_report_the_approval_and_the_end(desk, clock, home, reported):
    today = clock().date()
    told = ObjectionDraft(case_id=reported, text="这户确实困难", received_on=today)
    desk.objections.register(told, "told")
    with pytest.raises(Refused) as refusal:
        desk.courses.take(reported, "approve", today, "", approval=NO)
    assert rules(refusal) == {"objections"}


def test_an_objection_after_the_approval_still_holds_up_the_end_and_upheld_keeps_the_household(
    desk, clock, home, reported
):
    today = clock().date()
    desk.courses.take(reported, "approve", today, "", approval=NO)
    told = ObjectionDraft(case_id=reported, text="这户确实困难", received_on=today)
    objection = desk.objections.register(told, "told").records["objection"][0]
    with pytest.raises(Refused) as refusal:
        desk.courses.take(reported, "remove", today, "")
    assert rules(refusal) == {"objections"}
    desk.objections.settle(objection, "属实", "收入低于标准", True, today, "answered", by="周敏、吴刚")
    assert state(desk, reported) == "kept"
    assert desk.households.get(home.id).head.name == home.head.name
    again = begun(desk, home, today)
    assert again != reported


def test_days_run_forward_and_a_clock_set_back_is_not_trusted(desk, clock, home):
    with pytest.raises(Refused) as refusal:
        begun(desk, home, TODAY + timedelta(days=1))
    assert fields(refusal) == {"began_on"}
    course = begun(desk, home)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Refused) as refusal:
            desk.courses.take(course, "visit", day, "", **FOUND)
        assert fields(refusal) == {"on"}
    desk.courses.take(course, "visit", TODAY, "", **FOUND)
    assert set(voted(desk, [course], on=TODAY - timedelta(days=1)).refused) == {course}
    clock.to(TODAY - timedelta(days=3))
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "keep", TODAY - timedelta(days=3), "保留")
    assert rules(refusal) == {"clock"}


def test_a_notice_posted_before_the_meeting_takes_nobody_along(desk, evaluated):
    earlier = TODAY - timedelta(days=1)
    notice = desk.notices.draft("removal", YEAR, [evaluated], "meeting").records["notice"][0]
    desk.notices.plan_days(notice, earlier, "days")
    desk.papers.print("removal_notice", [notice], "print")
    desk.notices.post(notice, earlier, PLACE, BY, "posted")
    assert state(desk, evaluated) == "evaluated"
    with pytest.raises(Refused) as refusal:
        desk.courses.take(evaluated, "post", TODAY, "")
    assert rules(refusal) == {"steps_in_order"}


def test_one_of_two_is_held_up_and_the_other_goes_its_way(desk, clock):
    first, second = desk.households.all()[:2]
    courses = [begun(desk, each) for each in (first, second)]
    for course in courses:
        desk.courses.take(course, "visit", TODAY, "", **FOUND)
    voted(desk, courses)
    notice = hung(desk, "removal", "removal_notice", courses, TODAY)
    told = ObjectionDraft(notice_id=notice, case_id=courses[0], text="这户确实困难", received_on=TODAY)
    objection = desk.objections.register(told, "told").records["objection"][0]
    desk.objections.settle(objection, "属实", "收入低于标准", True, TODAY, "answered", by="周敏、吴刚")
    clock.to(TODAY + timedelta(days=7))
    desk.notices.close(notice, "异议一件，成立", "days over")
    assert [state(desk, each) for each in courses] == ["kept", "reported"]
    removed(desk, clock, courses[1])
    assert [each.id for each in desk.households.all() if each.id in (first.id, second.id)] == [first.id]


def _everybody(home):
    return [member.id for member in home.living]


AROUND = {
    "event": lambda desk, home, other: desk.events.removed(home.id, Occasion(TODAY, "03")),
    "closing": lambda desk, home, other: desk.events.moved_out(
        home.id, _everybody(home), Occasion(TODAY), Afterwards(closing="03")
    ),
    "merge": lambda desk, home, other: desk.events.merge(
        home.id, other.id, dict.fromkeys(_everybody(home), "99"), Occasion(TODAY, "03")
    ),
    "save": lambda desk, home, other: desk.households.save(replace(home, state="8"), "struck"),
}


@pytest.mark.parametrize("way", AROUND)
def test_there_is_no_way_around_it(desk, home, way):
    with pytest.raises(Refused) as refusal:
        AROUND[way](desk, home, desk.households.all()[1])
    assert rules(refusal) == {"removal"}
    assert desk.households.get(home.id).state == home.state


@pytest.mark.parametrize(("changed", "rule"), [({"state": "9"}, "household"), ({"removed_reason": "03"}, "household")])
def test_a_saved_file_closes_nothing(desk, home, changed, rule):
    with pytest.raises(Refused) as refusal:
        desk.households.save(replace(home, **changed), "closed by typing")
    assert (rules(refusal), fields(refusal)) == ({rule}, set(changed))


@pytest.mark.parametrize(
    ("changed", "rule"), [({"state": "8"}, "removal"), ({"state": "1", "exited_year": YEAR}, "exit")]
)
def test_a_state_emptied_first_is_still_known(desk, home, changed, rule):
    desk.households.save(replace(home, state=""), "emptied")
    with pytest.raises(Refused) as refusal:
        desk.households.save(replace(desk.households.get(home.id), **changed), "then filled")
    assert rules(refusal) == {rule}


def test_who_has_exited_or_is_not_known_is_not_removed(desk, home):
    known = replace(desk.households.get(home.id), state="")
    desk.households.save(known, "not known")
    course = begun(desk, home)
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "visit", TODAY, "", **FOUND)
    assert (rules(refusal), fields(refusal)) == ({"on_register"}, {"state"})
    out = replace(desk.households.get(home.id), state="1", exited_year=YEAR - 2)
    desk.households.save(out, "left before this desk")
    with pytest.raises(Refused) as refusal:
        desk.courses.take(course, "visit", TODAY, "", **FOUND)
    assert rules(refusal) == {"on_register"}


def test_a_file_that_closed_meanwhile_ends_the_course_and_stays_closed(desk, home, evaluated):
    desk.events.left_village(home.id, Occasion(TODAY))
    with pytest.raises(Refused) as refusal:
        desk.courses.take(evaluated, "post", TODAY, "")
    assert "on_register" in rules(refusal)
    desk.courses.take(evaluated, "keep", TODAY, "整户已迁出")
    with pytest.raises(Refused):
        desk.households.get(home.id)


def test_the_paper_on_the_board_says_who_and_never_why(desk, home, evaluated):
    notice = desk.notices.draft("removal", YEAR, [evaluated], "meeting").records["notice"][0]
    desk.notices.plan_days(notice, TODAY, "days")
    text = words(desk.papers.print("removal_notice", [notice], "print")[0].rendered)
    assert home.head.name in text
    assert "名册复核调整的公示" in text
    for word in ("收入高于", "剔除", "错评", "没有意见"):
        assert word not in text


def test_a_case_kept_from_the_board_counts_in_the_totals_only(desk, home, evaluated):
    desk.households.save(replace(desk.households.get(home.id), published=False), "township's reason")
    notice = desk.notices.draft("removal", YEAR, [evaluated], "meeting").records["notice"][0]
    desk.notices.plan_days(notice, TODAY, "days")
    text = words(desk.papers.preview("removal_notice", [notice]))
    assert home.head.name not in text


def test_the_household_gets_the_reason_and_its_own_words_in_writing(desk, clock, home, reported):
    with pytest.raises(Refused) as refusal:
        desk.papers.preview("removal_letter", [reported])
    assert fields(refusal) == {"approval"}
    assert desk.papers.subjects("removal_letter", YEAR) == ()
    removed(desk, clock, reported)
    text = words(desk.papers.preview("removal_letter", [reported]))
    for word in (home.head.name, "复核收入高于识别标准", FOUND["heard"], NO, "不影响"):
        assert word in text
    assert desk.papers.subjects("removal_letter", YEAR) == (reported,)


def test_a_monitored_household_whose_file_closes_leaves_lists_that_open(watching):  # noqa: F811  the fixture
    desk, case = watching
    home = desk.households.all()[0]
    desk.events.left_village(home.id, Occasion(desk.site.today()))
    (row,) = desk.monitoring.all()
    assert row.household.head.name == home.head.name
    desk.monitoring.take(case, "decline", desk.site.today(), "整户已迁出")
    with pytest.raises(Refused):
        desk.households.get(home.id)


def test_it_is_there_on_a_reopened_desk(desk, tmp_path, clock, evaluated):
    desk.close()
    with open_desk(tmp_path / "desk", PASSPHRASE, author="周敏", clock=clock) as again:
        assert state(again, evaluated) == "evaluated"
        assert again.evaluations.matters()["removal.evaluate"] == "识别不准剔除：民主评议"
        assert again.posting.kinds()["removal"] == "名册复核调整公示"
