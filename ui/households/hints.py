"""What the logic rules say of the open file, one line each, with a way to the field. Nothing here keeps from saving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.fields.wrapped import WrappedLink
from ui.icons import icon
from ui.page import button, label
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.policy.checks.run import Finding

_SHOWN = 3


class HintsBar(QFrame):
    """The first findings; the rest on demand."""

    mend_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setProperty("tone", "warn")
        self._all = False
        self._findings: tuple[tuple[str, str], ...] = ()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._more = button(say("More"), "", self._on_more, kind="link")
        column = QHBoxLayout(self)
        column.setContentsMargins(style.letters(), 2, style.letters(), 2)
        column.addLayout(self._lines, 1)
        column.addWidget(self._more)
        self.hide()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show the findings of the open draft."""
        self._findings = tuple((str(finding.message), field_of(finding)) for finding in findings)
        self._all = False
        self._show()

    def _show(self) -> None:
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        shown = self._findings if self._all else self._findings[:_SHOWN]
        for text, field in shown:
            self._lines.addWidget(self._line(text, field))
        hidden = len(self._findings) - len(shown)
        self._more.setText(tr("{n} more", n=hidden))
        self._more.setVisible(hidden > 0)
        self.setVisible(bool(self._findings))

    def _line(self, text: str, field: str) -> QWidget:
        if not field:
            return label(text, wrap=True)
        line = WrappedLink(text, icon("warn", style.tokens().warn))
        line.setProperty("field", field)
        line.clicked.connect(self._on_line)
        return line

    def _on_line(self) -> None:
        self.mend_wanted.emit(self.sender().property("field"))

    def _on_more(self) -> None:
        self._all = True
        self._show()


def field_of(finding: Finding) -> str:
    """The field of the household draft a finding points at."""
    return str(finding.field) if finding.member_at is None else f"members.{finding.member_at}.{finding.field}"
