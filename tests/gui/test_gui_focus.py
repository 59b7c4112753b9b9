"""Where the cursor is, and the edge of a control, can be seen in every look: in pixels (WCAG 2.4.13, 1.4.11)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QListWidget,
    QPlainTextEdit,
    QRadioButton,
    QTableWidget,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.gui.contrast import contrast
from ui import style
from ui.fields.choices import CodeField, Option
from ui.fields.lines import text_field
from ui.fields.yesno import YesNoField
from ui.page import button


def _tabs() -> QWidget:
    made = QTabWidget()
    made.addTab(QWidget(), "One")
    made.addTab(QWidget(), "Two")
    return made


def _navigation() -> QWidget:
    made = QListWidget()
    made.setObjectName("navigation")
    made.addItems(["One", "Two"])
    return made


CONTROLS: dict[str, Callable[[], QWidget]] = {
    "line": text_field, "note": QPlainTextEdit, "manual": QTextBrowser, "check": lambda: QCheckBox("One"),
    "radio": lambda: QRadioButton("One"), "code": lambda: CodeField([Option("1", "One")]), "yes": YesNoField,
    "button": lambda: button("One"), "primary": lambda: button("One", kind="primary"),
    "link": lambda: button("One", kind="link"), "table": lambda: QTableWidget(2, 2), "tabs": _tabs,
    "list": QListWidget, "navigation": _navigation,
}  # fmt: skip


def _shown(qtbot: QtBot, kind: str) -> tuple[QWidget, QWidget, QWidget]:
    """A control on a page, and beside it something else for the cursor to stand on."""
    page, control, other = QWidget(), CONTROLS[kind](), button("Other")
    page.setObjectName("page")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    column = QVBoxLayout(page)
    column.addWidget(control)
    column.addWidget(other)
    style.dress(page)
    qtbot.addWidget(page)
    page.resize(300, 240)
    page.show()
    page.activateWindow()
    qtbot.waitActive(page)
    return page, control, other


def _picture(control: QWidget, focus: QWidget) -> QImage:
    focus.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    return control.grab().toImage()


def _changed(one: QImage, other: QImage) -> int:
    """Pixels that differ by at least 3:1 between the two pictures."""
    pairs = {}
    for x in range(one.width()):
        for y in range(one.height()):
            pair = (one.pixelColor(x, y).name(), other.pixelColor(x, y).name())
            pairs[pair] = pairs.get(pair, 0) + 1
    return sum(n for (a, b), n in pairs.items() if a != b and contrast(a, b) >= 3)


@pytest.mark.parametrize("look", sorted(style.LOOKS))
@pytest.mark.parametrize("kind", sorted(CONTROLS))
def test_where_the_cursor_is_can_be_seen(qtbot: QtBot, qapp: QApplication, look: str, kind: str) -> None:
    style.apply(qapp, look, 100)
    _page, control, other = _shown(qtbot, kind)
    stop = control.tabBar() if isinstance(control, QTabWidget) else control
    without = _picture(control, other)
    there = _picture(control, stop)
    least = 2 * (stop.width() if kind not in {"tabs", "yes", "check", "radio"} else 30)
    assert _changed(without, there) >= least
    style.apply(qapp, "light", 100)


@pytest.mark.parametrize("look", sorted(style.LOOKS))
@pytest.mark.parametrize("kind", ["line", "note", "check", "radio", "code", "button"])
def test_the_edge_of_a_control_stands_out(qtbot: QtBot, qapp: QApplication, look: str, kind: str) -> None:
    style.apply(qapp, look, 100)
    _page, control, other = _shown(qtbot, kind)
    other.setFocus()
    picture = control.grab().toImage()
    middle = picture.height() // 2
    ground = style.LOOKS[look].surface if kind in {"line", "note", "code", "button"} else style.LOOKS[look].ground
    edge = [picture.pixelColor(QPoint(x, middle)).name() for x in range(6)]
    assert max(contrast(colour, ground) for colour in edge) >= 3, edge
    style.apply(qapp, "light", 100)
