"""Language and look change in the open window: everything in it is made anew, and the user stays where he was."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ui import style
from ui.app import Program
from ui.settings.look import LookTab
from ui.welcome.entrance import speak_anew
from villagedesk import text
from villagedesk.text import tr


def _look(program: Program) -> LookTab:
    program.window.go("settings", field="look")
    return program.window.frame.page.findChild(LookTab)


@pytest.fixture(autouse=True)
def _chinese_again():
    yield
    speak_anew(QApplication.instance(), "zh_CN")


def test_another_language_needs_no_restart(qtbot: QtBot, opened: Program) -> None:
    before = opened.window.frame
    tab = _look(opened)
    tab._language.setCurrentIndex(tab._language.findData("en"))
    tab._on_language()
    qtbot.waitUntil(lambda: opened.window.frame is not before)
    frame = opened.window.frame
    assert text.language() == "en"
    assert frame.key == "settings"
    assert frame.navigation.item(0).text() == "Today"
    assert opened.remembered.word("language") == "en"
    menu = [action.text() for action in opened.window.menuBar().actions()]
    assert menu[-1] == "Help"
    frame.page.tabs.setCurrentIndex(0)
    assert {b.text() for b in frame.page.findChildren(QPushButton)} & {"Save", "Make a backup"}


def test_another_look_draws_the_icons_anew(qtbot: QtBot, opened: Program) -> None:
    before = opened.window.frame
    tab = _look(opened)
    tab._look.setCurrentIndex(tab._look.findData("dark"))
    tab._scale.setCurrentIndex(tab._scale.findData("150"))
    tab._on_look()
    qtbot.waitUntil(lambda: opened.window.frame is not before)
    navigation = opened.window.frame.navigation
    image = navigation.item(0).icon().pixmap(24, 24).toImage()
    inks = {
        image.pixelColor(x, y).name() for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() == 255
    }
    assert inks & {style.DARK.text}
    assert style.letters() == 21


def test_what_is_not_saved_is_asked_for_first(qtbot: QtBot, opened: Program, answers) -> None:
    tab = _look(opened)
    opened.window.frame.page.village.binder.put("note", "half a sentence")
    answers.save = "stay"
    before = opened.window.frame
    tab._language.setCurrentIndex(tab._language.findData("en"))
    tab._on_language()
    qtbot.wait(50)
    assert opened.window.frame is before
    assert (text.language(), tab._language.currentData()) == ("zh_CN", "zh_CN")
    assert answers.asked


def test_the_welcome_page_changes_with_one_click(qtbot: QtBot, program: Program) -> None:
    program.entrance.show_welcome()
    chosen = next(b for b in program.window.front.findChildren(QPushButton) if b.text() == "English")
    chosen.click()
    shown = {label.text() for label in program.window.front.findChildren(QLabel)}
    assert "VillageDesk" in shown
    assert tr("Restore from a backup") == "Restore from a backup"
