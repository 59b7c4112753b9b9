"""Little room and large letters: fewer columns, words in several lines, dialogs no larger than their window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui import style
from ui.app import Program
from ui.beside import split
from ui.fields.lines import text_field
from ui.fields.rows import FieldRow, grid
from ui.fields.wrapped import WrappedChoice, WrappedLink, WrappedTick
from ui.inview import InView
from ui.page import resize_dialog, scrolled
from ui.remembered import Remembered
from ui.stack import Stack
from ui.tight import TightTabs
from ui.window import Window
from villagedesk.desk import Desk


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


def test_parts_stand_below_each_other_where_there_is_no_room_beside(qtbot: QtBot) -> None:
    parts = QWidget(), QWidget()
    for part in parts:
        part.setMinimumSize(300, 100)
    both = split((parts[0], 10), (parts[1], 10))
    host = QWidget()
    QVBoxLayout(host).addWidget(both)
    _shown(qtbot, host, 700, 400)
    assert both.minimumSizeHint().width() == 300
    qtbot.waitUntil(lambda: parts[1].x() > parts[0].x())
    for wide, beside in ((500, False), (700, True)):
        host.resize(wide, 400)
        qtbot.waitUntil(lambda: (parts[1].y() == parts[0].y()) is beside)  # noqa: B023  waited for in the loop
        assert both.minimumSizeHint().height() == (100 if beside else 200 + both.handleWidth())


def test_a_tick_with_many_words_takes_more_lines(qtbot: QtBot) -> None:
    made = WrappedTick("one two three four five six seven eight nine ten eleven twelve thirteen")
    qtbot.addWidget(made)
    assert made.heightForWidth(150) > 2 * made.heightForWidth(2000)
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert made.isChecked()


def test_the_window_is_no_larger_than_its_screen_on_the_first_day(program: Program, tmp_path: Path) -> None:
    room = program.window.screen().availableSize()
    style.apply(QApplication.instance(), "light", 200)
    fresh = Window(Remembered(tmp_path / "fresh.ini"), program.jobs)
    assert fresh.width() <= room.width()
    assert fresh.height() < room.height()
    fresh.deleteLater()


def test_a_page_is_opened_at_its_title_and_the_first_key_leads_to_the_cursor(qtbot: QtBot, opened: Program) -> None:
    style.apply(QApplication.instance(), "light", 200)
    window = opened.window
    window.resize(1366, 480)
    InView(window)
    window.go("households")
    page = window.frame.page
    stack = page.parentWidget().parentWidget().parentWidget().parentWidget()
    assert isinstance(stack, Stack)
    qtbot.wait(200)
    assert stack.verticalScrollBar().maximum() > 0, "nothing to scroll: no test"
    assert stack.verticalScrollBar().value() == 0
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: stack.verticalScrollBar().value() > 0)


def test_a_field_that_somebody_is_led_to_is_seen_at_once(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    style.apply(QApplication.instance(), "light", 200)
    window = opened.window
    window.resize(1366, 700)
    InView(window)
    window.go("household", household_id=desk.lists.household_ids(None, "group")[0], field="phone")
    qtbot.waitUntil(lambda: not QApplication.focusWidget().visibleRegion().isEmpty())


def test_a_field_reached_by_a_click_is_seen(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    style.apply(QApplication.instance(), "light", 200)
    window = opened.window
    window.resize(1366, 480)
    InView(window)
    window.go("household", household_id=desk.lists.household_ids(None, "group")[0])
    form = window.frame.page
    qtbot.wait(150)
    bar = window.frame.findChildren(Stack)[0].verticalScrollBar()
    assert bar.value() == 0
    back = QPushButton("mend", form)
    back.setGeometry(0, 0, 50, 20)
    back.clicked.connect(lambda: form.show_field("phone"))
    back.show()
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not QApplication.focusWidget().visibleRegion().isEmpty() and bar.value() > 0)


def test_the_search_box_gives_way_before_the_window_scrolls_aside(opened: Program) -> None:
    style.apply(QApplication.instance(), "light", 200)
    opened.show_desk(opened.desk)
    QApplication.processEvents()
    assert opened.window.frame.minimumSizeHint().width() <= 1366


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
