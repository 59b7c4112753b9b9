"""The menu of the page in front: every button that is to be seen on it, so that nothing needs the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from villagedesk.text import tr

if TYPE_CHECKING:
    from ui.frame import DeskFrame


class PageMenu(QMenu):
    """Filled when it opens."""

    def __init__(self, frame: DeskFrame, parent: QWidget | None = None) -> None:
        super().__init__(tr("This page"), parent)
        self._frame = frame
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List what the page in front can do now."""
        self.clear()
        page = self._frame.page
        for made in page.findChildren(QPushButton) if page is not None else ():
            words = made.accessibleName() or made.text()  # of twelve buttons “Mend” each says there what it mends
            if words and made.isVisible():
                action = self.addAction(words)
                if made.objectName() != "primary":  # its sign is drawn for the ground of that button
                    action.setIcon(made.icon())
                action.setEnabled(made.isEnabled())
                action.triggered.connect(made.click)
        if self.isEmpty():
            self.addAction(tr("Nothing to do here but to look.")).setEnabled(False)
