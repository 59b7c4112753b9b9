"""Buttons whose words take as many lines as they need; those of Qt are cut off."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from ui import style

_WORDS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
_NARROWEST = 12  # letters


class WrappedLink(QPushButton):
    """A link behind a sign."""

    def __init__(self, text: str, sign: QIcon | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName("link")
        if sign is not None:
            self.setIcon(sign)
        _grow_down(self)

    def sizeHint(self) -> QSize:
        """One line."""
        return _one_line(self, self._indent)

    def minimumSizeHint(self) -> QSize:
        """A few words."""
        return QSize(min(style.letters() * _NARROWEST, self.sizeHint().width()), self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """The lines that the words take in ``width``."""
        return _height(self, width, self._indent)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The button of the style, the words on it."""
        option, painter = QStyleOptionButton(), QStylePainter(self)
        self.initStyleOption(option)
        option.text, option.icon = "", QIcon()
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        unit, edge = style.letters(), _edge()
        if not self.icon().isNull():
            painter.drawPixmap(edge, (self.height() - unit) // 2, self.icon().pixmap(QSize(unit, unit)))
        _write(self, painter, self._indent, style.tokens().accent)

    @property
    def _indent(self) -> int:
        return _edge() + (0 if self.icon().isNull() else style.letters() * 3 // 2)


class _Wrapped:
    """A mark of the style, and the words behind it; Qt allows one of its own classes as a base, so this is none."""

    _mark = QStyle.ControlElement.CE_RadioButton

    def sizeHint(self: Any) -> QSize:
        """One line."""
        return _one_line(self, _indent())

    def minimumSizeHint(self: Any) -> QSize:
        """A few words."""
        return QSize(min(style.letters() * _NARROWEST, self.sizeHint().width()), self.sizeHint().height())

    def heightForWidth(self: Any, width: int) -> int:
        """The lines that the words take in ``width``."""
        return _height(self, width, _indent())

    def paintEvent(self: Any, _event: QPaintEvent) -> None:
        """The mark of the style, the words behind it."""
        option, painter = QStyleOptionButton(), QStylePainter(self)
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(self._mark, option)
        _write(self, painter, _indent(), style.tokens().text)


class WrappedChoice(_Wrapped, QRadioButton):
    """One of several choices."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        _grow_down(self)


class WrappedTick(_Wrapped, QCheckBox):
    """A yes or no."""

    _mark = QStyle.ControlElement.CE_CheckBox

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        _grow_down(self)


def _indent() -> int:
    return style.letters() * 2


def _grow_down(button: QAbstractButton) -> None:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    button.setSizePolicy(policy)


def _edge() -> int:
    return max(2, style.letters() // 3)


def _one_line(button: QAbstractButton, indent: int) -> QSize:
    wide = button.fontMetrics().horizontalAdvance(button.text()) + indent + _edge() + 1
    return QSize(wide, button.fontMetrics().height() + style.letters() // 2)


def _height(button: QAbstractButton, width: int, indent: int) -> int:
    room = QRect(0, 0, max(1, width - indent - _edge()), 10_000)
    lines = button.fontMetrics().boundingRect(room, _WORDS, button.text())
    return max(lines.height() + style.letters() // 2, _one_line(button, indent).height())


def _write(button: QAbstractButton, painter: QStylePainter, indent: int, colour: str) -> None:
    painter.setPen(QColor(colour if button.isEnabled() else style.tokens().muted))
    painter.drawText(button.rect().adjusted(indent, 0, -_edge(), 0), _WORDS, button.text())
