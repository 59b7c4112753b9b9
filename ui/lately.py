"""What was opened lately, in the menu and below the empty search box."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from ui.finder import Found
from ui.frame import DeskFrame
from ui.recent import Recent
from villagedesk.text import tr


class LatelyMenu(QMenu):
    """Filled when it opens: names change, files are closed."""

    def __init__(self, recent: Recent, go: Callable[..., object], parent: QWidget | None = None) -> None:
        super().__init__(tr("Opened lately"), parent)
        self._recent = recent
        self._go = go
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Show what is true now."""
        self.clear()
        rows = self._recent.rows()
        for each in rows:
            self.addAction(each.text, partial(self._go, each.page, household_id=each.household_id))
        if not rows:
            self.addAction(tr("Nothing opened yet")).setEnabled(False)


def remember(frame: DeskFrame, recent: Recent, parent: QWidget) -> LatelyMenu:
    """Note every page that ``frame`` shows; the search box and the menu offer them again."""
    frame.went.connect(lambda _page: recent.note(*frame.place))
    frame.finder.lately = lambda: [Found(each.household_id, "", each.text, each.page) for each in recent.rows()]
    return LatelyMenu(recent, frame.go, parent)
