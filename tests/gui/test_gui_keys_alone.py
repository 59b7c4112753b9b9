"""Nothing needs the mouse: where the cursor stands on a page, what Enter does, what the sheet of keys names."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.windowed import PASSPHRASE, settle
from ui import doors, style
from ui.app import Program
from ui.inview import InView
from ui.keymap import _KEYS, KeyMap
from ui.pagemenu import PageMenu
from ui.pages import PAGES
from ui.progress import JobBar
from ui.tables import TableView
from ui.welcome.entrance import speak_anew
from ui.welcome.unlock import UnlockPage
from ui.welcome.welcome import WelcomePage
from ui.welcome.wizard import SetUpWizard
from villagedesk import text
from villagedesk.desk import Desk
from villagedesk.errors import Cancelled
from villagedesk.text import say, tr

_ONLY_THERE = {"Esc", "Ctrl+F"}  # keys of the manual, named on its own page


def _focused() -> QWidget:
    here = QApplication.focusWidget()
    assert here is not None
    return here


def _commit(words: str) -> None:
    """Chinese, as an input method hands it over."""
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(_focused(), event)


def _native(key: QKeySequence | str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _place(key: str, desk: Desk) -> dict[str, str]:
    household = desk.lists.household_ids(None, "group")[0]
    return {"household_id": household} if key in {"household", "plan", "event"} else {}


def _enter(qtbot: QtBot) -> None:
    qtbot.keyClick(_focused(), Qt.Key.Key_Return)


def _wizard(qtbot: QtBot, program: Program) -> SetUpWizard:
    program.window.activateWindow()
    qtbot.waitActive(program.window)
    program.entrance.show_welcome()
    assert _focused().accessibleName() == tr("Set up a desk for my village")
    _enter(qtbot)
    wizard = program.window.front
    assert isinstance(wizard, SetUpWizard)
    settle(qtbot, program)
    return wizard


def test_enter_leads_through_the_set_up(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    wizard = _wizard(qtbot, program)
    assert _focused() is wizard.village._words
    assert _focused().accessibleDescription() == tr("Which village does this desk serve?")
    _commit("泗洪 盛圩")
    _enter(qtbot)  # before the table has answered
    qtbot.waitUntil(lambda: _focused() is wizard.policy._list, timeout=10_000)
    _enter(qtbot)
    _commit("李工")
    _enter(qtbot)
    assert _focused() is wizard.secret._first
    qtbot.keyClicks(_focused(), PASSPHRASE)
    _enter(qtbot)
    wizard.secret._folder.setText(str(tmp_path / "mine"))
    _enter(qtbot)  # the second line is empty still: nothing happens but that the cursor stays with it
    assert _focused() is wizard.secret._second
    qtbot.keyClicks(_focused(), PASSPHRASE)
    _enter(qtbot)
    settle(qtbot, program)
    assert wizard.recovery._key.text()
    qtbot.keyClick(_focused(), Qt.Key.Key_Tab)
    qtbot.keyClick(_focused(), Qt.Key.Key_Tab)
    qtbot.keyClick(_focused(), Qt.Key.Key_Space)
    _enter(qtbot)
    settle(qtbot, program)
    assert program.desk is not None
    assert _focused().text() == tr("Import last year's list")
    program.desk.close()


def test_of_several_villages_the_newcomer_chooses(qtbot: QtBot, program: Program) -> None:
    wizard = _wizard(qtbot, program)
    _commit("泗洪 盛")
    _enter(qtbot)
    qtbot.waitUntil(lambda: _focused() is wizard.village._list, timeout=10_000)
    assert wizard.village._list.count() > 1
    assert wizard._steps.currentIndex() == 0


def test_a_village_found_for_other_words_is_no_answer(qtbot: QtBot, program: Program) -> None:
    wizard = _wizard(qtbot, program)
    _commit("泗洪 盛圩")
    qtbot.waitUntil(lambda: wizard.village.answer is not None, timeout=10_000)
    _commit("村")
    assert wizard.village.answer is None
    assert not wizard.next.isEnabled()


def test_the_recovery_key_can_be_read_by_keys(qtbot: QtBot, program: Program) -> None:
    wizard = _wizard(qtbot, program)
    wizard.made("AAAAA-BBBBB")
    assert wizard.recovery._key.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert wizard.recovery._key.accessibleDescription() == "AAAAA-BBBBB"  # heard too


def test_no_second_way_is_begun_while_one_is_under_way(qtbot: QtBot, program: Program, monkeypatch) -> None:
    def fails(_folder: Path):
        def work(_step):
            raise Cancelled

        return work

    program.entrance.show_welcome()
    monkeypatch.setattr(doors, "make_demo", fails)
    program.window.front.way_chosen.emit("demo")
    ways = [way for way in program.window.front.findChildren(QPushButton) if way.property("way")]
    assert not any(way.isEnabled() for way in ways)
    settle(qtbot, program)
    assert isinstance(program.window.front, WelcomePage)
    assert all(way.isEnabled() for way in ways)


def test_long_work_is_to_be_seen_before_a_desk_is_open(qtbot: QtBot, program: Program) -> None:
    release = threading.Event()
    job = program.jobs.store(say("Making the demo village"), lambda _step: release.wait(20))
    bar = program.window.findChild(JobBar)
    place = program.window.front.geometry()
    qtbot.waitUntil(bar.isVisible, timeout=5_000)
    assert _ground_of_the_line(program) == style.tokens().raised
    assert program.window.front.geometry() == place  # nothing moves under the mouse
    release.set()
    qtbot.waitUntil(lambda: job not in program.jobs.running, timeout=5_000)
    assert _ground_of_the_line(program) == style.tokens().ground


def _ground_of_the_line(program: Program) -> str:
    """The colour of the line below as it is drawn, at its free end."""
    window, line = program.window, program.window.statusBar()
    at = line.mapTo(window, line.rect().bottomRight()) - QPoint(2, 2)
    return window.grab().toImage().pixelColor(at).name()


def test_a_demo_village_made_by_half_is_never_opened(tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done > 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        doors.make_demo(tmp_path / "demo")(stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", [kind.key for kind in PAGES])
def test_the_cursor_comes_along_to_every_page(qtbot: QtBot, opened: Program, desk: Desk, key: str) -> None:
    opened.window.activateWindow()
    qtbot.waitActive(opened.window)
    opened.window.frame.navigation.setFocus()
    opened.window.go(key, **_place(key, desk))
    settle(qtbot, opened)
    page = opened.window.frame.page
    assert page is not None
    assert page is _focused() or page.isAncestorOf(_focused())
    tables = [table for table in page.findChildren(TableView) if table.isVisible() and table.model().rowCount()]
    assert not tables or not isinstance(_focused(), QComboBox)


def test_whoever_is_led_to_a_field_sees_it(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    InView(opened.window)
    opened.window.activateWindow()
    qtbot.waitActive(opened.window)
    household = desk.lists.household_ids(None, "group")[0]
    opened.window.go("household", household_id=household, field="members.0.medical_resident")
    qtbot.waitUntil(lambda: not _focused().visibleRegion().isEmpty(), timeout=5_000)
    assert tr("No") in _focused().accessibleName() or tr("Yes") in _focused().accessibleName()


def test_enter_presses_the_button_that_has_the_cursor(qtbot: QtBot, program: Program, prepared: Path) -> None:
    program.entrance.show_unlock(prepared / "desk")
    page = program.window.front
    assert isinstance(page, UnlockPage)
    program.window.activateWindow()
    qtbot.waitActive(program.window)
    page._other.setFocus()
    _enter(qtbot)
    assert isinstance(program.window.front, WelcomePage)


def test_every_key_stands_on_the_sheet_of_keys(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    sheet = KeyMap()
    qtbot.addWidget(sheet)
    named = {label.text() for label in sheet.findChildren(QLabel)}
    named |= {_native(key.replace("Enter", "Return")) for group in _KEYS for key, _ in group[1]}
    used = {_native(action.shortcut()) for action in opened.window.actions()}
    for menu in opened.window.menuBar().findChildren(QWidget):
        used |= {_native(action.shortcut()) for action in menu.actions()}
    for kind in PAGES:
        opened.window.go(kind.key, **_place(kind.key, desk))
        used |= {_native(made.key()) for made in opened.window.findChildren(QShortcut)}
    numbered = {f"Ctrl+{n}" for n in range(1, 9)}
    assert used - numbered - _ONLY_THERE - named - {""} == set()


def test_the_menu_of_the_page_says_what_each_button_is_for(qtbot: QtBot, opened: Program) -> None:
    opened.window.go("exits")
    settle(qtbot, opened)
    menu = PageMenu(opened.window.frame)
    qtbot.waitUntil(opened.window.frame.page.case.isVisible)
    menu.fill()
    words = [action.text() for action in menu.actions()]
    assert tr("Mend") not in words
    assert sum(word.startswith(tr("Mend: {text}", text="")) for word in words) > 1


@pytest.mark.parametrize(("language", "word"), [("zh_CN", "查找范围："), ("en", "&Look in:")])
def test_the_dialog_that_chooses_a_file_speaks_the_language_too(qapp, language: str, word: str) -> None:
    speak_anew(qapp, language)
    try:
        assert QCoreApplication.translate("QFileDialog", "&Look in:") == word
        assert QCoreApplication.translate("QFileDialog", "nothing of Qt") == "nothing of Qt"
    finally:
        speak_anew(qapp, text.DEFAULT_LANGUAGE)


def test_good_news_of_the_page_before_goes_and_a_warning_stays(qtbot: QtBot, opened: Program, monkeypatch) -> None:
    bar = opened.window._bar
    for tone, stays in (("ok", False), ("warn", True)):
        opened.window.messages.tell("said", tone, say("Open"), lambda: None)
        monkeypatch.setattr(bar, "_since", bar._since - 10)
        opened.window.go("findings" if opened.window.frame.key == "notices" else "notices")
        assert bar.isVisible() is stays
