"""The line below: which village, under which policy, what has not been sent, what needs a decision."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.page import button
from villagedesk.text import tr


@dataclass(frozen=True)
class Standing:
    """How the desk stands. ``unsent`` is None where nothing is ever sent (a hub)."""

    village: str
    policy: str
    unsent: int | None
    conflicts: int
    unconfirmed: int


class StatusLine(QWidget):
    """Says how the desk stands; the counts lead to their pages."""

    page_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._village = QLabel()
        self._policy = QLabel()
        self._unsent = button(None, "", self._on_unsent, kind="link")
        self._conflicts = button(None, "", self._on_conflicts, kind="link")
        self._unconfirmed = button(None, "", self._on_unconfirmed, kind="link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._village, self._policy, self._unconfirmed, self._unsent, self._conflicts):
            row.addWidget(widget)
        row.addStretch(1)
        self._row = row

    def minimumSizeHint(self) -> QSize:
        """The counts that lead somewhere; where the line is short the names stand in its tool tip."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Less room, fewer names."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Let go of the policy first, then of the village, then of the points open, while the rest is too wide."""
        wanted = (self._unsent, self._conflicts, self._unconfirmed, self._village, self._policy)
        left = self.width()
        for part in wanted:
            left -= part.sizeHint().width() + self._row.spacing() if part.property("told") else 0
            part.setVisible(bool(part.property("told")) and left >= 0)
        self.setToolTip(f"{self._village.text()}\n{self._policy.text()}")

    def show_standing(self, standing: Standing) -> None:
        """Show how the desk stands now."""
        self._village.setText(standing.village)
        self._policy.setText(standing.policy)
        self._unsent.setProperty("told", standing.unsent is not None)
        self._unsent.setText(
            tr("{n} {n:change|changes} not sent", n=standing.unsent) if standing.unsent else tr("All sent")
        )
        self._conflicts.setText(tr("{n} {n:conflict|conflicts} to decide", n=standing.conflicts))
        self._conflicts.setProperty("told", standing.conflicts > 0)
        self._unconfirmed.setText(tr("{n} {n:point|points} of the policy not confirmed", n=standing.unconfirmed))
        self._unconfirmed.setProperty("told", standing.unconfirmed > 0)
        for name in (self._village, self._policy):
            name.setProperty("told", True)
        self._fit()

    def _on_unsent(self) -> None:
        self.page_wanted.emit("exchange")

    def _on_conflicts(self) -> None:
        self.page_wanted.emit("conflicts")

    def _on_unconfirmed(self) -> None:
        self.page_wanted.emit("settings")
