"""What a screen reader meets: the controls in front through Qt's accessibility interface, and where Tab leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QRadioButton, QWidget

_ROLES = {
    QAccessible.Role.PushButton: "button", QAccessible.Role.ButtonMenu: "menu button",
    QAccessible.Role.CheckBox: "check box", QAccessible.Role.RadioButton: "radio button",
    QAccessible.Role.ComboBox: "combo box", QAccessible.Role.EditableText: "edit", QAccessible.Role.List: "list",
    QAccessible.Role.ListItem: "list item", QAccessible.Role.Table: "table", QAccessible.Role.Tree: "tree",
    QAccessible.Role.PageTabList: "tabs", QAccessible.Role.PageTab: "tab", QAccessible.Role.SpinBox: "spin box",
    QAccessible.Role.Slider: "slider", QAccessible.Role.Link: "link", QAccessible.Role.Document: "document",
    QAccessible.Role.ProgressBar: "progress",
}  # fmt: skip
"""The roles of what can be worked with, in words."""

_MOST = 400  # steps of Tab; more is a trap


@dataclass(frozen=True)
class Spoken:
    """One control as it is read out."""

    name: str
    role: str
    kind: str  # the class of the widget, for the developer

    def __str__(self) -> str:
        return f"{self.name} · {self.role}"


def spoken(widget: QWidget) -> Spoken:
    """What is read out when ``widget`` takes the cursor."""
    face = QAccessible.queryAccessibleInterface(widget)
    return _said(face, widget)


def controls(top: QWidget) -> Iterator[Spoken]:
    """Every control to be seen in ``top``, as the accessibility interface tells it."""
    yield from _below(QAccessible.queryAccessibleInterface(top))


def tab_order(window: QWidget) -> list[QWidget]:
    """Press Tab until the cursor is where it was; raises AssertionError when it never comes back."""
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    found: list[QWidget] = []
    for _ in range(_MOST):
        before = QApplication.focusWidget()
        QTest.keyClick(before or window, Qt.Key.Key_Tab)
        here = QApplication.focusWidget()
        if here is not None and here is before and list(stops(window)) == [here]:
            return [here]
        if here is None or here is before:
            raise AssertionError(f"Tab never leaves {spoken(before) if before else 'the window'}")
        if here in found:
            if here is not found[0]:
                raise AssertionError(f"Tab goes in circles from {spoken(here)}")
            return found
        found.append(here)
    raise AssertionError("Tab never comes back")


def _below(face: QAccessibleInterface | None) -> Iterator[Spoken]:
    if face is None or not face.isValid() or face.state().invisible:
        return
    source: QObject | None = face.object()
    if face.role() in _ROLES and isinstance(source, QWidget):
        yield _said(face, source)
    for number in range(face.childCount()):
        child = face.child(number)
        if child is not None and child.object() is not None:
            yield from _below(child)


def _said(face: QAccessibleInterface | None, widget: QWidget) -> Spoken:
    if face is None:
        return Spoken("", "", type(widget).__name__)
    role = "page" if face.role() is QAccessible.Role.Client else _ROLES.get(face.role(), face.role().name)
    boxed = isinstance(widget, QComboBox)  # Qt names a box after what is chosen in it, which is its value
    name = widget.accessibleName() if boxed else face.text(QAccessible.Text.Name)
    return Spoken(name.strip(), role, type(widget).__name__)


def stops(top: QWidget) -> Iterator[QWidget]:
    """Everything to be seen in ``top`` that takes the cursor from Tab."""
    for widget in top.findChildren(QWidget):
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
        here = widget.window() is top and not isinstance(widget.parent(), QComboBox)
        if takes and here and widget.focusProxy() is None:
            yield widget


def stop_of(widget: QWidget) -> QObject:
    """What Tab stops at for ``widget``: radio buttons of one group are one stop, walked with the arrows."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    if group is not None and group.exclusive():
        return group
    alone = isinstance(widget, QRadioButton) and widget.autoExclusive()
    return widget.parent() if alone else widget
