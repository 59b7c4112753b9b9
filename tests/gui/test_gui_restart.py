"""What a second process, or the next morning, finds as it was left: window, list, columns, filters, last page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.windowed import settle
from ui.app import Program
from ui.households.list import HouseholdList
from ui.remembered import Remembered
from ui.tables import TableView
from ui.today.page import TodayPage
from villagedesk.desk import Desk

_LOOK = """
import sys
from pathlib import Path
from ui.app import Program, make_application
from ui.remembered import Remembered
remembered = Remembered(Path(sys.argv[1]))
app = make_application(["villagedesk", "-platform", "offscreen"], remembered)
window = Program(remembered).window
print(window.width(), window.height(), remembered.word("last/today"), remembered.word("households/sort"))
"""


@pytest.fixture
def left(qtbot: QtBot, opened: Program, desk: Desk, tmp_path: Path) -> dict[str, Any]:
    """A window somebody worked in and closed: what the list looked like."""
    opened.window.resize(761, 689)
    opened.window.go("households")
    page = opened.window.frame.page
    assert isinstance(page, HouseholdList)
    page.filters["group"].setCurrentIndex(1)
    page.model.sort_wanted.emit("group", True)
    page.columns.chosen.emit(page.columns.keys[:3])
    page.table.horizontalHeader().resizeSection(0, 173)
    found = {"where": page.where, "ids": page.ids, "columns": page.columns.keys, "width": page.table.columnWidth(0)}
    settle(qtbot, opened)
    opened.window.frame = None
    opened._opened = None  # the desk belongs to its fixture
    opened.window.close()
    return found


def test_the_next_window_is_as_the_last_one_was_left(
    qtbot: QtBot, left: dict[str, Any], desk: Desk, tmp_path: Path
) -> None:
    again = Program(Remembered(tmp_path / "window.ini"))
    qtbot.addWidget(again.window, before_close_func=lambda _: setattr(again, "_opened", None))
    again.window.show()
    again.show_desk(desk)
    settle(qtbot, again)
    assert (again.window.width(), again.window.height()) == (761, 689)
    today = again.window.frame.page
    assert isinstance(today, TodayPage)
    (go_on,) = [each for each in today.findChildren(QPushButton) if each.text().startswith("继续：")]
    go_on.click()
    page = again.window.frame.page
    assert isinstance(page, HouseholdList)
    assert {"where": page.where, "ids": page.ids, "columns": page.columns.keys} == {
        key: left[key] for key in ("where", "ids", "columns")
    }
    assert page.findChild(TableView).columnWidth(0) == pytest.approx(left["width"], abs=1)
    settle(qtbot, again)
    again.window.frame = None


def test_another_process_finds_it_too(left: dict[str, Any], tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-c", _LOOK, str(tmp_path / "window.ini")], capture_output=True, text=True, check=True
    )
    assert made.stdout.split() == ["761", "689", "households", "-group"]


def test_a_computer_that_goes_out_forgets_no_window(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    """The window is not closed: a second process finds its size all the same."""
    program.window.resize(777, 655)
    file = tmp_path / "window.ini"
    qtbot.waitUntil(lambda: file.exists() and b"geometry" in file.read_bytes(), timeout=10_000)
    made = subprocess.run([sys.executable, "-c", _LOOK, str(file)], capture_output=True, text=True, check=True)
    assert made.stdout.split()[:2] == ["777", "655"]
