"""The desk locked by itself: every window covered, the work beneath untouched, the passphrase asked for on top.

Nothing is closed, so nothing that was being typed is lost; whoever locks by hand closes the desk instead.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from ui.jobs import Jobs
from ui.welcome.unlock import UnlockPage
from villagedesk.errors import VillageDeskError
from villagedesk.services.users import Users
from villagedesk.text import say, tr
from villagedesk.values import Step

_LARGER_THAN_ANY_SCREEN = 16_000  # pixels


class LockScreen(QDialog):
    """Goes when the person who opened the desk proves it; ``other_wanted`` when somebody else shall work."""

    unlocked = Signal()
    other_wanted = Signal()

    def __init__(self, window: QWidget, users: Users, jobs: Jobs) -> None:
        super().__init__(window)
        self.setWindowTitle(tr("VillageDesk"))
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self._users = users
        self._jobs = jobs
        self._page = UnlockPage(users.folder, again=True)
        self._page.unlock_wanted.connect(self._on_unlock)
        self._page.other_wanted.connect(self.other_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._page)
        self._covers = [_cover(top) for top in QApplication.topLevelWidgets() if top.isVisible() and top is not self]

    def reject(self) -> None:
        """Escape opens nothing."""

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it is no way in."""
        event.ignore()

    def lift(self) -> None:
        """Take the covers away."""
        for cover in self._covers:
            cover.deleteLater()
        self._covers = []
        self.hide()
        self.deleteLater()

    def _on_unlock(self, _folder: object, _author: str, passphrase: str) -> None:
        users = self._users

        def work(_step: Step) -> None:
            users.prove(passphrase)

        self._jobs.store(say("Opening the desk"), work, self._on_proved, self._on_refused)

    def _on_proved(self, _: object) -> None:
        self.lift()
        self.unlocked.emit()

    def _on_refused(self, error: Exception) -> None:
        if not isinstance(error, VillageDeskError):
            raise error
        self._page.refused(str(error))


def _cover(window: QWidget) -> QWidget:
    cover = QWidget(window)
    cover.setObjectName("page")
    cover.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    cover.setGeometry(0, 0, _LARGER_THAN_ANY_SCREEN, _LARGER_THAN_ANY_SCREEN)
    cover.show()
    cover.raise_()
    return cover
