"""Long work in the status line: what, how far, how long still, and a button to stop it."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from ui import style
from ui.jobs import Job
from ui.page import button
from villagedesk.text import tr

_MINUTES = 99  # seconds; above it minutes are told
_SHOW_AFTER = 250  # milliseconds: short work would only flicker


class JobBar(QWidget):
    """Shows the job that began first of those that run; what ends within a blink is never seen."""

    appeared = Signal(bool)  # and False when it goes

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
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
        """Follow ``job``; while another one is shown it waits for its turn."""
        self._jobs.append(job)
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        if job is self._jobs[0]:
            self._name(job)
            self._delay.start(_SHOW_AFTER)

    def _name(self, job: Job) -> None:
        self._label.setText(str(job.title))
        self._bar.setRange(0, 0)

    def _on_progressed(self, done: int, total: int) -> None:
        job = self.sender()  # no partial: its slot would be called in the thread of the work
        if not isinstance(job, Job) or job not in self._jobs[:1]:
            return
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        said = tr("{work}: {done} of {total}", work=str(job.title), done=done, total=total)
        self._label.setText(_with_time(said, _left(time.monotonic() - job.began, done, total)))

    def _on_finished(self, job: Job) -> None:
        shown = job in self._jobs[:1]
        self._jobs = [each for each in self._jobs if each is not job]
        if shown and self._jobs:
            self._name(self._jobs[0])
        elif shown:
            self._delay.stop()
            self.hide()
            self.appeared.emit(False)

    def _on_long(self) -> None:
        self.show()
        self.appeared.emit(True)

    def _on_stop(self) -> None:
        if self._jobs:
            self._jobs[0].cancel()
            self._label.setText(tr("Stopping…"))


def _with_time(said: str, left: int) -> str:
    """How long still, in seconds or minutes; nothing in the last moment."""
    if left > _MINUTES:
        return tr("{said}, about {minutes} min left", said=said, minutes=round(left / 60))
    return tr("{said}, about {seconds} s left", said=said, seconds=left) if left > 2 else said


def _left(spent: float, done: int, total: int) -> int:
    return round(spent / done * (total - done)) if done else 0
