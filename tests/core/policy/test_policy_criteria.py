"""Exit criteria: met, unmet or unknown, never guessed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.drafts.exit import CheckDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, IncomeLineDraft, MemberDraft
from villagedesk.policy.criteria import assess, is_able
from villagedesk.policy.profile import load_profile
from villagedesk.policy.village import assess_village, village_blockers

PACKS = ("national-2018", "xinjiang-2016", "shangzhou-2020", "guangdong-2016", "jiangsu-2018")
JIANGSU = load_profile("jiangsu-2018")
GUANGDONG = load_profile("guangdong-2016")
DAY = date(2019, 11, 20)
ADULT = MemberDraft(
    name="甲", relation="01", birth=date(1980, 1, 1), labour="01", education="03", medical_resident=True
)
HOME = HouseholdDraft(dwelling="A", water_safe=True, food_secure=True, clothes_secure=True, members=(ADULT,))
INCOME = IncomeDraft(year=2019, persons=1, lines=(IncomeLineDraft("wage.work", 6000_00),))


def found(household=HOME, income=INCOME, pack=JIANGSU, checks=(), year=2019):
    return {a.key: a for a in assess(pack, household, income, year, DAY, checks=checks)}


def schooling(**facts):
    child = MemberDraft(name="丙", relation="03", birth=date(2009, 5, 1), medical_resident=True)
    return found(replace(HOME, members=(ADULT, replace(child, **facts))))["education"].result


def test_a_household_that_has_it_all():
    assert {a.result for a in found().values()} == {"met"}


@pytest.mark.parametrize("name", PACKS)
def test_nothing_asked_nothing_judged(name):
    results = found(HouseholdDraft(), None, load_profile(name)).values()
    assert {a.result for a in results} == {"unknown"}
    assert all(a.mend and str(a.because) for a in results)


@pytest.mark.parametrize(
    ("facts", "result"),
    [
        ({"schooling": "03"}, "met"),
        ({}, "unknown"),
        ({"schooling": "01"}, "unmet"),
        ({"schooling": "01", "dropout_reason": "01"}, "met"),
        ({"schooling": "01", "dropout_reason": "03"}, "unmet"),
        ({"dropout_reason": "99"}, "unmet"),
        ({"education": "02"}, "unmet"),  # since 2021 an empty schooling means "not a student"
        ({"education": "03"}, "met"),  # finished nine years
        ({"schooling": "02"}, "unmet"),  # ten years old and before school
        ({"schooling": "02", "birth": date(2013, 5, 1)}, "met"),
        ({"birth": None}, "unknown"),
        ({"birth": date(2014, 5, 1)}, "met"),  # five years old
        ({"birth": date(2003, 5, 1)}, "met"),  # sixteen
        ({"schooling": "01", "left_on": date(2019, 1, 1)}, "met"),
    ],
)
def test_schooling(facts, result):
    assert schooling(**facts) == result


@pytest.mark.parametrize(
    ("resident", "worker", "result"),
    [
        (True, None, "met"),
        (None, True, "met"),
        (False, False, "unmet"),
        (False, None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_medical(resident, worker, result):
    member = replace(ADULT, medical_resident=resident, medical_worker=worker)
    assert found(replace(HOME, members=(member,)))["medical"].result == result


@pytest.mark.parametrize(
    ("grade", "result"), [("A", "met"), ("S", "met"), ("C", "unmet"), ("N", "unmet"), ("", "unknown")]
)
def test_housing(grade, result):
    assert found(replace(HOME, dwelling=grade))["housing"].result == result


@pytest.mark.parametrize(
    ("income", "result"),
    [
        (INCOME, "met"),
        (replace(INCOME, gifts_out=1), "unmet"),
        (replace(INCOME, year=2018), "unknown"),
        (replace(INCOME, persons=2), "unknown"),
        (None, "unknown"),
    ],
)
def test_income(income, result):
    assert found(income=income)["income"].result == result


def test_a_year_without_a_line_is_unknown():
    result = found(income=replace(INCOME, year=2031), year=2031)["income"]
    assert result.result == "unknown"
    assert result.mend == "income.year"


def test_what_the_door_shows_can_only_lower_a_figure():
    checks = (CheckDraft("housing", "unmet", "墙体开裂"), CheckDraft("income", "met", "x"))
    results = found(income=replace(INCOME, gifts_out=1), checks=checks)
    assert results["housing"].result == "unmet"
    assert "墙体开裂" in str(results["housing"].because)
    assert results["income"].result == "unmet"
    assert found(checks=(CheckDraft("housing", "", "x"),))["housing"].result == "met"


def test_what_only_the_door_can_answer():
    assert found(pack=GUANGDONG)["network"].result == "unknown"
    assert found(pack=GUANGDONG, checks=(CheckDraft("network", "met", "有信号"),))["network"].result == "met"


@pytest.mark.parametrize(
    ("labour", "dibao", "amount", "result"),
    [
        ("01", False, 8468_10, "met"),
        ("01", True, 8468_09, "unmet"),  # able: the line counts
        ("04", True, 0, "met"),
        ("04", False, 90_000_00, "unmet"),
        ("04", None, 0, "unknown"),
        ("", True, 90_000_00, "unknown"),
    ],
)
def test_line_for_the_able_support_for_the_others(labour, dibao, amount, result):
    member = replace(ADULT, labour=labour, dibao=dibao, tekun=False if dibao is False else None)
    income = replace(INCOME, lines=(IncomeLineDraft("wage.work", amount),))
    assert found(replace(HOME, members=(member,)), income, GUANGDONG)["income"].result == result


@given(st.lists(st.sampled_from(["", "01", "02", "03", "04", "05"]), max_size=6))
def test_able(kinds):
    able = is_able(HouseholdDraft(members=tuple(MemberDraft(labour=kind) for kind in kinds)))
    assert (able is True) == bool({"01", "02", "05"} & set(kinds))
    assert able is not False or set(kinds) <= {"03", "04"}


TRIBOOL = st.sampled_from([None, True, False])
MEMBERS = st.builds(MemberDraft, medical_resident=TRIBOOL, medical_worker=TRIBOOL, dibao=TRIBOOL, tekun=TRIBOOL,
                    labour=st.sampled_from(["", "01", "04"]), schooling=st.sampled_from(["", "01", "03"]),
                    birth=st.none() | st.dates(date(1930, 1, 1), date(2019, 1, 1)))  # fmt: skip
HOUSEHOLDS = st.builds(
    HouseholdDraft, dwelling=st.sampled_from(["", "A", "C"]), water_safe=TRIBOOL, food_secure=TRIBOOL,
    members=st.lists(MEMBERS, max_size=4).map(tuple),
)  # fmt: skip


@given(HOUSEHOLDS, st.sampled_from(PACKS))
def test_learning_more_never_turns_a_judgement_around(household, name):
    """Filling in an unknown fact may settle a criterion; it never turns met into unmet or back."""
    filled = replace(
        household,
        dwelling=household.dwelling or "A",
        water_safe=True if household.water_safe is None else household.water_safe,
        members=tuple(replace(m, medical_worker=True if m.medical_worker is None else m.medical_worker)
                      for m in household.members),
    )  # fmt: skip
    before, after = (found(h, None, load_profile(name)) for h in (household, filled))
    for key, assessment in before.items():
        assert assessment.result in {"unknown", after[key].result}


def test_village_criteria_are_cross_products():
    national = load_profile("national-2018")
    figures = {"poor_persons": 19, "registered_population": 1000}
    assert {a.key: a.result for a in assess_village(national, figures)}["rate"] == "met"
    assert {a.key: a.result for a in assess_village(national, {**figures, "poor_persons": 20})}["rate"] == "unmet"
    assert village_blockers(national, figures) == ()
    assert [b.field for b in village_blockers(national, {})] == ["poor_persons"]
    jiangsu = {
        a.key: a.result for a in assess_village(JIANGSU, {"collective_income": 18_000_000, "review_passed": False})
    }
    assert jiangsu == {"collective": "met", "review": "unmet"}
