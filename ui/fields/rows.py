"""A field as people see it: its label, its editor, and the problem beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui import style
from ui.fields.editor import mark_wrong

LARGE = 19  # pixels: from here on four fields beside each other leave no room for a name


class FieldRow(QWidget):
    """Label above, editor, problem below; the editor has the label's name, or ``name``, for screen readers."""

    def __init__(
        self, label: str, editor: QWidget, hint: str = "", parent: QWidget | None = None, *, name: str = ""
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._hint = hint
        title = QLabel(label)
        title.setObjectName("label")
        title.setBuddy(editor)
        self._below = QLabel(hint)
        self._below.setObjectName("hint")
        self._below.setWordWrap(True)
        if not hint:  # to show it here, without a parent, would open a window of its own for a moment
            self._below.hide()
        editor.setAccessibleName(name or label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(title)
        column.addWidget(editor)
        column.addWidget(self._below)
        column.addStretch(1)

    @property
    def problem(self) -> str:
        """The problem shown now."""
        return self._below.text() if self._below.objectName() == "problem" else ""

    def show_problem(self, text: str) -> None:
        """Say ``text`` under the editor and mark it; "" takes it away."""
        if text == self.problem:
            return
        mark_wrong(self.editor, bool(text))
        self._below.setObjectName("problem" if text else "hint")
        self._below.setText(text or self._hint)
        self._below.setVisible(bool(text or self._hint))
        self._below.style().unpolish(self._below)
        self._below.style().polish(self._below)
        self.editor.setAccessibleDescription(text or self._hint)


def grid(rows: Sequence[FieldRow | tuple[FieldRow, int]], columns: int = 4) -> QGridLayout:
    """Fields side by side in ``columns`` (fewer when the letters are large); ``(row, n)`` takes n of them."""
    columns = columns if style.letters() < LARGE else max(2, columns - 1)
    made = QGridLayout()
    made.setHorizontalSpacing(16)
    made.setVerticalSpacing(10)
    line = place = 0
    for entry in rows:
        row, wanted = entry if isinstance(entry, tuple) else (entry, 1)
        span = min(wanted, columns)
        if place + span > columns:
            line, place = line + 1, 0
        made.addWidget(row, line, place, 1, span, Qt.AlignmentFlag.AlignTop)
        place += span
    for column in range(columns):
        made.setColumnStretch(column, 1)
    return made
