"""Long work behind the window: one worker for the store, a second pool for papers and send files.

The three traps this shape avoids were measured (a fast job finishes before its signals are connected; a job nobody
holds loses its result; a job whose parent was deleted raises): a job is made, connected, and only then started, and
``Jobs`` holds every job until it has finished.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThreadPool, Signal
from shiboken6 import isValid

from villagedesk.errors import Cancelled
from villagedesk.text import Text

Work = Callable[[Callable[[int, int], None]], Any]
"""Long work: gets the step it reports to (``villagedesk.values.Step``), returns its result."""

_LONGEST_STEP = 30_000  # milliseconds given to work that was told to stop when the program ends
_REPORT_EVERY = 0.05  # seconds between two progress signals; more would only flood the window


class Job(QObject):
    """One piece of work on its way. Signals arrive in the thread of the window."""

    progressed = Signal(int, int)
    done = Signal(object)
    failed = Signal(object)
    finished = Signal(object)

    def __init__(self, title: Text | str, work: Work) -> None:
        super().__init__()
        self.title = title
        self.began = time.monotonic()
        self._work = work
        self._stopped = threading.Event()
        self._reported = 0.0
        self.far: tuple[int, int] | None = None
        """How far long work is: done, of how much; None while it has told nothing."""

    def cancel(self) -> None:
        """Ask the work to stop at its next step; what was there before stays whole."""
        self._stopped.set()

    def run(self) -> None:
        """Do the work; called by a pool."""
        try:
            result = self._work(self._step)
        except Exception as error:  # noqa: BLE001  every failure must reach the window
            self._tell("failed", error)
        else:
            self._tell("done", result)
        self._tell("finished", self)

    def _tell(self, what: str, told: object) -> None:
        """Send a signal, unless Qt has ended meanwhile and taken the job with it: then nobody is left to hear."""
        if isValid(self):
            getattr(self, what).emit(told)

    def _step(self, done: int, total: int) -> None:
        if self._stopped.is_set() or not isValid(self):
            raise Cancelled
        now = time.monotonic()
        self.far = (done, total)
        if done >= total or now - self._reported >= _REPORT_EVERY:
            self._reported = now
            self.progressed.emit(done, total)


class Jobs(QObject):
    """Starts jobs and holds each until it has finished."""

    started = Signal(object)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: list[Job] = []
        self._store = QThreadPool(self)
        self._store.setMaxThreadCount(1)
        self._papers = QThreadPool(self)
        self._papers.setMaxThreadCount(2)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self._on_quit)

    @property
    def running(self) -> tuple[Job, ...]:
        """The jobs not finished yet, oldest first."""
        return tuple(self._running)

    def store(
        self,
        title: Text | str,
        work: Work,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Job:
        """Run ``work`` on the one worker that may touch the store. ``done`` and ``failed`` are methods of QObjects.

        Without ``failed`` the error goes to :attr:`failed`, where the window shows it.
        """
        return self._start(self._store, Job(title, work), done, failed)

    def papers(
        self,
        title: Text | str,
        work: Work,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Job:
        """Run ``work`` that does not write the store: rendering, reading pictures."""
        return self._start(self._papers, Job(title, work), done, failed)

    def finish(self) -> None:
        """Come to the end of what runs and of what that begins, so that nobody asks a desk that is closed next."""
        while self._running:
            self._store.waitForDone()
            self._papers.waitForDone()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)

    def wait(self, milliseconds: int = 10_000) -> bool:
        """Wait until the pools are idle; False when time ran out. For closing and for tests."""
        return self._store.waitForDone(milliseconds) and self._papers.waitForDone(milliseconds)

    def _start(
        self,
        pool: QThreadPool,
        job: Job,
        done: Callable[[Any], object] | None,
        failed: Callable[[Exception], object] | None,
    ) -> Job:
        if done is not None:
            job.done.connect(done)
        job.failed.connect(failed if failed is not None else self._on_failed)
        job.finished.connect(self._on_finished)
        self._running.append(job)
        self.started.emit(job)
        pool.start(job.run)
        return job

    def _on_quit(self) -> None:
        """Qt takes every object with it when it ends; work must not outlive it (the window has asked before)."""
        for job in self._running:
            job.cancel()
        self.wait(_LONGEST_STEP)

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(error)

    def _on_finished(self, job: Job) -> None:
        self._running.remove(job)
        self.finished.emit(job)
