"""Generated villages: the same every time, whole, and free of faults other than the planted ones."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from villagedesk.demo.earnings import net
from villagedesk.demo.stories import Story
from villagedesk.demo.village import GeneratedVillage, generate, stream
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.plan import WishDraft
from villagedesk.drafts.team import PairingDraft
from villagedesk.errors import Refused
from villagedesk.policy.checks.context import check_context
from villagedesk.policy.checks.file import HouseholdFile, VillageFile
from villagedesk.policy.checks.run import Finding, run_checks
from villagedesk.policy.criteria import assess
from villagedesk.policy.income import exit_line, reckon
from villagedesk.policy.profile import load_profile, profiles
from villagedesk.values import age_on

PROFILES = [row.id for row in profiles() if not row.overlay]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
NOT_OF_THE_ROSTER = {"H25", "M07", "X10"}  # no visit yet, no plan yet


def members(village: GeneratedVillage) -> list[MemberDraft]:
    return [member for household in village.households for member in household.draft.members]


def file_of(village: GeneratedVillage, place: int) -> HouseholdFile:
    """What the rules read of a household: numbers stand for ids, offers for wishes."""
    made = village.households[place]
    no = made.draft.no
    wishes = [WishDraft(household_id=no, kind=each.wish, answer=each.answer) for each in made.offers if each.wish]
    return HouseholdFile(
        replace(made.draft, id=no),
        tuple(replace(income, household_id=no, id=f"{no}/{income.year}") for income in reversed(made.incomes)),
        wishes=tuple(wishes),
        pairings=(PairingDraft(household_id=no, helper_id=village.helper_of(place).phone, starts_on=village.today),),
    )


def findings(village: GeneratedVillage) -> list[Finding]:
    files = [file_of(village, place) for place in range(len(village.households))]
    ctx = check_context(
        load_profile(village.profile), village.today.year, village.today, province=village.division.code[:2]
    )
    report = run_checks(VillageFile(files, village.file, village.staff.team, village.staff.helpers), ctx)
    return [found for found in report.findings if found.rule not in NOT_OF_THE_ROSTER]


def unmet(village: GeneratedVillage, draft: HouseholdDraft, income: object) -> set[str]:
    pack = load_profile(village.profile)
    found = assess(pack, draft, income, village.today.year, village.today, province=village.division.code[:2])
    return {each.key for each in found if each.hard and each.result == "unmet"}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_arguments_give_the_same_village(profile: str) -> None:
    assert generate(profile, 25, 7) == generate(profile, 25, 7)
    assert generate(profile, 25, 7) != generate(profile, 25, 8)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_rules_find_the_planted_faults_and_nothing_else(profile: str) -> None:
    village = generate(profile, 120, 3)
    stories = {each.draft.no: each.story for each in village.households}
    found = Counter((each.rule, stories.get(each.household_no)) for each in findings(village))
    insurance = {("A48", Story.MEDICAL), ("H22", Story.MEDICAL)}  # one missing insurance, seen by both rules
    assert set(found) <= insurance
    assert found["A48", Story.MEDICAL] == sum(story is Story.MEDICAL for story in stories.values())


@pytest.mark.parametrize("profile", PROFILES)
def test_each_story_meets_the_criteria_it_should(profile: str) -> None:
    village = generate(profile, 150, 4)
    keys = {criterion.rule.partition("_")[0]: key for key, criterion in load_profile(profile).household_exit.items()}
    stopped_by = {
        Story.DWELLING: "housing",
        Story.MEDICAL: "medical",
        Story.SCHOOLING: "education",
        Story.INCOME: "income",
        Story.LATER: "income",
        Story.RETURNED: "income",
        Story.WATER: "water",
    }
    for made in village.households:
        wanted = {keys[stopped_by[made.story]]} if made.story in stopped_by else set()
        assert unmet(village, made.draft, made.incomes[-1]) == wanted, (made.story, made.draft.no)


@given(seed=st.integers(0, 10**9), profile=st.sampled_from(PROFILES))
@settings(max_examples=15)
def test_every_seed_gives_a_sound_village(seed: int, profile: str) -> None:
    village = generate(profile, 30, seed)
    stories = {each.draft.no: each.story for each in village.households}
    wrong = [
        each for each in findings(village) if each.class_ == "E" and stories.get(each.household_no) is not Story.MEDICAL
    ]
    assert wrong == []
    below = {each.story for each in village.households if not _reaches_the_line(village, each.draft, each.incomes[-1])}
    assert below <= {story for story in Story if story.below_line}


def _reaches_the_line(village: GeneratedVillage, draft: HouseholdDraft, income: object) -> bool:
    pack = load_profile(village.profile)
    line = exit_line(pack, village.today.year, village.division.code[:2])
    result = reckon(income, pack)
    return line is not None and line.reached(result.total(pack.income.concept), len(draft.members))


@pytest.mark.parametrize("profile", PROFILES)
def test_statements_use_items_of_the_pack_and_whole_groups(profile: str) -> None:
    pack = load_profile(profile)
    for made in generate(profile, 60, 5).households:
        before, now = made.incomes
        assert (before.year, now.year) == (now.year - 1, made.incomes[1].year)
        for income in made.incomes:
            result = reckon(income, pack)
            assert result.net == net(income.lines)
            assert all(line.amount > 0 for line in income.lines)
            assert income.period == pack.income.period
            assert income.starts_on < income.ends_on


@pytest.mark.parametrize("profile", PROFILES)
def test_id_numbers_pass_the_check_and_belong_to_nobody(profile: str) -> None:
    people = members(generate(profile, 150, 6))
    numbers = [person.id_number for person in people]
    assert len(set(numbers)) == len(numbers)
    for person in people:
        number = person.id_number
        total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
        assert number[17] == "10X98765432"[total % 11]
        assert number[:2] == "19"
        assert number[6:14] == f"{person.birth:%Y%m%d}"
        assert int(number[16]) % 2 == (person.sex == "1")
        assert number[18:] == person.disability_class + person.disability_grade


def test_villages_of_one_township_share_no_number() -> None:
    codes = ("321324111213", "321324111214", "321324111001")
    areas = [{person.id_number[:6] for person in members(generate("jiangsu-2018", 20, 1, code))} for code in codes]
    assert [len(each) for each in areas] == [1, 1, 1]
    assert len(set.union(*areas)) == 3


def test_no_number_looks_like_an_id_or_bank_card() -> None:
    for made in generate("jiangsu-2018", 30, 2).households:
        assert {len(made.draft.no), *(len(person.person_no) for person in made.draft.members)} == {12, 14}


def test_phones_are_from_a_range_nobody_was_given() -> None:
    village = generate("jiangsu-2018", 150, 2)
    phones = [household.draft.phone for household in village.households]
    phones += [person.phone for person in members(village) if person.phone]
    phones += [person.phone for person in (*village.staff.helpers, *village.staff.team)]
    assert all(re.fullmatch(r"154\d{8}", phone) for phone in phones)
    assert len(set(phones)) == len(phones)


def test_a_village_of_one_household_leaves() -> None:
    village = generate("national-2018", 1, 9)
    assert [each.story for each in village.households] == [Story.LEAVES]
    assert len(village.staff.helpers) == 1


def test_a_village_of_twelve_tells_every_story() -> None:
    assert {each.story for each in generate("national-2018", 12, 1).households} == set(Story)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_household_of_thirty(profile: str) -> None:
    village = generate(profile, 3, 2, biggest=30)
    first = village.households[0].draft
    assert len(first.members) == 30
    assert [person.relation for person in first.members].count("01") == 1
    assert len({person.name for person in first.members}) == 30
    assert not [each for each in findings(village) if each.class_ == "E" and each.rule != "A48"]


def test_small_old_households_in_shangzhou() -> None:
    village = generate("shangzhou-2020", 400, 1)
    people = members(village)
    assert 1.4 < len(people) / 400 < 1.85
    assert sum(age_on(person.birth, village.today) >= 60 for person in people) > len(people) * 0.4


def test_names_of_the_region_with_rare_characters_and_dots() -> None:
    han = "".join(person.name for person in members(generate("national-2018", 150, 1)))
    assert {"䶮", "𬭎", "㛃"} <= set(han)
    uyghur = [person for person in members(generate("xinjiang-2016", 60, 1)) if person.ethnic == "维吾尔族"]
    assert len(uyghur) > 100
    assert all(person.name.count("·") == 1 for person in uyghur)


def test_children_carry_their_fathers_name() -> None:
    for made in generate("xinjiang-2016", 80, 2).households:
        head, *others = made.draft.members
        children = [person for person in others if person.relation in {"03", "04"}]
        if head.sex == "1" and head.ethnic == "维吾尔族":
            assert all(child.name.endswith("·" + head.name.partition("·")[0]) for child in children)
        elif head.sex == "1":
            assert all(child.name[0] == head.name[0] for child in children)


def test_nobody_is_offered_work_who_is_a_minor_or_a_pupil() -> None:
    village = generate("national-2018", 200, 3)
    for made in village.households:
        for offer in (each for each in made.offers if each.wish == "01"):
            person = made.draft.members[offer.member]
            assert age_on(person.birth, village.today) >= 18
            assert not person.schooling


def test_every_cause_is_answered_by_a_measure_nobody_refused() -> None:
    for made in generate("national-2018", 150, 8).households:
        answered = {offer.cause for offer in made.offers if offer.wanted}
        assert made.draft.main_cause in answered


def test_who_is_not_willing_gets_no_measure() -> None:
    offers = [offer for made in generate("national-2018", 200, 8).households for offer in made.offers]
    refused = [offer for offer in offers if offer.answer == "2"]
    assert refused
    assert not any(offer.wanted for offer in refused)
    assert all(not offer.wanted for offer in offers if not offer.text)


def test_helpers_look_after_five_households_at_most() -> None:
    village = generate("jiangsu-2018", 41, 1)
    load = Counter(village.helper_of(place).phone for place in range(41))
    assert max(load.values()) <= 5
    assert set(village.staff.group_heads) >= {each.draft.group for each in village.households}


def test_another_village_and_day_are_honoured() -> None:
    village = generate("jiangsu-2018", 10, 1, "653121103213", date(2020, 9, 1))
    assert village.file.name == "阿依丁库勒村"
    assert {income.year for each in village.households for income in each.incomes} == {2019, 2020}
    assert any("·" in person.name for person in members(village))


def test_the_stream_is_as_long_as_asked_for() -> None:
    made = list(stream("national-2018", 500, 1))
    assert len({draft.no for draft in made}) == 500


def test_what_cannot_be_generated_is_refused() -> None:
    with pytest.raises(Refused):
        generate("national-2018", 0, 1)
    with pytest.raises(Refused):
        generate("national-2018", 5, 1, "999999999999")
    with pytest.raises(Refused):
        generate("atlantis-2016", 5, 1)


def test_a_desk_of_invented_people_finds_itself_on_its_day(tmp_path):
    from datetime import date

    from villagedesk.desk import create_desk, live_on, open_desk
    from villagedesk.drafts.team import VillageDraft

    village = VillageDraft(code="321324111213", name="沙洲村", profile="jiangsu-2018")
    desk, _ = create_desk(tmp_path / "desk", "three green hills", village)
    with desk:
        live_on(desk.place, date(2019, 10, 22))
    with open_desk(tmp_path / "desk", "three green hills") as desk:
        assert desk.site.today() == date(2019, 10, 22)
        assert desk.clock.problem() is not None  # the desk was made today; a demonstration is made on its own days
