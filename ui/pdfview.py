"""The true preview: the very bytes that go to the printer, drawn by PDFium, one page under the other."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.page import bar, button, label
from villagedesk.text import say, tr

_POINTS = 72.0
_GAP = 16
_KEPT = 12  # drawn pages in memory
ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)


class Sheets:
    """An open PDF: page sizes in points and page pictures."""

    def __init__(self, pdf: bytes) -> None:
        from villagedesk import pdfium  # with the first paper shown, not with every page that can show one

        self._document = pdfium.Document(pdf)
        self.sizes = [QSizeF(*self._document.size(number)) for number in range(len(self._document))]

    def image(self, number: int, scale: float) -> QImage:
        """Page ``number`` at ``scale`` pixels a point, black on white."""
        return self._document.picture(number, scale, _copied, rev_byteorder=True)

    def close(self) -> None:
        """Give the memory back."""
        self._document.close()


def _copied(bitmap: Any) -> QImage:
    kind = QImage.Format.Format_RGBX8888 if bitmap.n_channels == 4 else QImage.Format.Format_RGB888
    return QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, kind).copy()


class SheetArea(QAbstractScrollArea):
    """The pages in a column; only those in view are drawn."""

    page_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheets: Sheets | None = None
        self._zoom = 0.0  # 0: fit the width
        self._drawn: OrderedDict[tuple[int, float], QPixmap] = OrderedDict()
        self._page = -1
        self.setAccessibleName(tr("Preview of the paper"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        app = QApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self._on_quit)

    @property
    def zoom(self) -> float:
        """How large the paper is shown; 1.0 is its real size on a 96 dpi screen."""
        return self._zoom or self._fit()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._sheets.sizes) if self._sheets else 0

    def show_pdf(self, pdf: bytes) -> None:
        """Show another paper from its first page; empty bytes show nothing."""
        if self._sheets is not None:
            self._sheets.close()
        self._sheets = Sheets(pdf) if pdf else None
        self._drawn.clear()
        self._page = -2  # neither a page nor none: told anew
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self._on_scrolled()

    def set_zoom(self, zoom: float) -> None:
        """Show the paper larger or smaller; 0 fits the width."""
        bar = self.verticalScrollBar()
        place = bar.value() / max(1, bar.maximum())
        self._zoom = zoom
        self._arrange()
        bar.setValue(round(place * bar.maximum()))

    def go_to(self, number: int) -> None:
        """Bring a page to the top."""
        if 0 <= number < self.count:
            self.verticalScrollBar().setValue(round(self._places()[number].top()))

    def sizeHint(self) -> QSize:
        """No higher than it must be: the height it wishes would be taken from what stands above it."""
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the fit."""
        super().resizeEvent(event)
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page up and down go from page to page, + and - zoom."""
        if event.key() in {Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}:
            self.go_to(self._page + (1 if event.key() == Qt.Key.Key_PageDown else -1))
        elif event.key() in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.step_zoom(1)
        elif event.key() == Qt.Key.Key_Minus:
            self.step_zoom(-1)
        else:
            super().keyPressEvent(event)

    def step_zoom(self, steps: int) -> None:
        """The next larger or smaller size."""
        nearest = min(range(len(ZOOMS)), key=lambda place: abs(ZOOMS[place] - self.zoom))
        self.set_zoom(ZOOMS[max(0, min(len(ZOOMS) - 1, nearest + steps))])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is in view."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(style.tokens().raised))
        offset = self.verticalScrollBar().value()
        side = self.horizontalScrollBar().value()
        for number, place in enumerate(self._places()):
            shown = place.translated(-side, -offset)
            if shown.intersects(QRectF(self.viewport().rect())):
                self._paint_page(painter, number, shown.toRect())
        painter.end()

    def _paint_page(self, painter: QPainter, number: int, place: QRect) -> None:
        painter.drawPixmap(place, self._picture(number))
        painter.setPen(QColor(style.tokens().line))
        painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _picture(self, number: int) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (number, round(self.zoom * ratio, 3))
        if key not in self._drawn and self._sheets is not None:
            self._drawn[key] = QPixmap.fromImage(self._sheets.image(number, key[1] * 96 / _POINTS))
            while len(self._drawn) > _KEPT:
                self._drawn.popitem(last=False)
        return self._drawn[key]

    def _fit(self) -> float:
        if self._sheets is None or not self._sheets.sizes:
            return 1.0
        widest = max(size.width() for size in self._sheets.sizes) * 96 / _POINTS
        return max(0.2, (self.viewport().width() - 2 * _GAP) / widest)

    def _places(self) -> list[QRectF]:
        if self._sheets is None:
            return []
        factor = self.zoom * 96 / _POINTS
        places, top = [], float(_GAP)
        width = max(self.viewport().width(), self.horizontalScrollBar().maximum() + self.viewport().width())
        for size in self._sheets.sizes:
            paper = size * factor
            places.append(QRectF((width - paper.width()) / 2, top, paper.width(), paper.height()))
            top += paper.height() + _GAP
        return places

    def _arrange(self) -> None:
        sizes = self._sheets.sizes if self._sheets else []
        factor = self.zoom * 96 / _POINTS
        view = self.viewport().size()
        high = sum(size.height() * factor + _GAP for size in sizes) + _GAP
        wide = max((size.width() * factor + 2 * _GAP for size in sizes), default=0.0)
        self.verticalScrollBar().setRange(0, max(0, round(high - view.height())))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(style.letters() * 3)
        self.horizontalScrollBar().setRange(0, max(0, round(wide - view.width())))
        self.horizontalScrollBar().setPageStep(view.width())
        self.viewport().update()

    def _on_quit(self) -> None:
        self.show_pdf(b"")

    def _on_scrolled(self) -> None:
        self.viewport().update()
        middle = self.verticalScrollBar().value() + self.viewport().height() / 3
        tops = [place.top() for place in self._places()]
        page = max((number for number, top in enumerate(tops) if top <= middle), default=0 if tops else -1)
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)


class PdfView(QWidget):
    """The preview with its tools: page n of N, size, print, save."""

    print_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pdf = b""
        self.area = SheetArea()
        self._where = label("", "hint")
        self._where.setMinimumWidth(style.letters() * 9)
        self._print = button(say("Print"), "print", self.print_wanted.emit, kind="primary", key="Ctrl+P")
        self._save = button(say("Save as PDF"), "save", self.save_wanted.emit, key="Ctrl+Shift+S")
        sizes = QWidget()
        line = QHBoxLayout(sizes)
        line.setContentsMargins(0, 0, 0, 0)
        for widget in (*self._tools(), self._where):
            line.addWidget(widget)
        tools = bar(sizes, self._save, self._print)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(tools)
        column.addWidget(self.area, 1)
        self.area.page_changed.connect(self._on_page)
        self.show_pdf(b"")

    def show_pdf(self, pdf: bytes) -> None:
        """Show the bytes of a paper."""
        self.pdf = pdf
        self.area.show_pdf(pdf)
        self._print.setEnabled(bool(pdf))
        self._save.setEnabled(bool(pdf))

    def _tools(self) -> list[QWidget]:
        made: list[QWidget] = []
        acts: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("zoomout", tr("Smaller"), self._smaller),
            ("zoomin", tr("Larger"), self._larger),
            ("width", tr("Fit the width"), self._fit),
        )
        for sign, name, slot in acts:
            made.append(tool := button(None, sign, slot))
            tool.setAccessibleName(name)
            tool.setToolTip(name)
        return made

    def _smaller(self) -> None:
        self.area.step_zoom(-1)

    def _larger(self) -> None:
        self.area.step_zoom(1)

    def _fit(self) -> None:
        self.area.set_zoom(0)

    def _on_page(self, page: int) -> None:
        count = self.area.count
        self._where.setText(tr("Page {n} of {count}", n=page + 1, count=count) if count else "")
