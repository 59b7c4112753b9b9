"""The steps that lead on from a case: open ones to press, barred ones with what bars them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.fields.flow import Flow
from ui.page import button, label
from villagedesk.policy.procedures import Step
from villagedesk.text import tr


class StepBar(QWidget):
    """One button a step; the tool tip of a barred step names every blocker."""

    step_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = Flow()
        self._said = label("", "hint", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._flow)
        column.addWidget(self._said)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show the steps possible now; none takes no room."""
        self.setVisible(bool(steps))
        while self._flow.count():
            item = self._flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for number, step in enumerate(steps):
            self._flow.addWidget(self._button(step, first=number == 0))
        barred = [step for step in steps if not step.open]
        self._said.setText(
            tr("{step}: {n} {n:thing|things} in the way", step=barred[0].title, n=len(barred[0].blockers))
            if barred
            else ""
        )
        self._said.setVisible(bool(barred))

    def _button(self, step: Step, *, first: bool) -> QWidget:
        made = button(step.title, "", self._on_pressed, kind="primary" if first and step.open else "")
        made.setProperty("verb", step.verb)
        made.setEnabled(step.open)
        said = [
            tr("Done by: {actor}", actor=step.actor),
            *(f"{blocker.text} {blocker.remedy}" for blocker in step.blockers),
        ]
        made.setToolTip("\n".join(said))
        made.setAccessibleDescription("\n".join(said))
        return made

    def _on_pressed(self) -> None:
        self.step_wanted.emit(self.sender().property("verb"))
