"""What the window's thread works between waking and sleeping: the turns of its event loop, by processor time.

A collection of rubbish counts too, in whatever thread it runs: nothing else of Python runs meanwhile.
"""

from __future__ import annotations

import gc
import time
from typing import Any

from PySide6.QtCore import QAbstractEventDispatcher, QObject


class Watchdog(QObject):
    """Keeps the longest turn. Processor time, because the machine may be shared; sleeping costs none."""

    def __init__(self) -> None:
        super().__init__()
        self._began = self._swept = time.thread_time()
        self.longest = 0.0
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.connect(self._on_turn)
        dispatcher.aboutToBlock.connect(self._on_turn)
        gc.callbacks.append(self._on_collection)

    def end(self) -> None:
        """Watch no longer."""
        gc.callbacks.remove(self._on_collection)

    def taken(self) -> float:
        """The longest turn since the last question, in milliseconds."""
        self._on_turn()
        longest, self.longest = self.longest, 0.0
        return longest

    def _on_turn(self) -> None:
        now = time.thread_time()
        self._keep(now - self._began)
        self._began = now

    def _on_collection(self, phase: str, _told: Any) -> None:
        now = time.thread_time()
        if phase == "start":
            self._swept = now
        else:
            self._keep(now - self._swept)

    def _keep(self, seconds: float) -> None:
        self.longest = max(self.longest, seconds * 1000)
