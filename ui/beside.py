"""Parts side by side where there is room for each, one below the other where there is not."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from ui import style


def split(*parts: tuple[QWidget, int]) -> QSplitter:
    """Parts side by side, each with its share of the width, and a line to drag between them."""
    made = _Split(tuple(share for _, share in parts))
    for part, _ in parts:
        made.addWidget(part)
    made.share()
    made.setChildrenCollapsible(False)
    return made


class _Split(QSplitter):
    """As high as the lines that the words in each part take at its width; no wider than its widest part has to be."""

    def __init__(self, shares: tuple[int, ...]) -> None:
        super().__init__(QtCore.Qt.Orientation.Horizontal)
        self._shares = shares
        self._later = QtCore.QTimer(self)  # while layouts are at work they do not listen
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._fit)

    def share(self) -> None:
        """Give each part its share."""
        self.setSizes([share * style.letters() for share in self._shares])

    def minimumSizeHint(self) -> QSize:
        """The widest part, and room for every line."""
        wide, high = zip(*self._least(), strict=True) if self.count() else ((0,), (0,))
        handles = self.handleWidth() * (len(high) - 1)
        below = self.orientation() == QtCore.Qt.Orientation.Vertical
        return QSize(max(wide, default=0), sum(high) + handles if below else max(high, default=0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        self._later.start()

    def event(self, event: QEvent) -> bool:
        """A part learned what it shows."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._later.start()
        return super().event(event)

    def _fit(self) -> None:
        needed = [wide for wide, _high in self._least()]
        fits = sum(needed) + self.handleWidth() * (len(needed) - 1) <= self.width()
        wanted = QtCore.Qt.Orientation.Horizontal if fits else QtCore.Qt.Orientation.Vertical
        if wanted != self.orientation():
            self.setOrientation(wanted)
            self.share()
        self.updateGeometry()

    def _least(self) -> Iterator[tuple[int, int]]:
        """What each part to be seen needs, width and height."""
        for number in range(self.count()):
            part = self.widget(number)
            if part is not None and not part.isHidden():
                least = part.minimumSizeHint().expandedTo(part.minimumSize()).boundedTo(part.maximumSize())
                yield least.width(), max(least.height(), _least_height(part))


def _least_height(part: QWidget) -> int:
    layout = part.layout()
    return layout.minimumHeightForWidth(part.width()) if layout is not None and layout.hasHeightForWidth() else 0
