"""Pages on top of each other, as large as the one in front needs; where the window is smaller, they scroll."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget


class Stack(QScrollArea):
    """A stack that never makes its window larger: a page that needs more room than there is scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = _Room()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("focusPolicy", 0)  # none; by its number, or the first frame would cost the whole Qt namespace
        self.setWidget(self._room)

    def currentWidget(self) -> QWidget | None:
        """The page in front."""
        return self._room.pages.currentWidget()

    def addWidget(self, page: QWidget) -> None:
        """Put ``page`` behind the others."""
        self._room.pages.addWidget(page)

    def removeWidget(self, page: QWidget) -> None:
        """Take ``page`` out; it lives on."""
        self._room.pages.removeWidget(page)

    def setCurrentWidget(self, page: QWidget) -> None:
        """Bring ``page`` to the front, from its beginning."""
        self._room.pages.setCurrentWidget(page)
        self._room.updateGeometry()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)


class _Room(QWidget):
    """What scrolls: no layout holds the pages in it, or the scroll area would give them their wish for the least."""

    def __init__(self) -> None:
        super().__init__()
        self.pages = QStackedWidget(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pages fill it."""
        super().resizeEvent(event)
        self.pages.resize(event.size())

    def sizeHint(self) -> QSize:
        """What the page in front wishes."""
        page = self.pages.currentWidget()
        return page.sizeHint() if page is not None else QSize()

    def minimumSizeHint(self) -> QSize:
        """What the page in front needs."""
        page = self.pages.currentWidget()
        return page.minimumSizeHint() if page is not None else QSize()
