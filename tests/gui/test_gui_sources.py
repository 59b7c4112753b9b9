"""The document behind a rule, a criterion, a figure, a field: under the mouse, by Shift+F1, below the findings."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QTabWidget, QWhatsThis, QWidget
from pytestqt.qtbot import QtBot

from ui.app import Program
from ui.fields.rows import FieldRow
from ui.households.spec import HOUSEHOLD, LIVING, MEMBER
from ui.keymap import KeyMap
from ui.plans.wishes import WishesTab
from ui.register import RegisterTab


@pytest.fixture
def form(opened: Program, qtbot: QtBot):
    opened.window.go("household", household_id=opened.desk.lists.household_ids(None, "group")[0])
    return opened.window.frame.page


def test_every_field_of_the_household_file_tells_its_source(qtbot: QtBot, form) -> None:
    for number, (parts, prefix) in enumerate(((HOUSEHOLD, ""), (MEMBER, "members.0."), (LIVING, ""))):
        form.tabs.setCurrentIndex(number)
        names = [prefix + spec.name for part in parts for spec in part.fields]
        qtbot.waitUntil(lambda names=names: all(form.binder.row_of(name) for name in names), timeout=20_000)
        for name in names:
            assert "依据：" in form.binder.row_of(name).editor.whatsThis(), name


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_shift_f1_shows_the_source_of_the_field_that_has_the_cursor(qtbot: QtBot, form) -> None:
    row = form.binder.row_of("address")
    row.editor.setFocus()
    qtbot.keyClick(QApplication.focusWidget() or row.editor, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    shown = [w for w in QApplication.topLevelWidgets() if type(w).__name__ == "QWidget" and w.isVisible()]
    assert any(w.metaObject().className() == "QWhatsThat" for w in shown)
    QWhatsThis.hideText()


def test_every_item_of_the_income_statement_tells_its_source(qtbot: QtBot, form) -> None:
    form.tabs.setCurrentIndex(3)
    items = len(form.income.binder.draft.lines)
    qtbot.waitUntil(lambda: len(_amounts(form)) >= items > 0, timeout=20_000)
    amounts = _amounts(form)
    assert all("依据：" in row.editor.whatsThis() for row in amounts)


def _amounts(form) -> list[FieldRow]:
    return [row for path, row in form.income.binder.placed if path.endswith(".amount")]


def test_the_rule_of_a_finding_is_told_below_the_list(qtbot: QtBot, opened: Program) -> None:
    opened.window.go("findings")
    page = opened.window.frame.page
    qtbot.waitUntil(lambda: page.model.rowCount() > 0)
    for number in range(page.model.rowCount()):
        page.table.selectRow(number)
        rule = page.table.current_row().rule
        told = str(opened.desk.sources.of_rule(rule).told)
        assert told in page._source.text()
        assert rule in page._source.text()
        assert page.table.whatsThis() == page._source.text()


def test_criteria_and_blockers_of_an_exit_tell_their_source(opened: Program) -> None:
    opened.window.go("exits")
    case = opened.window.frame.page.case
    lines = [frame for frame in case.findChildren(QFrame) if frame.toolTip().startswith("依据：")]
    row = opened.window.frame.page.table.current_row()
    assert len(lines) >= len(row.assessments) + len(row.blockers)
    assert all(b.whatsThis() for line in lines for b in line.findChildren(QPushButton))


def test_the_key_is_on_the_sheet_of_keys(qtbot: QtBot) -> None:
    sheet = KeyMap()
    qtbot.addWidget(sheet)
    assert "Shift+F1" in {label.text() for label in sheet.findChildren(QLabel)}


def _all_tabs(page: QWidget) -> None:
    for tabs in page.findChildren(QTabWidget):
        for number in range(tabs.count()):
            tabs.setCurrentIndex(number)


@pytest.mark.parametrize("key", ["projects", "money", "village", "reports"])
def test_every_field_of_a_register_tells_its_source(opened: Program, key: str) -> None:
    opened.window.go(key)
    page = opened.window.frame.page
    _all_tabs(page)
    rows = [(tab.kind.name, path, row) for tab in page.findChildren(RegisterTab) for path, row in tab.binder.placed]
    assert rows
    assert [(name, path) for name, path, row in rows if "依据：" not in row.editor.whatsThis()] == []


def test_a_wish_tells_its_source_and_that_of_what_it_is_about(opened: Program, desk) -> None:
    opened.window.go("plan", household_id=desk.lists.household_ids(None, "group")[0])
    _all_tabs(opened.window.frame.page)
    wishes = opened.window.frame.page.findChild(WishesTab)
    assert [path for path, row in wishes.binder.placed if "依据：" not in row.editor.whatsThis()] == []
    wishes.binder.put("kind", "02")
    wishes._on_kind()
    assert "XJ-7.3" in wishes.binder.row_of("kind").editor.whatsThis()
    wishes.show_household(desk.households.get(desk.lists.household_ids(None, "group")[0]))
