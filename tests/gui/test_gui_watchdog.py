"""No click freezes the window: every page, tab by tab, answers in turns of the event loop that stay short.

The budget is 100 ms and is measured by ``tests/bench/bench_window.py``. Here no turn may take three times as long:
that is what a page costs that reads, imports or builds everything at once, on a machine with others on it too.
"""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.gui.watchdog import Watchdog
from ui import gallery_scenes
from ui.app import Program
from ui.watch import get_ready
from villagedesk.desk import Desk

pytestmark = pytest.mark.impatient

_BOUND = 300.0  # milliseconds of processor time
_REST = 30  # milliseconds in which a page draws itself


def test_no_page_holds_the_window_up(qtbot: QtBot, opened: Program, desk: Desk, prepared: Path) -> None:
    gc.collect()  # what other tests left behind is not the window's
    get_ready(desk)
    qtbot.waitUntil(lambda: not opened.jobs.running, timeout=20_000)
    dog, over = Watchdog(), dict[str, float]()
    for name, show in gallery_scenes.behind(opened, prepared / "roster.xlsx"):
        dog.taken()
        QTimer.singleShot(0, show)
        qtbot.wait(_REST)
        qtbot.waitUntil(lambda: not opened.jobs.running, timeout=20_000)
        longest = dog.taken()
        if longest > _BOUND:
            over[name] = longest
    gc.unfreeze()
    assert over == {}


def test_the_watchdog_sees_a_turn_that_is_too_long(qtbot: QtBot) -> None:
    dog = Watchdog()
    QTimer.singleShot(0, lambda: sum(range(8_000_000)))
    qtbot.wait(_REST)
    seen = dog.taken()
    qtbot.wait(_REST)
    assert dog.taken() < seen
