"""The window is light or dark as the computer is, when its user chose so; the last steps are one key away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui import style
from ui.app import Program


@pytest.mark.parametrize(("scheme", "look"), [(Qt.ColorScheme.Dark, "dark"), (Qt.ColorScheme.Light, "light")])
def test_the_window_follows_the_computer_when_asked(
    qtbot: QtBot,
    opened: Program,
    qapp: QApplication,
    scheme: Qt.ColorScheme,
    look: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened.remembered.keep("look", style.SYSTEM)
    monkeypatch.setattr(style, "system_look", lambda _app: "dark" if scheme is Qt.ColorScheme.Dark else "light")
    before = opened.window.frame
    opened.window.follow_system()
    qtbot.waitUntil(lambda: opened.window.frame is not before)
    assert qapp.property("look") == look
    assert style.tokens() == style.LOOKS[look]


def test_a_look_of_ones_own_stays(opened: Program, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.remembered.keep("look", "light")
    monkeypatch.setattr(style, "system_look", lambda _app: "dark")
    opened.window.follow_system()
    assert qapp.property("look") == "light"


def test_the_last_steps_are_in_the_menu(opened: Program) -> None:
    acts = {act.shortcut().toString(): act for act in opened.window.findChildren(QAction)}
    acts["Ctrl+Alt+Z"].trigger()
    assert opened.window.frame.key == "settings"
    assert opened.window.frame.page.tabs.currentWidget() is opened.window.frame.page.acts
