"""Many households at once: what would change, one act, one step back; the list saved as it is asked for; kept views."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.factories import make_household
from villagedesk.desk import Desk
from villagedesk.errors import Refused, Usage
from villagedesk.store import pinyin
from villagedesk.store.lists import MEMBER_SORTS
from villagedesk.values import age_on


@pytest.fixture
def three(desk: Desk) -> tuple[str, ...]:
    """Households beside the three that the desk has."""
    drafts = [make_household(no=no, group=group) for no, group in (("1", "一组"), ("2", "一组"), ("3", "=1+1"))]
    return tuple(desk.households.save(draft, "entered").records["household"][0] for draft in drafts)


def test_only_what_differs_would_change_and_one_step_takes_it_back(desk: Desk, three: tuple[str, ...]) -> None:
    lines = desk.bulk.preview(three, "group", "一组")
    assert [(line.no, line.old, line.new) for line in lines] == [("3", "=1+1", "一组")]
    change = desk.bulk.change(three, "group", "二组", "groups were drawn anew")
    assert {row.group for row in desk.lists.household_rows(three)} == {"二组"}
    assert len(change.records["household"]) == 3
    desk.history.undo(change.act)
    assert [row.group for row in desk.lists.household_rows(three)] == ["一组", "一组", "=1+1"]


@pytest.mark.parametrize(
    ("field", "value"), [("state", "1"), ("no", "9"), ("planned_exit_year", 20), ("group", None), ("members", ())]
)
def test_what_a_procedure_guards_or_makes_no_sense_is_not_given_to_many(
    desk: Desk, three: tuple[str, ...], field: str, value: object
) -> None:
    with pytest.raises(Refused):
        desk.bulk.change(three, field, value, "why")


def test_a_change_of_many_has_a_reason_and_something_to_do(desk: Desk, three: tuple[str, ...]) -> None:
    with pytest.raises(Refused):
        desk.bulk.change(three, "group", "二组", " ")
    with pytest.raises(Refused):
        desk.bulk.change(three[:2], "group", "一组", "again")


def test_the_list_is_saved_whole_in_its_order_as_text(desk: Desk, three: tuple[str, ...], tmp_path: Path) -> None:
    shown = [("household.no", "户编号"), ("household.group", "村民小组"), ("roster.persons", "人数")]
    assert desk.rosters.write_shown("households", three[2:], shown, tmp_path / "a.xlsx") == 1
    assert desk.rosters.write_shown("households", desk.lists.household_ids(), shown, tmp_path / "b.xlsx") == 6
    sheet = load_workbook(tmp_path / "b.xlsx").worksheets[0]
    rows = list(sheet.iter_rows())[-6:]
    assert [row[0].value for row in rows] == ["1", "2", "201900001", "201900002", "201900003", "3"]
    assert all(cell.data_type in {"s", "inlineStr"} for row in rows for cell in row[:3])
    assert "=1+1" in str(rows[-1][1].value)


def test_a_view_is_kept_and_forgotten(desk: Desk) -> None:
    view = {"where": {"group": "一组"}, "sort": "no", "columns": ["no", "head"]}
    desk.lists.keep_view("households", "我的一组", view)
    assert desk.lists.views("households") == {"我的一组": view}
    assert desk.lists.views("members") == {}
    desk.lists.forget_view("households", "我的一组")
    assert desk.lists.views("households") == {}


@pytest.mark.parametrize("sort", sorted(MEMBER_SORTS))
def test_members_stand_in_every_order_and_none_is_lost(desk: Desk, three: tuple[str, ...], sort: str) -> None:
    people = {member.id: member for one in desk.households.all() for member in one.living}
    ids = desk.lists.member_ids(sort=sort)
    assert sorted(ids) == sorted(people)
    found = [people[one] for one in ids]
    if sort in {"relation", "sex", "birth", "labour"}:
        values = [getattr(member, sort) for member in found if getattr(member, sort) is not None]
        assert values == sorted(values)
    if sort == "name":
        spelt = [tuple(pinyin.readings(char)[0] for char in member.name) for member in found]
        assert spelt == sorted(spelt)


def test_members_are_filtered_by_what_is_known_only(desk: Desk) -> None:
    women = desk.lists.member_ids(own={"sex": "2"})
    assert {row.sex for row in desk.lists.member_rows(women)} == {"2"}
    with pytest.raises(Usage):
        desk.lists.member_ids(own={"ethnic": "01"})
    with pytest.raises(Usage):
        desk.lists.member_ids(sort="ethnic")


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", '=HYPERLINK("file:///x")'])
def test_no_cell_of_a_shown_list_is_a_formula(desk: Desk, evil: str, tmp_path: Path) -> None:
    draft = make_household(no="9", group="一组")
    draft = replace(draft, address=evil, members=(replace(draft.members[0], note=evil), *draft.members[1:]))
    desk.households.save(draft, "entered")
    file = tmp_path / "list.xlsx"
    for rows, ids, path in (
        ("households", desk.lists.household_ids(), "household.address"),
        ("members", desk.lists.member_ids(), "member.note"),
    ):
        desk.rosters.write_shown(rows, ids, [(path, "备注")], file)
        cells = [cell for line in load_workbook(file).worksheets[0].iter_rows() for cell in line if cell.value]
        held = [cell for cell in cells if evil.strip() in str(cell.value)]
        assert len(held) == 1
        assert all(cell.data_type == "s" and cell.quotePrefix for cell in held)
        with zipfile.ZipFile(file) as book:
            assert not any(b"<f>" in book.read(name) for name in book.namelist())


def test_an_age_stands_in_the_saved_list_and_no_birth_date(desk: Desk, tmp_path: Path) -> None:
    ids = desk.lists.member_ids(sort="birth")
    desk.rosters.write_shown("members", ids, [("member.name", "姓名"), ("member.age", "年龄")], tmp_path / "a.xlsx")
    rows = list(load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows(values_only=True))[-len(ids) :]
    people = desk.lists.member_rows(ids)
    today = desk.site.today()
    ages = [age_on(row.birth, today) if row.birth else None for row in people]
    children = [age is not None and age < 14 for age in ages]
    assert any(children)
    assert [row[1] for row in rows] == [
        None if child or age is None else str(age) for age, child in zip(ages, children, strict=True)
    ]
    assert [str(row[0]).endswith("**") for row in rows] == children
