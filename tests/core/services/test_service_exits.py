"""The exit of households through a real store: in order, none around a blocker, nobody held up by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories import YEAR
from villagedesk.drafts.exit import CheckDraft, EvaluationDraft, SignatureDraft
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.errors import Refused
from villagedesk.policy.quorum import Vote


def rules(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.rule for problem in refusal.value.problems}


def test_all_the_way_to_the_mark(desk, story):
    cases, _ = story.exited()
    assert {desk.exits.get(case).state for case in cases} == {"exited"}
    assert {(h.state, h.exited_year) for h in desk.households.all()} == {("1", YEAR)}
    assert all(row.done for row in desk.exits.of_year(YEAR))


def test_the_list_stands_by_village_group_as_people_count(desk, story):
    story.cases()
    assert [row.household.group for row in desk.exits.of_year(YEAR)] == ["一组", "二组", "十组"]


def test_no_step_out_of_order(desk, story):
    cases = story.cases()
    with pytest.raises(Refused, match=r"Possible now|现在可以"):
        desk.exits.take(cases, "sign", "skip")


def test_income_not_locked_stops_the_case_and_names_household_and_field(desk, story):
    cases = story.cases()
    household = desk.exits.get(cases[0]).household_id
    desk.households.unlock_income(desk.households.incomes(household)[0].id, "a line was missing")
    desk.exits.record_checks(cases[0], story.today, "周敏", (), "visit")
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases, "verify", "visit")
    (problem,) = refusal.value.problems
    assert (problem.rule, problem.field) == ("income_locked", "income.locked_on")
    assert "王建国" in str(problem)
    assert {desk.exits.get(case).state for case in cases} == {"listed"}


def test_one_held_up_holds_up_nobody_else(desk, story):
    cases = story.cases()
    for case in cases:
        desk.exits.record_checks(case, story.today, "周敏", (), "visit")
    household = desk.exits.get(cases[1]).household_id
    desk.households.unlock_income(desk.households.incomes(household)[0].id, "a line was missing")
    taken = desk.exits.take_possible(cases, "verify", "visit")
    assert set(taken.refused) == {cases[1]}
    assert [desk.exits.get(case).state for case in cases] == ["verified", "listed", "verified"]


def test_found_unmet_at_the_door_is_a_blocker(desk, story):
    cases = story.cases()
    criterion = next(iter(desk.profile.household_exit))
    check = CheckDraft(criterion, "unmet", "屋顶漏雨", story.today, "周敏")
    desk.exits.record_checks(cases[0], story.today, "周敏", [check], "visit")
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases[:1], "verify", "visit")
    assert rules(refusal) == {"criteria"}
    assert "屋顶漏雨" in str(refusal.value)


def test_a_meeting_without_quorum_does_not_carry(desk, story):
    cases = story.cases()
    story.verify(cases)
    meeting = EvaluationDraft(year=YEAR, held_on=story.today, due=30, present=19)
    desk.exits.evaluate(meeting, {cases[0]: Vote(30, 19, 19)}, "meeting")
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases[:1], "evaluate", "meeting")
    assert rules(refusal) == {"evaluation"}


def test_votes_that_do_not_add_up_are_refused_at_once(desk, story):
    cases = story.cases()
    meeting = EvaluationDraft(year=YEAR, held_on=story.today, due=30, present=24)
    with pytest.raises(Refused):
        desk.exits.evaluate(meeting, {cases[0]: Vote(30, 24, 20)}, "meeting")
    assert desk.exits.get(cases[0]).evaluation_id == ""


def test_a_household_that_disagrees_goes_back_with_its_reason(desk, story):
    cases = story.cases()
    story.verify(cases)
    story.evaluate(cases)
    desk.exits.answer(cases[0], "disagrees", story.today, "孩子还在住院", "visit")
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases[:1], "acknowledge", "visit")
    assert rules(refusal) == {"household_answer"}
    with pytest.raises(Refused, match=r"reason|原因"):
        desk.exits.take(cases[:1], "return", "  ")
    desk.exits.take(cases[:1], "return", "does not agree")
    case = desk.exits.get(cases[0])
    assert (case.state, case.returned_reason) == ("returned", "does not agree")


def test_an_attempt_that_failed_is_kept_beside_the_next(desk, story):
    cases = story.cases()
    household = desk.exits.get(cases[0]).household_id
    with pytest.raises(Refused):
        desk.exits.propose(YEAR, [household], "again")
    desk.exits.take(cases[:1], "return", "not yet")
    second = desk.exits.propose(YEAR, [household], "again").records["exit"][0]
    assert (desk.exits.get(second).attempt, desk.exits.get(cases[0]).state) == (2, "returned")
    with pytest.raises(Refused):
        desk.exits.answer(cases[0], "agrees", story.today, "", "too late")


def test_a_missing_signature_is_named(desk, story):
    cases = story.cases()
    story.verify(cases)
    story.evaluate(cases)
    story.agree(cases)
    desk.exits.sign(cases[0], story.marks()[:-1], "signing day")
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases[:1], "sign", "signing day")
    assert rules(refusal) == {"signatures"}


def test_signatures_out_of_order_are_refused(desk, story):
    cases = story.cases()
    story.verify(cases)
    story.evaluate(cases)
    story.agree(cases)
    marks = story.marks()
    days = [mark.signed_on for mark in marks]
    backwards = [replace(mark, signed_on=day) for mark, day in zip(marks, reversed(days), strict=True)]
    desk.exits.sign(cases[0], backwards, "signing day")
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases[:1], "sign", "signing day")
    assert {"along_the_chain", "household_before_village"} <= rules(refusal)


def test_a_place_that_is_not_on_the_sheet_and_a_future_date_are_refused(desk, story):
    cases = story.cases()
    role = next(iter(desk.exits.scheme.preset.roles))
    for mark in (
        SignatureDraft(role="county", person="某人", signed_on=story.today),
        SignatureDraft(role=role, person="某人", signed_on=story.today + timedelta(days=1)),
    ):
        with pytest.raises(Refused):
            desk.exits.sign(cases[0], [mark], "signing")
    assert desk.exits.get(cases[0]).signatures == ()


@pytest.mark.parametrize("verb", ["check", "answer", "evaluate", "step"])
def test_nothing_is_dated_in_the_future(desk, story, verb):
    cases, tomorrow = story.cases(), story.today + timedelta(days=1)
    verbs = {
        "check": lambda: desk.exits.record_checks(cases[0], tomorrow, "周敏", (), "visit"),
        "answer": lambda: desk.exits.answer(cases[0], "agrees", tomorrow, "", "visit"),
        "evaluate": lambda: desk.exits.evaluate(EvaluationDraft(year=YEAR, held_on=tomorrow), {}, "meeting"),
        "step": lambda: desk.exits.take(cases[:1], "return", "no", replied_on=tomorrow),
    }
    with pytest.raises(Refused, match=r"future|未来|今天之后"):
        verbs[verb]()


def test_members_changed_after_the_first_signature(desk, story):
    cases = story.signed()
    household = desk.households.get(desk.exits.get(cases[0]).household_id)
    gone = replace(household.members[2], left_on=story.today, left_reason="02")
    desk.households.save(replace(household, members=(*household.members[:2], gone)), "married out")
    assert "members_changed" in {b.key for b in desk.exits.row(cases[0]).blockers}
    with pytest.raises(Refused):
        desk.exits.take(cases[:1], "post", "post")
    assert "members_changed" not in {b.key for b in desk.exits.row(cases[1]).blockers}


def test_marks_are_set_aside_before_the_sheet_is_complete_and_not_after(desk, story):
    cases = story.cases()
    story.verify(cases)
    story.evaluate(cases)
    story.agree(cases)
    marks = story.marks()
    desk.exits.sign(cases[0], marks, "signing day")
    desk.exits.discard_signatures(cases[0], "a child was missing")
    assert desk.exits.get(cases[0]).signatures == ()
    assert desk.exits.get(cases[0]).member_digest == ""
    desk.exits.sign(cases[0], marks, "signed anew")
    desk.exits.take(cases[:1], "sign", "signed anew")
    with pytest.raises(Refused):
        desk.exits.discard_signatures(cases[0], "too late")


def test_a_sheet_keeps_the_scheme_it_was_signed_by(desk, story):
    cases = story.signed()
    village = desk.village
    other = next(key for key in desk.profile.signoff.presets if key != desk.profile.signoff.preset)
    desk.team.save_village(replace(village, scheme=other), "the township decided")
    from villagedesk.desk import _wire

    later = _wire(desk.place)
    assert later.exits.scheme.preset.key == other
    assert "signatures" not in {b.key for b in later.exits.row(cases[0]).blockers}


def test_an_open_objection_holds_its_case_and_an_upheld_one_sends_it_back(desk, story):
    cases, notice = story.posted()
    about = desk.objections.register(
        ObjectionDraft(notice_id=notice, case_id=cases[0], received_on=story.today, text="在县城有房"),
        "told at the office",
    ).records["objection"][0]
    story.clock.to(desk.notices.get(notice).ends_on + timedelta(days=1))
    taken = desk.exits.take_possible(cases, "report", "report", reported_on=story.today)
    assert {rule.rule for rule in taken.refused[cases[0]].problems} == {"objections"}
    assert [desk.exits.get(case).state for case in cases] == ["posted", "reported", "reported"]
    desk.objections.settle(about, "入户查实有商品房", "异议成立", True, story.today, "answered", by="周敏、吴刚")
    case = desk.exits.get(cases[0])
    assert (case.state, case.returned_reason) == ("returned", "异议成立")


def test_an_objection_that_names_nobody_holds_up_the_whole_list(desk, story):
    cases, notice = story.posted()
    desk.objections.register(ObjectionDraft(notice_id=notice, received_on=story.today, text="名单不公"), "letter")
    assert all("objections" in {b.key for b in desk.exits.row(case).blockers} for case in cases)


def test_an_objection_that_was_answered_holds_up_nobody(desk, story):
    cases, notice = story.posted()
    about = ObjectionDraft(notice_id=notice, case_id=cases[0], received_on=story.today, text="人口不对")
    objection = desk.objections.register(about, "told").records["objection"][0]
    desk.objections.settle(objection, "入户核对", "人口无误", False, story.today, "answered", by="周敏、吴刚")
    story.clock.to(desk.notices.get(notice).ends_on + timedelta(days=1))
    desk.exits.take(cases, "report", "report", reported_on=story.today)
    assert desk.exits.get(cases[0]).state == "reported"


def test_a_withdrawn_notice_counts_no_days(desk, story):
    cases, notice = story.posted()
    story.clock.to(desk.notices.get(notice).ends_on + timedelta(days=1))
    desk.notices.withdraw(notice, "a name was misspelt")
    assert {desk.exits.get(case).state for case in cases} == {"signed"}
    desk.exits.take(cases[:1], "post", "by hand, without another notice")
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases[:1], "report", "report")
    assert rules(refusal) == {"notice_period"}


def test_a_clock_set_back_stops_steps_but_no_typing(desk, story, clock):
    cases = story.cases()
    clock.to(story.today - timedelta(days=30))
    assert desk.clock.problem() is not None
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases, "return", "changed their mind")
    assert rules(refusal) == {"clock"}
    household = desk.households.all()[0]
    desk.households.save(replace(household, note="typed with a wrong clock"), "visit")
    with pytest.raises(Refused):
        desk.exits.take(cases, "return", "changed their mind")
    with pytest.raises(Refused):
        desk.clock.confirm(" ")
    desk.clock.confirm("the battery was empty, the other day was wrong")
    assert desk.clock.problem() is None
    desk.exits.take(cases, "return", "changed their mind")


def test_a_report_dated_before_the_notice_was_over_and_a_reply_before_the_report_are_refused(desk, story):
    cases, notice = story.posted()
    ends = desk.notices.get(notice).ends_on
    story.clock.to(ends + timedelta(days=3))
    with pytest.raises(Refused) as refusal:
        desk.exits.take(cases, "report", "report", reported_on=ends)
    assert rules(refusal) == {"steps_in_order"}
    assert refusal.value.problems[0].field == "reported_on"
    desk.exits.take(cases, "report", "report", reported_on=ends + timedelta(days=2))
    reply = {"township_reply": "30号", "replied_on": ends + timedelta(days=1)}
    taken = desk.exits.take_possible(cases, "approve", "reply", **reply)
    assert set(taken.refused) == set(cases)
