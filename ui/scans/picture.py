"""A scanned page as large as its place, to be turned when it lies on its head."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QTransform
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.page import button
from villagedesk.text import say, tr


class PagePicture(QWidget):
    """The page, turned and enlarged by hand; the kept picture itself never changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turned = 0
        self._zoom = 1.0
        self._page = QPixmap()
        self._canvas = _Canvas()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._canvas)
        self._area.setAccessibleName(tr("The scanned page"))
        tools = QHBoxLayout()
        for words, sign, slot in (
            (say("Turn"), "redo", self._on_turn),
            (say("Larger"), "zoomin", self._on_larger),
            (say("Whole page"), "zoomout", self._on_whole),
        ):
            tools.addWidget(button(words, sign, slot, kind="link"))
        tools.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(tools)
        column.addWidget(self._area, 1)

    def show_page(self, data: bytes) -> None:
        """Show another page from its JPEG; empty shows none."""
        self._page = QPixmap()
        self._page.loadFromData(data)
        self._turned, self._zoom = 0, 1.0
        self._draw()

    @property
    def shown(self) -> bool:
        """Whether there is a page to look at."""
        return not self._page.isNull()

    def _draw(self) -> None:
        page = self._page.transformed(QTransform().rotate(self._turned)) if self._turned else self._page
        self._canvas.show_page(page, self._zoom)

    def _on_turn(self) -> None:
        self._turned = (self._turned + 90) % 360
        self._draw()

    def _on_larger(self) -> None:
        self._zoom = min(4.0, self._zoom * 1.5)
        self._draw()

    def _on_whole(self) -> None:
        self._zoom = 1.0
        self._draw()


class _Canvas(QWidget):
    """Paints the page to the width there is, times the zoom."""

    def __init__(self) -> None:
        super().__init__()
        self._page = QPixmap()
        self._zoom = 1.0

    def show_page(self, page: QPixmap, zoom: float) -> None:
        """Paint this page."""
        self._page, self._zoom = page, zoom
        parent = self.parentWidget()
        size = parent.size() if parent is not None else QSize()
        self.setMinimumSize(size * zoom if zoom > 1 else QSize(0, 0))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The page, as large as fits, in the middle of the upper edge."""
        if self._page.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._page.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        scaled = self._page.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        painter.drawPixmap((self.width() - size.width()) // 2, 0, scaled)
