"""Code lists: words by year, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.errors import Refused, Unreadable
from villagedesk.policy.codes import load_codes

BOOK = load_codes()
DRAFT_LISTS = [
    "relation",
    "sex",
    "id_kind",
    "education",
    "schooling",
    "dropout_reason",
    "health",
    "disability_class",
    "labour",
    "work_area",
    "member_in",
    "member_out",
    "household_out",
    "removal_ground",
    "event_kind",
    "household_kind",
    "poverty_state",
    "standard",
    "support_class",
    "monitoring_class",
    "cause",
    "housing",
    "fuel",
    "entry_road",
    "relocation_way",
    "settlement",
    "wish_kind",
    "wish_answer",
    "risk",
    "monitoring_measure",
    "risk_end",
    "affiliation",
    "disaster",
    "politics",
    "helper_role",
    "settlement_area",
    "unexited_reason",
    "ethnic",
    "kin",
    "care",
    "job_kind",
    "village_kind",
    "terrain",
    "facility_kind",
    "facility_state",
    "contact_kind",
    "activity_kind",
    "project_kind",
    "benefit_way",
    "fund_source",
    "fund_use",
    "payment_way",
    "donation_occasion",
    "purchase_channel",
    "asset_kind",
    "share_reason",
    "link_kind",
    "loan_state",
    "concern_channel",
    "concern_topic",
    "workday",
    "leave_kind",
    "person_request",
]


def test_every_list_the_drafts_name_is_there():
    assert set(DRAFT_LISTS) == set(BOOK.lists)


@pytest.mark.parametrize(
    ("name", "text", "year", "code"),
    [
        ("relation", "户主", 2018, "01"),
        ("relation", " 之外孙子 ", 2018, "09"),
        ("relation", "本人或户主", None, "01"),
        ("health", "患有大病", 2016, "03"),
        ("household_kind", "五保户", 2018, "03"),  # a 2014 word in a 2018 list gives its successor
        ("household_kind", "五保贫困户", 2016, "03"),
        ("poverty_state", "已脱贫（享受政策）", 2018, "1"),  # full-width brackets
        ("member_out", "判刑收监", 2018, "99"),  # the reason itself is not kept
        ("labour", "05", 2018, "05"),
        ("work_area", "05", 2018, "99"),
        ("ethnic", "柯尔克孜", 2018, "柯尔克孜族"),
        ("cause", "", 2018, ""),
    ],
)
def test_code_of_a_word(name, text, year, code):
    assert BOOK.code(name, text, year) == code


@pytest.mark.parametrize(
    ("name", "text", "year"),
    [
        ("education", "本科及以上", 2018),
        ("labour", "弱劳动力", 2016),
        ("ethnic", "02", 2018),
        ("relation", "邻居", 2018),
    ],
)
def test_a_word_that_does_not_fit_is_refused_with_the_allowed_words(name, text, year):
    with pytest.raises(Refused) as refused:
        BOOK.code(name, text, year)
    for _, word in BOOK.choices(name, year):
        assert word in str(refused.value)


def test_words_follow_the_year():
    assert BOOK.word("household_kind", "03", 2016) == "五保贫困户"
    assert BOOK.word("household_kind", "03", 2018) == "特困供养贫困户"
    assert BOOK.word("monitoring_class", "1", 2020) == "边缘户"
    assert BOOK.word("monitoring_class", "1") == "边缘易致贫户"
    assert BOOK.word("cause", "77") == "77"
    assert BOOK.word("cause", "") == ""


def test_a_word_that_judges_a_person_is_taken_but_never_offered():
    assert BOOK.code("cause", "自身发展动力不足") == "11"
    assert "11" not in dict(BOOK.choices("cause"))


def test_a_profile_changes_words_not_codes():
    book = BOOK.with_words({"household_kind": {"01": "一般低收入农户"}})
    assert book.word("household_kind", "01", 2018) == "一般低收入农户"
    assert book.code("household_kind", "一般低收入农户", 2018) == "01"
    assert book.code("household_kind", "一般贫困户", 2018) == "01"
    assert BOOK.word("household_kind", "01", 2018) == "一般贫困户"
    with pytest.raises(KeyError):
        BOOK.with_words({"household_kind": {"77": "x"}})


@given(st.sampled_from([(name, entry) for name, found in BOOK.lists.items() for entry in found.entries]))
def test_every_spelling_leads_back_to_its_code(pair):
    name, entry = pair
    for text in (entry.code, entry.word, *(old.word for old in entry.was), *entry.aliases):
        assert BOOK.code(name, text) == entry.code


def test_a_word_with_two_meanings_is_refused(tmp_path):
    file = tmp_path / "codes.toml"
    file.write_text(
        '[fuel]\ntitle="燃料"\nsource="C4"\nentries=[{code="1",word="柴"},{code="2",word="煤",aliases=["柴"]}]\n',
        "utf-8",
    )
    with pytest.raises(Unreadable, match="fuel"):
        load_codes(file)
