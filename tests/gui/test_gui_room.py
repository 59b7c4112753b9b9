"""Little room and large letters: fewer columns, words in several lines, dialogs no larger than their window."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from ui import style
from ui.fields.lines import text_field
from ui.fields.rows import FieldRow, grid
from ui.fields.wrapped import WrappedChoice, WrappedLink
from ui.page import resize_dialog, scrolled, split
from ui.tight import TightTabs


def _shown(qtbot: QtBot, widget: QWidget, wide: int, high: int = 300) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(wide, high)
    widget.show()
    QApplication.processEvents()
    return widget


def test_fields_stand_in_as_many_columns_as_there_is_room_for(qtbot: QtBot, qapp) -> None:
    style.apply(qapp, "light", 100)
    host = QWidget()
    rows = [FieldRow(f"field {n}", text_field()) for n in range(4)]
    host.setLayout(grid(rows, 4))
    _shown(qtbot, host, 900)
    assert len({row.y() for row in rows}) == 1
    for wide, lines in ((450, 2), (160, 4), (900, 1)):
        host.resize(wide, 400)
        QApplication.processEvents()
        assert len({row.y() for row in rows}) == lines, wide
        assert all(row.geometry().right() < wide for row in rows)


def test_what_scrolls_down_asks_for_the_width_of_its_content(qtbot: QtBot) -> None:
    wide = QWidget()
    wide.setMinimumWidth(345)
    area = scrolled(wide)
    assert area.minimumSizeHint().width() >= 345
    both = split((QWidget(), 30), (area, 10))
    _shown(qtbot, both, 500)
    assert area.width() >= 345


def test_a_long_line_takes_more_lines_where_it_is_narrow(qtbot: QtBot) -> None:
    for kind in (WrappedLink, WrappedChoice):
        made = kind("one two three four five six seven eight nine ten eleven twelve thirteen")
        qtbot.addWidget(made)
        assert made.heightForWidth(150) > 2 * made.heightForWidth(2000)
        assert made.minimumSizeHint().width() < made.sizeHint().width() // 2
        made.resize(150, made.heightForWidth(150))
        assert not made.grab().isNull()


def test_tabs_move_closer_before_one_has_to_hide(qtbot: QtBot, qapp) -> None:
    tabs = TightTabs()
    for title in ("Basics", "Members", "Living and land", "Income", "Household events"):
        tabs.addTab(QWidget(), title)
    style.dress(tabs)
    _shown(qtbot, tabs, 2000)
    spread = tabs.tabBar().sizeHint().width()
    tabs.resize(spread - 20, 200)
    QApplication.processEvents()
    assert tabs.tabBar().sizeHint().width() < spread - 20
    tabs.resize(2000, 200)
    QApplication.processEvents()
    assert tabs.tabBar().sizeHint().width() == spread


def test_a_dialog_is_no_larger_than_the_window_behind_it(qtbot: QtBot) -> None:
    window = _shown(qtbot, QWidget(), 500, 300)
    dialog = QDialog(window)
    resize_dialog(dialog, 10, 400)
    assert dialog.size() == QSize(10 * style.letters(), 300)
