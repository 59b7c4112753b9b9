"""The household list: filters, columns, kept views, several households at once, the list saved as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from tests.gui.windowed import HOUSEHOLDS, Answers, settle
from ui.app import Program
from ui.households.bulk import BulkDialog
from ui.households.list import HouseholdList
from villagedesk.desk import Desk


def _list(program: Program) -> HouseholdList:
    program.window.go("households")
    page = program.window.frame.page
    assert isinstance(page, HouseholdList)
    return page


def _titles(page: HouseholdList) -> list[str]:
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
    box = page._filters["group"]
    box.setCurrentIndex(1)
    count = page.model.rowCount()
    assert 0 < count < HOUSEHOLDS
    page._on_export()
    settle(qtbot, opened)
    sheet = load_workbook(tmp_path / "list.xlsx").worksheets[0]
    assert sheet.max_row - 2 == count


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
    page._on_opened(page.model.row(0))
    assert opened.window.frame.key == "household"
