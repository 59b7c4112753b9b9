"""Voluntary means voluntary, in the services: no plan without wishes, no measure without the person's own yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories import YEAR
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.errors import Refused
from villagedesk.policy.profile import load_profile
from villagedesk.records.schema import RECORDS
from villagedesk.services.consent import voluntary

WORK_AWAY, OTHER = "01", "99"
TERMS = {
    "employer": "昆山某电子厂", "wage": 4_500_00, "place": "江苏省昆山市", "term": "一年", "contract_copy": True,
    "way_home": "春节大巴", "contact": "人事张某",
}  # fmt: skip


@pytest.fixture
def home(desk):
    return desk.households.all()[0]


def category(desk, **wanted):
    """A kind of measure of the profile with the wanted properties."""
    return next(
        key for key, each in desk.profile.measures.items()
        if each.for_household and all(getattr(each, name) == value for name, value in wanted.items())
    )  # fmt: skip


def wish(story, home, place=0, **over):
    facts = {
        "household_id": home.id, "member_id": home.members[place].id, "kind": WORK_AWAY,
        "asked_on": story.today - timedelta(days=8), "asked_by": "周敏", "second_asker": "吴刚",
        "alternatives": "镇上服装厂", "answer": "1", "own_words": "想去试试", "cooling_days": 7,
        "mark": "signature", "copy_given": True, **over,
    }  # fmt: skip
    return WishDraft(**facts)


def plan(desk, home, **over):
    measure = MeasureDraft(
        member_id=home.members[0].id, category=category(desk, wishes=(), livelihood=True), wish_kind=WORK_AWAY,
        cause=home.main_cause, content="到昆山电子厂务工", responsible="周敏", **TERMS,
    )  # fmt: skip
    facts = {"household_id": home.id, "year": YEAR, "measures": (measure,), **over}
    return PlanDraft(**facts)


@pytest.fixture
def agreed(desk, story, home):
    desk.wishes.save(wish(story, home), "asked")
    plan_id = desk.plans.save(plan(desk, home), "drawn up").records["plan"][0]
    desk.plans.agree(plan_id, "王建国", story.today, "", "signed")
    return desk.plans.get(plan_id)


def test_a_plan_without_wishes_is_not_signed(desk, story, home):
    plan_id = desk.plans.save(plan(desk, home), "drawn up").records["plan"][0]
    assert "wishes_asked" in {problem.rule for problem in desk.plans.check(desk.plans.get(plan_id))}
    with pytest.raises(Refused):
        desk.plans.agree(plan_id, "王建国", story.today, "", "signed")
    assert desk.plans.get(plan_id).state == "draft"


def test_each_cause_has_its_measure_and_each_measure_its_person(desk, story, home):
    desk.wishes.save(wish(story, home), "asked")
    tree = desk.profile.measures
    beside = next(key for key, each in tree.items() if each.for_household and home.main_cause not in each.causes)
    measure = replace(plan(desk, home).measures[0], cause="", category=beside, responsible="")
    problems = desk.plans.check(plan(desk, home, measures=(measure,), livelihood="种地"))
    assert {problem.field for problem in problems} == {"measures", "responsible"}


def test_an_able_household_has_a_livelihood_line(desk, story, home):
    desk.wishes.save(wish(story, home), "asked")
    measure = replace(plan(desk, home).measures[0], category=category(desk, wishes=(), livelihood=False))
    assert {p.rule for p in desk.plans.check(plan(desk, home, measures=(measure,)))} == {"livelihood"}
    assert desk.plans.check(plan(desk, home, measures=(measure,), livelihood="两亩番茄")) == ()


def test_a_plan_in_which_nobody_is_responsible_is_not_signed(desk, story, home):
    desk.wishes.save(wish(story, home), "asked")
    measure = replace(plan(desk, home).measures[0], responsible=" ")
    plan_id = desk.plans.save(plan(desk, home, measures=(measure,)), "drawn up").records["plan"][0]
    with pytest.raises(Refused) as refusal:
        desk.plans.agree(plan_id, "王建国", story.today, "", "signed")
    assert refusal.value.problems[0].field == "responsible"


def test_a_plan_runs_its_cycle(desk, story, agreed):
    assert (agreed.state, agreed.agreed_by) == ("agreed", "王建国")
    with pytest.raises(Refused):
        desk.plans.save(replace(agreed, goals="more"), "changed after signing")
    desk.plans.start(agreed.measures[0].id, story.today, "he left today")
    assert desk.plans.get(agreed.id).state == "active"
    desk.plans.finish(agreed.measures[0].id, story.today, "每月四千元", "back home")
    with pytest.raises(Refused):
        desk.plans.review(agreed.id, "", story.today, "nothing written")
    desk.plans.review(agreed.id, "收入过线", story.today, "signed")
    desk.plans.take(agreed.id, "finish", "year over")
    assert desk.plans.get(agreed.id).state == "closed"


def test_an_agreed_plan_goes_on_as_a_new_version_to_be_signed_anew(desk, agreed):
    desk.plans.new_version(agreed.id, "another wish")
    newest, old = desk.plans.of_household(agreed.household_id)
    assert (newest.version, newest.state, newest.agreed_on) == (2, "draft", None)
    assert (old.version, old.state) == (1, "agreed")
    assert [measure.content for measure in newest.measures] == ["到昆山电子厂务工"]


def test_a_reopened_plan_is_signed_anew(desk, agreed):
    with pytest.raises(Refused):
        desk.plans.take(agreed.id, "reopen", "")
    desk.plans.take(agreed.id, "reopen", "a measure was missing")
    again = desk.plans.get(agreed.id)
    assert (again.state, again.agreed_on, again.agreed_by) == ("draft", None, "")


def test_saving_a_form_signs_nothing_and_starts_nothing(desk, story, home):
    forged = plan(desk, home, state="agreed", agreed_on=story.today, agreed_by="王建国")
    forged = replace(forged, measures=(replace(forged.measures[0], state="active"),))
    plan_id = desk.plans.save(forged, "typed").records["plan"][0]
    kept = desk.plans.get(plan_id)
    assert (kept.state, kept.agreed_on, kept.measures[0].state) == ("draft", None, "planned")


def test_nobody_starts_before_the_household_signed(desk, story, home):
    desk.wishes.save(wish(story, home), "asked")
    plan_id = desk.plans.save(plan(desk, home), "drawn up").records["plan"][0]
    with pytest.raises(Refused) as refusal:
        desk.plans.start(desk.plans.get(plan_id).measures[0].id, story.today, "early")
    assert refusal.value.problems[0].field == "agreed_on"


def test_the_newest_answer_counts(desk, story, home, agreed):
    no = wish(story, home, answer="2", asked_on=story.today - timedelta(days=1), own_words="不去了")
    desk.wishes.save(no, "asked again")
    with pytest.raises(Refused, match=r"said yes|没有"):
        desk.plans.start(agreed.measures[0].id, story.today, "he is expected")


def test_a_plan_under_way_starts_no_measure_without_its_wish(desk, story, home):
    desk.wishes.save(wish(story, home), "asked")
    desk.wishes.save(wish(story, home, place=1, answer="2", own_words="不去"), "asked the wife")
    first = plan(desk, home).measures[0]
    both = plan(desk, home, measures=(first, replace(first, member_id=home.members[1].id, content="到镇上务工")))
    plan_id = desk.plans.save(both, "drawn up").records["plan"][0]
    desk.plans.agree(plan_id, "王建国", story.today, "", "signed")
    hers, his = sorted(desk.plans.get(plan_id).measures, key=lambda each: each.member_id == home.members[0].id)
    desk.plans.start(his.id, story.today, "he left")
    with pytest.raises(Refused):
        desk.plans.start(hers.id, story.today, "she is expected")
    assert [each.state for each in desk.plans.get(plan_id).measures if each.id == hers.id] == ["planned"]


def test_a_wish_withdrawn_ends_its_measures_and_asks_for_no_reason(desk, story, home, agreed):
    desk.plans.start(agreed.measures[0].id, story.today, "he left")
    (given,) = desk.wishes.of_household(home.id)
    desk.wishes.withdraw(given.id, "")
    assert desk.plans.get(agreed.id).measures[0].state == "withdrawn"
    assert desk.wishes.of_household(home.id)[0].withdrawn_on == story.today


def test_a_wish_of_somebody_else_helps_nobody(desk, story, home):
    desk.wishes.save(wish(story, home, place=1), "asked the wife")
    desk.wishes.save(wish(story, home, kind=OTHER, alternatives=""), "asked about something else")
    plan_id = desk.plans.save(plan(desk, home), "drawn up").records["plan"][0]
    problems = desk.plans.check(desk.plans.get(plan_id))
    assert "wishes_asked" in {problem.rule for problem in problems}


@pytest.mark.parametrize("days", [0, 6])
def test_the_days_to_think_it_over(desk, story, home, days):
    desk.wishes.save(wish(story, home, asked_on=story.today), "asked")
    plan_id = desk.plans.save(plan(desk, home), "drawn up").records["plan"][0]
    desk.plans.agree(plan_id, "王建国", story.today, "", "signed")
    measure = desk.plans.get(plan_id).measures[0].id
    story.clock.to(story.today + timedelta(days=days))
    with pytest.raises(Refused):
        desk.plans.start(measure, story.today, "too early")
    story.clock.to(story.today + timedelta(days=7 - days))
    desk.plans.start(measure, story.today, "thought over")


def test_a_start_is_not_dated_ahead_or_before_the_signature(desk, story, agreed):
    measure = agreed.measures[0].id
    for day in (story.today + timedelta(days=1), agreed.agreed_on - timedelta(days=1)):
        with pytest.raises(Refused):
            desk.plans.start(measure, day, "wrong day")


def test_a_line_not_wanted_closes_without_any_mark(desk, home, agreed):
    desk.plans.decline(agreed.measures[0].id, "")
    assert desk.plans.get(agreed.id).measures[0].state == "declined"
    assert desk.households.get(home.id) == home


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"asked_on": None}, "asked_on"), ({"asked_by": " "}, "asked_by"), ({"second_asker": ""}, "second_asker"),
        ({"alternatives": ""}, "alternatives"), ({"answer": ""}, "answer"), ({"cooling_days": 3}, "cooling_days"),
        ({"kind": "77"}, "kind"), ({"member_id": "nobody"}, "member_id"), ({"guardian": "他的哥哥"}, "guardian"),
        ({"answer": "5", "guardian": ""}, "guardian"),
    ],
)  # fmt: skip
def test_asking_as_the_rules_demand(desk, story, home, over, field):
    with pytest.raises(Refused) as refusal:
        desk.wishes.save(wish(story, home, **over), "asked")
    assert field in {problem.field for problem in refusal.value.problems}
    assert desk.wishes.of_household(home.id) == ()


def test_children_and_pupils_are_not_asked_to_work_away(desk, story, home):
    with pytest.raises(Refused) as refusal:
        desk.wishes.save(wish(story, home, place=2), "asked a child")
    assert len(refusal.value.problems) == 2


def test_a_day_of_asking_ahead_is_refused(desk, story, home):
    with pytest.raises(Refused):
        desk.wishes.save(wish(story, home, asked_on=story.today + timedelta(days=1)), "asked")


def test_a_measure_is_of_a_known_kind_and_says_what_it_is(desk, home):
    good = plan(desk, home).measures[0]
    for wrong in (replace(good, category="none"), replace(good, content=" "), replace(good, amount=-1)):
        with pytest.raises(Refused):
            desk.plans.save(plan(desk, home, measures=(wrong,)), "typed")


def test_a_wish_asked_by_one_person_twice_was_asked_by_one(desk, story, home):
    with pytest.raises(Refused) as refusal:
        desk.wishes.save(wish(story, home, second_asker="周敏"), "asked")
    assert [problem.field for problem in refusal.value.problems] == ["second_asker"]


def test_who_sets_a_condition_says_which(desk, story, home):
    with pytest.raises(Refused) as refusal:
        desk.wishes.save(wish(story, home, answer="3", conditions=" "), "asked")
    assert [problem.field for problem in refusal.value.problems] == ["conditions"]
    desk.wishes.save(wish(story, home, answer="3", conditions="春节能回家"), "asked")


def test_nothing_starts_before_the_paper_is_marked_and_a_copy_left(desk, story, home):
    wish_id = desk.wishes.save(wish(story, home, mark="", copy_given=None), "asked").records["wish"][0]
    plan_id = desk.plans.save(plan(desk, home), "drawn up").records["plan"][0]
    desk.plans.agree(plan_id, "王建国", story.today, "", "signed")
    measure = desk.plans.get(plan_id).measures[0].id
    with pytest.raises(Refused) as refusal:
        desk.plans.start(measure, story.today, "he is expected")
    assert {problem.field for problem in refusal.value.problems} == {"mark", "copy_given"}
    desk.wishes.amend(wish_id, "handprint", True, "paper came back")
    desk.plans.start(measure, story.today, "he left")


def test_a_no_closes_the_line_and_leaves_no_mark_anywhere_else(desk, story, home):
    desk.wishes.save(wish(story, home), "asked")
    plan_id = desk.plans.save(plan(desk, home), "drawn up").records["plan"][0]
    before = desk.households.get(home.id)
    desk.wishes.save(wish(story, home, answer="2", asked_on=story.today, own_words=""), "asked again")
    assert desk.plans.get(plan_id).measures[0].state == "declined"
    assert desk.households.get(home.id) == before
    assert not [f for f in desk.checks.run().findings if "拒绝" in str(f.message) or "refus" in f.message.render("en")]


def test_an_active_measure_ends_with_a_no(desk, story, agreed):
    desk.plans.start(agreed.measures[0].id, story.today, "he left")
    no = wish(story, desk.households.get(agreed.household_id), answer="2", asked_on=story.today)
    desk.wishes.save(no, "he came home")
    assert desk.plans.get(agreed.id).measures[0].state == "withdrawn"


def test_what_the_household_refuses_stands_beside_its_agreement(desk, story, home):
    desk.wishes.save(wish(story, home), "asked")
    plan_id = desk.plans.save(plan(desk, home), "drawn up").records["plan"][0]
    desk.plans.agree(plan_id, "王建国", story.today, "不同意养殖", "signed")
    assert desk.plans.get(plan_id).refused_part == "不同意养殖"


@pytest.fixture
def partly(desk, story, home):
    """A signed plan of which the household refused the second of three lines, the only one that answers a cause."""
    desk.wishes.save(wish(story, home), "asked")
    work = plan(desk, home).measures[0]
    beside = category(desk, wishes=(), livelihood=False)
    goats = replace(work, category=category(desk, wishes=(), livelihood=True), content="养十只羊", member_id="",
                    wish_kind="", cause="")  # fmt: skip
    lines = (replace(goats, cause=""), replace(work, responsible=""), replace(goats, category=beside, content="修院墙"))
    plan_id = desk.plans.save(plan(desk, home, measures=lines), "drawn up").records["plan"][0]
    refused = next(each.id for each in desk.plans.get(plan_id).measures if each.cause)
    desk.plans.agree(plan_id, "王建国", story.today, "", "signed", refused=[refused])
    return desk.plans.get(plan_id)


def test_each_line_has_the_households_own_answer(desk, story, partly):
    said = {each.content: (each.accepted, each.state) for each in partly.measures}
    assert said == {"养十只羊": (True, "planned"), "到昆山电子厂务工": (False, "declined"), "修院墙": (True, "planned")}
    for each in partly.measures:
        if each.accepted:
            desk.plans.start(each.id, story.today, "begun")
        else:
            with pytest.raises(Refused):
                desk.plans.start(each.id, story.today, "begun all the same")
    assert {each.content: each.state for each in desk.plans.get(partly.id).measures} == {
        "养十只羊": "active", "到昆山电子厂务工": "declined", "修院墙": "active",
    }  # fmt: skip


def test_a_refused_line_leaves_no_mark_elsewhere(desk, story, home, partly):
    """It is in its plan and nowhere else: not in ledger, sums, work list, findings, papers or the household's file."""
    assert desk.households.get(home.id) == home
    assert "到昆山电子厂务工" not in repr(desk.measures.rows()) + repr(desk.worklist.items())
    assert desk.measures.rows(state="declined") == ()
    assert desk.checks.run({"M01", "M02", "M04", "M16", "M17"}).findings == ()
    from villagedesk.services.sheets.plan import plan_sheet

    sheet = plan_sheet(desk.site, "村", home, partly, desk.wishes.of_household(home.id))
    assert "昆山" not in repr(sheet.tables["measures"])
    assert {row[-1] for row in sheet.tables["measures"]} == {"同意"}


def test_a_household_that_wants_nothing_of_it_is_no_dead_end(desk, story, home):
    desk.wishes.save(wish(story, home), "asked")
    plan_id = desk.plans.save(plan(desk, home, livelihood="种地"), "drawn up").records["plan"][0]
    lines = [each.id for each in desk.plans.get(plan_id).measures]
    desk.plans.agree(plan_id, "王建国", story.today, "", "signed", refused=lines)
    desk.plans.checked(plan_id, story.today, "visit")
    desk.plans.review(plan_id, "自己种地，收入过线", story.today, "signed")
    desk.plans.take(plan_id, "finish", "year over")
    assert desk.plans.get(plan_id).state == "closed"


def test_no_new_version_brings_a_refused_line_back(desk, story, partly):
    version = desk.plans.new_version(partly.id, "changed").records["plan"][0]
    draft = desk.plans.get(version)
    assert {each.content: each.accepted for each in draft.measures} == {
        "养十只羊": None, "到昆山电子厂务工": False, "修院墙": None,
    }  # fmt: skip
    forged = tuple(replace(each, accepted=True, state="planned") for each in draft.measures)
    desk.plans.save(replace(draft, measures=forged), "typed over")
    desk.plans.agree(version, "王建国", story.today, "", "signed")
    closed = next(each for each in desk.plans.get(version).measures if not each.accepted)
    assert (closed.content, closed.state) == ("到昆山电子厂务工", "declined")
    with pytest.raises(Refused):
        desk.plans.start(closed.id, story.today, "begun all the same")


def test_a_line_nobody_asked_about_does_not_begin(desk, story, agreed):
    """As another laptop may have added it while this one took down the signature."""
    with desk.site.store.work("test", "as another laptop wrote it") as work:
        work.put("measure", desk.site.village, {"accepted": None}, agreed.measures[0].id)
    with pytest.raises(Refused) as refusal:
        desk.plans.start(agreed.measures[0].id, story.today, "begun")
    assert [problem.field for problem in refusal.value.problems] == ["state"]


def test_a_running_line_refused_at_the_next_signature_ends(desk, story, agreed):
    desk.plans.start(agreed.measures[0].id, story.today, "he left")
    version = desk.plans.new_version(agreed.id, "changed").records["plan"][0]
    (line,) = desk.plans.get(version).measures
    assert (line.state, line.accepted) == ("active", True)
    desk.plans.agree(version, "王建国", story.today, "", "signed", refused=[line.id])
    (line,) = desk.plans.get(version).measures
    assert (line.state, line.accepted) == ("withdrawn", False)


def test_what_the_household_refused_runs_by_no_undo_and_no_settled_conflict(desk, story, partly):
    refused = next(each for each in partly.measures if each.accepted is False)
    with (
        desk.site.store.work("test", "as a settled conflict would") as work,
        pytest.raises(Refused),
        voluntary(work, desk.profile, [partly.household_id]),
    ):
        work.put("measure", desk.site.village, {"state": "active"}, refused.id)
    assert "accepted" in RECORDS["measure"].protected


def test_a_plan_is_gone_through_each_quarter(desk, story, clock, agreed):
    with pytest.raises(Refused):
        desk.plans.checked(agreed.id, story.today + timedelta(days=1), "ahead")
    clock.to(story.today + timedelta(days=92))
    assert [line.kind for line in desk.worklist.items() if line.kind == "plans"] == ["plans"]
    desk.plans.checked(agreed.id, story.today, "visit")
    assert desk.plans.get(agreed.id).checked_on == story.today
    assert [line for line in desk.worklist.items() if line.kind == "plans"] == []
    desk.plans.new_version(agreed.id, "changed")
    assert desk.plans.of_household(agreed.household_id)[0].checked_on is None


def test_two_horizons_where_the_scheme_has_them():
    assert load_profile("guangdong-2016").plan.horizons == ("term", "year")
    assert load_profile("jiangsu-2018").plan.horizons == ("year",)
