"""What has the cursor is seen: whoever is led to a field, or goes on by Enter, finds it in the part that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from ui import style
from ui.stack import Stack

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

    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        """A press of the mouse moves nothing: what was pressed would no longer be below it."""
        if before is not None:
            before.removeEventFilter(self)
        if now is not None and QApplication.mouseButtons().value:
            _leave_head(now)
        elif now is not None:
            self._here = now
            self._turn.start(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody works where the page scrolls: it follows the cursor, and no longer shows its title first."""
        if isinstance(watched, QWidget):
            if event.type() == QEvent.Type.KeyPress:
                _leave_head(watched)
                self._here = watched
                self._turn.start(0)
            elif event.type() == QEvent.Type.MouseButtonPress:
                _leave_head(watched)
        return False

    def _on_turn(self) -> None:
        here = self._here
        if here is None or not isValid(here) or not here.hasFocus():
            self._here = None
            return
        areas = tuple(_areas(here))
        if any(area.verticalScrollBar().maximum() for area in areas):
            here.installEventFilter(self)
        stack = next((area for area in areas if isinstance(area, Stack)), None)  # of pages, not the one around the desk
        if stack is None or not stack.at_head:
            for area in areas:
                area.ensureWidgetVisible(here, 0, style.letters() * 4)
        if self._turn.interval() == 0:
            self._turn.start(_AGAIN_AFTER)


def _areas(part: QWidget) -> Iterator[QScrollArea]:
    """What scrolls around ``part``, from the inside."""
    above: QWidget | None = part.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            yield above
        above = above.parentWidget()


def _leave_head(part: QWidget) -> None:
    """Whoever presses a key or a button has seen the title."""
    for above in _areas(part):
        if isinstance(above, Stack):
            above.at_head = False
