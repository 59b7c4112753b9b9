"""A field as people see it: its label, its editor, and the problem beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import style
from ui.fields.columns import Columns
from ui.fields.editor import Editor, mark_wrong

_LONG = 14  # letters; a longer name may take two lines


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
        self._below: QLabel | None = None  # most fields never have anything to say
        editor.setAccessibleName(name or label)
        self._title = title
        self._marks: dict[str, QPushButton] = {}
        title.setWordWrap(title.fontMetrics().horizontalAdvance(label) > style.letters() * _LONG)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.addWidget(title, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addLayout(self._head)
        self._column.addWidget(editor)
        self._column.addStretch(1)
        if hint:
            self._say(hint)

    def show_mark(self, word: str, tip: str, act: Callable[[], object]) -> None:
        """Show a small word beside the label that tells ``tip`` and does ``act``; an empty tip takes it away.

        The cursor never stops at it on its way through the form.
        """
        mark = self._marks.get(word)
        if mark is None and tip:
            mark = self._marks[word] = QPushButton(word)
            mark.setObjectName("mark")
            mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            mark.clicked.connect(act)
            self._head.addWidget(mark)
        if mark is not None:
            mark.setToolTip(tip)
            mark.setAccessibleName(f"{self.editor.accessibleName()} {word}")
            mark.setAccessibleDescription(tip)
            mark.setVisible(bool(tip))

    def show_source(self, told: str) -> None:
        """Tell where the field comes from: under the mouse, and by Shift+F1 while the cursor is in it."""
        self._title.setToolTip(told)
        self.editor.setWhatsThis(told)

    def marks(self) -> dict[str, str]:
        """The marks shown now: word and what it tells."""
        return {word: mark.toolTip() for word, mark in self._marks.items() if mark.toolTip()}

    @property
    def value_editor(self) -> Editor:
        """The editor of a bound row, by what it promises."""
        return cast("Editor", self.editor)

    @property
    def problem(self) -> str:
        """The problem shown now."""
        return self._below.text() if self._below is not None and self._below.objectName() == "problem" else ""

    def show_hint(self, hint: str) -> None:
        """Say something else under the editor while nothing is wrong with it."""
        if hint != self._hint:
            shown, self._hint = self.problem, hint
            if not shown:
                self._say(hint)
                self.editor.setAccessibleDescription(hint)

    def show_problem(self, text: str) -> None:
        """Say ``text`` under the editor and mark it; "" takes it away."""
        if text == self.problem:
            return
        mark_wrong(self.editor, bool(text))
        self._say(text or self._hint, "problem" if text else "hint")
        self.editor.setAccessibleDescription(text or self._hint)

    def _say(self, text: str, kind: str = "hint") -> None:
        if self._below is None:
            self._below = QLabel()
            self._below.setWordWrap(True)
            self._below.setObjectName(kind)
            self._column.insertWidget(2, self._below)
        elif self._below.objectName() != kind:
            self._below.setObjectName(kind)
            self._below.style().unpolish(self._below)
            self._below.style().polish(self._below)
        self._below.setText(text)
        self._below.setVisible(bool(text))


def grid(rows: Sequence[FieldRow | tuple[FieldRow, int]], columns: int = 4) -> Columns:
    """Fields side by side in ``columns``, in fewer where there is no room; ``(row, n)`` takes n of them."""
    return Columns([entry if isinstance(entry, tuple) else (entry, 1) for entry in rows], columns)
