"""Pages on top of each other, as large as the one in front needs; where the window is smaller, they scroll."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget


class Stack(QScrollArea):
    """A stack that never makes its window larger: a page that needs more room than there is scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = _Room(self)
        self.at_head = True
        """Whether the page in front was only just opened: its title is seen first, the cursor when a key is pressed."""
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
        self.at_head = True
        self._room.pages.setCurrentWidget(page)
        self._room.updateGeometry()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)


class Sheets(QStackedWidget):
    """A stack that needs no more room than the sheet in front: what lies behind it makes no page scroll."""

    def sizeHint(self) -> QSize:
        """What the sheet in front wishes."""
        sheet = self.currentWidget()
        return sheet.sizeHint() if sheet is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """What the sheet in front needs."""
        sheet = self.currentWidget()
        return sheet.minimumSizeHint() if sheet is not None else super().minimumSizeHint()

    def setCurrentIndex(self, number: int) -> None:
        """Bring a sheet to the front; it may need another room."""
        super().setCurrentIndex(number)
        self.updateGeometry()


class _Room(QWidget):
    """What scrolls: no layout holds the pages in it, or the scroll area would give them their wish for the least."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__()
        self._area = area
        self.pages = QStackedWidget(self)

    def event(self, event: QEvent) -> bool:
        """A page that learned what it shows may need another room."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pages fill it."""
        super().resizeEvent(event)
        self.pages.resize(event.size())

    def sizeHint(self) -> QSize:
        """What the page in front wishes."""
        page = self.pages.currentWidget()
        return page.sizeHint() if page is not None else QSize()

    def minimumSizeHint(self) -> QSize:
        """What the page in front needs, with all lines that its words take at the width there is."""
        page = self.pages.currentWidget()
        if page is None:
            return QSize()
        least, layout = page.minimumSizeHint(), page.layout()
        if layout is None or not layout.hasHeightForWidth():
            return least
        high = layout.minimumHeightForWidth(max(self._seen_width(), least.width()))
        return least.expandedTo(QSize(0, high))

    def _seen_width(self) -> int:
        """The width of the window on it; to ask for that widget itself would cost the first frame all names of Qt."""
        bar, room = self._area.verticalScrollBar(), self._area.maximumViewportSize().width()
        return room - bar.width() if bar.isVisible() else room
