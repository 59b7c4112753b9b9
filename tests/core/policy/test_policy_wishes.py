"""Voluntary means voluntary; and the gates of plans, notices, objections and monitoring."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, IncomeLineDraft, MemberDraft
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.errors import Refused
from villagedesk.policy.answer_gates import objection_blockers
from villagedesk.policy.criteria import assess
from villagedesk.policy.income import monitoring_line, reckon
from villagedesk.policy.monitoring_gates import MonitoringFacts, monitoring_blockers
from villagedesk.policy.notice_gates import NoticeFacts, notice_blockers
from villagedesk.policy.plan_gates import PlanFacts, plan_blockers
from villagedesk.policy.procedures import procedure
from villagedesk.policy.profile import load_profile
from villagedesk.policy.wishes import measure_blockers, wish_kinds

PACKS = ("national-2018", "xinjiang-2016", "shangzhou-2020", "guangdong-2016", "jiangsu-2018")
XINJIANG = load_profile("xinjiang-2016")
WATCH = load_profile("jiangsu-2018+post-2021")
TODAY = date(2019, 6, 20)
PERSON = MemberDraft(id="m2", name="乙", birth=date(1990, 1, 1), labour="01", schooling="01", medical_resident=True)
HOME = HouseholdDraft(
    dwelling="A", water_safe=True, main_cause="07", members=(MemberDraft(id="m1", name="甲", relation="01"), PERSON)
)
WISH = WishDraft(
    id="w1", member_id="m2", kind="01", asked_on=date(2019, 6, 1), asked_by="丁", second_asker="戊",
    alternatives="镇上服装厂", answer="1",
)  # fmt: skip
AWAY = MeasureDraft(
    member_id="m2", category="employment", wish_kind="01", cause="07", content="外出务工", state="active"
)


def said(wish=WISH, measure=AWAY, household=HOME, today=TODAY, more=()):
    wishes = (*more, wish) if wish else more
    return [blocker.text.render("en") for blocker in measure_blockers(XINJIANG, measure, household, wishes, today)]


def test_a_wish_that_stands_opens_the_way():
    assert said() == []
    assert said(replace(WISH, answer="3", conditions="离家不远")) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"answer": "2"}, "has not said yes"),
        ({"answer": "4"}, "has not said yes"),
        ({"answer": ""}, "has not said yes"),
        (
            {"answer": "5", "guardian": "甲", "own_words": "可以"},
            "has not said yes",
        ),  # work away: nobody speaks for another
        ({"withdrawn_on": TODAY}, "withdrew"),
        ({"second_asker": ""}, "Two persons"),
        ({"alternatives": " "}, "No alternative"),
        ({"asked_on": date(2019, 6, 14)}, "2019-06-21"),
        ({"asked_on": None}, "was not asked"),
        ({"member_id": "m1"}, "was not asked"),  # the head's yes is not the person's
        ({"kind": "06"}, "was not asked"),
    ],
)
def test_without_the_persons_own_yes_nothing_starts(changes, reason):
    found = said(replace(WISH, **changes))
    assert len(found) == 1
    assert reason in found[0]


def test_a_later_no_undoes_an_earlier_yes():
    no = replace(WISH, id="w2", asked_on=date(2019, 6, 10), answer="2")
    assert "has not said yes" in said(no, more=(WISH,))[0]
    yes = replace(WISH, id="w3", asked_on=date(2019, 6, 12))
    assert said(yes, more=(no,)) == []


def test_nobody_in_particular_is_nobody():
    assert "whom it concerns" in said(measure=replace(AWAY, member_id=""))[0]


def test_children_and_pupils_do_not_go_away_to_work():
    child = replace(PERSON, birth=date(2004, 1, 1))
    assert any("younger than 18" in text for text in said(household=replace(HOME, members=(child,))))
    pupil = replace(PERSON, schooling="09")
    assert any("at school" in text for text in said(household=replace(HOME, members=(pupil,))))


def test_a_guardian_speaks_where_the_person_cannot():
    care = MeasureDraft(member_id="m2", category="care", wish_kind="04")
    wish = replace(WISH, kind="04", answer="5", guardian="甲", own_words="同意入住")
    assert said(wish, care) == []
    assert said(replace(wish, guardian=""), care) != []
    assert said(replace(wish, own_words=""), care) != []


@pytest.mark.parametrize("name", PACKS)
def test_every_category_that_moves_people_asks_for_a_wish(name):
    pack = load_profile(name)
    for category in pack.measures.values():
        measure = MeasureDraft(category=category.key)
        assert bool(wish_kinds(pack, measure)) == bool(category.wishes)
    assert wish_kinds(pack, MeasureDraft(category="industry")) == ()
    assert wish_kinds(pack, MeasureDraft(category="industry", wish_kind="03")) == ("03",)


@given(
    st.builds(
        WishDraft, id=st.text("ab", max_size=2), member_id=st.sampled_from(["", "m1", "m2"]),
        kind=st.sampled_from(["01", "02", "99"]), answer=st.sampled_from(["", "1", "2", "3", "4", "5"]),
        asked_on=st.none() | st.dates(date(2019, 5, 1), date(2019, 7, 1)), asked_by=st.sampled_from(["", "丁"]),
        second_asker=st.sampled_from(["", "戊"]), alternatives=st.sampled_from(["", "有"]),
        withdrawn_on=st.none() | st.just(TODAY), guardian=st.sampled_from(["", "甲"]), own_words=st.just("好"),
    )
)  # fmt: skip
def test_work_away_never_starts_without_a_full_wish(wish):
    if not said(wish):
        assert (wish.member_id, wish.kind, wish.withdrawn_on) == ("m2", "01", None)
        assert wish.answer in {"1", "3"}
        assert wish.asked_on + timedelta(days=7) <= TODAY
        assert all((wish.asked_by, wish.second_asker, wish.alternatives))


# --- plans ------------------------------------------------------------------------------------------------------

PLAN = PlanDraft(agreed_on=TODAY, agreed_by="甲", effect="增收", effect_on=TODAY, measures=(AWAY,))


def plan_keys(plan=PLAN, household=HOME, wishes=(WISH,)):
    return {blocker.key for blocker in plan_blockers(PlanFacts(XINJIANG, plan, household, wishes, TODAY))}


@pytest.mark.parametrize(
    ("plan", "household", "wishes", "keys"),
    [
        (PLAN, HOME, (WISH,), set()),
        (PLAN, HOME, (), {"wishes_asked", "wishes_given"}),
        (PLAN, replace(HOME, main_cause="01"), (WISH,), {"causes_answered"}),
        (PLAN, replace(HOME, other_causes=("03",)), (WISH,), {"causes_answered"}),
        (replace(PLAN, measures=(replace(AWAY, state="declined"),)), HOME, (WISH,), set()),  # offered; its no counts
        (replace(PLAN, measures=()), replace(HOME, main_cause=""), (WISH,), {"livelihood"}),
        (replace(PLAN, measures=(), livelihood="养羊"), replace(HOME, main_cause=""), (WISH,), set()),
        (replace(PLAN, agreed_by=""), HOME, (WISH,), {"consent"}),
        (replace(PLAN, effect=""), HOME, (WISH,), {"effect"}),
        (PLAN, HOME, (replace(WISH, answer="2"),), {"wishes_given"}),  # asked, but said no: active is wrong
        (replace(PLAN, measures=(replace(AWAY, state="planned"),)), HOME, (replace(WISH, answer="2"),), set()),
    ],
)
def test_plan_gates(plan, household, wishes, keys):
    assert plan_keys(plan, household, wishes) == keys


@pytest.mark.parametrize("name", PACKS)
def test_the_year_of_a_plan(name):
    way = procedure(load_profile(name), "plan")
    state = way.start
    for verb in ("agree", "start", "review", "finish"):
        state = way.advance(state, verb)
    assert way.effect(state) == "closed"
    found = plan_blockers(PlanFacts(XINJIANG, replace(PLAN, agreed_on=None), HOME, (), TODAY))
    with pytest.raises(Refused) as refused:
        way.advance("draft", "agree", found)
    assert {problem.rule for problem in refused.value.problems} == {"consent", "wishes_asked"}


# --- notices, objections, monitoring ----------------------------------------------------------------------------

NOTICE = NoticeDraft(
    no="1", starts_on=date(2019, 11, 21), ends_on=date(2019, 11, 27), place="村委会公示栏", posted_by="丁",
    posted_on=date(2019, 11, 21), result="无异议",
)  # fmt: skip


def notice_keys(today=date(2019, 11, 28), leaks=0, objections=0, **changes):
    stage = XINJIANG.notices["exit"].stages["village"]
    facts = NoticeFacts(XINJIANG, replace(NOTICE, **changes), stage, today, leaks, objections)
    return [blocker.key for blocker in notice_blockers(facts)]


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({}, []),
        ({"leaks": None}, ["leaks"]),
        ({"leaks": 2}, ["leaks"]),
        ({"no": ""}, ["numbered"]),
        ({"place": ""}, ["posting"]),
        ({"today": date(2019, 11, 27)}, ["notice_days"]),
        ({"ends_on": date(2019, 11, 26)}, ["notice_days"]),
        ({"posted_on": None}, ["posting", "notice_days"]),
        ({"objections": 1}, ["objections_closed"]),
        ({"result": ""}, ["result"]),
    ],
)
def test_notice_gates(changes, keys):
    assert [key for key in notice_keys(**changes) if key != "standing"] == keys
    assert "standing" in notice_keys(**changes)  # an exit notice has its last day and is not renewed


def test_the_life_of_a_notice():
    way = procedure(XINJIANG, "notice")
    state = way.start
    for verb in ("check", "print", "post", "expire", "result", "file"):
        state = way.advance(state, verb)
    assert way.effect(state) == "closed"
    assert [step.verb for step in way.next("draft")] == ["check", "withdraw"]


def test_the_way_of_an_objection():
    way = procedure(XINJIANG, "objection")
    blank = objection_blockers(ObjectionDraft())
    assert [blocker.key for blocker in blank] == ["investigators", "findings", "opinion", "answer_date"]
    with pytest.raises(Refused):
        way.advance("accepted", "investigate", blank)
    with pytest.raises(Refused):
        way.advance("registered", "decline", blank)
    done = objection_blockers(
        ObjectionDraft(investigated_by="甲、乙", found="x", opinion="x", upheld=False, answered_on=TODAY)
    )
    state = "registered"
    for verb in ("accept", "investigate", "decide", "answer", "close"):
        state = way.advance(state, verb, done)
    assert way.effect(state) == "closed"


INCOME = reckon(IncomeDraft(persons=2, medical_paid=1, lines=(IncomeLineDraft("wage.work", 10_000_01),)), WATCH)


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({}, set()),
        ({"recognised_on": date(2019, 12, 21)}, {"monitoring_months"}),
        ({"recognised_on": None}, {"monitoring_months"}),
        ({"household": HouseholdDraft(members=(replace(PERSON, labour="04"),))}, {"monitoring_labour"}),
        ({"income": replace(INCOME, reference=9_999_99)}, {"monitoring_line"}),
        ({"line": None}, {"monitoring_line"}),
        ({"assessments": assess(WATCH, replace(HOME, dwelling="D"), None, 2020, TODAY)}, {"monitoring_needs"}),
    ],
)
def test_end_of_monitoring(changes, keys):
    facts = MonitoringFacts(WATCH, HOME, date(2020, 6, 20), date(2019, 12, 20), INCOME, monitoring_line(WATCH, 2020))
    end = next(way for way in procedure(WATCH, "monitoring").transitions if way.key == "end")
    found = {blocker.key for blocker in monitoring_blockers(replace(facts, **changes))}
    assert found & set(end.guards) == keys


@pytest.mark.parametrize("name", [*PACKS, "post-2021"])
def test_every_procedure_can_be_walked_to_an_end(name):
    pack = load_profile(name)
    for key, rules in pack.procedures.items():
        way = procedure(pack, key)
        for state in rules.states:
            seen, todo = set(), [state]
            while todo:
                here = todo.pop()
                seen.add(here)
                todo += [step.to for step in way.next(here) if step.to not in seen]
            assert any(way.effect(end) for end in seen), (key, state)
