"""What every editor of a value promises to the binder, and Enter → next field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget


class Editor(Protocol):
    """An editor of one value. ``edited`` tells what the user made of it; :meth:`show_value` tells nobody."""

    edited: SignalInstance

    def show_value(self, value: Any) -> None:
        """Show ``value`` without telling anybody."""

    def complaint(self) -> str:
        """Why the text typed is no value yet ("" when it is one): shape only, rules live in the core."""


def _is_done(widget: QWidget) -> bool:
    """Whether Enter leaves a field with a line an entry: on an empty line there is no other entry to begin."""
    if not isinstance(widget, QPlainTextEdit) or not widget.property("entries"):
        return False
    return not widget.textCursor().block().text().strip()


def mark_wrong(widget: QWidget, wrong: bool) -> None:
    """Colour an editor as wrong, or as right again."""
    if bool(widget.property("wrong")) != wrong:
        widget.setProperty("wrong", wrong)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class NextOnEnter(QObject):
    """Enter goes to the next field, as in every data entry program; Ctrl+Z and Ctrl+Y belong to the form."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter from single-line editors; leave undo keys to the form's own stack."""
        if not isinstance(event, QKeyEvent):  # most are not, and to ask for their type costs more
            return False
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:
            if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
                event.ignore()
                return True
        elif kind == QEvent.Type.KeyPress and isinstance(watched, QWidget):
            return self._on_key(watched, event)
        return False

    def _on_key(self, widget: QWidget, event: QKeyEvent) -> bool:
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return False
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if isinstance(widget, QLineEdit | QComboBox | QAbstractButton) or _is_done(widget):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            _focus(widget, _beyond(widget, back=back), back=back)
            return True
        return False

    def watch(self, form: QWidget) -> None:
        """Watch every editor now in ``form``."""
        for kind in (QLineEdit, QComboBox, QPlainTextEdit, QAbstractButton):
            for widget in form.findChildren(kind):
                if widget.property("last"):  # the page itself answers its Enter
                    continue
                passed = widget.property("segment") or widget.property("passed") or _boxes(widget)
                if passed or not isinstance(widget, QAbstractButton):
                    widget.installEventFilter(self)


def _boxes(widget: QWidget) -> QWidget | None:
    """The field whose boxes are left together, when ``widget`` is one of them."""
    parent = widget.parentWidget()
    return parent if parent is not None and parent.property("boxes") else None


def _beyond(widget: QWidget, *, back: bool) -> QWidget | None:
    """The next in the chain, or the one before, that is no box of the same field."""
    field = _boxes(widget)
    following = _next(widget, back=back)
    while field is not None and following is not None and field.isAncestorOf(following):
        following = _next(following, back=back)
    return following


def _next(widget: QWidget, *, back: bool) -> QWidget | None:
    return widget.previousInFocusChain() if back else widget.nextInFocusChain()


def chain(before: QWidget | None, editors: Iterable[QWidget]) -> QWidget | None:
    """Let Tab and Enter go through ``editors`` in this order, after ``before``; the last one that takes the cursor."""
    for editor in editors:
        for widget in (editor, *editor.findChildren(QWidget)):
            here = widget.window() is editor.window()  # a list that pops up is a window of its own
            if here and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
                if before is not None:
                    QWidget.setTabOrder(before, widget)
                before = widget
    return before


def _focus(start: QWidget, following: QWidget | None, *, back: bool) -> None:
    reason = Qt.FocusReason.BacktabFocusReason if back else Qt.FocusReason.TabFocusReason
    while following is not None and following is not start and not _takes_focus(following):
        following = following.previousInFocusChain() if back else following.nextInFocusChain()
    if following is not None:
        following.setFocus(reason)


def _takes_focus(widget: QWidget) -> bool:
    if not (widget.isVisible() and widget.isEnabled()):
        return False
    if isinstance(widget, QAbstractButton) and widget.property("segment"):
        return widget.isChecked()  # whatever Qt made of its focus policy when another answer had the cursor
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
