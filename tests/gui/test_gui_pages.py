"""Every page opens, in both languages and looks, on a full and on an empty desk, without a word from Qt."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QTableView,
    QTabWidget,
    QWidget,
)
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.gui.windowed import PASSPHRASE, clock_of, settle
from ui import style
from ui.app import Program
from ui.pages import PAGES
from villagedesk import text
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.team import VillageDraft

EMPTY = VillageDraft(code="321324111213", name="盛圩村", township="界集镇", county="泗洪县", profile="jiangsu-2018")


def _walk(qtbot: QtBot, program: Program, desk: Desk) -> list[QWidget]:
    ids = desk.lists.household_ids()
    shown = []
    for kind in PAGES:
        place = {"household_id": ids[0]} if kind.key in {"household", "plan"} and ids else {}
        assert program.window.go(kind.key, **place)
        page = program.window.frame.page
        for tabs in page.findChildren(QTabWidget):
            for number in range(tabs.count()):
                tabs.setCurrentIndex(number)
                QApplication.processEvents()
        settle(qtbot, program)
        assert not program.window.grab().isNull()
        shown.append(page)
    return shown


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_page_opens(qtbot: QtBot, program: Program, desk: Desk, language: str) -> None:
    text.use(language)
    program.show_desk(desk)
    assert len(_walk(qtbot, program, desk)) == len(PAGES)


@pytest.mark.parametrize("look", sorted(style.LOOKS))
def test_every_page_opens_in_every_look_with_large_letters(
    qtbot: QtBot, program: Program, desk: Desk, look: str
) -> None:
    style.apply(QApplication.instance(), look, 150)
    program.show_desk(desk)
    _walk(qtbot, program, desk)


def test_every_page_of_an_empty_desk_says_what_to_do(qtbot: QtBot, program: Program, tmp_path: Path, village) -> None:
    desk, _ = create_desk(tmp_path / "empty", PASSPHRASE, EMPTY, author="李工", clock=clock_of(village))
    with desk:
        program.show_desk(desk)
        _walk(qtbot, program, desk)


def test_every_control_has_a_name(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    nameless = []
    for page in _walk(qtbot, opened, desk):
        for control in page.findChildren(QWidget):
            if isinstance(control, QLineEdit | QPlainTextEdit | QComboBox | QTableView) and not _inner(control):
                if not control.accessibleName():
                    nameless.append((type(page).__name__, type(control).__name__, control.parent()))
            elif type(control) in {QPushButton, QRadioButton, QCheckBox} and not (
                control.text() or control.accessibleName()
            ):
                nameless.append((type(page).__name__, control))
    assert nameless == []


def _inner(control: QWidget) -> bool:
    """Parts of Qt's own compound widgets."""
    return isinstance(control.parent(), QComboBox) or control.objectName().startswith("qt_")


def test_every_model_keeps_qts_rules(qtbot: QtBot, opened: Program, desk: Desk, qtmodeltester: ModelTester) -> None:
    qtmodeltester.data_display_may_return_none = True
    models = [model for page in _walk(qtbot, opened, desk) for model in page.findChildren(QAbstractItemModel)]
    tables = [model for model in models if type(model).__name__ == "PagedTable"]
    assert len(tables) > 10
    for model in tables:
        qtmodeltester.check(model)


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720)])
def test_no_page_is_wider_than_a_small_screen(qtbot: QtBot, opened: Program, desk: Desk, size: tuple[int, int]) -> None:
    opened.window.resize(*size)
    _walk(qtbot, opened, desk)
    assert opened.window.minimumSizeHint().width() <= size[0]
    assert opened.window.minimumSizeHint().height() <= size[1]


def test_back_and_forward_walk_the_trail(opened: Program) -> None:
    frame = opened.window.frame
    for page in ("households", "findings", "settings"):
        opened.window.go(page)
    frame.back()
    assert frame.key == "findings"
    frame.back()
    assert frame.key == "households"
    frame.forward()
    assert frame.key == "findings"


def test_the_status_line_says_where_one_is(opened: Program, desk: Desk) -> None:
    status = opened.window.status
    assert desk.village.name in status._village.text()
    assert status._unsent.text() != ""
