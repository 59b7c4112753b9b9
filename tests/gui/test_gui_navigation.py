"""The navigation: groups of a week, the pages of one of them, by mouse and by key; the menus name every action."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from ui import style
from ui.app import Program
from ui.pagemenu import PageMenu
from ui.pages import GROUPS, PAGES, groups, kind_of, pages_of
from ui.tables import TableView
from villagedesk import text


def test_every_page_stands_in_a_group_and_leads_back_to_one_of_its_group() -> None:
    assert {page.group for page in PAGES} <= {group.key for group in GROUPS}
    for page in PAGES:
        if page.under:
            assert kind_of(page.under).group == page.group, page.key
            assert not kind_of(page.under).under


def test_the_group_in_front_shows_its_pages_and_the_others_fold(opened: Program) -> None:
    navigation = opened.window.frame.navigation
    opened.window.go("findings")
    shown = navigation.shown()
    assert shown == (
        *(str(g.title) for g in groups()[:2]),
        *(str(p.title) for p in pages_of("households")),
        *(str(g.title) for g in groups()[2:]),
    )
    assert navigation.currentItem().text() == str(kind_of("findings").title)
    opened.window.go("settings")
    assert str(kind_of("findings").title) not in navigation.shown()


def test_a_page_reached_from_another_marks_that_one(opened: Program) -> None:
    opened.window.go("household", household_id="")
    assert opened.window.frame.navigation.currentItem().text() == str(kind_of("households").title)


def test_keys_walk_the_groups_and_their_pages(qtbot: QtBot, opened: Program) -> None:
    window, frame = opened.window, opened.window.frame
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert frame.key == "households"
    keys = [page.key for page in pages_of("households")]
    for expected in (*keys[1:], keys[0]):
        qtbot.keyClick(window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
        assert frame.key == expected
    qtbot.keyClick(window, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert frame.key == keys[-1]
    for number, group in enumerate(groups(), 1):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.ControlModifier)
        assert kind_of(frame.key).group == group.key


def test_a_group_opens_where_it_was_left(qtbot: QtBot, opened: Program) -> None:
    opened.window.go("findings")
    opened.window.go("today")
    opened.window.frame.navigation.go_group("households")
    assert opened.window.frame.key == "findings"


@pytest.mark.parametrize("scale", [100, 150])
def test_all_groups_are_to_be_seen_on_a_small_screen(qtbot: QtBot, program: Program, desk, scale: int) -> None:
    style.apply(QApplication.instance(), "light", scale)
    program.show_desk(desk)
    program.window.resize(1366, 728)  # 768 without the task bar
    fullest = max(groups(), key=lambda group: len(pages_of(group.key)))
    program.window.go(pages_of(fullest.key)[-1].key)
    qtbot.wait(50)
    navigation = program.window.frame.navigation
    last = navigation.visualItemRect(navigation.item(navigation.count() - 1))
    assert last.bottom() <= navigation.viewport().height()


def test_the_menu_of_the_page_names_every_button_on_it(qtbot: QtBot, opened: Program) -> None:
    opened.window.go("notices")
    page = opened.window.frame.page
    menu = next(m for m in opened.window.findChildren(QMenu) if isinstance(m, PageMenu))
    menu.fill()
    named = {action.text() for action in menu.actions()}
    assert {b.text() for b in page.findChildren(QPushButton) if b.isVisible() and b.text()} <= named
    assert len(named) > 2


def test_every_page_is_in_the_menu(opened: Program) -> None:
    named = {action.text().strip() for action in opened.window.findChildren(QAction)}
    assert {str(group.title) for group in groups()} <= named
    several = [page for group in groups() if len(pages_of(group.key)) > 1 for page in pages_of(group.key)]
    assert {str(page.title) for page in several} <= named


def test_no_key_is_given_twice(opened: Program) -> None:
    keys = [action.shortcut().toString() for action in opened.window.findChildren(QAction) if action.shortcut().count()]
    assert len(keys) == len(set(keys))


def test_every_name_of_the_navigation_is_read_whole_in_large_letters(opened: Program) -> None:
    style.apply(QApplication.instance(), "light", 200)
    text.use("en")
    try:
        opened.show_desk(opened.desk)
        QApplication.processEvents()
        shown = opened.window.frame.navigation
        for number in range(shown.count()):
            shown.setRowHidden(number, False)
            high = shown.sizeHintForRow(number)
            wide = shown.fontMetrics().horizontalAdvance(shown.item(number).text())
            lines = -(-wide // (shown.width() - shown.iconSize().width() - style.letters() * 2))
            assert high >= lines * shown.fontMetrics().height(), shown.item(number).text()
    finally:
        text.use("zh_CN")


def test_the_side_buttons_of_the_mouse_go_back_and_forward(qtbot: QtBot, opened: Program) -> None:
    window = opened.window
    window.go("households")
    window.go("exits")
    for place in (lambda: window.frame.page, lambda: window.frame.page.findChild(TableView).viewport()):
        qtbot.mouseClick(place(), Qt.MouseButton.BackButton)
        assert window.frame.key == "households"
        qtbot.mouseClick(place(), Qt.MouseButton.ForwardButton)
        assert window.frame.key == "exits"
    window.show_help()
    qtbot.mouseClick(window.front, Qt.MouseButton.BackButton)
    assert window.front is window.frame
    assert window.frame.key == "exits"
