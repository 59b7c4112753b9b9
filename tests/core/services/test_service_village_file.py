"""The village's yearly figures and registers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.factories import YEAR
from villagedesk.drafts.village import (
    ActivityDraft,
    ContactDraft,
    FacilityDraft,
    IndicatorDraft,
    PurchaseDraft,
    VillagePlanDraft,
)
from villagedesk.errors import Refused, Stale
from villagedesk.policy.indicators import indicators, read_indicators
from villagedesk.policy.profile import load_profile, profiles
from villagedesk.services.indicators import figure_word


def figure(name: str, value: int | None, source: str = "村账") -> IndicatorDraft:
    return IndicatorDraft(name=name, value=value, source=source)


def test_years_stand_beside_each_other_and_each_figure_has_its_source(desk):
    desk.indicators.save(YEAR - 1, [figure("households", 301), figure("collective_income", 17_500_000)], "form")
    desk.indicators.save(YEAR, [figure("households", 303)], "form")
    assert desk.indicators.years() == (YEAR, YEAR - 1)
    (row,) = [row for row in desk.indicators.rows(desk.indicators.years()) if row.indicator.key == "households"]
    assert {year: each.value for year, each in row.years.items()} == {YEAR: 303, YEAR - 1: 301}
    assert row.group == "基本情况"
    found = {finding.rule for finding in desk.checks.run(year=YEAR).findings}
    assert {"V02", "V07", "V14"} <= found
    assert "V01" not in found


def test_a_figure_is_changed_and_taken_away(desk):
    desk.indicators.save(YEAR, [figure("doctors", 1)], "form")
    stored = desk.indicators.of_year(YEAR)["doctors"]
    desk.indicators.save(YEAR, [replace(stored, value=2)], "counted again")
    with pytest.raises(Stale):
        desk.indicators.save(YEAR, [replace(stored, value=3)], "from an old form")
    desk.indicators.save(YEAR, [replace(desk.indicators.of_year(YEAR)["doctors"], value=None, source="")], "not known")
    assert desk.indicators.of_year(YEAR) == {}
    desk.indicators.save(YEAR, [figure("doctors", 2)], "known again")
    assert desk.indicators.of_year(YEAR)["doctors"].value == 2


@pytest.mark.parametrize(
    ("year", "wrong"),
    [
        (YEAR, figure("happiness", 5)),
        (YEAR, figure("bus", 2)),
        (YEAR, figure("households", -1)),
        (YEAR, figure("households", 3, " ")),
        (0, figure("households", 3)),
    ],
)
def test_figures_that_cannot_be_are_refused(desk, year, wrong):
    with pytest.raises(Refused) as refusal:
        desk.indicators.save(year, [wrong], "form")
    assert refusal.value.problems[0].field in {wrong.name, "year"}
    assert desk.indicators.years() == ()


def test_what_the_files_know_is_counted_from_them(desk, story):
    counted = desk.indicators.counted(YEAR)
    assert (counted["groups"], counted["poor_households"]) == (3, 3)
    assert counted["poor_persons"] == sum(len(each.living) for each in map(_file(desk), desk.households.all()))
    story.exited()
    assert desk.indicators.counted(YEAR)["poor_households"] == 0
    assert desk.indicators.counted(YEAR - 1) == {}


def _file(desk):
    return lambda row: desk.households.get(row.id)


def test_every_figure_that_a_pack_asks_of_a_leaving_village_is_in_the_form():
    for name in (row.id for row in profiles() if not row.overlay):
        asked = {field for each in load_profile(name).village_exit.values() for field in (each.field, each.of) if field}
        assert asked <= set(indicators()), name


def test_figures_are_written_as_people_read_them():
    known = indicators()
    assert figure_word(known["bus"], 1) == "是"
    assert figure_word(known["collective_income"], 18_000_050) == "180000.50"
    assert figure_word(known["land_arable"], 12_350) == "123.5"
    assert figure_word(known["households"], None) == ""


def test_a_wrong_list_of_figures_is_refused_with_its_key(tmp_path):
    file = tmp_path / "indicators.toml"
    file.write_text('[a]\ntitle="甲"\nsource="D"\n[a.items]\nx={title="x", unit="户", counted="souls"}\n', "utf-8")
    with pytest.raises(Exception, match=r"a\.x\.counted"):
        read_indicators(file)


def test_registers_hold_what_the_village_has(desk, story):
    plan = VillagePlanDraft(year=YEAR, goals="通村路全部硬化", livelihood="设施蔬菜")
    bridge = FacilityDraft(kind="01", name="村东桥", caretaker="张平", state="1")
    expert = ContactDraft(kind="01", name="李工", unit="县农业技术推广中心", field="果树")
    school = ActivityDraft(kind="03", title="果树修剪", held_on=story.today, persons=32)
    eggs = PurchaseDraft(bought_on=story.today, buyer="县医院食堂", channel="01", goods="鸡蛋", amount=1_200_50)
    for entry in (plan, bridge, expert, school, eggs):
        desk.book.save(entry, "entered")
    (stored,) = desk.book.all(FacilityDraft)
    desk.book.save(replace(stored, state="2"), "a beam is rotten")
    assert desk.book.all(FacilityDraft)[0].state == "2"
    assert [each.title for each in desk.book.all(ActivityDraft)] == ["果树修剪"]
    assert [each.amount for each in desk.book.all(PurchaseDraft)] == [1_200_50]
    desk.book.save(replace(plan, year=YEAR + 1), "next year")
    assert [each.year for each in desk.book.all(VillagePlanDraft)] == [YEAR + 1, YEAR]
    desk.book.remove(desk.book.all(ContactDraft)[0], "moved away")
    assert desk.book.all(ContactDraft) == ()


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (VillagePlanDraft(goals="路"), "year"),
        (FacilityDraft(kind="01", name=" "), "name"),
        (ContactDraft(name="李工"), "kind"),
        (PurchaseDraft(bought_on=date(2019, 11, 1), buyer="县医院食堂"), "goods"),
        (PurchaseDraft(bought_on=date(2019, 11, 1), buyer="县医院食堂", goods="鸡蛋", amount=-1), "amount"),
        (ContactDraft(kind="01", name="李工", starts_on=date(2019, 2, 1), ends_on=date(2019, 1, 1)), "ends_on"),
        (ActivityDraft(kind="03", title="夜校", held_on=date(2019, 11, 10) + timedelta(days=1)), "held_on"),
    ],
)
def test_entries_without_what_makes_them_are_refused(desk, entry, field):
    with pytest.raises(Refused) as refusal:
        desk.book.save(entry, "entered")
    assert [problem.field for problem in refusal.value.problems] == [field]
