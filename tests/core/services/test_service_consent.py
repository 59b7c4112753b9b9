"""Ways around somebody's own yes, each of them tried: no measure of those kinds runs without it (DOMAIN §8.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.services.test_service_plans import TERMS, plan, wish
from tests.factories import YEAR
from villagedesk.drafts.money import AssetDraft, ShareDraft
from villagedesk.drafts.plan import MeasureDraft
from villagedesk.errors import Refused
from villagedesk.policy.profile import load_profile

PACKS = ("national-2018", "xinjiang-2016", "shangzhou-2020", "guangdong-2016", "jiangsu-2018")


@pytest.fixture
def home(desk):
    return desk.households.all()[0]


def signed(desk, story, home, measure):
    plan_id = desk.plans.save(plan(desk, home, measures=(measure,), livelihood="种地"), "drawn up").records["plan"][0]
    desk.plans.agree(plan_id, "王建国", story.today, "", "signed")
    return desk.plans.get(plan_id)


def running(desk):
    return [row for row in desk.measures.rows() if row.measure.state == "active"]


@pytest.fixture
def away(desk, story, home):
    """An agreed plan whose line is work away from home."""
    desk.wishes.save(wish(story, home), "asked")
    measure = MeasureDraft(
        member_id=home.members[0].id, category="employment", part="away", cause=home.main_cause,
        content="到昆山电子厂务工", responsible="周敏", **TERMS,
    )  # fmt: skip
    return signed(desk, story, home, measure)


def test_a_wish_about_something_else_opens_no_work_away(desk, story, home):
    desk.wishes.save(wish(story, home, kind="99", second_asker="", alternatives=""), "asked about anything")
    measure = MeasureDraft(
        member_id=home.members[0].id, category="employment", part="workshop", cause=home.main_cause,
        content="到镇上车间上班", responsible="周敏", **TERMS,
    )  # fmt: skip
    near = signed(desk, story, home, measure)
    moved = desk.plans.new_version(near.id, "the place changed").records["plan"][0]
    draft = desk.plans.get(moved)
    for part in ("away", ""):
        far = replace(draft.measures[0], part=part, wish_kind="99", content="到昆山务工")
        desk.plans.save(replace(draft, measures=(far,)), "changed")
        with pytest.raises(Refused):
            desk.plans.agree(moved, "王建国", story.today, "", "signed")
        draft = desk.plans.get(moved)


@pytest.mark.parametrize("name", PACKS)
def test_no_pack_lets_another_wish_stand_for_going_away_or_moving(name):
    from villagedesk.policy.wishes import wish_kinds

    pack = load_profile(name)
    for category in pack.measures.values():
        if not category.wishes:
            continue
        for part in ("", *category.parts):
            for claimed in ("", "05", "99"):
                kinds = wish_kinds(pack, MeasureDraft(category=category.key, part=part, wish_kind=claimed))
                if part in category.other_wish:
                    assert "relocation" not in category.families
                    assert part not in {"away", "region", "park", "order"}
                else:
                    assert set(kinds) <= set(category.wishes)
                    assert kinds


def test_a_line_that_runs_becomes_no_other_persons(desk, story, home, away):
    desk.plans.start(away.measures[0].id, story.today, "he left")
    desk.plans.take(away.id, "reopen", "to be changed")
    draft = desk.plans.get(away.id)
    assert draft.measures[0].state == "active"
    hers = replace(draft.measures[0], member_id=home.members[1].id)
    desk.plans.save(replace(draft, measures=(hers,)), "changed")
    assert desk.plans.get(away.id).measures[0].state == "planned"
    with pytest.raises(Refused):
        desk.plans.agree(away.id, "王建国", story.today, "", "signed")


def test_a_line_that_runs_becomes_no_other_kind(desk, story, home):
    desk.wishes.save(wish(story, home, kind="99"), "asked")
    grown = MeasureDraft(member_id=home.members[0].id, category="industry", cause=home.main_cause, content="种番茄",
                         responsible="周敏")  # fmt: skip
    plan_ = signed(desk, story, home, grown)
    desk.plans.start(plan_.measures[0].id, story.today, "begun")
    version = desk.plans.new_version(plan_.id, "changed").records["plan"][0]
    draft = desk.plans.get(version)
    moved = replace(draft.measures[0], category="moving", content="搬到镇上")
    desk.plans.save(replace(draft, measures=(moved,)), "changed")
    assert desk.plans.get(version).measures[0].state == "planned"


def test_an_undone_wish_leaves_nothing_running(desk, story, home, away):
    desk.plans.start(away.measures[0].id, story.today, "he left")
    (given,) = desk.wishes.of_household(home.id)
    with pytest.raises(Refused):
        desk.history.undo(desk.history.act_of(given.id))
    assert desk.wishes.of_household(home.id) == (given,)


def test_a_no_that_is_undone_brings_nothing_back_to_life_that_has_no_yes(desk, story, home, away):
    desk.plans.start(away.measures[0].id, story.today, "he left")
    desk.wishes.withdraw(desk.wishes.of_household(home.id)[0].id, "")
    no = wish(story, home, answer="2", asked_on=story.today, own_words="")
    desk.wishes.save(no, "asked again")
    withdrawal = desk.history.act_of(away.measures[0].id)
    with pytest.raises(Refused):
        desk.history.undo(withdrawal)  # the newest word is a no
    assert running(desk) == []


def test_what_was_said_is_never_written_over(desk, story, home):
    desk.wishes.save(wish(story, home, answer="2", own_words="不去"), "asked")
    (no,) = desk.wishes.of_household(home.id)
    with pytest.raises(Refused, match=r"stays on file|保留"):
        desk.wishes.save(replace(no, answer="1"), "turned round")
    desk.wishes.save(wish(story, home, asked_on=story.today), "asked again")
    yes = next(each for each in desk.wishes.of_household(home.id) if each.answer == "1")
    desk.wishes.withdraw(yes.id, "")
    gone = next(each for each in desk.wishes.of_household(home.id) if each.id == yes.id)
    for forged in (replace(gone, withdrawn_on=None), replace(gone, id="", answer="1")):
        with pytest.raises(Refused):
            desk.wishes.save(forged, "taken back again")


def test_nobody_under_age_stands_in_a_line_of_work(desk, story, home):
    son = replace(home.members[2], birth=date(YEAR - 17, 1, 1), schooling="01", labour="01")
    desk.households.save(replace(home, members=(*home.members[:2], son, *home.members[3:])), "left school")
    desk.wishes.save(wish(story, home, kind="99"), "asked")
    with pytest.raises(Refused):
        desk.wishes.save(wish(story, home, place=2), "asked a boy of 17")
    post = MeasureDraft(member_id=son.id, category="employment", part="post", cause=home.main_cause, content="保洁",
                        responsible="周敏")  # fmt: skip
    desk.wishes.save(wish(story, home, place=2, kind="99", guardian="王建国"), "asked about a post")
    plan_ = signed(desk, story, home, post)
    with pytest.raises(Refused) as refusal:
        desk.plans.start(plan_.measures[0].id, story.today, "begun")
    assert "A32" in {problem.rule for problem in refusal.value.problems}


def test_no_money_flows_before_the_measure_runs(desk, story, away):
    line = away.measures[0].id
    desk.measures.record(line, "approved", approved_on=story.today)
    with pytest.raises(Refused) as refusal:
        desk.measures.pay(line, 100_00, story.today, "凭证", "paid ahead")
    assert [problem.field for problem in refusal.value.problems] == ["state"]
    desk.plans.start(line, story.today, "he left")
    desk.measures.pay(line, 100_00, story.today, "凭证", "paid")


def test_an_old_version_starts_nothing(desk, story, away):
    desk.plans.new_version(away.id, "changed")
    with pytest.raises(Refused):
        desk.plans.start(away.measures[0].id, story.today, "he left")


def test_a_share_of_own_land_is_not_carried_into_a_year_against_the_holders_word(desk, story, home):
    asset = desk.assets.save(AssetDraft(title="果园", contributed=True), "entered").records["asset"][0]
    holder = home.members[0].id
    desk.wishes.save(wish(story, home, kind="06"), "asked")
    share = ShareDraft(asset_id=asset, year=YEAR, household_id=home.id, member_id=holder, shares=3)
    desk.assets.hold([share], "in")
    with pytest.raises(Refused):
        desk.assets.save(replace(desk.assets.all()[0].asset, contributed=None), "taken for the village's own")
    desk.wishes.withdraw(desk.wishes.of_household(home.id)[0].id, "")
    desk.assets.start_roster(asset, YEAR + 1, "new year")
    assert desk.assets.roster(asset, YEAR + 1) == ()


def test_two_laptops_that_differ_start_nothing_by_themselves():
    from villagedesk.records.schema import RECORDS

    assert "state" in RECORDS["measure"].protected
    assert {"answer", "withdrawn_on"} <= RECORDS["wish"].protected


def test_a_measure_that_runs_against_the_newest_word_is_found(desk, story, home, away):
    """What came from another laptop is taken in as it is; the rule and the work list say so."""
    desk.plans.start(away.measures[0].id, story.today, "he left")
    with desk.site.store.work("test", "as another laptop wrote it") as work:
        (given,) = desk.wishes.of_household(home.id)
        work.put("wish", desk.site.village, {"withdrawn_on": story.today}, given.id)
    assert "M01" in {finding.rule for finding in desk.checks.run().findings}
    assert [line.due_on for line in desk.worklist.items() if line.kind == "consent"] == [story.today]


@pytest.mark.parametrize(
    ("profile", "category", "part", "kinds"),
    [
        ("xinjiang-2016", "industry", "share", {"03", "06"}), ("xinjiang-2016", "living", "herders", {"02"}),
        ("xinjiang-2016", "giving_up", "", {"03"}), ("xinjiang-2016", "land", "", set()),
        ("national-2018", "industry", "share", {"03", "06"}), ("national-2018", "ecology", "co_op", {"03", "06"}),
        ("jiangsu-2018", "housing", "swap", {"02"}), ("jiangsu-2018", "housing", "repair", set()),
    ],
)  # fmt: skip
def test_a_part_that_takes_land_or_moves_people_asks_for_that_wish(profile, category, part, kinds):
    from villagedesk.policy.wishes import wish_kinds

    pack = load_profile(profile)
    assert set(wish_kinds(pack, MeasureDraft(category=category, part=part))) == kinds
    assert set(wish_kinds(pack, MeasureDraft(category=category, part=part, wish_kind="99"))) == (kinds or {"99"})
    if category in {"giving_up", "land"}:
        assert {"land", "land_from"} <= set(pack.measures[category].fields)
