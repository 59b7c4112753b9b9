"""Many households at once: what would change, one act, one step back; the list saved as it is asked for; kept views."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.factories import make_household
from villagedesk.desk import Desk
from villagedesk.errors import Refused


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
    assert desk.rosters.write_shown({"group": "=1+1"}, "no", shown, tmp_path / "a.xlsx") == 1
    assert desk.rosters.write_shown({}, "no", shown, tmp_path / "b.xlsx") == 6
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
