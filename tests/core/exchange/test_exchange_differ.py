"""What a roster would change: pure comparison, nobody removed, nothing emptied."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.exchange.differ import changed_fields, compare
from villagedesk.exchange.grouping import RosterHousehold, RosterRow, RosterTable


def household(no: str = "1", members: tuple[dict, ...] = (), incomplete: bool = False, **values: object):
    part = {"no": no, **values}
    tables = [RosterTable("", {name: [value] for name, value in member.items()}) for member in members]
    rows = tuple(RosterRow(table, 0, line, part, {}) for line, table in enumerate(tables or [RosterTable("", None)], 2))
    return RosterHousehold(no, part, {}, rows, incomplete)


def someone(number: str = "", name: str = "甲", **values: object) -> dict:
    plain = {"id_number": number, "name": name, "birth": date(1970, 1, 1), "person_no": "", "relation": "01"}
    return plain | values


def stored(no: str = "1", members: tuple[dict, ...] = (), **values: object) -> dict:
    people = [{"id": f"m{place}", "left_on": None, **member} for place, member in enumerate(members)]
    return {no: {"id": f"h{no}", "no": no, "members": people, **values}}


def test_an_empty_desk_makes_everything_new():
    diff = compare([household(members=(someone("A"), someone("B")))], {})
    assert ([one.no for one in diff.new], diff.changed, diff.unchanged) == (["1"], (), ())
    assert diff.members == {"new": 2, "changed": 0, "unchanged": 0}


def test_the_same_roster_again_changes_nothing():
    diff = compare([household(members=(someone("A"),), phone="1")], stored(members=(someone("A"),), phone="1"))
    assert (diff.new, diff.changed, len(diff.unchanged)) == ((), (), 1)
    assert diff.members == {"new": 0, "changed": 0, "unchanged": 1}


def test_fields_are_named_old_and_new():
    diff = compare([household(members=(someone("A", "乙"),), phone="2")], stored(members=(someone("A"),), phone="1"))
    (changed,) = diff.changed
    assert changed.fields == {"phone": ("1", "2")}
    assert changed.changed_members[0].fields == {"name": ("甲", "乙")}
    assert (changed.id, changed.changed_members[0].id) == ("h1", "m0")


def test_an_empty_cell_says_nothing():
    now = {"phone": "1", "water_safe": False, "health": ("01",), "year": 2019}
    assert changed_fields(now, {"phone": "", "water_safe": None, "health": (), "year": None}) == {}
    assert changed_fields(now, {"water_safe": True, "year": 2020}) == {
        "water_safe": (False, True),
        "year": (2019, 2020),
    }


def test_no_and_zero_are_values():
    assert changed_fields({"a": True, "b": 3}, {"a": False, "b": 0}) == {"a": (True, False), "b": (3, 0)}


def test_unknown_columns_of_former_rosters_stay():
    assert changed_fields({"extra": (("a", "1"),)}, {"extra": (("b", "2"),)}) == {
        "extra": ((("a", "1"),), (("a", "1"), ("b", "2")))
    }
    assert changed_fields({"extra": (("a", "1"),)}, {"extra": (("a", "1"),)}) == {}


@pytest.mark.parametrize(
    ("row", "held"),
    [
        (someone("000000197001010019"), someone("000000197001010019", "乙")),
        (someone("00000019700101001943"), someone("000000197001010019")),
        (someone("B", person_no="7"), someone("A", person_no="7")),
        (someone("B"), someone("")),
    ],
)
def test_members_are_matched_by_number_then_person_number_then_name_and_birth(row, held):
    (diff,) = (compared := compare([household(members=(row,))], stored(members=(held,)))).changed
    assert [member.id for member in diff.changed_members] == ["m0"]
    assert compared.missing_members == ()


def test_each_member_is_matched_once():
    diff = compare([household(members=(someone(""), someone("")))], stored(members=(someone(""),)))
    assert diff.members == {"new": 1, "changed": 0, "unchanged": 1}


def test_a_member_found_by_number_is_not_found_again_by_another_key():
    rows = (someone("A", person_no="7"), someone("B", "乙", person_no="7"))
    diff = compare([household(members=rows)], stored(members=(someone("A", person_no="7"),)))
    assert diff.members == {"new": 1, "changed": 0, "unchanged": 1}


def test_who_is_not_in_the_file_is_listed_and_not_removed():
    held = (someone("A"), someone("B", "乙"), someone("C", "丙", left_on=date(2019, 1, 1)))
    diff = compare([household(members=(someone("A"),))], stored(members=held))
    assert [(one.household_no, one.id, one.name) for one in diff.missing_members] == [("1", "m1", "乙")]
    assert not diff.changed


def test_of_an_incomplete_household_nobody_is_missing():
    diff = compare([household(members=(someone("A"),), incomplete=True)], stored(members=(someone("A"), someone("B"))))
    assert diff.missing_members == ()


def test_a_person_of_another_household_is_left_to_a_person():
    desk = stored("1", (someone("A"),)) | stored("2", (someone("B", "乙"),))
    diff = compare([household("2", (someone("B", "乙"), someone("A")))], desk)
    assert [(one.household_no, one.id, one.row.line) for one in diff.elsewhere] == [("1", "m0", 3)]
    assert diff.members["new"] == 0


def test_a_list_of_households_leaves_members_alone():
    diff = compare([household(phone="2")], stored(members=(someone("A"),), phone="1"))
    assert diff.changed[0].fields == {"phone": ("1", "2")}
    assert diff.missing_members == ()
    assert diff.members == {"new": 0, "changed": 0, "unchanged": 0}


values = st.one_of(st.none(), st.text(max_size=3), st.booleans(), st.integers(0, 9), st.just(()))
parts = st.dictionaries(st.sampled_from(["phone", "group", "water_safe", "land_arable"]), values)


@given(parts, parts)
def test_applying_the_changes_leaves_nothing_to_change(now, stated):
    changes = changed_fields(now, stated)
    after = now | {name: new for name, (_, new) in changes.items()}
    assert changed_fields(after, stated) == {}
    assert all(now.get(name) == old and old != new for name, (old, new) in changes.items())
