"""The village's own exit by its indicators, and the second look at an exit of a household."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.services.conftest import drafted
from tests.factories import YEAR, make_line
from villagedesk.drafts.exit import CheckDraft
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.drafts.village import IndicatorDraft
from villagedesk.drafts.village_exit import VillageExitDraft
from villagedesk.errors import Refused
from villagedesk.policy.indicators import indicators
from villagedesk.policy.profile import load_profile, profiles
from villagedesk.services.notice_kinds import notice_of_kind

FILLED = {
    "households": 300, "registered_population": 1200, "collective_income": 250_000_00, "primary_school": 1,
    "pension_persons": 640, "bus": 1, "clinic": 1, "toilets_public": 2, "doctors": 1, "waste_points": 9,
    "culture_rooms": 1, "dibao_households": 11, "dibao_persons": 18, "tekun_persons": 4, "disabled_persons": 33,
    "hard_road": 1, "unsafe_water_households": 0, "dangerous_households": 0, "land_arable": 900_00, "poor_persons": 12,
    "poverty_rate": 1_00,
}  # fmt: skip


def fill(desk, year=YEAR, **changes):
    """The village's yearly form; what is None is taken away."""
    there = desk.indicators.of_year(year)
    figures = [
        IndicatorDraft(
            id=there[name].id if name in there else "", revision=there[name].revision if name in there else 0,
            name=name, value=value, source="" if value is None else "统计台账",
        )
        for name, value in {**FILLED, **changes}.items()
        if value is not None or name in there
    ]  # fmt: skip
    desk.indicators.save(year, figures, "typed")


def reaching(desk):
    """Figures that reach every indicator of the profile."""
    figures = {}
    for each in desk.profile.village_exit.values():
        base = 1000 if each.of else 0
        if each.of:
            figures[each.of] = base
        level = each.amount * (base // 100 if each.of else 1)
        figures[each.field] = {"yes": 1, ">=": level, ">": level + 1, "=": level, "<=": level, "<": level - 1}[each.op]
    return tuple((name, figure, "村集体账和统计表") for name, figure in figures.items())


def applied(desk, story):
    """The village's attempt of the year, checked by township and county."""
    fill(desk)
    draft = VillageExitDraft(year=YEAR, figures=reaching(desk))
    case = desk.villages.save(draft, "checked ourselves").records["village_exit"][0]
    desk.villages.take(case, "apply", story.today, "applied")
    for verb in ("examine", "review"):
        desk.villages.take(case, verb, story.today, "by the book")
    return case


def hung(desk, story, kind="village_exit"):
    """A notice of the village's exit, printed and hanging in the township since today."""
    notice = drafted(desk, kind, story.today)
    desk.papers.print(notice_of_kind(kind).paper, [notice], "for the board")
    desk.notices.post(notice, story.today, "柳河镇政务公开栏", "张办", "hung")
    return notice


def test_a_village_leaves_by_its_indicators_and_a_notice_in_the_township(desk, story):
    case = applied(desk, story)
    with pytest.raises(Refused):
        desk.villages.save(replace(desk.villages.all()[0].case, year=YEAR + 1), "figures changed")
    with pytest.raises(Refused) as refusal:
        desk.villages.take(case, "post", story.today, "said to hang")
    assert [problem.rule for problem in refusal.value.problems] == ["notice_hangs"]
    notice = hung(desk, story)
    shown = desk.villages.get(case)
    assert (shown.state, shown.notice_id, shown.notice_from) == ("posted", notice, story.today)
    assert shown.notice_until == story.today + timedelta(days=6)
    assert desk.posting.waiting("village_exit", YEAR) == ()
    with pytest.raises(Refused) as refusal:
        desk.villages.take(case, "approve", story.today, "too early")
    assert [problem.rule for problem in refusal.value.problems] == ["approval", "notice_period"]
    story.clock.to(story.today + timedelta(days=7))
    desk.notices.close(notice, "未收到异议", "days over")
    desk.villages.take(case, "approve", story.today, "approved", approval="泗政发〔2019〕1号")
    hung(desk, story, "village_exit_result")
    (row,) = desk.villages.all()
    assert (row.case.state, row.steps, row.case.announced_on) == ("left", (), story.today)


def test_an_announcement_can_be_drafted_after_its_step_was_taken_by_hand(desk, story):
    case = applied(desk, story)
    notice = hung(desk, story)
    story.clock.to(story.today + timedelta(days=7))
    desk.notices.close(notice, "未收到异议", "days over")
    desk.villages.take(case, "approve", story.today, "approved", approval="泗政发〔2019〕1号")
    desk.villages.take(case, "announce", story.today, "the county announced it")
    day = desk.villages.get(case).announced_on
    hung(desk, story, "village_exit_result")
    shown = desk.villages.get(case)
    assert (shown.state, shown.announced_on) == ("left", day)
    assert desk.posting.waiting("village_exit_result", YEAR) == ()


def test_an_objection_holds_the_exit_of_the_village_and_an_upheld_one_sends_it_back(desk, story):
    case, notice = applied(desk, story), hung(desk, story)
    told = desk.objections.register(ObjectionDraft(notice_id=notice, text="路没有通"), "told").records["objection"][0]
    assert desk.objections.all()[0].objection.case_id == case
    story.clock.to(story.today + timedelta(days=7))
    with pytest.raises(Refused) as refusal:
        desk.villages.take(case, "approve", story.today, "approved", approval="泗政发〔2019〕1号")
    assert [problem.rule for problem in refusal.value.problems] == ["objections"]
    desk.objections.settle(told, "有一段未硬化", "属实", True, story.today, "looked into by two", by="周敏、吴刚")
    (row,) = desk.villages.all()
    assert (row.state_title, row.case.returned_reason) == ("退回", "属实")


def test_a_notice_taken_down_takes_the_village_back_to_before_it_and_another_one_can_follow(desk, story):
    case, notice = applied(desk, story), hung(desk, story)
    desk.notices.withdraw(notice, "a figure was wrong")
    shown = desk.villages.get(case)
    assert (shown.state, shown.notice_from, shown.notice_until) == ("reviewed", None, None)
    assert hung(desk, story) != notice
    assert desk.villages.get(case).state == "posted"


def test_days_of_the_village_are_in_order_and_past(desk, story):
    case = applied(desk, story)
    hung(desk, story)
    began = story.today
    story.clock.to(began + timedelta(days=8))
    for day, rule in ((began - timedelta(days=1), "steps_in_order"), (story.today + timedelta(days=1), "")):
        with pytest.raises(Refused) as refusal:
            desk.villages.take(case, "approve", day, "approved", approval="泗政发〔2019〕1号")
        assert [(problem.field, problem.rule) for problem in refusal.value.problems] == [("approved_on", rule)]


def test_every_profile_posts_the_exit_of_its_village_in_the_township(desk, story):
    for name in (row.id for row in profiles() if not row.overlay):
        pack = load_profile(name)
        for kind in ("village_exit", "village_exit_result"):
            (stage,) = pack.notices[kind].stages.values()
            assert (stage.scope, bool(stage.permanent)) == ("township", kind == "village_exit_result"), name
        known = indicators()
        for each in pack.village_exit.values():
            assert each.field in known, (name, each.key)


def test_an_indicator_not_reached_or_empty_is_named(desk, story):
    figures = reaching(desk)
    first = desk.villages.fields[0]
    draft = VillageExitDraft(year=YEAR, figures=tuple(each for each in figures if each[0] != first))
    case = desk.villages.save(draft, "one is missing").records["village_exit"][0]
    with pytest.raises(Refused) as refusal:
        desk.villages.take(case, "apply", story.today, "applied")
    assert first in {problem.field for problem in refusal.value.problems}
    assert "unknown" in {each.result for each in desk.villages.all()[0].assessments}


def test_each_figure_has_a_source_and_a_use(desk, story):
    (name, figure, _), *_ = reaching(desk)
    for wrong in ((name, figure, " "), ("happiness", 5, "village office")):
        with pytest.raises(Refused) as refusal:
            desk.villages.save(VillageExitDraft(year=YEAR, figures=(wrong,)), "typed")
        assert refusal.value.problems[0].field == wrong[0]
    with pytest.raises(Refused):
        desk.villages.take("nobody", "apply", story.today + timedelta(days=1), "future")


def roof_fell_in(desk, case):
    """After the exit the house becomes unsafe and the wage is gone."""
    home = desk.households.get(desk.exits.get(case).household_id)
    desk.households.save(replace(home, dwelling="D"), "the roof fell in")
    (income,) = desk.households.incomes(home.id)
    desk.households.unlock_income(income.id, "an error was found")
    (income,) = desk.households.incomes(home.id)
    desk.households.save_income(replace(income, lines=(make_line("wage.work", 3_000_00),)), "an error was found")


def test_a_look_back_sets_the_paper_of_then_beside_the_data_of_now(desk, story):
    cases, _ = story.exited()
    desk.papers.print("exit_record", cases[:1], "print")
    before = desk.lookback.check(cases[0])
    assert before.holds
    assert before.record_on == desk.exits.get(cases[0]).marked_on
    assert {each.then for each in before.criteria} == {"met"}
    assert before.altered == ()
    roof_fell_in(desk, cases[0])
    after = desk.lookback.check(cases[0])
    assert not after.holds
    changed = {each.key for each in after.criteria if each.now != "met"}
    assert {"income", "housing"} <= changed
    assert {each.then for each in after.criteria if each.key in changed} == {"met"}
    assert any(each.then == "达标" and each.now == "未达标" for each in after.altered)
    assert desk.exits.get(cases[0]).state == "exited"


def test_a_record_printed_after_the_exit_does_not_speak_for_that_time(desk, story):
    cases, _ = story.exited()
    roof_fell_in(desk, cases[0])
    story.clock.to(story.today + timedelta(days=30))
    desk.papers.print("exit_record", cases[:1], "print")
    found = desk.lookback.check(cases[0])
    assert found.record_on is None
    assert {each.then for each in found.criteria} == {""}
    assert found.altered == ()


def test_without_a_record_the_check_at_the_door_speaks_for_that_time(desk, story):
    cases = story.cases()
    found = [CheckDraft(key, "met", "看了房子", story.today, "周敏、吴刚") for key in ("income", "housing")]
    desk.exits.record_checks(cases[0], story.today, "周敏、吴刚", found, "visit")
    with pytest.raises(Refused) as refusal:
        desk.lookback.check(cases[0])
    assert [problem.field for problem in refusal.value.problems] == ["marked_on"]
    with desk.site.store.work("test", "exited long ago") as work:
        work.put("exit", desk.site.village, {"marked_on": story.today, "state": "exited"}, cases[0])
    said = {each.key: each.then for each in desk.lookback.check(cases[0]).criteria}
    assert {said.pop("income"), said.pop("housing")} == {"met"}
    assert set(said.values()) == {""}


def test_the_sheet_of_a_look_back_says_then_and_now_apart(desk, story):
    cases, _ = story.exited()
    desk.papers.print("exit_record", cases[:1], "print")
    roof_fell_in(desk, cases[0])
    rows = desk.papers.sheet("lookback_sheet", cases[0]).tables["criteria"]
    told = {row[1]: (row[2], row[3]) for row in rows}
    housing = desk.profile.household_exit["housing"].text
    assert told[housing] == ("达标", "未达标")


def test_a_batch_of_look_backs_and_certificates_speaks_of_finished_exits_only(desk, story):
    cases, _ = story.exited()
    with desk.site.store.work("test", "one is not marked yet") as work:
        work.put("exit", desk.site.village, {"marked_on": None}, cases[2])
    for kind in ("lookback_sheet", "exit_certificate"):
        assert set(desk.papers.subjects(kind, YEAR)) == set(cases[:2])
    home = desk.exits.get(cases[2]).household_id
    with pytest.raises(Refused) as refusal:
        desk.papers.print("lookback_sheet", desk.papers.subjects("lookback_sheet", YEAR, [home]), "print")
    assert refusal.value.problems[0].field == "marked_on"
