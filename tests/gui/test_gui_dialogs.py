"""A dialog that was answered goes, a long one card by card."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from ui.messages import MessageBar, Messages
from ui.slices import SlicedCards


def test_an_answered_dialog_goes(qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = QDialog(window)
    gone: list[str] = []
    dialog.destroyed.connect(lambda *_: gone.append("gone"))
    QTimer.singleShot(0, dialog.accept)
    assert Messages(window, MessageBar(window)).show_dialog(dialog)
    qtbot.waitUntil(lambda: len(gone) == 1)


def test_long_cards_go_one_a_turn(qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    cards = SlicedCards((QLabel(str(number)) for number in range(5)), window)
    QVBoxLayout(window).addWidget(cards)
    cards.begin()
    cards.complete()
    steps: list[str] = []
    for label in window.findChildren(QLabel):
        label.destroyed.connect(lambda *_: steps.append("card"))
    QTimer.singleShot(0, lambda: steps.append("turn"))
    assert steps == []
    cards.take_down(lambda: steps.append("last"))
    qtbot.waitUntil(lambda: "last" in steps)
    assert [step for step in steps if step != "turn"] == ["card"] * 5 + ["last"]
    assert steps.index("turn") < 4
