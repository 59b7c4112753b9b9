"""No click freezes the window: every page, tab by tab, answers in turns of the event loop that stay short.

The budget is 100 ms and is measured by ``tests/bench/bench_window.py``. Here no turn may take three times as long:
that is what a page costs that reads, imports or builds everything at once, on a machine with others on it too.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.gui.watchdog import Watchdog
from ui import gallery_scenes, rubbish
from ui.app import Program
from ui.imports.page import ImportPage
from ui.slices import SlicedCards
from ui.watch import get_ready
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import generate
from villagedesk.desk import Desk

pytestmark = pytest.mark.impatient

_BOUND = 300.0  # milliseconds of processor time
_HOUSEHOLDS = 1_000  # whose import once took half a second of the window's thread
_REST = 30  # milliseconds in which a page draws itself


@pytest.fixture
def dog(qtbot: QtBot, opened: Program, desk: Desk) -> Iterator[Watchdog]:
    """Watches the open desk as the program runs it."""
    gc.collect()  # what other tests left behind is not the window's
    rubbish.leave_the_old()
    get_ready(desk)
    qtbot.waitUntil(lambda: not opened.jobs.running, timeout=20_000)
    made = Watchdog()
    yield made
    made.end()
    rubbish.as_ever()
    gc.unfreeze()


def test_no_page_holds_the_window_up(qtbot: QtBot, opened: Program, dog: Watchdog, prepared: Path) -> None:
    over = dict[str, float]()
    for name, show in gallery_scenes.behind(opened, prepared / "roster.xlsx"):
        dog.taken()
        QTimer.singleShot(0, show)
        qtbot.wait(_REST)
        qtbot.waitUntil(lambda: not opened.jobs.running, timeout=20_000)
        longest = dog.taken()
        if longest > _BOUND:
            over[name] = longest
    assert over == {}


def test_an_import_of_a_village_holds_nobody_up(
    qtbot: QtBot, opened: Program, desk: Desk, dog: Watchdog, tmp_path: Path
) -> None:
    for number in (3, 4):
        write_roster(generate("jiangsu-2018", _HOUSEHOLDS, number), tmp_path / f"list{number}.xlsx", "full")
    desk.rosters.take(desk.rosters.preview(tmp_path / "list3.xlsx"), "list")
    opened.window.go("import")
    page = opened.window.frame.page
    assert isinstance(page, ImportPage)
    dog.taken()
    for step in (lambda: page.read(tmp_path / "list4.xlsx"), page._on_accept, opened.window._bar._on_act):
        QTimer.singleShot(0, step)
        qtbot.wait(_REST)
        qtbot.waitUntil(lambda: not opened.jobs.running, timeout=60_000)
        assert dog.taken() < _BOUND, step
    assert [act.verb for act in desk.history.recent()][:2] == ["undo", "roster.import"]


def test_the_old_are_looked_through_when_nobody_is_there(
    opened: Program, dog: Watchdog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dog.taken() >= 0
    assert gc.get_threshold()[2] > 1_000_000
    swept = list[int]()
    monkeypatch.setattr(rubbish, "sweep", lambda: swept.append(1))
    watch = opened._watch
    watch.look()
    assert swept == []
    for away, times in ((600, 1), (600, 1), (0, 1), (600, 2)):
        watch._lock._touched = time.time() - away
        watch.look()
        assert len(swept) == times


def test_the_watchdog_sees_a_collection_in_any_thread(qtbot: QtBot, dog: Watchdog) -> None:
    kept = [[number] for number in range(1_500_000)]
    dog.taken()
    other = Thread(target=gc.collect)
    other.start()
    other.join()
    qtbot.wait(_REST)
    assert dog.taken() > 10
    assert len(kept) == 1_500_000


def test_the_cards_of_a_tab_wait_while_another_is_in_front(qtbot: QtBot) -> None:
    cards = SlicedCards(QLabel(str(number)) for number in range(5))
    qtbot.addWidget(cards)
    cards.begin()
    cards.show()
    cards.hide()
    qtbot.wait(_REST)
    assert (cards.whole, len(cards.findChildren(QLabel))) == (False, 1)
    cards.show()
    qtbot.waitUntil(lambda: cards.whole)
    assert len(cards.findChildren(QLabel)) == 5


def test_the_watchdog_sees_a_turn_that_is_too_long(qtbot: QtBot, dog: Watchdog) -> None:
    QTimer.singleShot(0, lambda: sum(range(8_000_000)))
    qtbot.wait(_REST)
    seen = dog.taken()
    qtbot.wait(_REST)
    assert dog.taken() < seen
