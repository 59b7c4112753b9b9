"""The roster in the window: columns asked for and kept, unknown words mapped, single changes left out, taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from tests.gui.windowed import Answers, settle
from ui.app import Program
from ui.imports.columns import ColumnsDialog
from ui.imports.page import ImportPage
from ui.imports.words import WordsDialog
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage
from villagedesk.desk import Desk


@pytest.fixture
def roster(tmp_path: Path, village: GeneratedVillage) -> Path:
    """The desk's own people under a heading and a word that nobody knows."""
    write_roster(village, tmp_path / "26.xlsx", "26")
    book = load_workbook(tmp_path / "26.xlsx")
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            cell.value = {"户编号": "户号码", "小学": "念过几年书"}.get(str(cell.value), cell.value)
    book.save(tmp_path / "strange.xlsx")
    return tmp_path / "strange.xlsx"


def test_a_strange_roster_is_explained_and_read(qtbot: QtBot, opened: Program, answers: Answers, roster: Path) -> None:
    def columns(dialog: Any) -> bool:
        assert isinstance(dialog, ColumnsDialog)
        dialog.choose("户号码", "household.no")
        return True

    def words(dialog: Any) -> bool:
        assert isinstance(dialog, WordsDialog)
        for field in dialog.fields:
            field.show_value("02")
        return True

    answers.dialog = columns
    opened.window.go("import", file=roster)
    settle(qtbot, opened)
    page = opened.window.frame.page
    assert isinstance(page, ImportPage)
    assert page._preview is not None
    assert page._preview.unknown_words
    answers.dialog = words
    page._on_words()
    settle(qtbot, opened)
    assert not page._preview.unknown_words
    answers.dialog = None
    opened.window.go("import", file=roster)
    settle(qtbot, opened)
    assert page._preview is not None
    assert not page._preview.unknown_words


def test_a_change_left_out_is_not_made(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path, village: GeneratedVillage
) -> None:
    write_roster(village, tmp_path / "26.xlsx", "26")
    first, second = desk.households.all()[:2]
    for household in (first, second):
        head = replace(household.members[0], education="05")
        desk.households.save(replace(household, members=(head, *household.members[1:])), "asked")
    opened.window.go("import", file=tmp_path / "26.xlsx")
    settle(qtbot, opened)
    page = opened.window.frame.page
    assert isinstance(page, ImportPage)
    at = next(n for n, each in enumerate(page._lines) if each.place == (first.members[0].id, 0, "education"))
    page._changes_view.selectRow(at)
    page._on_toggle()
    assert page.changes.data(page.changes.index(at, 0)) != page.changes.data(page.changes.index(at + 1, 0))
    page._on_accept()
    settle(qtbot, opened)
    assert desk.households.get(first.id).members[0].education == "05"
    assert desk.households.get(second.id).members[0].education != "05"
