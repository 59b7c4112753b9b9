"""Democratic evaluation as a procedure of its own: agenda, quorum, votes, recusal, minutes, ways back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.services.conftest import TODAY
from tests.factories import YEAR
from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.errors import Refused
from villagedesk.policy.quorum import Vote
from villagedesk.services.following import Ballot

CAME = {"due": 30, "present": 24, "place": "村部", "chair": "张平", "recorder": "李静"}


def rules(refusal):
    return [problem.rule for problem in refusal.value.problems]


def ballot(agree, against=0, abstain=0, recused=""):
    stepped_out = len(recused.split("、")) if recused else 0
    return Ballot(Vote(30, 24, agree, against, abstain, stepped_out), recused)


@pytest.fixture
def verified(desk, story):
    """All three households stand before the meeting."""
    cases = story.cases()
    story.verify(cases)
    return cases


def called(desk, cases, matter="exit.evaluate"):
    draft = EvaluationDraft(year=YEAR, matter=matter, subject_ids=tuple(cases), called_on=TODAY)
    return desk.evaluations.call(draft, "the list is ready").records["evaluation"][0]


def test_the_matters_are_the_steps_that_rest_on_a_meeting(desk):
    assert set(desk.evaluations.matters()) == {"exit.evaluate", "entry.shortlist", "removal.evaluate"}
    with pytest.raises(Refused) as refusal:
        called(desk, ["x"], "exit.sign")
    assert refusal.value.problems[0].field == "matter"
    with pytest.raises(Refused) as refusal:
        called(desk, [])
    assert refusal.value.problems[0].field == "subject_ids"


def test_a_meeting_goes_its_way_and_the_cases_with_it(desk, story, verified):
    waiting = desk.evaluations.waiting("exit.evaluate", YEAR)
    assert {each.case_id for each in waiting} == set(verified)
    assert [each.household.group for each in waiting] == ["一组", "二组", "十组"]
    meeting = called(desk, verified)
    desk.evaluations.take(meeting, "hold", "held", held_on=TODAY, **CAME)
    ballots = {case: ballot(24) for case in verified} | {verified[1]: ballot(20, 2, 1, "王小强")}
    taken = desk.evaluations.vote(meeting, ballots, "voted")
    assert not taken.refused
    assert {desk.exits.get(case).state for case in verified} == {"evaluated"}
    case = desk.exits.get(verified[1])
    assert (case.votes_for, case.recused, case.evaluated_on, case.evaluation_id) == (20, "王小强", TODAY, meeting)
    with pytest.raises(Refused) as refusal:
        desk.evaluations.take(meeting, "minute", "not signed")
    assert rules(refusal) == ["meeting_minutes"]
    text = "".join("".join(desk.papers.print("evaluation_minutes", [meeting], "to sign")[0].rendered.texts).split())
    assert "王小强" in text
    desk.evaluations.take(meeting, "minute", "signed", signed_on=TODAY, minutes="逐户讨论")
    desk.evaluations.take(meeting, "file", "archive")
    (row,) = desk.evaluations.all()
    assert (row.meeting.state, row.open, len(row.subjects)) == ("filed", False, 3)


@pytest.mark.parametrize(
    ("over", "rule"),
    [
        ({"present": 19}, "meeting_quorum"),
        ({"present": 31}, "meeting_quorum"),
        ({"place": " "}, "meeting_facts"),
        ({"recorder": "张平"}, "meeting_facts"),
        ({"held_on": TODAY - timedelta(days=1)}, "meeting_facts"),
    ],
)
def test_what_is_no_meeting_is_not_held_and_says_what_to_do(desk, verified, over, rule):
    meeting = called(desk, verified)
    with pytest.raises(Refused) as refusal:
        desk.evaluations.take(meeting, "hold", "held", **{"held_on": TODAY, **CAME, **over})
    assert rules(refusal) == [rule]
    assert refusal.value.problems[0].field
    desk.evaluations.take(meeting, "adjourn", "人数不足")
    assert desk.evaluations.all()[0].meeting.returned_reason == "人数不足"
    assert called(desk, verified) != meeting


def test_a_vote_that_does_not_add_up_or_leaves_one_out_writes_nothing(desk, verified):
    meeting = called(desk, verified)
    desk.evaluations.take(meeting, "hold", "held", held_on=TODAY, **CAME)
    for ballots in ({case: ballot(24) for case in verified[:2]}, {case: ballot(23) for case in verified}):
        with pytest.raises(Refused) as refusal:
            desk.evaluations.vote(meeting, ballots, "voted")
        assert set(rules(refusal)) == {"meeting_votes"}
    assert desk.exits.get(verified[0]).evaluation_id == ""


def test_who_does_not_carry_stays_and_holds_up_nobody(desk, verified):
    meeting = called(desk, verified)
    desk.evaluations.take(meeting, "hold", "held", held_on=TODAY, **CAME)
    taken = desk.evaluations.vote(meeting, {c: ballot(24) for c in verified} | {verified[0]: ballot(12, 12)}, "voted")
    assert set(taken.refused) == {verified[0]}
    assert [desk.exits.get(case).state for case in verified] == ["verified", "evaluated", "evaluated"]
    with pytest.raises(Refused) as refusal:
        desk.evaluations.take(meeting, "recount", "miscounted")
    assert rules(refusal) == ["meeting_open"]
    desk.exits.take(verified[1:], "return", "wrongly counted")
    desk.evaluations.take(meeting, "recount", "miscounted")
    assert desk.evaluations.all()[0].meeting.state == "held"


def test_a_meeting_that_is_over_is_written_down_in_one_act(desk, verified):
    over = EvaluationDraft(year=YEAR, held_on=TODAY, **CAME)
    taken = desk.evaluations.record(over, {case: ballot(24) for case in verified}, "minutes")
    assert not taken.refused
    assert {desk.exits.get(case).state for case in verified} == {"evaluated"}
    with pytest.raises(Refused):
        desk.evaluations.record(replace(over, held_on=TODAY + timedelta(days=1)), {verified[0]: ballot(24)}, "ahead")


def test_too_few_came_and_nobody_goes_on(desk, verified):
    over = EvaluationDraft(year=YEAR, held_on=TODAY, **{**CAME, "present": 19})
    few = {case: Ballot(Vote(30, 19, 19)) for case in verified}
    taken = desk.evaluations.record(over, few, "minutes")
    assert set(taken.refused) == set(verified)
    assert desk.evaluations.all()[0].meeting.state == "failed"


def test_identification_rests_on_the_same_meeting(desk):
    home = desk.households.all()[0]
    desk.households.save(replace(home, state="", identified_year=None), "not registered")
    course = desk.courses.begin("entry", home.id, YEAR, TODAY, "applied").records["course"][0]
    assert desk.evaluations.waiting("entry.shortlist", YEAR) == ()
    desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    (subject,) = desk.evaluations.waiting("entry.shortlist", YEAR)
    meeting = called(desk, [subject.case_id], "entry.shortlist")
    desk.evaluations.take(meeting, "hold", "held", held_on=TODAY, **CAME)
    assert not desk.evaluations.vote(meeting, {course: ballot(21, 1, 1, "王小强")}, "voted").refused
    (row,) = desk.courses.of_procedure("entry")
    assert (row.course.state, row.course.evaluation_id, row.course.recused) == ("shortlisted", meeting, "王小强")
    (meeting_row,) = desk.evaluations.all()
    assert meeting_row.subjects[0].ballot.vote.agree == 21


def test_a_paper_for_the_meeting_itself_has_its_agenda_and_open_columns(desk, story, verified):
    meeting = called(desk, verified)
    text = "".join("".join(desk.papers.preview("evaluation_minutes", [meeting]).texts).split())
    assert all(name in text for name in ("王建国", "赵大山", "钱长河"))
    assert "未通过" not in text
    assert "未达到" not in text
