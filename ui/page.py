"""The frame of every page: title, what it is about, buttons on the right, the content below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui import style
from ui.fields.flow import Flow
from ui.icons import icon
from villagedesk.text import Text, tr

_MARGIN = 24  # pixels at the sides, however large the letters
_FEWEST = 9  # letters: what scrolls is at least as high, or as its content


class Page(QWidget):
    """A page of the window."""

    def __init__(self, title: str, about: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.first: QWidget | None = None  # no focus proxy: Tab would never leave the part it leads to
        self.setAccessibleName(title)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground, True)
        self._title = label(title, "title")
        self._about = label(about, "hint", wrap=True)
        if not about:  # to show it here, without a parent, would open a window of its own for a moment
            self._about.hide()
        self._buttons = Flow(gap=6, right=True)
        first = QHBoxLayout()
        first.addWidget(self._title)
        first.addLayout(self._buttons, 1)  # all the room beside the title, so that they need few rows
        head = QVBoxLayout()  # beside many buttons what the page is about became a column of words
        head.setSpacing(2)
        head.addLayout(first)
        head.addWidget(self._about)
        gap = style.letters()
        self.column = QVBoxLayout(self)
        side = min(gap * 3 // 2, _MARGIN)
        self.column.setContentsMargins(side, gap, side, gap)
        self.column.setSpacing(gap * 3 // 4)
        self.column.addLayout(head)

    def add_button(self, button: QWidget) -> None:
        """Put a button at the right of the title."""
        self._buttons.addWidget(button)

    def retitle(self, title: str, about: str = "") -> None:
        """Name what the page shows now."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self._about.setText(about)
        self._about.setVisible(bool(about))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page up and down, where nothing else on the page wanted them, move what is longer than the window."""
        step = {QtCore.Qt.Key.Key_PageUp: -1, QtCore.Qt.Key.Key_PageDown: 1}.get(QtCore.Qt.Key(event.key()), 0)
        bars = [area.verticalScrollBar() for area in self.findChildren(QScrollArea) if area.isVisible()]
        longer = next((bar for bar in bars if bar.maximum() > bar.minimum()), None)
        if step and longer is not None:
            longer.setValue(longer.value() + step * longer.pageStep())
        else:
            super().keyPressEvent(event)

    def may_leave(self) -> bool:
        """Asked before another page is shown; False keeps this one (unsaved work)."""
        return True

    def take_cursor(self) -> None:
        """The cursor on coming here: what the page names as its first part, its table, or what stands for that."""
        lists = (part for part in self.findChildren(QWidget) if part.property("main") and part.isVisible())
        (self.first or next(lists, self)).setFocus()

    def show_place(self, **place: Any) -> None:
        """Called when the page comes to the front: show what is true now, at ``place``."""


def let_go(part: QWidget) -> None:
    """Take the cursor out of what is about to be hidden: else it hops through whatever comes next, and is read out."""
    here = QApplication.focusWidget()
    if here is not None and (here is part or part.isAncestorOf(here)):
        here.clearFocus()


def label(text: str, kind: str = "", *, tone: str = "", wrap: bool = False, badge: bool = False) -> QLabel:
    """A text; ``kind`` is title, heading, label, hint or figure; ``tone`` ok, warn or problem."""
    made = QLabel(text)
    made.setObjectName(kind)
    made.setWordWrap(wrap)
    if tone:
        made.setProperty("tone", tone)
    if badge:
        made.setProperty("badge", True)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Change the tone of a text or badge."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(
    text: Text | str | None, sign: str = "", slot: Callable[[], object] | None = None, *, kind: str = "", key: str = ""
) -> QPushButton:
    """A push button; ``kind`` is primary or link, ``key`` a shortcut that is named in the tool tip."""
    made = QPushButton(str(text) if text else "")
    made.setObjectName(kind)
    if sign:
        tokens = style.tokens()
        colour = {"primary": tokens.on_accent, "link": tokens.accent}.get(kind, "")
        made.setIcon(icon(sign, colour))
        unit = round(style.letters() * 1.15)
        made.setIconSize(QSize(unit, unit))
    if slot is not None:
        made.clicked.connect(slot)
    if key:
        # Not the button's own shortcut: that one clicks a tenth of a second later, after the next key.
        QShortcut(QKeySequence(key), made).activated.connect(made.click)
        made.setToolTip(f"{text}  {QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)}")
    return made


def search_box(line: QLineEdit) -> None:
    """Give a line the sign of a search and a button that empties it, both with their names."""
    sign = QAction(icon("search", style.tokens().muted), tr("Find"), line)
    line.addAction(sign, QLineEdit.ActionPosition.LeadingPosition)
    line.setClearButtonEnabled(True)
    for part in line.findChildren(QToolButton):
        part.setAccessibleName(part.text() or tr("Empty the search box"))


def shortcut(owner: QWidget, key: str, slot: Callable[[], object]) -> QShortcut:
    """A key that works while ``owner`` or something in it has the focus."""
    made = QShortcut(QKeySequence(key), owner)
    made.setContext(QtCore.Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(slot)
    return made


def card(*content: QWidget | QLayout, heading: str = "") -> QFrame:
    """A white sheet with an optional heading."""
    made = QFrame()
    made.setObjectName("card")
    column = QVBoxLayout(made)
    gap = style.letters()
    column.setContentsMargins(gap, gap * 3 // 4, gap, gap)
    column.setSpacing(gap * 2 // 3)
    if heading:
        column.addWidget(label(heading, "heading", wrap=True))
    for part in content:
        if isinstance(part, QLayout):
            column.addLayout(part)
        else:
            column.addWidget(part)
    return made


def scrolled(*content: QWidget) -> QScrollArea:
    """The content in a column that scrolls when the window is low."""
    inner = QWidget()
    inner.setObjectName("scrolled")
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, style.letters() // 2, 0)
    column.setSpacing(style.letters())
    for part in content:
        column.addWidget(part)
    column.addStretch(1)
    area = _Scrolled()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)  # Tab goes through what can be worked with; the page scrolls
    area.setWidget(inner)
    inner.installEventFilter(area)
    return area


class _Scrolled(QScrollArea):
    """Scrolls up and down only: what stands beside it leaves it the width that its content needs."""

    def minimumSizeHint(self) -> QSize:
        """The width of the content."""
        content = self.widget()
        wide = content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width() if content else 0
        high = min(content.minimumSizeHint().height(), style.letters() * _FEWEST) if content else 0
        return super().minimumSizeHint().expandedTo(QSize(wide, high))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The content changed: so may the width it needs."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def resize_dialog(dialog: QWidget, wide: int, high: int) -> None:
    """Give a dialog its size in letters, as far as the window behind it reaches."""
    behind = dialog.parentWidget()
    room = behind.window().size() if behind is not None else QSize(1366, 768)
    dialog.resize((QSize(wide, high) * style.letters()).boundedTo(room))


def bar(left: QWidget, *right: QWidget) -> QHBoxLayout:
    """One widget at the left, the others at the right edge, in as many rows as they need."""
    tools = Flow(gap=6, right=True)
    for part in right:
        tools.addWidget(part)
    made = QHBoxLayout()
    made.addWidget(left)
    made.addLayout(tools, 1)
    return made


def row(*content: QWidget) -> Flow:
    """Widgets side by side, from the left, in as many rows as they need."""
    made = Flow(gap=6)
    for part in content:
        made.addWidget(part)
    return made
