"""What was changed and by which page: open pages refresh themselves, the sender ignores its own echo."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Changes(QObject):
    """Carries every :class:`Change` that a verb returned to the pages that show such records."""

    changed = Signal(object, object)

    def tell(self, change: object, initiator: QObject | None = None) -> None:
        """Say that ``change`` is saved; ``initiator`` is the page that did it and is already up to date."""
        self.changed.emit(change, initiator)
