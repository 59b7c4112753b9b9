"""The real program with somebody looking over its shoulder: what is in front is written down, nothing is pressed.

    python -m tests.gui.witness NOTES [DESK]

``NOTES/state.json`` is renewed after every turn of the event loop that changed something. Two things no X client can
do from outside happen here on request: text committed by an input method (``NOTES/commit``).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QTimer, qInstallMessageHandler
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from ui.app import Program, make_application
from ui.remembered import Remembered

_TURN = 20  # milliseconds


class Witness:
    """Looks at the program every few milliseconds."""

    def __init__(self, program: Program, notes: Path) -> None:
        self._program = program
        self._notes = notes
        self._said: list[str] = []
        self._longest: dict[str, float] = {}
        self._before = ""
        self._spent = time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(_TURN)
        qInstallMessageHandler(lambda _kind, _where, text: self._said.append(text))

    def _look(self) -> None:
        page = (
            self._program.window.frame.key if self._program.window.frame else type(self._program.window.front).__name__
        )
        spent = time.thread_time()
        self._longest[page] = max(self._longest.get(page, 0.0), (spent - self._spent) * 1000)
        self._commit()
        told = json.dumps(self._state(page), ensure_ascii=False)
        if told != self._before:
            part = self._notes / "state.part"
            part.write_text(told, encoding="utf-8")
            part.replace(self._notes / "state.json")
            self._before = told
        self._spent = time.thread_time()

    def _state(self, page: str) -> dict[str, Any]:
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._program.window
        focus = QApplication.focusWidget()
        return {
            "page": page,
            "top": type(top).__name__,
            "focus": _name(focus) if focus else "",
            "text": focus.text() if isinstance(focus, QLineEdit) else "",
            "message": self._program.window._bar.text if self._program.window._bar.isVisible() else "",
            "chosen": top.activeAction().text() if isinstance(top, QMenu) and top.activeAction() else "",
            "seen": focus is None or not focus.visibleRegion().isEmpty(),
            "labels": [shown.text() for shown in top.findChildren(QLabel) if shown.isVisible()],
            "jobs": len(self._program.jobs.running),
            "places": {name: place for widget in top.findChildren(QWidget) for name, place in self._place(widget)},
            "said": self._said,
            "longest": {key: round(value) for key, value in self._longest.items()},
        }

    def _place(self, widget: QWidget) -> list[tuple[str, list[int]]]:
        if not isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit | QComboBox | QTableView):
            return []
        if not (widget.isVisible() and widget.isEnabled()):
            return []
        if isinstance(widget, QTableView):
            return list(_rows(widget))
        name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
        ratio, inset = widget.devicePixelRatioF(), 12 if isinstance(widget, QAbstractButton) else widget.width() // 2
        middle = widget.mapToGlobal(QPoint(inset, widget.height() // 2))
        return [(name, [round(middle.x() * ratio), round(middle.y() * ratio)])] if name else []

    def _commit(self) -> None:
        wanted = self._notes / "commit"
        focus = QApplication.focusWidget()
        if wanted.exists() and focus is not None:
            text = wanted.read_text(encoding="utf-8")
            wanted.unlink()
            QApplication.sendEvent(focus, QInputMethodEvent("".join("x" for _ in text), []))  # what is being typed
            done = QInputMethodEvent()
            done.setCommitString(text)
            QApplication.sendEvent(focus, done)


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or words or type(widget).__name__


def _rows(table: QTableView) -> Iterator[tuple[str, list[int]]]:
    """Each row in view by the name of the table and its number."""
    ratio = table.devicePixelRatioF()
    for number in range(min(20, table.model().rowCount())):
        middle = table.viewport().mapToGlobal(table.visualRect(table.model().index(number, 1)).center())
        yield f"{table.accessibleName()}:{number}", [round(middle.x() * ratio), round(middle.y() * ratio)]


def main(notes: Path, folder: Path | None) -> int:
    """Run the program until its window is closed."""
    remembered = Remembered()
    app = make_application(sys.argv[:1], remembered, os.environ.get("STORY_LANGUAGE", ""))
    program = Program(remembered, folder=folder)
    sys.excepthook = program.on_mistake
    program.window.resize(1340, 700)
    program.start()
    witness = Witness(program, notes)
    status = app.exec()
    witness._timer.stop()
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
