"""Long work in the status line: what, how far, how long still, and a button to stop it."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from ui import style
from ui.jobs import Job
from ui.page import button
from villagedesk.text import tr

_SHOW_AFTER = 250  # milliseconds: short work would only flicker


class JobBar(QWidget):
    """Shows the latest job until it ends."""

    appeared = Signal(bool)  # and False when it goes

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._label = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(style.letters() * 10)
        self._stop = button(None, "close", self._on_stop, kind="link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._label)
        row.addWidget(self._bar)
        row.addWidget(self._stop)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.timeout.connect(self._on_long)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Name the parts in the language in use now."""
        self._bar.setAccessibleName(tr("Progress"))
        self._stop.setAccessibleName(tr("Stop this work"))
        self._stop.setToolTip(tr("Stop this work"))

    def watch(self, job: Job) -> None:
        """Follow ``job``."""
        self._job = job
        self._label.setText(str(job.title))
        self._bar.setRange(0, 0)
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        self._delay.start(_SHOW_AFTER)

    def _on_progressed(self, done: int, total: int) -> None:
        if self._job is None:
            return
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        said = tr("{work}: {done} of {total}", work=str(self._job.title), done=done, total=total)
        left = _left(time.monotonic() - self._job.began, done, total)
        self._label.setText(tr("{said}, about {seconds} s left", said=said, seconds=left) if left > 2 else said)

    def _on_finished(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._delay.stop()
            self.hide()
            self.appeared.emit(False)

    def _on_long(self) -> None:
        self.show()
        self.appeared.emit(True)

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._label.setText(tr("Stopping…"))


def _left(spent: float, done: int, total: int) -> int:
    return round(spent / done * (total - done)) if done else 0
