"""A bar chart: label, bar, figure in words. Drawn here, because a chart library would cost more than the window itself.

See docs/decisions/0050-charts.md.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import style
from villagedesk.services.overview import Chart
from villagedesk.text import tr

_LABEL, _WORD = 0.30, 0.34  # of the width: what stands before a bar, what behind the longest


class BarChart(QWidget):
    """Draws one chart; screen readers get the same words as a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: Chart | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_chart(self, chart: Chart) -> None:
        """Show another chart."""
        self._chart = chart
        self.setAccessibleName(str(chart.title))
        said = "；".join(f"{bar.label} {bar.word}" for bar in chart.bars)
        self.setAccessibleDescription(said or tr("nothing yet"))
        self.setFixedHeight(self._line() * max(1, len(chart.bars)))
        self.update()

    def sizeHint(self) -> QSize:
        """One line a bar."""
        count = len(self._chart.bars) if self._chart else 1
        return QSize(style.letters() * 28, self._line() * max(1, count))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Label to the left, bar, figure to the right of the bar."""
        del event
        painter, tokens = QPainter(self), style.tokens()
        chart, line = self._chart, self._line()
        if chart is None or not chart.bars:
            painter.setPen(QColor(tokens.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, tr("nothing yet"))
            return
        left, room = self.width() * _LABEL, self.width() * (1 - _LABEL - _WORD)
        for number, bar in enumerate(chart.bars):
            top = number * line
            long = room * max(bar.value, 0) / (chart.longest or 1)
            painter.setPen(QColor(tokens.text))
            words = painter.fontMetrics().elidedText(str(bar.label), Qt.TextElideMode.ElideMiddle, int(left - line / 2))
            painter.drawText(QRectF(0, top, left - line / 3, line), _RIGHT, words)
            painter.fillRect(QRectF(left, top + line * 0.2, max(long, 1.0), line * 0.6), QColor(tokens.accent))
            painter.drawText(QRectF(left + long + line / 3, top, self.width() - left - long - line / 3, line), _LEFT,
                             str(bar.word))  # fmt: skip

    @staticmethod
    def _line() -> int:
        return round(style.letters() * 1.9)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
