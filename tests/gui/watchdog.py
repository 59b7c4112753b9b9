"""What the window's thread works between waking and sleeping: the turns of its event loop, by processor time."""

from __future__ import annotations

import time

from PySide6.QtCore import QAbstractEventDispatcher, QObject


class Watchdog(QObject):
    """Keeps the longest turn. Processor time, because the machine may be shared; sleeping costs none."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.thread_time()
        self.longest = 0.0
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.connect(self._on_turn)
        dispatcher.aboutToBlock.connect(self._on_turn)

    def _on_turn(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, (now - self._began) * 1000)
        self._began = now

    def taken(self) -> float:
        """The longest turn since the last question, in milliseconds."""
        self._on_turn()
        longest, self.longest = self.longest, 0.0
        return longest
