"""The accessibility interface on every scene of the program: names and roles, and where Tab leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.gui import speech
from tests.gui.townships import let_go
from tests.gui.windowed import PASSPHRASE, Answers, settle
from ui import gallery_hub, gallery_scenes
from ui.app import Program
from ui.gallery_scenes import Scene
from ui.pages import PAGES
from ui.township.pages import HUB
from villagedesk.demo.village import GeneratedVillage
from villagedesk.desk import Desk
from villagedesk.hub import create_hub

Look = Callable[[str, QWidget], Iterable[str]]


def _walk(qtbot: QtBot, program: Program, scenes: Iterable[Scene], look: Look) -> list[str]:
    """Bring each scene to the front and look at it; what was found wrong, with the name of the scene."""
    found = []
    strays = Strays(program.window)
    for name, show in scenes:
        show()
        settle(qtbot, program)
        QApplication.processEvents()
        found += [f"{name}: {fault}" for fault in (*strays.seen, *look(name, program.window))]
        strays.seen.clear()
    return found


class Strays(QObject):
    """Parts shown before they stood in a page: each is a window of its own for a moment, and takes the cursor away."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.seen: list[str] = []
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Write down who opened a window."""
        shown = watched if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) else self._window
        if shown is not self._window and shown.isWindow() and not isinstance(shown, QDialog):
            self.seen.append(f"a {type(shown).__name__} opened a window")
        return False


def _nameless(_name: str, window: QWidget) -> Iterable[str]:
    return [f"a {said.kind} that is a {said.role} has no name" for said in speech.controls(window) if not said.name]


def _lost(_name: str, window: QWidget) -> Iterable[str]:
    """What can be worked with and Tab never comes to, and where Tab stands with nothing to be said."""
    try:
        order = speech.tab_order(window)
    except AssertionError as trap:
        return [str(trap)]
    found = [f"Tab stops at a {said.kind} without a name" for said in map(speech.spoken, order) if not said.name]
    reached = {speech.stop_of(widget) for widget in order}
    missed = (widget for widget in speech.stops(window) if speech.stop_of(widget) not in reached)
    return [*found, *(f"Tab does not come to {speech.spoken(one)} ({type(one).__name__})" for one in missed)]


def _both(name: str, window: QWidget) -> Iterable[str]:
    return [*_nameless(name, window), *_lost(name, window)]


def test_the_scenes_show_every_page() -> None:
    source = Path(gallery_scenes.__file__).read_text("utf-8")
    assert [page.key for page in (*PAGES, *HUB.pages) if f'"{page.key}"' not in source] == []


def test_every_control_of_a_desk_has_a_name_and_tab_comes_to_it(
    qtbot: QtBot, program: Program, desk: Desk, prepared: Path
) -> None:
    program.show_desk(desk)
    assert _walk(qtbot, program, gallery_scenes.behind(program, prepared / "roster.xlsx"), _both) == []


def test_every_control_before_the_passphrase_has_a_name_and_tab_comes_to_it(
    qtbot: QtBot, program: Program, prepared: Path
) -> None:
    scenes = gallery_scenes.before(program, prepared / "desk")
    last = ("70-hub-setup", program.entrance.show_hub_set_up)
    assert _walk(qtbot, program, chain(scenes, [last]), _both) == []


def test_every_control_of_a_hub_has_a_name_and_tab_comes_to_it(
    qtbot: QtBot, program: Program, desk: Desk, village: GeneratedVillage, tmp_path: Path
) -> None:
    code = village.file.code
    stick = tmp_path / "stick"
    stick.mkdir()
    hub, _ = create_hub(tmp_path / "hub", PASSPHRASE, "界集镇", code[:9], author="张办")
    with hub:
        desk.sync.join(hub.township.invite(code, stick), "村部电脑")
        hub.township.receive([desk.sync.send(stick).path])
        gallery_hub.settle(hub, tmp_path)
        program.show_hub(hub)
        assert _walk(qtbot, program, gallery_scenes.hub(program), _both) == []
        let_go(program)


def test_every_control_of_the_dialogs_has_a_name_and_tab_comes_to_it(
    qtbot: QtBot, opened: Program, desk: Desk, village: GeneratedVillage, answers: Answers
) -> None:
    cases = desk.exits.of_year(village.today.year)
    desk.exits.take([row.case.id for row in cases], "list", "proposed")
    found: list[str] = []

    def look(dialog: QDialog) -> bool:
        with qtbot.waitExposed(dialog):
            dialog.show()
        found.extend(f"{type(dialog).__name__}: {fault}" for fault in _both("", dialog))
        dialog.close()
        return False

    answers.dialog = look
    _walk(qtbot, opened, gallery_scenes.dialogs(opened), lambda _name, _window: ())
    assert (found, len(answers.asked)) == ([], 6)
