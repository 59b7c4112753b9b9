"""The search box: a name part, pinyin initials, an ID tail, a household number; who is found stands below it.

Below the people: pages, what can be done, and the manual, by name or initials.

The list is no popup and never takes the focus, so an input method keeps working while it is open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from ui import style
from ui.icons import icon
from ui.page import search_box
from villagedesk.text import tr

_MOST = 12
_SIGNS = {"plan": "plans", "exits": "exits"}


@dataclass(frozen=True)
class Found:
    """A line of the list: what to open, what is shown."""

    household_id: str
    member_id: str
    text: str
    page: str = ""  # "" where a hit of the search belongs
    sign: str = ""  # "" for the one of a person or household
    lead: Callable[[], object] | None = None  # in place of a household: what happens when it is chosen


Ask = Callable[[str, int], Sequence[Found]]


class Finder(QLineEdit):
    """Finds while typing; ↑ ↓ choose, Enter opens."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ask: Ask = lambda _text, _limit: ()  # nothing to find before a desk is open
        self.others: Callable[[str], Sequence[Found]] = lambda _text: ()
        self.lately: Callable[[], Sequence[Found]] = lambda: ()
        self._list: QListWidget | None = None
        self.setPlaceholderText(tr("Find a person, page or action   Ctrl+K"))
        self.setAccessibleName(tr("Find a person or household"))
        self.setToolTip(
            tr(
                "A part of the name, pinyin initials, the end of an ID or phone number, a household number; "
                "a page, something to do, a word of the manual"
            )
        )
        search_box(self)
        self.textChanged.connect(self._on_text)

    @property
    def found(self) -> tuple[Found, ...]:
        """What the list shows now."""
        shown = self._list
        if shown is None or shown.isHidden():
            return ()
        return tuple(shown.item(n).data(Qt.ItemDataRole.UserRole) for n in range(shown.count()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Called by its key or the mouse and still empty, it offers what was opened lately."""
        super().focusInEvent(event)
        if event.reason() in {Qt.FocusReason.ShortcutFocusReason, Qt.FocusReason.MouseFocusReason} and not self.text():
            self._offer(self.lately())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the list without leaving the box."""
        shown = self._list
        if shown is not None and not shown.isHidden() and event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            shown.setCurrentRow((shown.currentRow() + step) % max(1, shown.count()))
            self._say(shown)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(shown.currentItem() if shown is not None and not shown.isHidden() else None)
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click beside the box and the list closes the list."""
        if event.type() == QEvent.Type.FocusOut and watched is self and self._list is not None:
            self._list.hide()
        return super().eventFilter(watched, event)

    def _on_text(self, text: str) -> None:
        wanted = text.strip()
        others = self.others(wanted) if wanted else ()
        people = self.ask(wanted, _MOST) if wanted else ()
        self._offer((*people[: _MOST - len(others)], *others), searched=bool(wanted))

    def _offer(self, found: Sequence[Found], *, searched: bool = False) -> None:
        shown = self._made_list()
        shown.clear()
        for one in found:
            sign = one.sign or ("person" if one.member_id else _SIGNS.get(one.page, "households"))
            item = QListWidgetItem(icon(sign), one.text)
            item.setData(Qt.ItemDataRole.UserRole, one)
            shown.addItem(item)
        if not found and searched:
            item = QListWidgetItem(tr("Nobody found. Try a part of the name, or pinyin initials such as zs."))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            shown.addItem(item)
        self._place(shown, bool(found) or searched)
        self._say(shown)

    def _say(self, shown: QListWidget) -> None:
        """The cursor stays in the box, so the box tells a screen reader what is chosen below it."""
        item = shown.currentItem()
        self.setAccessibleDescription(item.text() if item is not None else "")

    def _made_list(self) -> QListWidget:
        if self._list is None:
            self._list = QListWidget(self.window())
            self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._list.setAccessibleName(tr("People and households found"))
            self._list.itemClicked.connect(self._open)
            self.installEventFilter(self)
        return self._list

    def _place(self, shown: QListWidget, visible: bool) -> None:
        if visible:
            unit = style.letters()
            shown.setIconSize(QSize(unit, unit))
            shown.setCurrentRow(0)
            below = self.mapTo(self.window(), QPoint(0, self.height() + 2))
            shown.setGeometry(below.x(), below.y(), self.width(), shown.count() * shown.sizeHintForRow(0) + 4)
            shown.raise_()
        shown.setVisible(visible)

    def _open(self, item: QListWidgetItem | None) -> None:
        found: Any = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(found, Found):
            self.leave()
            if found.lead is not None:
                found.lead()
            else:
                self.chosen.emit(found)

    def leave(self) -> None:
        """Empty the box and close its list."""
        self.clear()
        if self._list is not None:
            self._list.hide()
