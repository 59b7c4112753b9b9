"""The notices as bars over the days: which hang today, which come down soon, which wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui import style
from ui.notices.words import state_word
from villagedesk.services.notices import NoticeRow
from villagedesk.text import tr

_DAYS = 35
_BEFORE = 10  # days shown before today
_AHEAD = timedelta(days=_DAYS - _BEFORE)


def running(rows: Sequence[NoticeRow], today: date) -> list[NoticeRow]:
    """The notices with days in the weeks around today, those that come down first above."""
    first, last = today - timedelta(days=_BEFORE), today + _AHEAD
    shown = [row for row in rows if row.notice.starts_on and row.notice.ends_on]
    shown = [row for row in shown if _end(row) >= first and _start(row) <= last and row.notice.state != "withdrawn"]
    return sorted(shown, key=lambda row: (_end(row), row.notice.no))


class NoticeCalendar(QWidget):
    """One line a notice; the arrow keys choose one, Enter or a click goes to it."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[NoticeRow] = []
        self._today = date.min
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Calendar of the notices"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_rows(self, rows: Sequence[NoticeRow], today: date) -> None:
        """Show the notices around ``today``."""
        self._rows, self._today, self._at = running(rows, today), today, 0
        self.setAccessibleDescription("；".join(_told(row) for row in self._rows))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw days, bars and today's line."""
        painter, tokens = QPainter(self), style.tokens()
        painter.fillRect(event.rect(), QColor(tokens.raised))
        high, left, wide = self._high, self._left, self._wide
        first = self._today - timedelta(days=_BEFORE)
        for number in range(_DAYS + 1):
            day = first + timedelta(days=number)
            place = QRect(round(left + number * wide), 0, round(wide), high)
            crowded = abs((day - self._today).days) < 3  # its label would run into today's
            if (day.weekday() == 0 and not crowded) or day == self._today:
                painter.setPen(QColor(tokens.accent if day == self._today else tokens.muted))
                words = QRect(place.x() - high, 0, 2 * high + round(wide), high)
                painter.drawText(words, Qt.AlignmentFlag.AlignCenter, f"{day.month}-{day.day}")
            painter.setPen(QColor(tokens.line))
            painter.drawLine(place.x(), high, place.x(), self.height())
        if not self._rows:
            painter.setPen(QColor(tokens.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("No notice hangs in these weeks."))
        for number, row in enumerate(self._rows):
            self._draw(painter, number, row)
        painter.setPen(QColor(tokens.accent))
        now = round(left + (_BEFORE + 0.5) * wide)
        painter.drawLine(now, high, now, self.height())
        painter.end()

    def _draw(self, painter: QPainter, number: int, row: NoticeRow) -> None:
        tokens, top, high = style.tokens(), (number + 1) * self._high, self._high
        if number == self._at and self.hasFocus():
            painter.fillRect(QRect(0, top, self.width(), high), QColor(tokens.line))
        painter.setPen(QColor(tokens.text))
        words = QRect(style.letters() // 2, top, self._left - style.letters(), high)
        name = self.fontMetrics().elidedText(
            f"{row.notice.no}　{row.title}", Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        colour = tokens.problem if row.open_objections else tokens.warn if row.over and not row.done else tokens.ok
        bar = self._bar(number, row)
        painter.fillRect(bar, QColor(colour if row.hangs or row.done else tokens.line))
        painter.setPen(QColor(tokens.text if not (row.hangs or row.done) else tokens.on_accent))
        painter.drawText(bar.adjusted(4, 0, -2, 0), Qt.AlignmentFlag.AlignVCenter, state_word(row))

    def _bar(self, number: int, row: NoticeRow) -> QRect:
        first = self._today - timedelta(days=_BEFORE)
        start, end = ((day - first).days for day in (_start(row), _end(row)))
        start, end = max(0, start), min(_DAYS, end + 1)
        top = (number + 1) * self._high + self._high // 6
        return QRect(round(self._left + start * self._wide), top, max(3, round((end - start) * self._wide) - 1),
                     self._high * 2 // 3)  # fmt: skip

    @property
    def _high(self) -> int:
        return style.letters() * 2

    @property
    def _left(self) -> int:
        return style.letters() * 17

    @property
    def _wide(self) -> float:
        return max(4.0, (self.width() - self._left - style.letters()) / _DAYS)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click goes to the notice of the line."""
        self._go(self._line_at(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose, Enter goes."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._go(self._at)
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._at = max(0, min(len(self._rows) - 1, self._at + step))
            self.update()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """A tip says in words what the bar shows."""
        if isinstance(event, QHelpEvent):
            number = self._line_at(event.pos())
            if 0 <= number < len(self._rows):
                QToolTip.showText(event.globalPos(), _told(self._rows[number]), self)
                return True
        return super().event(event)

    def _line_at(self, place: QPoint) -> int:
        return place.y() // self._high - 1

    def _go(self, number: int) -> None:
        if 0 <= number < len(self._rows):
            self._at = number
            self.chosen.emit(self._rows[number].notice.id)


def _start(row: NoticeRow) -> date:
    return row.notice.posted_on or row.notice.starts_on or date.max


def _end(row: NoticeRow) -> date:
    return row.notice.ends_on or date.min


def _told(row: NoticeRow) -> str:
    return tr("{no} {title}: {first} to {last}, {state}", no=row.notice.no, title=row.title,
              first=_start(row).isoformat(), last=_end(row).isoformat(), state=state_word(row))  # fmt: skip
