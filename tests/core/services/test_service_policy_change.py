"""A pack of the township's is looked at before it is taken over: what it would change, and what it then does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from villagedesk import resources
from villagedesk.errors import Refused, Unreadable
from villagedesk.policy.taken import profile_of

BASE = resources.path("policy", "jiangsu-2018.toml").read_text("utf-8")
DEARER = BASE.replace("version = 1", "version = 2").replace("2019 = 6000_00", "2019 = 900000_00")
RENAMED = DEARER.replace('household = "低收入农户"', 'household = "经济薄弱农户"')
COUNTY = BASE.replace('id = "jiangsu-2018"', 'id = "sihong-2020"').replace('title = "江苏口径', 'title = "泗洪口径')


def given(desk, **packs):
    desk.place.store.keep_setting("packs", {f"{name.replace('_', '-')}.toml": text for name, text in packs.items()})


def test_the_dry_run_names_values_and_households_and_changes_nothing(desk):
    given(desk, jiangsu_2018=DEARER)
    before = desk.village
    (pack,) = desk.policy.given()
    assert (pack.id, pack.version, pack.here, pack.fresh) == ("jiangsu-2018", 2, 1, True)
    found = desk.policy.preview("jiangsu-2018")
    assert [(each.path, each.then, each.now) for each in found.values] == [("income.lines.2019", 600000, 90000000)]
    homes = {each.household_id: (each.then, each.now) for each in found.criteria}
    with_income = {income.household_id for income in _incomes(desk)}
    assert homes.keys() == with_income
    assert set(homes.values()) == {("met", "unmet")}
    assert {each.household_no for each in found.criteria} == {desk.households.get(home).no for home in with_income}
    assert desk.village == before


def _incomes(desk):
    return [income for home in desk.households.all() for income in desk.households.incomes(home.id)]


def test_printed_papers_that_would_say_something_else_are_named(desk):
    home = desk.households.all()[0].id
    kept, _ = desk.papers.print("household_file", [home, desk.households.all()[1].id], "print")
    given(desk, jiangsu_2018=RENAMED)
    found = desk.policy.preview("jiangsu-2018").papers
    assert kept.paper_id in {each.paper_id for each in found}
    assert any("经济薄弱农户" in altered.now for altered in found[0].altered)
    given(desk, jiangsu_2018=DEARER)
    assert desk.policy.preview("jiangsu-2018").papers == ()


def test_findings_that_go_are_told(desk):
    rule = desk.checks.run().findings[0].rule
    off = DEARER.replace("H22.on = true", f"H22.on = true\n{rule}.on = false")
    given(desk, jiangsu_2018=off)
    found = desk.policy.preview("jiangsu-2018")
    assert {each.rule for each in found.vanish} - {each.rule for each in found.appear} == {rule}
    given(desk, jiangsu_2018=off.replace(f"{rule}.on = false", f"{rule}.on = 7"))
    with pytest.raises(Unreadable, match=rule):
        desk.policy.take("jiangsu-2018", "letter")


def test_taken_over_it_counts_from_the_next_opening_and_only_once(desk, reopen):
    given(desk, jiangsu_2018=DEARER)
    desk.policy.take("jiangsu-2018", "界政发〔2019〕3号")
    assert desk.profile.version == 1
    with reopen(desk) as again:
        assert (again.profile.version, again.profile.income.lines["2019"]) == (2, 90000000)
        assert again.village.profile == "jiangsu-2018"
        (pack,) = again.policy.given()
        assert not pack.fresh
        with pytest.raises(Refused) as refusal:
            again.policy.take("jiangsu-2018", "again")
        assert "version 2" in refusal.value.text.render("en")


def test_a_county_s_own_pack_becomes_the_policy_and_an_overlay_lies_over_it(desk, reopen):
    overlay = resources.path("policy", "post-2021.toml").read_text("utf-8")
    given(desk, sihong_2020=COUNTY, post_2021=overlay)
    assert desk.policy.preview("sihong-2020").now.startswith("泗洪口径")
    desk.policy.take("sihong-2020", "letter")
    desk.policy.take("post-2021", "letter")
    with reopen(desk) as again:
        assert again.profile.id == "sihong-2020+post-2021"
        given(again, jiangsu_2018=DEARER)
        again.policy.take("jiangsu-2018", "back to the province's")
        assert profile_of(again.village).id == "jiangsu-2018+post-2021"


def test_what_does_not_fit_is_refused_by_name(desk):
    alone = COUNTY.replace("[pack]", "[pack]\nabstract = true")
    given(desk, sihong_2020=alone, jiangsu_2018=DEARER.replace("[terms]", "[terms]\nnothing_known = 1"))
    with pytest.raises(Refused, match="sihong-2020"):
        desk.policy.preview("sihong-2020")
    with pytest.raises((Refused, Unreadable), match="nothing_known"):
        desk.policy.preview("jiangsu-2018")
    with pytest.raises(Refused):
        desk.policy.preview("nobody")
    assert desk.village.packs == ()


def test_a_pack_that_only_a_newer_program_reads_says_so(desk):
    newer = DEARER.replace("[terms]", "[terms]\nnothing_known = 1")
    with pytest.raises(Unreadable) as refusal:
        profile_of(replace(desk.village, packs=(newer,)))
    assert "Update the program" in refusal.value.text.render("en")
