"""A small village for the window, made once; and a program around it that asks nobody."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui.townships import CHEAP, NOW, TOWNSHIP, VILLAGES, Tried, family, let_go
from tests.gui.windowed import HOUSEHOLDS, PASSPHRASE, Answers, clock_of
from ui import fonts, style
from ui.app import Program
from ui.asking import Deed, Reading
from ui.messages import Messages
from ui.remembered import Remembered
from villagedesk.demo.play import DemoClock
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage, generate
from villagedesk.desk import Desk, create_desk, open_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import Hub, create_hub
from villagedesk.store import lock, place


@pytest.fixture(scope="session")
def village() -> GeneratedVillage:
    return generate("jiangsu-2018", HOUSEHOLDS, 7)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, village: GeneratedVillage) -> Path:
    """A folder with a desk: roster taken, incomes entered, exits proposed, a notice drafted with its days."""
    folder = tmp_path_factory.mktemp("prepared")
    write_roster(village, folder / "roster.xlsx", "full")
    clock = clock_of(village)
    desk, _ = create_desk(folder / "desk", PASSPHRASE, village.file, author="李工", clock=clock)
    with desk:
        desk.rosters.take(desk.rosters.preview(folder / "roster.xlsx", year=village.today.year), "roster.xlsx")
        for each in village.households:
            household = desk.households.by_no(each.draft.no)
            for income in each.incomes:
                desk.households.save_income(replace(income, household_id=household.id, locked_on=None), "visit")
        ids = [desk.households.by_no(each.draft.no).id for each in village.households[:5]]
        cases = desk.exits.propose(village.today.year, ids, "list").records["exit"]
        notice = desk.notices.draft("exit", village.today.year, cases[:3], "notice").records["notice"][0]
        desk.notices.plan_days(notice, village.today + timedelta(days=1), "days")
    return folder


@pytest.fixture
def desk(prepared: Path, tmp_path: Path, village: GeneratedVillage) -> Iterator[Desk]:
    """An open copy of the prepared desk, for one test to write in."""
    shutil.copytree(prepared / "desk", tmp_path / "desk")
    opened = open_desk(tmp_path / "desk", PASSPHRASE, author="李工", clock=clock_of(village))
    with opened:
        yield opened


@pytest.fixture(autouse=True)
def no_desk_left_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test opens, it closes: a desk left open would be noticed in some other test, or never."""
    taken: list[tuple[Path, lock.Held]] = []
    hold = place._hold

    def noted(folder: Path, **how: bool) -> lock.Held:
        taken.append((folder, hold(folder, **how)))
        return taken[-1][1]

    monkeypatch.setattr(place, "_hold", noted)
    yield
    assert [folder.name for folder, held in taken if not held.released] == []


@pytest.fixture(autouse=True)
def patient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test acts when the page has read or done what it was asked for, as a person who waits a blink does.

    The work goes its real way through a job. What a test of that way itself needs is marked ``impatient``.
    """
    if request.node.get_closest_marker("impatient"):
        return

    def waited(begin: Callable[..., None]) -> Callable[..., None]:
        def wait(self: Reading | Deed, *given: Any) -> None:
            begin(self, *given)
            while isValid(self) and self.running:
                QApplication.processEvents()
                time.sleep(0.001)

        return wait

    monkeypatch.setattr(Reading, "ask", waited(Reading.ask))
    monkeypatch.setattr(Deed, "do", waited(Deed.do))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    given = Answers()

    def answer(name: str) -> Callable[..., Any]:
        def reply(_self: Messages, question: Any, *_args: Any, **_more: Any) -> Any:
            value = getattr(given, name)
            assert value is not None, f"nobody planned for this question: {question}"
            given.asked.append(str(question))
            return value(question) if name == "dialog" else value

        return reply

    for method, name in (
        ("ask", "yes"), ("ask_save", "save"), ("ask_line", "line"), ("open_file", "path"), ("save_file", "path"),
        ("pick_folder", "path"), ("show_dialog", "dialog"),
    ):  # fmt: skip
        monkeypatch.setattr(Messages, method, answer(name))
    return given


@pytest.fixture
def program(qtbot: QtBot, qapp: Any, tmp_path: Path, answers: Answers) -> Iterator[Program]:
    """The program before any desk is open."""
    qapp.setFont(fonts.window_font(fonts.load_fonts()))
    style.apply(qapp, "light", 100)
    made = Tried(Remembered(tmp_path / "window.ini"))
    qtbot.addWidget(made.window, before_close_func=lambda _: let_go(made))
    made.window.resize(1366, 768)
    with qtbot.waitExposed(made.window):
        made.window.show()
    yield made
    style.apply(qapp, "light", 100)
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # or the next test styles the widgets of this one again


@pytest.fixture
def opened(program: Program, desk: Desk) -> Program:
    """The program with the village open in it."""
    program.show_desk(desk)
    return program


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[list[Desk]]:
    made = []
    for at, code in enumerate(VILLAGES):
        village = VillageDraft(code=code, name=f"{'东西'[at]}村", profile="jiangsu-2018")
        desk, _ = create_desk(
            tmp_path / f"desk{at}", PASSPHRASE, village, author="李工", clock=DemoClock(NOW), cost=CHEAP
        )
        desk.households.save(family("1", "王大"), "visit")
        made.append(desk)
    yield made
    for desk in made:
        desk.close()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made, _ = create_hub(tmp_path / "hub", PASSPHRASE, "界集镇", TOWNSHIP, author="张办", clock=DemoClock(NOW))
    yield made
    made.close()


@pytest.fixture
def office(program: Program, hub: Hub) -> Program:
    program.show_hub(hub)
    return program


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Which files the dialog for several gives."""
    chosen: list[Path] = []
    monkeypatch.setattr(Messages, "open_files", lambda *_: list(chosen))

    def choose(*files: Path) -> None:
        chosen[:] = files

    return choose
