"""Long work: results arrive however fast, cancel leaves things whole, errors reach the window."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from ui.jobs import Jobs
from ui.progress import JobBar, _with_time
from villagedesk.errors import Cancelled, Unavailable
from villagedesk.text import say
from villagedesk.values import Step


class _Ear(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: list[bool] = []

    def hear(self, what: object) -> None:
        self.heard.append(what)
        self.threads.append(QThread.currentThread() is self.thread())


@pytest.fixture
def jobs(qtbot: QtBot) -> Jobs:
    return Jobs()


def test_a_fast_job_loses_nothing(qtbot: QtBot, jobs: Jobs) -> None:
    ear = _Ear()
    for number in range(50):
        jobs.store(say("Saved."), lambda _step, number=number: number, ear.hear)
    qtbot.waitUntil(lambda: len(ear.heard) == 50)
    assert ear.heard == list(range(50))
    assert all(ear.threads)
    qtbot.waitUntil(lambda: not jobs.running)


def test_progress_is_told_and_cancel_stops(qtbot: QtBot, jobs: Jobs) -> None:
    began, ear = threading.Event(), _Ear()

    def work(step: Step) -> None:
        for number in range(1_000_000):
            began.set()
            step(number, 1_000_000)

    job = jobs.store(say("Saved."), work, None, ear.hear)
    assert began.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(ear.heard))
    assert isinstance(ear.heard[0], Cancelled)


def test_an_error_nobody_expects_reaches_the_window(qtbot: QtBot, jobs: Jobs) -> None:
    ear = _Ear()
    jobs.failed.connect(ear.hear)

    def work(_step: Step) -> None:
        raise Unavailable(say("Saved."))

    jobs.papers(say("Saved."), work)
    qtbot.waitUntil(lambda: bool(ear.heard))
    assert isinstance(ear.heard[0], Unavailable)


def test_store_work_is_done_one_after_the_other(qtbot: QtBot, jobs: Jobs) -> None:
    running, most, lock = [0], [0], threading.Lock()

    def work(_step: Step) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        threading.Event().wait(0.005)
        with lock:
            running[0] -= 1

    for _ in range(8):
        jobs.store(say("Saved."), work)
    qtbot.waitUntil(lambda: not jobs.running)
    assert most[0] == 1


_END = """
import os, sys, time
from PySide6.QtCore import QCoreApplication, QTimer
from ui.jobs import Jobs
from ui.progress import JobBar, _with_time
from villagedesk.text import say

app = QCoreApplication([])
jobs, seen = Jobs(), []

def work(step):
    for number in range(2000):
        seen.append(number)
        step(number, 2000)
        time.sleep(0.001)

jobs.store(say("Saved."), work)
if sys.argv[1] == "quit":
    QTimer.singleShot(30, app.quit)
    app.exec()
else:
    time.sleep(0.03)
app.shutdown()
count = len(seen)
time.sleep(0.05)
stopped = count < 2000 or sys.argv[1] == "gone"  # Qt may wait for the worker before it takes the job away
print(stopped and len(seen) - count < 3)
"""


@pytest.mark.parametrize("end", ["quit", "gone"])
def test_the_program_ends_while_a_preview_renders(end: str) -> None:
    """Once “Signal source has been deleted”: Qt took the job away while the worker still reported to it."""
    command = [sys.executable, "-c", _END, end]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.stdout.strip(), ended.stderr, ended.returncode) == ("True", "", 0)


def test_a_short_job_does_not_hide_the_long_one(qtbot: QtBot, jobs: Jobs) -> None:
    bar, going, end = JobBar(), threading.Event(), threading.Event()
    qtbot.addWidget(bar)
    jobs.started.connect(bar.watch)

    def long_work(step: Step) -> None:
        going.set()
        for number in range(3):
            assert end.wait(20)
            step(number + 1, 3)

    job = jobs.store(say("Importing"), long_work)
    assert going.wait(20)
    qtbot.waitUntil(bar.isVisible)
    over: list[object] = []
    jobs.papers(say("Preview"), lambda _step: None, over.append)
    qtbot.waitUntil(lambda: bool(over))
    assert bar.isVisible(), "the long one is still at work and can be stopped"
    assert str(say("Importing")) in bar._label.text()
    with qtbot.waitSignal(job.failed) as told:
        bar._on_stop()
        end.set()
    assert isinstance(told.args[0], Cancelled)
    qtbot.waitUntil(lambda: not bar.isVisible())


@pytest.mark.parametrize(("seconds", "said"), [(1, "x"), (30, "30"), (99, "99"), (600, "10")])
def test_the_time_left_is_told_in_seconds_then_in_minutes(seconds: int, said: str) -> None:
    assert said in _with_time("x", seconds)
    assert ("分" in _with_time("x", seconds)) is (seconds > 99)
