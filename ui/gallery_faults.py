"""What a picture shows that it should not: words cut off, a window grown beyond its screen. Seen by measuring."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QTableView,
    QTabWidget,
    QWidget,
)

from ui import style

_SLACK = 2  # pixels that rounding takes
_COMBO = 2.5  # letters that frame and arrow of a box take (ui.style)


def faults(window: QWidget, screen: QSize) -> Iterator[str]:
    """What is wrong with ``window`` on a screen of this size, a line each."""
    if window.width() > screen.width() or window.height() > screen.height():
        yield f"window grown to {window.width()}x{window.height()}"
    for part in window.findChildren(QWidget):
        if part.isVisible() and not part.visibleRegion().isEmpty():
            words = _cut(part)
            if words:
                yield f"{type(part).__name__} cut: {words}"
    yield from _tabs_cut(window)


def _cut(part: QWidget) -> str:
    if isinstance(part, QLabel):
        return part.text() if part.pixmap().isNull() and not _label_fits(part) else _beyond(part)
    if isinstance(part, QPushButton | QCheckBox):
        return part.text() if part.width() + _SLACK < part.minimumSizeHint().width() else _beyond(part)
    if isinstance(part, QComboBox):
        room = part.width() - round(style.letters() * _COMBO)
        return part.currentText() if part.fontMetrics().horizontalAdvance(part.currentText()) > room else ""
    if isinstance(part, QTableView):
        return ", ".join(_short_heads(part))
    return ""


def _label_fits(part: QLabel) -> bool:
    if part.wordWrap():
        return part.height() + _SLACK >= part.heightForWidth(part.width())
    return part.width() + _SLACK >= part.sizeHint().width() and part.height() + _SLACK >= part.sizeHint().height()


def _beyond(part: QWidget) -> str:
    """The words of a part that hangs over the edge of what stands around it, unless that scrolls up and down."""
    around = part.parentWidget()
    while around is not None and not around.isWindow():
        place = QRect(part.mapTo(around, QPoint(0, 0)), part.size())
        beyond_side = place.right() > around.width() + _SLACK or place.left() < -_SLACK
        beyond_end = place.bottom() > around.height() + _SLACK or place.top() < -_SLACK
        scrolls = isinstance(around.parentWidget(), QAbstractScrollArea)
        if beyond_side or (beyond_end and not scrolls):
            return part.text() if isinstance(part, QLabel | QAbstractButton) else ""
        around = None if scrolls else around.parentWidget()
    return ""


def _short_heads(table: QTableView) -> Iterator[str]:
    header, model = table.horizontalHeader(), table.model()
    for number in range(model.columnCount()):
        title = str(model.headerData(number, Qt.Orientation.Horizontal) or "")
        if not table.isColumnHidden(number) and header.sectionSize(number) < header.fontMetrics().horizontalAdvance(
            title
        ):
            yield f"[{title}]"


def _tabs_cut(window: QWidget) -> Iterator[str]:
    for tabs in window.findChildren(QTabWidget):
        bar = tabs.tabBar()
        if tabs.isVisible() and bar.sizeHint().width() > tabs.width() + _SLACK:
            yield f"tabs cut: {bar.tabText(0)} … {bar.sizeHint().width()} of {tabs.width()}"
