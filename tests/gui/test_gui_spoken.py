"""The main job without eyes and without a mouse: what is read out from the set-up to the first notice.

The words are kept in ``docs/spoken.md``; ``SPOKEN_RENEW=1 pytest tests/gui/test_gui_spoken.py`` renews them after a
change that is meant.
"""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui import speech
from tests.gui.windowed import HOUSEHOLDS, PASSPHRASE, Answers, settle
from ui.app import Program
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage
from villagedesk.text import tr

TEXT = Path(__file__).resolve().parents[2] / "docs" / "spoken.md"
_MOST = 120

_HEAD = """# What is read out on the way to the first notice

Made and held by `tests/gui/test_gui_spoken.py`: the program is worked by keys alone. Every stop of the cursor and every
message is written down as the accessibility interface tells it to a screen reader (name · role: value (more)). `>` is a
key, `»` text that was typed, `!` a message.
"""


class Ear(QObject):
    """Hears what a screen reader says, and works the keys."""

    def __init__(self, qtbot: QtBot, program: Program) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._qtbot = qtbot
        self._program = program
        QApplication.instance().focusChanged.connect(self._on_focus)
        program.window.messages.told.connect(self._on_told)

    def chapter(self, title: str) -> None:
        """What is done from here on."""
        self.lines += ["", f"## {title}", ""]

    def reach(self, name: str) -> QWidget:
        """Press Tab until what is called ``name`` has the cursor."""
        for _ in range(_MOST):
            here = QApplication.focusWidget()
            if here is not None and name in speech.spoken(here).name:
                return here
            QTest.keyClick(here or self._program.window, Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not come to “{name}”; the last lines: {self.lines[-12:]}")

    def press(self, name: str) -> None:
        """Go to a button and press it."""
        button = self.reach(name)
        self.lines.append("> Space")
        QTest.keyClick(button, Qt.Key.Key_Space)
        self.wait()

    def keys(self, said: str, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, wherever the cursor is."""
        self.lines.append(f"> {said}")
        QTest.keyClick(QApplication.focusWidget() or self._program.window, key, held)
        self.wait()

    def until(self, name: str) -> None:
        """Until the button called ``name`` can be pressed."""
        buttons = self._program.window.findChildren(QPushButton)
        self._qtbot.waitUntil(lambda: any(one.text() == name and one.isEnabled() for one in buttons))
        self.wait()

    def types(self, words: str, into: str, *, secret: bool = False) -> None:
        """Text as an input method commits it."""
        line = self.reach(into)
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(line, event)
        self.lines.append("» " + ("•" * len(words) if secret else words))
        self.wait()

    def wait(self) -> None:
        """Until nothing works behind the window."""
        self._qtbot.wait(30)
        settle(self._qtbot, self._program)
        QApplication.processEvents()

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None:
            return
        value = now.text() if isinstance(now, QLineEdit) else now.currentText() if isinstance(now, QComboBox) else ""
        shown = f": {value}" if value and "/" not in value and not _hidden(now) else ""
        more = f" ({now.accessibleDescription()})" if now.accessibleDescription() else ""
        self.lines.append(f"- {speech.spoken(now)}{shown}{more}")

    def _on_told(self, _tone: str, text: str) -> None:
        self.lines.append(f"! {text}")


def _hidden(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit) and widget.echoMode() is not QLineEdit.EchoMode.Normal


def test_the_first_notice_is_reached_by_ear(
    qtbot: QtBot, program: Program, village: GeneratedVillage, tmp_path: Path, answers: Answers, monkeypatch: Any
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("ui.messages._READ_AFTER", 0)  # however quick the machine is, good news was read
    roster = tmp_path / "roster.xlsx"
    write_roster(village, roster, "full")
    answers.yes, answers.path = True, roster
    ear = Ear(qtbot, program)
    program.window.activateWindow()
    qtbot.waitActive(program.window)
    _set_up(ear)
    _take_in(ear)
    _print(ear, answers, tmp_path / "list.pdf")
    assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")
    ear.lines = [re.sub(r"[0-9A-Z]{5}(-[0-9A-Z]{5})+", "•••••", line) for line in ear.lines]
    said = _HEAD + re.sub(r"20\d\d-?\d\d-?\d\d", "2026-01-01", "\n".join(line.rstrip() for line in ear.lines)) + "\n"
    if os.environ.get("SPOKEN_RENEW"):
        TEXT.write_text(said, "utf-8")
    assert said == TEXT.read_text("utf-8")
    program.desk.close()


def _set_up(ear: Ear) -> None:
    ear.chapter("设立工作台")
    ear.press(tr("Set up a desk for my village"))
    ear.types("泗洪 盛圩", tr("Name of the village"))
    ear.until(tr("Next"))
    ear.press(tr("Next"))
    ear.press(tr("Next"))
    ear.types("李工", tr("Your name"))
    ear.types(PASSPHRASE, tr("Passphrase"), secret=True)
    ear.types(PASSPHRASE, tr("The same once more"), secret=True)
    ear.press(tr("Make the desk"))
    ear.press(tr("The sheet is printed, or the key is written down, and locked away from the laptop."))
    ear.press(tr("Begin"))


def _take_in(ear: Ear) -> None:
    ear.chapter("导入去年的花名册")
    ear.keys("Ctrl+I", Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    ear.press(tr("Choose the file"))
    ear.press(tr("Import {n} {n:household|households}", n=HOUSEHOLDS))


def _print(ear: Ear, answers: Answers, target: Path) -> None:
    ear.chapter("第一份公示")
    ear.keys("Ctrl+5", Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    kinds = ear.reach(tr("Kind of notice"))
    assert isinstance(kinds, QComboBox)
    for _ in range(kinds.findData("dwellings")):
        ear.keys("Down", Qt.Key.Key_Down)
    ear.lines.append(f"- {speech.spoken(kinds)}: {kinds.currentText()}")
    ear.press(tr("Draft it from the records"))
    ear.types((datetime.now().astimezone().date() + timedelta(days=1)).strftime("%Y%m%d"), tr("First day on the board"))
    ear.press(tr("Set the days"))
    answers.path = target
    ear.press(tr("Save as PDF"))
