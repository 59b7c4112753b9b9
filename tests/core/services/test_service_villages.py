"""The village's own exit by its indicators, and the second look at an exit of a household."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories import YEAR, make_line
from villagedesk.drafts.village_exit import VillageExitDraft
from villagedesk.errors import Refused


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


def test_a_village_leaves_by_its_indicators(desk, story):
    draft = VillageExitDraft(year=YEAR, figures=reaching(desk))
    case = desk.villages.save(draft, "checked ourselves").records["village_exit"][0]
    desk.villages.take(case, "apply", story.today, "applied")
    with pytest.raises(Refused):
        desk.villages.save(replace(desk.villages.all()[0].case, year=YEAR + 1), "figures changed")
    for verb in ("examine", "review"):
        desk.villages.take(case, verb, story.today, "by the book")
    hangs = {"notice_from": story.today, "notice_until": story.today + timedelta(days=6)}
    desk.villages.take(case, "post", story.today, "posted", **hangs)
    with pytest.raises(Refused) as refusal:
        desk.villages.take(case, "approve", story.today, "too early")
    assert [problem.rule for problem in refusal.value.problems] == ["notice_period"]
    story.clock.to(story.today + timedelta(days=7))
    desk.villages.take(case, "approve", story.today, "approved", approval="泗政发〔2019〕1号")
    desk.villages.take(case, "announce", story.today, "announced")
    (row,) = desk.villages.all()
    assert (row.case.state, row.steps, row.case.announced_on) == ("left", (), story.today)


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


def test_a_look_back_sets_the_paper_of_then_beside_the_data_of_now(desk, story):
    cases, _ = story.exited()
    with pytest.raises(Refused):
        desk.lookback.check(cases[0])
    desk.papers.print("exit_record", cases[:1], "print")
    before = desk.lookback.check(cases[0])
    assert before.holds
    assert {each.then for each in before.criteria} == {"达标"}
    assert before.altered == ()
    home = desk.households.get(desk.exits.get(cases[0]).household_id)
    desk.households.save(replace(home, dwelling="D"), "the roof fell in")
    (income,) = desk.households.incomes(home.id)
    desk.households.unlock_income(income.id, "an error was found")
    (income,) = desk.households.incomes(home.id)
    desk.households.save_income(replace(income, lines=(make_line("wage.work", 3_000_00),)), "an error was found")
    after = desk.lookback.check(cases[0])
    assert not after.holds
    changed = {each.key for each in after.criteria if each.now != "met"}
    assert {"income", "housing"} <= changed
    assert {each.then for each in after.criteria if each.key in changed} == {"达标"}
    assert any(each.then == "达标" and each.now == "未达标" for each in after.altered)
    assert desk.exits.get(cases[0]).state == "exited"
