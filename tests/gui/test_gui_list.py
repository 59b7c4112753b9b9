"""The household list: filters, columns, kept views, several households at once, the list saved as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.windowed import HOUSEHOLDS, Answers, settle
from ui.app import Program
from ui.households.bulk import BulkDialog
from ui.lists.page import ListPage
from ui.plans.page import PlanLine
from villagedesk.desk import Desk
from villagedesk.drafts.plan import PlanDraft
from villagedesk.drafts.team import HelperDraft
from villagedesk.exchange.fields import load_fields


def _list(program: Program, key: str = "households") -> ListPage[Any]:
    program.window.go(key)
    page = program.window.frame.page
    assert isinstance(page, ListPage)
    return page


def _titles(page: ListPage[Any]) -> list[str]:
    return [str(column.title) for at, column in enumerate(page.model.columns) if not page.table.isColumnHidden(at)]


def test_columns_are_chosen_and_kept_in_a_view(opened: Program, desk: Desk, answers: Answers) -> None:
    page = _list(opened)
    usual = _titles(page)
    page.columns.tick(["no", "head", "address"])
    page.columns.chosen.emit(page.columns.keys)
    assert len(_titles(page)) == 3
    at = next(at for at, each in enumerate(page._choice) if each.key == "address")
    row = page.model.row(0)
    assert row is not None
    assert page.model.data(page.model.index(0, at)) == desk.households.get(row.id).address
    answers.line = "addresses"
    page._view_menu.keep()
    page.columns.tick([])
    page.columns._on_ticked()
    assert len(_titles(page)) == 1
    page.show_view(desk.lists.views("households")["addresses"])
    assert len(_titles(page)) == 3
    assert len(usual) == 9


def test_several_households_change_and_come_back(opened: Program, desk: Desk, answers: Answers, qtbot: QtBot) -> None:
    page = _list(opened)
    seen: list[int] = []

    def answer(dialog: Any) -> bool:
        assert isinstance(dialog, BulkDialog)
        dialog.choose("main_cause", "01")
        dialog.reason.setText("reviewed by the village meeting")
        seen.append(dialog.model.rowCount())
        return True

    before = {row.id: row.main_cause for row in desk.lists.household_rows(desk.lists.household_ids())}
    answers.dialog = answer
    page._on_several()
    assert seen == [sum(cause != "01" for cause in before.values())]
    assert {row.main_cause for row in desk.lists.household_rows(tuple(before))} == {"01"}
    opened.window._bar._on_act()
    assert {row.id: row.main_cause for row in desk.lists.household_rows(tuple(before))} == before


def test_the_list_is_saved_as_it_is_filtered(
    opened: Program, desk: Desk, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    page = _list(opened)
    answers.path = tmp_path / "list.xlsx"
    box = page.filters["group"]
    box.setCurrentIndex(1)
    count = page.model.rowCount()
    assert 0 < count < HOUSEHOLDS
    page._on_export()
    settle(qtbot, opened)
    sheet = load_workbook(tmp_path / "list.xlsx").worksheets[0]
    assert sheet.max_row - 2 == count


@pytest.mark.parametrize(
    ("key", "columns", "name", "sort"),
    [("households", ["no", "head", "address"], "group", "-no"), ("members", ["name", "age", "note"], "sex", "-birth")],
)
def test_columns_filters_and_order_outlive_the_program(
    opened: Program, desk: Desk, key: str, columns: list[str], name: str, sort: str
) -> None:
    page = _list(opened, key)
    page.columns.tick(columns)
    page.columns.chosen.emit(page.columns.keys)
    page.filters[name].setCurrentIndex(2)
    page.table.sortByColumn([each.column.sort for each in page._choice].index(sort[1:]), Qt.SortOrder.DescendingOrder)
    before = (page._view(), page.ids)
    assert before[0]["sort"] == sort
    assert before[0]["where"]
    opened.show_desk(desk)  # every page is made anew, as after a start
    again = _list(opened, key)
    assert again is not page
    assert (again._view(), again.ids) == before
    header = again.table.horizontalHeader()
    assert header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder


@pytest.mark.parametrize("key", ["households", "members"])
def test_a_kept_view_comes_back_from_its_menu(opened: Program, answers: Answers, key: str) -> None:
    page = _list(opened, key)
    page.filters["group"].setCurrentIndex(1)
    page.columns.tick(["no", "group"])
    page.columns.chosen.emit(page.columns.keys)
    kept = page._view()
    answers.line = "mine"
    page._view_menu.keep()
    page.filters["group"].setCurrentIndex(0)
    page.columns.tick(["no"])
    page.columns.chosen.emit(page.columns.keys)
    assert page._view() != kept
    page._view_menu.fill()
    next(action for action in page._view_menu.actions() if action.text() == "mine").trigger()
    assert page._view() == kept


def test_a_place_that_names_a_filter_is_not_narrowed_by_those_of_yesterday(opened: Program) -> None:
    page = _list(opened)
    page.filters["group"].setCurrentIndex(1)
    state = page.filters["state"].itemData(1)
    opened.window.go("households", state=state)
    assert page.where == {"state": state}


def test_restricted_facts_are_in_no_list(opened: Program) -> None:
    fields = load_fields().fields
    for key in ("households", "members"):
        paths = {each.path for each in _list(opened, key)._choice}
        tiers = {path: fields[path].tier for path in paths if path in fields}
        assert len(tiers) > 10
        assert {tier for path, tier in tiers.items()} <= {"T0", "T1"}


def test_the_members_are_filtered_opened_and_saved(
    opened: Program, desk: Desk, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    from ui.households.people import MembersList

    opened.window.go("members")
    page = opened.window.frame.page
    assert isinstance(page, MembersList)
    people = [member for one in desk.households.all() for member in one.living]
    assert page.model.rowCount() == len(people)
    box = page.filters["sex"]
    box.setCurrentIndex(box.findData("2"))
    women = [member for member in people if member.sex == "2"]
    assert page.model.rowCount() == len(women)
    assert {page.model.row(at).sex for at in range(len(women))} == {"2"}
    answers.path = tmp_path / "women.xlsx"
    page._on_export()
    settle(qtbot, opened)
    assert load_workbook(tmp_path / "women.xlsx").worksheets[0].max_row - 2 == len(women)
    page.open_row(page.model.row(0))
    assert opened.window.frame.key == "household"


def test_helpers_are_listed_with_every_column_of_the_form_and_opened(
    opened: Program, desk: Desk, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    draft = HelperDraft(
        name="邓玲", unit="县医院", post="医生", affiliation="04", education="05", roles=("01",), rank="科员"
    )
    helper = desk.team.save_helper(draft, "entered").records["helper"][0]
    desk.team.pair(desk.lists.household_ids()[0], helper, desk.site.today(), "paired")
    page = _list(opened, "helpers")
    assert {each.key for each in page._choice} >= {
        "name", "sex", "politics", "unit", "post", "affiliation", "rank", "education", "skill", "phone", "starts_on",
        "ends_on", "roles",
    }  # fmt: skip
    page.columns.tick(["name", "affiliation", "households"])
    page.columns.chosen.emit(page.columns.keys)
    answers.path = tmp_path / "helpers.xlsx"
    page._on_export()
    settle(qtbot, opened)
    codes = desk.profile.codes
    rows = list(load_workbook(answers.path).worksheets[0].iter_rows(min_row=3, values_only=True))
    assert (draft.name, codes.word("affiliation", "04"), "1") in [row[:3] for row in rows]
    at = next(n for n in range(page.model.rowCount()) if page.model.row(n).id == helper)
    page.table.selectRow(at)
    page.open_row(page.table.current_row())
    team = opened.window.frame.page
    assert team.pairings.helper.draft.rank == "科员"


def test_the_list_of_plans_names_every_state_in_words(opened: Program, desk: Desk) -> None:
    opened.window.go("plans")
    page = opened.window.frame.page
    household = desk.lists.household_rows([desk.lists.household_ids()[0]])[0]
    for key in desk.plans.procedure.states:
        shown = page._state(PlanLine(household, PlanDraft(household_id=household.id, state=key)))
        assert not shown.isascii(), key
