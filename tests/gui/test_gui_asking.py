"""What a page asks and has done behind the window: the newest answer counts, a second click waits."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from ui.app import Program
from ui.asking import Deed, Reading
from villagedesk.errors import Refused
from villagedesk.text import say

pytestmark = pytest.mark.impatient


def test_only_the_newest_asking_is_answered(qtbot: QtBot, opened: Program) -> None:
    reading = Reading(opened.window.frame._context, say("Exits"), opened.window)
    heard: list[int] = []
    reading.answered.connect(heard.append)
    for number in range(3):
        reading.ask(partial(int, number))
    qtbot.waitUntil(lambda: not reading.running, timeout=20_000)
    assert heard == [2]


def test_a_second_click_waits_for_the_first(qtbot: QtBot, opened: Program) -> None:
    deed, gate, done = Deed(opened.window.frame._context, opened.window), threading.Event(), list[bool]()
    deed.do(say("Exits"), lambda _step: gate.wait(20), done.append)
    deed.do(say("Exits"), lambda _step: True, done.append)
    assert opened.window._bar.text.startswith("上一步还在进行中")
    gate.set()
    qtbot.waitUntil(lambda: not deed.running, timeout=20_000)
    assert done == [True]


def test_a_refusal_is_told_and_the_next_click_works(qtbot: QtBot, opened: Program) -> None:
    deed, done = Deed(opened.window.frame._context, opened.window), list[int]()

    def refuse(_step: object) -> None:
        raise Refused(say("This record is not in the desk any more."))

    deed.do(say("Exits"), refuse, done.append)
    qtbot.waitUntil(lambda: not deed.running, timeout=20_000)
    assert opened.window._bar.text
    deed.do(say("Exits"), lambda _step: 7, done.append)
    qtbot.waitUntil(lambda: not deed.running, timeout=20_000)
    assert done == [7]
