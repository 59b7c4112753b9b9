"""Widgets in rows that wrap, as words do."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6 import QtCore
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_Placed = tuple[QLayoutItem, int, QSize]
"""An item, where in its row it begins, how large it is."""


class Flow(QLayout):
    """Widgets in rows that wrap at the right edge, each in the middle of its row; ``right``: rows end there."""

    def __init__(self, parent: QWidget | None = None, gap: int = 10, *, right: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._right = right
        self._heights: dict[int, int] = {}
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take ``item`` as the last."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at ``index``."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take out the item at ``index``."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> QtCore.Qt.Orientation:
        """It takes no more than it needs."""
        return QtCore.Qt.Orientation(0)

    def invalidate(self) -> None:
        """Something in it changed."""
        self._heights.clear()
        super().invalidate()

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height the rows need at ``width``."""
        if width not in self._heights:
            rows = [max(size.height() for _, _, size in row) for row in self._rows(width)]
            self._heights[width] = sum(rows) + self._gap // 2 * max(0, len(rows) - 1)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        y = rect.y()
        for row in self._rows(rect.width()):
            high = max(size.height() for _, _, size in row)
            _, x, size = row[-1]
            indent = rect.x() + (rect.width() - x - size.width() if self._right else 0)
            for item, x, size in row:
                item.setGeometry(QRect(QPoint(indent + x, y + (high - size.height()) // 2), size))
            y += high + self._gap // 2

    def sizeHint(self) -> QSize:
        """One row of everything."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        wide = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(wide, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """The largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _rows(self, width: int) -> Iterator[list[_Placed]]:
        row: list[_Placed] = []
        x = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint().expandedTo(item.minimumSize())
            if row and x + size.width() > width:
                yield row
                row, x = [], 0
            if size.width() > width and item.hasHeightForWidth():
                size = QSize(width, item.heightForWidth(width))
            row.append((item, x, size))
            x += size.width() + self._gap
        if row:
            yield row
