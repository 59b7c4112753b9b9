"""What the tests of hub and desks share: two villages of one township, their programs, a visit without windows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui import fonts, style
from ui.app import Program
from ui.remembered import Remembered
from villagedesk import divisions, text
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.hub import Hub
from villagedesk.services.site import CHINA
from villagedesk.store.wraps import Cost

CHEAP = Cost(8, 1, 1)
TOWNSHIP = "321324111"
VILLAGES = [found.code for found in divisions.children(TOWNSHIP)[:2]]
NOW = datetime(2026, 3, 2, 9, tzinfo=CHINA)


def family(no: str, name: str, id_number: str = "") -> HouseholdDraft:
    head = MemberDraft(name=name, relation="01", sex="1", id_number=id_number, birth=date(1970, 1, 1))
    wife = MemberDraft(name="李氏", relation="02", sex="2", birth=date(1971, 1, 1))
    return HouseholdDraft(no=no, group="一组", state="2", kind="1", members=(head, wife))


@contextmanager
def second_program(qtbot: QtBot, qapp: Any, tmp_path: Path, name: str) -> Iterator[Program]:
    qapp.setFont(fonts.window_font(fonts.load_fonts()))
    style.apply(qapp, "light", 100)
    made = Tried(Remembered(tmp_path / f"{name}.ini"))
    qtbot.addWidget(made.window, before_close_func=lambda _: let_go(made))
    made.window.resize(1366, 768)
    made.window.show()
    yield made
    let_go(made)
    made.window.close()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Tried(Program):
    """The program as tests run it: it remembers what it opened by itself."""

    def __init__(self, remembered: Remembered, **given: Any) -> None:
        super().__init__(remembered, **given)
        self.own: list[Desk | Hub] = []
        self.entrance.opened.connect(self.own.append)


def let_go(program: Tried) -> None:
    """End its work, without asking for what a test left unsaved.

    What it opened by itself is closed; a desk that a test showed to it is the test's to close.
    """
    for job in program.jobs.running:
        job.cancel()
    program.jobs.finish()
    frame, program.window.frame = program.window.frame, None
    if frame is not None:
        frame.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    opened = program._opened
    if opened is not None and not any(opened.context.opened is one for one in program.own):
        program._opened = replace(opened, close=lambda: None)
    program._close_desk()


def click(page: QWidget, words: str) -> None:
    found = [one for one in page.findChildren(QPushButton) if one.text() == text.tr(words)]
    assert found, words
    found[0].click()


def page_of(program: Program, key: str, **place: Any) -> Any:
    assert program.window.go(key, **place)
    return program.window.frame.page


def meet(desks: list[Desk], hub: Hub, folder: Path) -> None:
    """A visit of both villages, without windows."""
    for desk in desks:
        if not desk.sync.status().joined:
            desk.sync.join(hub.township.invite(desk.site.village, folder), "laptop")
        hub.township.receive([desk.sync.send(folder).path])
    for written in hub.township.reply(folder):
        next(desk for desk in desks if desk.site.village == written.header.village).sync.receive(written.path)
