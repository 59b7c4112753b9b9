"""What has the cursor is seen: whoever is led to a field, or goes on by Enter, finds it in the part that is shown."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from ui import style

_AGAIN_AFTER = 80  # milliseconds: what was just put on the page is laid out in more than one turn


class InView(QObject):
    """Scrolls to the cursor. Qt does so for Tab only, and not when the program moves the cursor."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._here: QWidget | None = None
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._on_turn)
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._on_focus)

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """A press of the mouse moves nothing: what was pressed would no longer be below it."""
        if now is not None and not QApplication.mouseButtons().value:
            self._here = now
            self._turn.start(0)

    def _on_turn(self) -> None:
        here = self._here
        if here is None or not isValid(here) or not here.hasFocus():
            self._here = None
            return
        above: QWidget | None = here.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(here, 0, style.letters() * 4)
            above = above.parentWidget()
        if self._turn.interval() == 0:
            self._turn.start(_AGAIN_AFTER)
