"""Relations to a new head: what follows from the words, and where a person has to be asked."""

from __future__ import annotations

import pytest

from tests.factories import make_member
from villagedesk.policy.codes import load_codes
from villagedesk.policy.kinship import _TABLES, join, succeed

ALL = [code for code, _ in load_codes().choices("relation", 2023)]
MALE, FEMALE = "1", "2"


def people(*facts: tuple[str, str]):
    return [make_member(id=str(at), name=f"人{at}", relation=code, sex=sex, id_number="") for at, (code, sex) in
            enumerate(facts)]  # fmt: skip


def after(members, head: int, offered=ALL) -> list[str]:
    return [kin.new for kin in succeed(members, str(head), offered)]


@pytest.mark.parametrize(
    ("members", "head", "expected"),
    [
        ((("01", MALE), ("02", FEMALE), ("03", MALE), ("11", MALE), ("14", FEMALE)), 1, ["02", "01", "03", "15", "12"]),
        ((("01", FEMALE), ("02", MALE), ("12", FEMALE), ("15", MALE)), 1, ["02", "01", "14", "11"]),
        ((("01", MALE), ("02", FEMALE), ("03", MALE), ("05", FEMALE), ("07", MALE), ("08", FEMALE)), 2,
         ["11", "12", "01", "02", "03", "04"]),
        ((("01", MALE), ("03", MALE), ("04", FEMALE), ("11", MALE)), 1, ["11", "01", "21", "17"]),
        ((("01", FEMALE), ("03", MALE), ("11", MALE), ("15", MALE)), 1, ["12", "01", "19", "17"]),
        ((("01", MALE), ("03", MALE), ("03", MALE), ("05", FEMALE), ("07", MALE)), 1, ["11", "01", "21", "", ""]),
        ((("01", MALE), ("02", FEMALE), ("03", MALE), ("11", MALE), ("12", FEMALE), ("21", FEMALE)), 3,
         ["03", "05", "07", "01", "02", "04"]),
        ((("01", FEMALE), ("02", MALE), ("03", MALE), ("11", MALE)), 3, ["04", "06", "09", "01"]),
        ((("01", MALE), ("02", FEMALE), ("05", FEMALE)), 2, ["15", "16", "01"]),
        ((("01", MALE), ("02", FEMALE), ("06", MALE)), 2, ["13", "14", "01"]),
        ((("01", FEMALE), ("10", FEMALE)), 1, ["20", "01"]),
        ((("01", MALE), ("21", MALE), ("02", FEMALE), ("03", MALE), ("11", MALE)), 1, ["21", "01", "26", "24", "11"]),
        ((("01", MALE), ("99", MALE), ("03", MALE)), 1, ["", "01", ""]),
    ],
)  # fmt: skip
def test_relations_to_the_new_head(members, head, expected):
    assert after(people(*members), head) == expected


def test_words_that_a_years_form_lacks_become_other():
    old = [code for code, _ in load_codes().choices("relation", 2019)]
    assert after(people(("01", MALE), ("03", MALE), ("04", FEMALE)), 1, old) == ["11", "01", "99"]


def test_without_a_sex_the_words_tell_or_a_person_is_asked():
    assert after(people(("01", ""), ("02", FEMALE), ("03", "")), 1) == ["02", "01", "03"]
    assert after(people(("01", ""), ("03", MALE)), 1) == ["", "01"]


def test_a_family_that_joins_is_related_through_its_head():
    joining = people(("01", MALE), ("02", FEMALE), ("03", MALE), ("05", FEMALE), ("99", MALE))
    found = [kin.new for kin in join(joining, make_member(sex=MALE), "11", ALL)]
    assert found == ["11", "12", "21", "", ""]


def test_tables_speak_in_codes_of_the_list():
    spoken = {code for table in _TABLES.values() for spec in table.values()
              for part in spec.split() for code in part.split(":")[-1].strip("!=").split("/") if code}  # fmt: skip
    assert spoken <= set(ALL)
