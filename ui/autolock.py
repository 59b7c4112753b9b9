"""Locks the desk when nobody types, and after the laptop slept: both seen from time that passed (DOMAIN §8.7)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from ui.remembered import Remembered

SETTING = "autolock"
MINUTES = (5, 10, 15, 30, 60, 0)
"""To choose from; 0: never for want of typing."""

_LOOK_EVERY = 5.0  # seconds
_SLEPT = 60.0  # seconds that a timer of five is late by only when the machine stood still
_ALIVE = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.InputMethod,
    QEvent.Type.TouchBegin,
})  # fmt: skip

Seconds = Callable[[], float]


class AutoLock(QObject):
    """Watches the keys of the whole program."""

    due = Signal()

    def __init__(self, remembered: Remembered, parent: QObject, clock: Seconds = time.time) -> None:
        super().__init__(parent)
        self._remembered = remembered
        self._clock = clock
        self._touched = self._looked = clock()
        self._timer = QTimer(self)
        self._timer.setInterval(int(_LOOK_EVERY * 1000))
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app = cast("QGuiApplication", QGuiApplication.instance())
        if app is not None:
            app.focusWindowChanged.connect(self._on_window)
            self._on_window(app.focusWindow())

    @property
    def untouched(self) -> float:
        """For how many seconds nobody has typed or clicked."""
        return self._clock() - self._touched

    def _on_window(self, window: QWindow | None) -> None:
        """Keys and clicks pass the window first. Not the whole program: a filter in Python slows every event of it."""
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Somebody is there."""
        if event.type() in _ALIVE:
            self._touched = self._clock()
        return False

    def look(self) -> None:
        """Whether it is time. A clock set back starts the waiting anew."""
        now = self._clock()
        slept = now - self._looked > _SLEPT
        minutes = self._remembered.number(SETTING, MINUTES[1])
        idle = minutes > 0 and now - self._touched > minutes * 60
        self._looked = now
        self._touched = min(self._touched, now)
        if slept or idle:
            self._touched = now
            self.due.emit()
