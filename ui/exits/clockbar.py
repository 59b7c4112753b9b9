"""A clock that was set back is said above every page whose steps count days; a person may vouch for today's date."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.context import Context
from ui.page import button, label
from villagedesk.text import say


class ClockBar(QFrame):
    """Hidden while the clock runs forward."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._said = label("", tone="problem", wrap=True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._said, 1)
        line.addWidget(button(say("Today's date is right"), "ok", self._on_vouch))
        self.setVisible(False)

    def look(self) -> None:
        """Look at the clock again."""
        problem = self._context.desk.clock.problem()
        self._said.setText(str(problem) if problem else "")
        self.setVisible(problem is not None)

    def _on_vouch(self) -> None:
        reason = self._context.messages.ask_line(say("Why is today's date the right one?"))
        if not reason:
            return
        with self._context.messages.telling():
            self._context.desk.clock.confirm(reason)
            self.look()
